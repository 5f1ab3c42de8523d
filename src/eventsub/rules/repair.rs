//! Which webhook subscriptions are to be removed and made, so that what there is becomes what is wanted. Pure.

use crate::clients::twitch::{Condition, Subscription, Topic};
use std::collections::{HashMap, HashSet};

/// One thing to do. Removals come first: what is dead can still count against Twitch's limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::eventsub) enum Change {
    /// Remove the subscription with this id.
    Remove(String),
    /// Subscribe to this.
    Create(Topic),
}

/// How a wanted subscription is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::eventsub) enum Found {
    /// It works.
    Enabled,
    /// Twitch has asked us back and waits for the answer, or is about to.
    Pending,
    /// There is none.
    Missing,
    /// There is one that is dead, for this reason.
    Failed(String),
}

/// Those of `listed` that are delivered to us. Nothing else is ever touched: another server of the same app has its own.
pub(in crate::eventsub) fn ours(mut listed: Vec<Subscription>, callback: &str) -> Vec<Subscription> {
    listed.retain(|one| {
        one.transport.method == "webhook" && one.transport.callback.as_deref() == Some(callback)
    });
    listed
}

/// What makes of `existing` what is `wanted`: dead, doubled and orphaned ones go, missing ones come.
pub(in crate::eventsub) fn repair(wanted: &[Topic], existing: &[Subscription]) -> Vec<Change> {
    let listing = Listing::of(existing);
    let kept: HashSet<&str> =
        wanted.iter().filter_map(|topic| Some(listing.best(topic)?.id.as_str())).collect();
    let useless = existing.iter().filter(|one| !kept.contains(one.id.as_str()));
    let removals = useless.map(|one| Change::Remove(one.id.clone()));
    let missing = wanted.iter().filter(|topic| listing.best(topic).is_none());
    removals.chain(missing.cloned().map(Change::Create)).collect()
}

/// How each of these topics is found among `existing`.
pub(in crate::eventsub) fn find(topics: &[Topic], existing: &[Subscription]) -> Vec<Found> {
    let listing = Listing::of(existing);
    topics.iter().map(|topic| listing.found(topic)).collect()
}

const ENABLED: &str = "enabled";
const PENDING: &str = "webhook_callback_verification_pending";

/// Subscriptions by what they are about: there may be thousands.
struct Listing<'e>(HashMap<(&'e str, &'e str, &'e Condition), Vec<&'e Subscription>>);

impl<'e> Listing<'e> {
    fn of(existing: &'e [Subscription]) -> Self {
        let mut listing: HashMap<_, Vec<_>> = HashMap::new();
        for one in existing {
            listing.entry((one.kind.as_str(), one.version.as_str(), &one.condition)).or_default().push(one);
        }
        Self(listing)
    }

    fn about(&self, topic: &'e Topic) -> &[&'e Subscription] {
        self.0.get(&(topic.kind, topic.version, &topic.condition)).map_or(&[], Vec::as_slice)
    }

