//! Making, proving and ending `EventSub` subscriptions.

use super::World;
use super::delivery::Message;
use super::subscription::{self, Standing, Subscription};
use super::tokens::Bearer;
use super::wish::{self, Refusal, Transport, Wish};
use crate::base::clock::Instant;
use serde_json::Value;

impl World {
    /// Makes a subscription. A webhook is challenged first and works when [`World::confirm`] was called.
    ///
    /// # Errors
    /// What Twitch would answer.
    pub fn subscribe(&mut self, owner: Bearer, wish: Wish, now: Instant) -> Result<Subscription, Refusal> {
        wish::check(&owner, &wish)?;
        let cost = self.cost_of(&wish.condition);
        let standing = match wish.transport {
            Transport::Webhook { .. } => Standing::Pending,
            Transport::Socket { .. } => Standing::Enabled,
        };
        let id = self.next_message_id();
        let new = Subscription { id, wish, standing, created_at: now, cost, owner, failures: 0 };
        self.subscriptions.add(new.clone())?;
        if standing == Standing::Pending {
            let challenge = Message::Challenge(self.ids.next(32));
            self.tell(new.clone(), challenge, now);
        }
        Ok(new)
    }

    /// Whether the challenge was answered well.
    pub fn confirm(&mut self, id: &str, answered: bool) {
        let Some(subscription) = self.subscriptions.find(id) else { return };
        if subscription.standing == Standing::Pending {
            subscription.standing = if answered { Standing::Enabled } else { Standing::ChallengeFailed };
        }
    }

    /// Whether a message reached somebody; after too many that did not, the subscription is given up.
    pub fn delivered(&mut self, id: &str, reached: bool) {
        let most = self.pace.delivery_failures;
        let Some(subscription) = self.subscriptions.find(id) else { return };
        subscription.failures = if reached { 0 } else { subscription.failures + 1 };
        if subscription.failures >= most && subscription.standing == Standing::Enabled {
            subscription.standing = Standing::FailuresExceeded;
        }
    }

    /// Ends all living subscriptions about a person, and tells their owners why.
    pub fn revoke_subscriptions(&mut self, login: &str, why: Standing, now: Instant) {
        let about = self.person_mut(login).twitch_id.clone();
        let theirs = |s: &Subscription| s.standing.is_alive() && s.about() == Some(&about);
        let ended: Vec<Subscription> = self.subscriptions.filter(theirs).map(|s| end(s, why)).collect();
        for subscription in ended {
            self.tell(subscription, Message::Revocation, now);
        }
    }

    /// Ends all living subscriptions that were made with a person's tokens: they have thrown the app out.
    pub(super) fn revoke_subscriptions_of(&mut self, login: &str, now: Instant) {
        let theirs = |s: &Subscription| s.standing.is_alive() && s.owner.login.as_deref() == Some(login);
        let ended = self.subscriptions.filter(theirs).map(|s| end(s, Standing::AuthorizationRevoked));
        for subscription in ended.collect::<Vec<_>>() {
            self.tell(subscription, Message::Revocation, now);
        }
    }

    /// All subscriptions there are, dead ones too.
    #[must_use]
    pub fn subscriptions(&self) -> &[Subscription] {
        self.subscriptions.all()
    }

    /// What a bearer made, dead ones too.
    #[must_use]
    pub fn subscriptions_of(&self, owner: &Bearer) -> Vec<Subscription> {
        self.subscriptions.of(owner).cloned().collect()
    }

    /// What a bearer's subscriptions cost, and what they may cost.
    #[must_use]
    pub fn subscription_costs(&self, owner: &Bearer) -> (u64, u64) {
        (self.subscriptions.cost(owner), subscription::most_cost(owner))
    }

    /// Deletes a subscription of a bearer; false if there is none of that id.
    pub fn unsubscribe(&mut self, owner: &Bearer, id: &str) -> bool {
        self.subscriptions.delete(owner, id)
    }

    /// A socket was opened; answers with the id of its session.
    pub fn open_socket(&mut self, now: Instant) -> String {
        let session = format!("AgoQ{}", self.ids.next(28));
        self.sockets.insert(session.clone(), now);
        session
    }

    /// When the socket of this session was opened, if it is open.
    #[must_use]
    pub fn socket(&self, session: &str) -> Option<Instant> {
        self.sockets.get(session).copied()
    }

    /// Whether anything was subscribed on this socket and still works.
    #[must_use]
    pub fn socket_is_used(&self, session: &str) -> bool {
        self.subscriptions.all().iter().any(|s| s.standing.is_alive() && s.on_socket(session))
    }

    /// A socket is gone; its subscriptions are dead.
    pub fn close_socket(&mut self, session: &str, why: Standing) {
        self.sockets.remove(session);
        let theirs = |s: &Subscription| s.standing.is_alive() && s.on_socket(session);
        self.subscriptions.filter(theirs).for_each(|s| s.standing = why);
    }

    fn cost_of(&self, condition: &Value) -> u64 {
        let about = condition.get("broadcaster_user_id").and_then(Value::as_str);
        let known = about.and_then(|id| self.person_by_twitch_id(id)).is_some_and(|p| p.knows_twitch_app);
        u64::from(!known)
    }
}

fn end(subscription: &mut Subscription, why: Standing) -> Subscription {
    subscription.standing = why;
    subscription.clone()
}

#[cfg(test)]
mod tests;
