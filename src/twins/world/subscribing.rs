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
mod tests {
    use super::*;
    use crate::twins::world::{Delivery, TWITCH_CLIENT_ID};
    use chrono::DateTime;
    use serde_json::json;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
    }

    fn app() -> Bearer {
        Bearer { login: None, client_id: TWITCH_CLIENT_ID.into(), scopes: vec![] }
    }

    fn user(login: &str) -> Bearer {
        Bearer { login: Some(login.into()), ..app() }
    }

    fn wish(kind: &str, place: &str) -> Wish {
        let transport = Transport::Webhook { callback: place.into(), secret: "0123456789".into() };
        let condition = json!({"broadcaster_user_id": "1001"});
        Wish { kind: kind.into(), version: "1".into(), condition, transport }
    }

    fn on_socket(kind: &str, session: &str) -> Wish {
        let transport = Transport::Socket { session_id: session.into(), connected_at: at(0) };
        Wish { transport, ..wish(kind, "") }
    }

    fn ann() -> World {
        let mut world = World::new(1);
        world.add_person("ann");
        world
    }

    fn confirmed(world: &mut World, kind: &str, place: &str) -> String {
        let id = world.subscribe(app(), wish(kind, place), at(0)).expect("a subscription").id;
        world.confirm(&id, true);
        world.take_deliveries();
        id
    }

    fn kinds(deliveries: &[Delivery]) -> Vec<(&str, &str)> {
        deliveries.iter().map(|d| (d.kind(), d.subscription.wish.kind.as_str())).collect()
    }

    fn refused(made: Result<Subscription, Refusal>) -> u16 {
        made.expect_err("refused").status
    }

    #[test]
    fn a_webhook_is_challenged_and_hears_nothing_before_it_has_answered() {
        let mut world = ann();
        let id = world.subscribe(app(), wish("stream.online", "a"), at(0)).expect("a subscription").id;
        assert_eq!(kinds(&world.take_deliveries()), [("webhook_callback_verification", "stream.online")]);
        world.go_live("ann", at(1));
        assert!(world.take_deliveries().is_empty());
        world.go_offline("ann", at(2));
        world.confirm(&id, true);
        world.go_live("ann", at(3));
        assert_eq!(kinds(&world.take_deliveries()), [("notification", "stream.online")]);
    }

    #[test]
    fn going_live_twice_is_told_once_and_going_offline_ends_that_stream() {
        let mut world = ann();
        confirmed(&mut world, "stream.online", "a");
        confirmed(&mut world, "stream.offline", "a");
        let first = world.go_live("ann", at(1));
        assert_eq!(world.go_live("ann", at(2)), first);
        world.go_offline("ann", at(3));
        world.go_offline("ann", at(4));
        let told = world.take_deliveries();
        assert_eq!(kinds(&told), [("notification", "stream.online"), ("notification", "stream.offline")]);
        assert_eq!(told[1].payload()["event"]["id"], first.id);
        assert_ne!(told[0].message_id, told[1].message_id);
    }

    #[test]
    fn duplicates_unknown_types_and_wrong_tokens_are_refused() {
        let mut world = ann();
        confirmed(&mut world, "stream.online", "a");
        assert_eq!(refused(world.subscribe(app(), wish("stream.online", "a"), at(0))), 409);
        assert_eq!(refused(world.subscribe(user("ann"), wish("stream.online", "b"), at(0))), 400);
        assert_eq!(refused(world.subscribe(app(), on_socket("stream.online", "s"), at(0))), 400);
        assert_eq!(refused(world.subscribe(app(), wish("stream.paused", "a"), at(0))), 400);
        let nobody = Wish { condition: json!({}), ..wish("stream.offline", "a") };
        assert_eq!(refused(world.subscribe(app(), nobody, at(0))), 400);
        confirmed(&mut world, "stream.online", "b");
        confirmed(&mut world, "stream.online", "c");
        assert_eq!(refused(world.subscribe(app(), wish("stream.online", "d"), at(0))), 429);
    }

    #[test]
    fn a_subscription_costs_one_unless_its_person_knows_the_app() {
        let mut world = ann();
        confirmed(&mut world, "stream.online", "a");
        assert_eq!(world.subscription_costs(&app()), (1, 10_000));
        world.person_mut("ann").knows_twitch_app = true;
        confirmed(&mut world, "stream.offline", "a");
        assert_eq!(world.subscription_costs(&app()), (1, 10_000));
        assert_eq!(world.subscription_costs(&user("ann")), (0, 10));
    }

    #[test]
    fn a_revocation_is_told_once_and_ends_the_subscription() {
        let mut world = ann();
        let id = confirmed(&mut world, "stream.online", "a");
        world.revoke_subscriptions("ann", Standing::AuthorizationRevoked, at(1));
        let told = world.take_deliveries();
        assert_eq!(kinds(&told), [("revocation", "stream.online")]);
        assert_eq!(told[0].payload()["subscription"]["status"], "authorization_revoked");
        world.go_live("ann", at(2));
        assert!(world.take_deliveries().is_empty());
        assert!(world.unsubscribe(&app(), &id));
        assert!(!world.unsubscribe(&app(), &id));
    }

    #[test]
    fn a_receiver_that_never_listens_is_given_up() {
        let mut world = ann();
        world.pace.delivery_failures = 2;
        let id = confirmed(&mut world, "stream.online", "a");
        for reached in [false, true, false] {
            world.delivered(&id, reached);
        }
        assert_eq!(world.subscriptions()[0].standing, Standing::Enabled);
        world.delivered(&id, false);
        assert_eq!(world.subscriptions()[0].standing, Standing::FailuresExceeded);
    }

    #[test]
    fn socket_subscriptions_work_at_once_die_with_the_socket_and_are_one_persons() {
        let mut world = ann();
        let session = world.open_socket(at(0));
        assert!(!world.socket_is_used(&session));
        world.subscribe(user("ann"), on_socket("stream.online", &session), at(0)).expect("a subscription");
        assert_eq!(refused(world.subscribe(user("ben"), on_socket("stream.offline", &session), at(0))), 400);
        assert!(world.socket_is_used(&session));
        world.go_live("ann", at(1));
        assert_eq!(kinds(&world.take_deliveries()), [("notification", "stream.online")]);
        world.close_socket(&session, Standing::SocketClosed);
        assert_eq!(world.subscriptions()[0].standing.word(), "websocket_disconnected");
    }

    #[test]
    fn messages_are_doubled_and_lost_as_told_and_challenges_are_not() {
        let mut world = ann();
        world.post_rules.copies = 2;
        world.post_rules.lost = 1;
        world.subscribe(app(), wish("stream.online", "b"), at(0)).expect("a subscription");
        assert_eq!(world.take_deliveries().len(), 1, "a challenge");
        confirmed(&mut world, "stream.online", "a");
        world.go_live("ann", at(1));
        assert!(world.take_deliveries().is_empty());
        world.go_offline("ann", at(2));
        world.go_live("ann", at(3));
        let told = world.take_deliveries();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].message_id, told[1].message_id);
    }

    #[test]
    fn who_throws_the_app_out_ends_what_was_made_with_their_token_alone() {
        let mut world = ann();
        let apps = confirmed(&mut world, "stream.online", "a");
        let session = world.open_socket(at(0));
        let theirs = world.subscribe(user("ann"), on_socket("stream.offline", &session), at(0));
        let theirs = theirs.expect("a subscription").id;
        world.revoke_twitch("ann", at(1));
        assert_eq!(kinds(&world.take_deliveries()), [("revocation", "stream.offline")]);
        let standing =
            |id: &str| world.subscriptions().iter().find(|s| s.id == id).map(|s| s.standing.word());
        assert_eq!((standing(&apps), standing(&theirs)), (Some("enabled"), Some("authorization_revoked")));
    }

    #[test]
    fn three_sockets_a_person_and_no_more() {
        let mut world = ann();
        for n in 0..3 {
            let about = Wish {
                condition: json!({"broadcaster_user_id": n.to_string()}),
                ..on_socket("stream.online", &format!("s{n}"))
            };
            world.subscribe(user("ann"), about, at(0)).expect("a subscription");
        }
        assert_eq!(refused(world.subscribe(user("ann"), on_socket("stream.online", "s3"), at(0))), 429);
    }
}
