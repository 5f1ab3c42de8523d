//! The language of the stories: what the player does, what time it is, and what a session makes of it.
//!
//! Seconds count from the start of the stream, at 20:00. Tracks are named by a letter and last three minutes. Each comes
//! out of a device of its own name, so that it can be ignored.

mod outcome;

use crate::base::clock::Instant;
use crate::base::id::{RuleId, StreamId, UserId};
use crate::clients::spotify::Limit;
use crate::live::budget::Allowance;
use crate::live::ignore::{IgnoreRule, Kind};
use crate::live::model::{Ignored, Play, Sight, Stream, Track, Whence};
use crate::live::rules::{Effect, Input, Look, State, Timing, step};
use chrono::{DateTime, TimeDelta};
use outcome::{gap_words, words};

/// DESIGN's defaults.
pub(super) const TIMING: Timing = Timing {
    poll_interval: TimeDelta::seconds(60),
    probe_delay: TimeDelta::milliseconds(1_500),
    min_gap: TimeDelta::seconds(5),
    default_cooldown: TimeDelta::minutes(5),
    standstill: TimeDelta::hours(1),
    lost_after: TimeDelta::seconds(90),
};

/// When the stream begins.
pub(super) fn eight() -> Instant {
    DateTime::from_timestamp(1_795_204_800, 0).expect("an instant")
}

pub(super) fn stream(name: &str, started_at: Instant) -> Stream {
    Stream {
        id: StreamId::derived(started_at, &[name]),
        user_id: UserId::derived(eight(), &["ann"]),
        twitch_id: Some(name.to_owned()),
        started_at,
        ended_at: None,
        seen_at: started_at,
        followed_until: None,
    }
}

pub(super) fn track(name: &str, duration_ms: i64) -> Track {
    Track {
        uri: format!("spotify:track:{name}"),
        provider_id: Some(name.to_owned()),
        name: name.to_owned(),
        artists: vec!["Someone".to_owned()],
        album: None,
        duration_ms,
        url: None,
        image_url: None,
    }
}

/// A session and everything it has done so far.
pub(super) struct Story {
    state: State,
    stream: Stream,
    now: Instant,
    wake: (u64, Instant),
    may_store: bool,
    rests_until: Option<Instant>,
    spent_until: Option<Instant>,
    interval: TimeDelta,
    plays: Vec<Play>,
    told: Vec<String>,
    gaps: Vec<String>,
    jumps: Vec<i64>,
    ignored: Vec<Ignored>,
    rules: Vec<IgnoreRule>,
    paused_until: Option<Instant>,
    effects: Vec<Effect>,
}

/// What happens.
impl Story {
    /// A stream begins, and its session with it.
    pub(super) fn on_air() -> Self {
        let stream = stream("first", eight());
        let story = Self {
            state: State::new(TIMING, stream.clone(), None, None),
            stream,
            now: eight(),
            wake: (0, eight()),
            may_store: true,
            rests_until: None,
            spent_until: None,
            interval: TIMING.poll_interval,
            plays: Vec::new(),
            told: Vec::new(),
            gaps: Vec::new(),
            jumps: Vec::new(),
            ignored: Vec::new(),
            rules: Vec::new(),
            paused_until: None,
            effects: Vec::new(),
        };
        story.restarts().tells([])
    }

    /// The session begins anew: it knows no more than the plays of its stream.
    pub(super) fn restarts(mut self) -> Self {
        let last = self.plays.iter().rfind(|play| play.stream_id == self.stream.id).cloned();
        let (rules, ignored) = (self.rules.clone(), self.ignored.last().cloned());
        let state = State::new(TIMING, self.stream.clone(), last, Some(self.now));
        self.state = state.after_pause(self.paused_until).ignoring(rules, ignored);
        let effects = self.state.begin(self.now);
        self.take(effects)
    }

    /// The streamer has paused tracking for so long, and a new session goes on.
    pub(super) fn pauses(mut self, seconds: i64) -> Self {
        self.now += TimeDelta::seconds(seconds);
        self.paused_until = Some(self.now);
        self.restarts()
    }

    /// The streamer ignores these from now on, and nothing else.
    pub(super) fn ignores<const N: usize>(mut self, names: [&str; N]) -> Self {
        let rule = |name: &&str| IgnoreRule {
            id: RuleId::derived(eight(), &[*name]),
            kind: Kind::Device,
            value: (*name).to_owned(),
        };
        self.rules = names.iter().map(rule).collect();
        let rules = self.rules.clone();
        self.input(Input::Rules(rules))
    }

