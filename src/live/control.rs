//! What a streamer decides by hand, start, stop and pause, and what follows from it. Pure.
//!
//! Each decision ends at its time or with the stream it was made for. A start holds a stream open that Twitch knows
//! nothing of; once Twitch does, the stream ends with its broadcast. A stop or a pause leaves the stream on air and
//! nobody looks.

use super::evidence::Broadcast;
use super::model::Stream;
use crate::base::clock::Instant;
use crate::base::id::StreamId;
use chrono::TimeDelta;

/// What can be decided. The words are the database's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Follow, live on Twitch or not.
    Start,
    /// Do not follow.
    Stop,
    /// Do not follow for a while, then go on as before.
    Pause,
}

impl Action {
    const ALL: [Self; 3] = [Self::Start, Self::Stop, Self::Pause];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Pause => "pause",
        }
    }

    /// The action that a word stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }

    /// The earlier decisions that this one replaces: a pause leaves a start standing.
    #[must_use]
    pub fn replaces(self) -> &'static [Self] {
        match self {
            Self::Start => &[Self::Stop, Self::Pause],
            Self::Stop => &[Self::Start, Self::Pause],
            Self::Pause => &[Self::Stop],
        }
    }
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// What was decided.
    pub action: Action,
    /// The stream that it was made for, whose end ends it. A start without one is for a stream that Twitch does not
    /// know.
    pub stream: Option<StreamId>,
    /// When it ends by itself.
    pub ends_at: Option<Instant>,
    /// When it was made.
    pub made_at: Instant,
}

impl Override {
    /// Whether it is over, for somebody whose last stream was this. A stream that was stopped and is off air for less
    /// than the grace may come back.
    fn is_over(&self, last: Option<&Stream>, grace: TimeDelta, now: Instant) -> bool {
        let grace = if self.action == Action::Start { TimeDelta::zero() } else { grace };
        let off_air = |stream: &Stream| stream.ended_at.is_some_and(|ended_at| now - ended_at >= grace);
        let is_gone = |bound: StreamId| last.is_none_or(|last| last.id != bound || off_air(last));
        self.ends_at.is_some_and(|ends_at| ends_at <= now) || self.stream.is_some_and(is_gone)
    }
}

/// All that one streamer has decided: one override of each action at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByHand(pub Vec<Override>);

impl ByHand {
    /// The override of this action.
    #[must_use]
    pub fn get(&self, action: Action) -> Option<&Override> {
        self.0.iter().find(|one| one.action == action)
    }

    /// The one that decides: a pause or a stop before a start.
    #[must_use]
    pub fn governing(&self) -> Option<&Override> {
        [Action::Pause, Action::Stop, Action::Start].into_iter().find_map(|action| self.get(action))
    }

    /// What still stands, and what is over.
    #[must_use]
    pub fn sift(&self, last: Option<&Stream>, grace: TimeDelta, now: Instant) -> (Self, Self) {
        let (over, stands) = self.0.iter().cloned().partition(|one| one.is_over(last, grace, now));
        (Self(stands), Self(over))
    }

    /// When the next of them ends by itself.
    #[must_use]
    pub fn next_end(&self) -> Option<Instant> {
        self.0.iter().filter_map(|one| one.ends_at).min()
    }

    /// When a stop or a pause among these, which are over, has ended by itself.
    #[must_use]
    pub fn resumed_at(&self) -> Option<Instant> {
        self.0.iter().filter(|one| one.action != Action::Start).filter_map(|one| one.ends_at).max()
    }

    /// When a stream that was held open by a start ended: at its time, if that has come, else now.
    #[must_use]
    pub fn ended_at(&self, now: Instant) -> Instant {
        let ends_at = self.get(Action::Start).and_then(|start| start.ends_at);
        ends_at.filter(|ends_at| *ends_at <= now).unwrap_or(now)
    }
}

/// What holds a stream open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Air<'a> {
    /// Nothing: off air.
    Off,
    /// A broadcast on Twitch.
    Broadcast(&'a Broadcast),
    /// The streamer, since then.
    ByHand(Instant),
}

/// What is to be done about a streamer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course<'a> {
    /// What holds a stream open.
    pub air: Air<'a>,
    /// Since when nobody is to look; none when the stream is to be followed.
    pub unfollowed_since: Option<Instant>,
}

/// What follows from the decisions that stand and from what is live on Twitch.
#[must_use]
pub fn course<'a>(standing: &ByHand, live: Option<&'a Broadcast>) -> Course<'a> {
    let start = standing.get(Action::Start).filter(|start| start.stream.is_none());
    let air = match (live, start) {
        (Some(broadcast), _) => Air::Broadcast(broadcast),
        (None, Some(start)) => Air::ByHand(start.made_at),
        (None, None) => Air::Off,
    };
    let halts = standing.0.iter().filter(|one| one.action != Action::Start);
    Course { air, unfollowed_since: halts.map(|one| one.made_at).min() }
}

#[cfg(test)]
mod tests;
