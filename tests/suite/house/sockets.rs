//! What Twitch tells us of, and how: subscriptions at the twin, people who log in, sockets.

use super::{House, brisk};
use airlog::accounts::User;
use airlog::clients::oauth::Granted;
use airlog::config::EventSub;
use airlog::eventsub::{Pace, Standing};
use airlog::twins::{Endpoint, Fault, FaultKind, Subscription, Transport};
use std::collections::BTreeSet;
use std::time::Duration;

impl House {
    /// A house that listens on sockets. Asking who is live takes an hour, so that only what is heard counts.
    pub async fn on_sockets(pace: Pace) -> Self {
        Self::paced(pace, |config| {
            config.twitch.eventsub = EventSub::Websocket;
            config.tracking.reconcile_interval = Duration::from_hours(1);
        })
        .await
    }

    /// Such a house in which ann has logged in and is subscribed.
    pub async fn listening_to_ann() -> Self {
        let house = Self::on_sockets(brisk()).await;
        house.has_listened_to("ann").await;
        house
    }

    /// The sockets on which Twitch tells of somebody, by their sessions.
    pub fn sessions(&self, login: &str) -> BTreeSet<String> {
        self.enabled_about(login).into_iter().map(|(_, session)| session).collect()
    }

    /// How often Twitch was asked who is live.
    pub fn asked_who_is_live(&self) -> u64 {
        self.twins.with(|world, _| world.calls(Endpoint::Streams))
    }

    /// From now on Twitch does not say who is live: what is known of that was heard.
    pub fn nobody_says_who_is_live(&self) {
        let silent = Fault::new(FaultKind::Status(503)).at(Endpoint::Streams);
        self.twins.with(|world, now| world.fault_for_all(silent, now));
    }

    /// The streamer has logged in with Twitch; nobody is told.
    pub async fn lets_us_in(&self, login: &str) {
        let grant = self.twins.grant_twitch(login, &[]);
        let granted = Granted {
            access_token: grant.access_token.into(),
            refresh_token: grant.refresh_token.map(Into::into),
            expires_in: grant.expires_in,
            scopes: Vec::new(),
        };
        let user = self.streamer(login).await;
        self.home().grants.put(user.id, granted).await.expect("a database");
    }

    /// A streamer who has logged in with Twitch and is subscribed.
    pub async fn has_listened_to(&self, login: &str) -> User {
        let user = self.has_streamer(login).await;
        self.lets_us_in(login).await;
        self.subscribes(login).await;
        self.stands(login, Some(Standing::Subscribed)).await;
        user
    }

    /// The streamer as they are stored.
    pub async fn streamer(&self, login: &str) -> User {
        self.accounts().by_login(login).await.expect("a database").expect("a streamer")
    }

    /// Switches following on or off, as the dashboard does.
    pub async fn enables(&self, login: &str, enabled: bool) {
        let (user, now) = (self.streamer(login).await, self.twins.with(|_, now| now));
        let changed = self.accounts().change(user.id, |user| user.enabled = enabled, now).await;
        changed.expect("a database").expect("a streamer");
        self.watch().wake();
    }

    /// Waits until a streamer's subscriptions stand there.
    pub async fn stands(&self, login: &str, standing: Option<Standing>) {
        let user = self.streamer(login).await;
        self.eventually(&format!("{login} is {standing:?}"), async || {
            (self.watch().of(user.id) == standing).then_some(())
        })
        .await;
    }

    /// What works about a person at Twitch, as type and where it goes.
    pub fn enabled_about(&self, login: &str) -> Vec<(String, String)> {
        self.twins.with(|world, _| {
            let Some(id) = world.person(login).map(|person| person.twitch_id.clone()) else {
                return Vec::new();
            };
            let about = |one: &&Subscription| one.wish.condition["broadcaster_user_id"] == *id;
            let works = world.subscriptions().iter().filter(|one| one.standing.word() == "enabled");
            works.filter(about).map(|one| (one.wish.kind.clone(), place(one))).collect()
        })
    }

    /// How many messages of sockets were taken so far, by what became of them.
    pub fn heard(&self, outcome: &str) -> u64 {
        self.counted(&format!("airlog_socket_messages_total{{outcome=\"{outcome}\"}}"))
    }

    /// Waits until so many messages of sockets have had this outcome.
    pub async fn hears(&self, outcome: &str, least: u64) {
        self.counts(&format!("airlog_socket_messages_total{{outcome=\"{outcome}\"}}"), least).await;
    }
}

fn place(subscription: &Subscription) -> String {
    match &subscription.wish.transport {
        Transport::Webhook { callback, .. } => callback.clone(),
        Transport::Socket { session_id, .. } => session_id.clone(),
    }
}