    /// The living subscription to a topic; of several, one that works.
    fn best(&self, topic: &'e Topic) -> Option<&'e Subscription> {
        let with = |status| self.about(topic).iter().copied().find(move |one| one.status == status);
        with(ENABLED).or_else(|| with(PENDING))
    }

    fn found(&self, topic: &'e Topic) -> Found {
        match (self.best(topic), self.about(topic).first()) {
            (Some(alive), _) if alive.status == ENABLED => Found::Enabled,
            (Some(_), _) => Found::Pending,
            (None, Some(dead)) => Found::Failed(dead.status.clone()),
            (None, None) => Found::Missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::twitch::Transport;
    use proptest::prelude::*;

    const HERE: &str = "https://a.example/webhooks/twitch";

    fn topic(kind: &'static str, about: &str) -> Topic {
        let condition = Condition::from([("broadcaster_user_id".to_owned(), about.to_owned())]);
        Topic { kind, version: "1", condition }
    }

    fn listed(id: &str, topic: &Topic, status: &str, callback: &str) -> Subscription {
        Subscription {
            id: id.into(),
            status: status.into(),
            kind: topic.kind.into(),
            version: topic.version.into(),
            condition: topic.condition.clone(),
            transport: Transport { method: "webhook".into(), callback: Some(callback.into()) },
        }
    }

    fn remove(id: &str) -> Change {
        Change::Remove(id.into())
    }

    #[test]
    fn missing_ones_are_made_and_living_ones_stay() {
        let (online, offline) = (topic("stream.online", "1"), topic("stream.offline", "1"));
        let wanted = [online.clone(), offline.clone()];
        let existing = [listed("a", &online, ENABLED, HERE)];
        assert_eq!(repair(&wanted, &existing), [Change::Create(offline.clone())]);
        let existing = [listed("a", &online, ENABLED, HERE), listed("b", &offline, PENDING, HERE)];
        assert_eq!(repair(&wanted, &existing), []);
        assert_eq!(find(&wanted, &existing), [Found::Enabled, Found::Pending]);
    }

    #[test]
    fn dead_ones_are_removed_before_they_are_made_again() {
        let online = topic("stream.online", "1");
        for status in ["notification_failures_exceeded", "authorization_revoked", "a word of next year"] {
            let existing = [listed("a", &online, status, HERE)];
            let changes = repair(std::slice::from_ref(&online), &existing);
            assert_eq!(changes, [remove("a"), Change::Create(online.clone())], "{status}");
            assert_eq!(find(std::slice::from_ref(&online), &existing), [Found::Failed(status.into())]);
        }
    }

    #[test]
    fn orphans_doubles_and_old_versions_go() {
        let (ann, gone) = (topic("stream.online", "1"), topic("stream.online", "2"));
        let old = Topic { version: "0", ..ann.clone() };
        let existing = [
            listed("pending", &ann, PENDING, HERE),
            listed("works", &ann, ENABLED, HERE),
            listed("old", &old, ENABLED, HERE),
            listed("orphan", &gone, ENABLED, HERE),
        ];
        assert_eq!(repair(&[ann], &existing), [remove("pending"), remove("old"), remove("orphan")]);
    }

    #[test]
    fn what_goes_elsewhere_is_not_ours() {
        let online = topic("stream.online", "1");
        let mut socket = listed("socket", &online, ENABLED, HERE);
        socket.transport = Transport { method: "websocket".into(), callback: None };
        let all = vec![
            listed("ours", &online, ENABLED, HERE),
            listed("other", &online, ENABLED, "https://b.example/webhooks/twitch"),
            socket,
        ];
        let ids: Vec<String> = ours(all, HERE).into_iter().map(|one| one.id).collect();
        assert_eq!(ids, ["ours"]);
    }

    proptest! {
        /// Whatever there is: once the changes are done, each wanted topic is there once, and nothing else.
        #[test]
        fn after_a_repair_there_is_nothing_to_repair(
            there in prop::collection::vec((0..4_usize, 0..4_usize), 0..12),
            wanted in prop::collection::btree_set(0..4_usize, 0..4),
        ) {
            let topics = ["1", "2", "3", "4"].map(|about| topic("stream.online", about));
            let statuses = [ENABLED, PENDING, "user_removed", "notification_failures_exceeded"];
            let wanted: Vec<Topic> = wanted.into_iter().map(|n| topics[n].clone()).collect();
            let mut existing: Vec<Subscription> = there.iter().enumerate()
                .map(|(id, (about, status))| listed(&id.to_string(), &topics[*about], statuses[*status], HERE))
                .collect();
            for (number, change) in repair(&wanted, &existing).into_iter().enumerate() {
                match change {
                    Change::Remove(id) => existing.retain(|one| one.id != id),
                    Change::Create(topic) => existing.push(listed(&format!("new{number}"), &topic, ENABLED, HERE)),
                }
            }
            prop_assert_eq!(repair(&wanted, &existing), vec![]);
            prop_assert_eq!(existing.len(), wanted.len());
        }
    }
}
