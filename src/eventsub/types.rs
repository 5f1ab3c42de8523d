//! The events we want, in one table: another one later is a line here, and a reader in `news.rs` if it says
//! something new. Pure.

use super::news::{News, channel, offline, online, revoked};
use crate::clients::twitch::{Condition, Topic};
use serde_json::Value;

/// Whom an event type is subscribed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Each streamer.
    Streamer,
    /// Our app, once.
    App,
}

/// How events of a type can be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Either,
    WebhookOnly,
}

/// A type of event, as Twitch's list of subscription types has it.
#[derive(Debug)]
pub(super) struct EventType {
    name: &'static str,
    version: &'static str,
    about: About,
    by: By,
    pub(super) read: fn(Value) -> serde_json::Result<News>,
}

#[rustfmt::skip]
const TYPES: [EventType; 4] = [
    EventType { name: "stream.online", version: "1", about: About::Streamer, by: By::Either, read: online },
    EventType { name: "stream.offline", version: "1", about: About::Streamer, by: By::Either, read: offline },
    EventType { name: "channel.update", version: "2", about: About::Streamer, by: By::Either, read: channel },
    EventType { name: "user.authorization.revoke", version: "1", about: About::App, by: By::WebhookOnly, read: revoked },
];

/// The type of this name, if we have asked for it.
pub(super) fn named(name: &str) -> Option<&'static EventType> {
    TYPES.iter().find(|wanted| wanted.name == name)
}

/// What a streamer's own socket is subscribed to.
pub(super) fn by_socket(twitch_id: &str) -> Vec<Topic> {
    let types = TYPES.iter().filter(|wanted| wanted.about == About::Streamer && wanted.by == By::Either);
    types.map(|wanted| wanted.topic(twitch_id)).collect()
}

/// What is subscribed to by webhook about a streamer.
pub(super) fn by_webhook(twitch_id: &str) -> Vec<Topic> {
    of(About::Streamer, twitch_id)
}

/// What is subscribed to by webhook about our app.
pub(super) fn about_app(client_id: &str) -> Vec<Topic> {
    of(About::App, client_id)
}

fn of(about: About, id: &str) -> Vec<Topic> {
    TYPES.iter().filter(|wanted| wanted.about == about).map(|wanted| wanted.topic(id)).collect()
}

impl EventType {
    fn topic(&self, id: &str) -> Topic {
        let name = match self.about {
            About::Streamer => "broadcaster_user_id",
            About::App => "client_id",
        };
        let condition = Condition::from([(name.to_owned(), id.to_owned())]);
        Topic { kind: self.name, version: self.version, condition }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(topics: &[Topic]) -> Vec<(&str, &str)> {
        topics.iter().map(|topic| (topic.kind, topic.version)).collect()
    }

    #[test]
    fn a_streamer_is_subscribed_to_the_same_by_either_way_and_the_app_by_webhook_alone() {
        let both = [("stream.online", "1"), ("stream.offline", "1"), ("channel.update", "2")];
        assert_eq!(kinds(&by_socket("1001")), both);
        assert_eq!(kinds(&by_webhook("1001")), both);
        assert_eq!(by_socket("1001")[0].condition["broadcaster_user_id"], "1001");
        let app = about_app("cid");
        assert_eq!(kinds(&app), [("user.authorization.revoke", "1")]);
        assert_eq!(app[0].condition["client_id"], "cid");
    }

    #[test]
    fn only_what_was_asked_for_is_known() {
        assert!(named("channel.update").is_some());
        assert!(named("channel.raid").is_none());
    }
}
