//! Going live and going offline.

use super::broadcast::{Broadcast, BroadcastKind};
use super::delivery::Message;
use super::events;
use super::person::Person;
use super::{Standing, Subscription, World};
use crate::base::clock::Instant;
use serde_json::Value;

impl World {
    /// Goes live; somebody who is live already stays it. Answers with the stream.
    pub fn go_live(&mut self, login: &str, now: Instant) -> Broadcast {
        self.go_live_as(login, BroadcastKind::Live, now)
    }

    /// Starts a stream of another kind, such as a rerun.
    pub fn go_live_as(&mut self, login: &str, kind: BroadcastKind, now: Instant) -> Broadcast {
        if let Some(on) = self.broadcast(login) {
            return on.clone();
        }
        let id = format!("4{:010}", self.ids.count());
        let person = self.person_mut(login);
        let broadcast = Broadcast { id, kind, started_at: now, ended_at: None };
        person.broadcasts.push(broadcast.clone());
        let (about, event) = (person.twitch_id.clone(), events::online(person, &broadcast));
        self.announce("stream.online", &about, &event, now);
        broadcast
    }

    /// Goes offline, if live.
    pub fn go_offline(&mut self, login: &str, now: Instant) {
        let person = self.person_mut(login);
        let Some(on) = person.broadcasts.last_mut().filter(|last| last.ended_at.is_none()) else { return };
        on.ended_at = Some(now);
        let ended = on.clone();
        let (about, event) = (person.twitch_id.clone(), events::offline(person, &ended));
        self.announce("stream.offline", &about, &event, now);
    }

    /// The stream that is on.
    #[must_use]
    pub fn broadcast(&self, login: &str) -> Option<&Broadcast> {
        self.person(login)?.broadcasts.last().filter(|last| last.ended_at.is_none())
    }

    /// Who is live as Get Streams sees it: late by as much as [`super::Pace::streams_lag`] says.
    pub fn listed_streams(&self, now: Instant) -> impl Iterator<Item = (&Person, &Broadcast)> {
        let seen = now - self.pace.streams_lag;
        let on = move |person: &'_ Person| person.broadcasts.iter().rposition(|b| b.on_at(seen));
        self.persons.iter().filter_map(move |person| on(person).map(|n| (person, &person.broadcasts[n])))
    }

    /// The event that a subscription of this type about this person would be told now: `channel.update`,
    /// `stream.online` and `stream.offline` of the last stream, or of one that begins now.
    #[must_use]
    pub fn event(&self, login: &str, kind: &str, now: Instant) -> Option<Value> {
        let person = self.person(login)?;
        let fresh = Broadcast {
            id: "40000000000".into(),
            kind: BroadcastKind::Live,
            started_at: now,
            ended_at: None,
        };
        let last = person.broadcasts.last().unwrap_or(&fresh);
        match kind {
            "stream.online" => Some(events::online(person, last)),
            "stream.offline" => Some(events::offline(person, last)),
            "channel.update" => Some(events::channel(person)),
            _ => None,
        }
    }

    /// Tells all who want to know something of a person.
    pub(super) fn announce(&mut self, kind: &str, about: &str, event: &Value, now: Instant) {
        self.tell_all(event, now, |s| s.wish.kind == kind && s.about() == Some(about));
    }

    /// Tells all who want to know something of an app.
    pub(super) fn announce_to_app(&mut self, kind: &str, client_id: &str, event: &Value, now: Instant) {
        let about = Some(Value::from(client_id));
        self.tell_all(event, now, |s| {
            s.wish.kind == kind && s.wish.condition.get("client_id") == about.as_ref()
        });
    }

    fn tell_all(&mut self, event: &Value, now: Instant, wants: impl Fn(&Subscription) -> bool) {
        let told = |s: &&Subscription| s.standing == Standing::Enabled && wants(s);
        let told: Vec<_> = self.subscriptions.all().iter().filter(told).cloned().collect();
        for subscription in told {
            self.tell(subscription, Message::Event(event.clone()), now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(seconds: i64) -> Instant {
        DateTime::from_timestamp(1_795_204_800 + seconds, 0).expect("an instant")
    }

    #[test]
    fn a_rerun_is_a_stream_of_its_own_kind_and_each_stream_has_its_own_id() {
        let mut world = World::new(1);
        let rerun = world.go_live_as("ann", BroadcastKind::Rerun, at(0));
        assert_eq!(world.event("ann", "stream.online", at(1)).expect("an event")["type"], "rerun");
        world.go_offline("ann", at(2));
        assert!(world.broadcast("ann").is_none());
        assert_ne!(world.go_live("ann", at(3)).id, rerun.id);
    }

    #[test]
    fn get_streams_lags_behind_both_ways_if_told_to() {
        let mut world = World::new(1);
        world.pace.streams_lag = std::time::Duration::from_mins(2);
        world.go_live("ann", at(0));
        assert_eq!(world.listed_streams(at(119)).count(), 0);
        world.go_offline("ann", at(200));
        assert_eq!(world.listed_streams(at(319)).count(), 1);
        assert_eq!(world.listed_streams(at(320)).count(), 0);
    }
}