    /// The stream is over and another one begins.
    pub(super) fn next_stream(mut self) -> Self {
        self.stream = stream("next", self.now);
        self.restarts()
    }

    pub(super) fn after(mut self, seconds: i64) -> Self {
        self.now += TimeDelta::seconds(seconds);
        self
    }

    /// The armed wake-up goes off, on time.
    pub(super) fn wakes(mut self) -> Self {
        let (epoch, at) = self.wake;
        self.now = at;
        self.wakes_with(epoch)
    }

    /// The armed wake-up goes off now: late.
    pub(super) fn wakes_late(self) -> Self {
        let (epoch, _) = self.wake;
        self.wakes_with(epoch)
    }

    /// A wake-up from before the armed one goes off.
    pub(super) fn wakes_stale(self) -> Self {
        let (epoch, _) = self.wake;
        self.wakes_with(epoch - 1)
    }

    fn wakes_with(self, epoch: u64) -> Self {
        let (may_store, allowance) = (self.may_store, self.allowance());
        self.input(Input::Wake { epoch, may_store, allowance })
    }

    pub(super) fn writer_has_room(mut self, room: bool) -> Self {
        self.may_store = room;
        self
    }

    /// Another session of the same client id was asked to wait.
    pub(super) fn client_rests(mut self, seconds: i64) -> Self {
        self.rests_until = Some(self.now + TimeDelta::seconds(seconds));
        self
    }

    /// A look comes back.
    pub(super) fn looked(self, look: Look) -> Self {
        let allowance = self.allowance();
        self.input(Input::Looked { look, allowance })
    }

    /// A look beside this session is admitted.
    pub(super) fn admitted(self) -> Self {
        let (may_store, allowance) = (self.may_store, self.allowance());
        self.input(Input::Admitted { may_store, allowance })
    }

    /// A look finds a track playing, so many seconds into it.
    pub(super) fn sees(self, name: &str, seconds: i64) -> Self {
        self.looked(sight(track(name, 180_000), seconds * 1_000, true))
    }

    pub(super) fn paused(self, name: &str, seconds: i64) -> Self {
        self.looked(sight(track(name, 180_000), seconds * 1_000, false))
    }

    pub(super) fn nothing(self) -> Self {
        self.looked(Look::Nothing)
    }

    pub(super) fn unknown(self) -> Self {
        self.looked(Look::Unknown)
    }

    /// A 429 that names a time so many seconds from now, or none.
    pub(super) fn asked_to_wait(self, seconds: Option<i64>) -> Self {
        let not_before = seconds.map(|seconds| self.now + TimeDelta::seconds(seconds));
        self.looked(Look::Wait { not_before, limit: Limit::Rate })
    }

    fn allowance(&self) -> Allowance {
        let rests_until = self.rests_until.filter(|at| *at > self.now);
        Allowance { rests_until, not_before: self.spent_until, interval: self.interval }
    }

    /// The budget allows so many seconds between two looks where they matter most.
    pub(super) fn budget_allows(mut self, seconds: i64) -> Self {
        self.interval = TimeDelta::seconds(seconds);
        self
    }

    /// The budget is spent for so many seconds.
    pub(super) fn budget_is_spent(mut self, seconds: i64) -> Self {
        self.spent_until = Some(self.now + TimeDelta::seconds(seconds));
        self
    }

    fn input(mut self, input: Input) -> Self {
        let effects = step(&mut self.state, input, self.now);
        self.take(effects)
    }

    fn take(mut self, effects: Vec<Effect>) -> Self {
        for effect in &effects {
            match effect {
                Effect::Arm { epoch, at } => self.wake = (*epoch, *at),
                Effect::TellPlay(play) => self.told.push(format!("new {}", play.track.name)),
                Effect::TellNow(now) => self.told.push(words(now.as_ref())),
                Effect::Persist(play) => self.plays.push(play.clone()),
                Effect::Gap(gap) => self.gaps.push(gap_words(gap)),
                Effect::Cool(rest) => self.rests_until = Some(rest.until),
                Effect::Jump(jump) => self.jumps.push((jump.at - eight()).num_seconds()),
                Effect::Ignore(play) => self.ignored.push(play.clone()),
                Effect::Look | Effect::Stop => {}
            }
        }
        self.effects = effects;
        self
    }
}

pub(super) fn sight(track: Track, progress_ms: i64, is_playing: bool) -> Look {
    let whence = Whence { context: None, device: Some(track.name.clone()) };
    Look::Track(Box::new(Sight { track, progress_ms, is_playing, whence }))
}
