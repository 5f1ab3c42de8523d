//! The language of the stories: what the player does, what time it is, and what a session makes of it.
//!
//! Seconds count from the start of the stream, at 20:00. Tracks are named by a letter and last three minutes.

use crate::base::clock::Instant;
use crate::base::id::{StreamId, UserId};
use crate::live::budget::Allowance;
use crate::live::gaps::Gap;
use crate::live::model::{Play, Sight, Stream, Track};
use crate::live::rules::{Effect, Input, Look, Now, State, Timing, step};
use chrono::{DateTime, TimeDelta};

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
            effects: Vec::new(),
        };
        story.restarts().tells([])
    }

    /// The session begins anew: it knows no more than the plays of its stream.
    pub(super) fn restarts(mut self) -> Self {
        let last = self.plays.iter().rfind(|play| play.stream_id == self.stream.id).cloned();
        self.state = State::new(TIMING, self.stream.clone(), last, Some(self.now));
        let effects = self.state.begin(self.now);
        self.take(effects)
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
        self.looked(Look::Wait { not_before })
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
                Effect::Cool { until } => self.rests_until = Some(*until),
                Effect::Jump(jump) => self.jumps.push((jump.at - eight()).num_seconds()),
                Effect::Look | Effect::Stop => {}
            }
        }
        self.effects = effects;
        self
    }
}

fn gap_words(gap: &Gap) -> String {
    let second = |at: Instant| (at - eight()).num_seconds().to_string();
    let healed = if gap.healed { ", healed" } else { "" };
    let to = gap.to.map(second).unwrap_or_default();
    format!("{}..{to} {}{healed}", second(gap.from), gap.reason.word())
}

/// What comes of it.
#[track_caller]
fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) {
    assert_eq!(found, expected, "found on the left, expected on the right");
}

impl Story {
    /// All plays so far, with the second at which each began.
    #[track_caller]
    pub(super) fn noticed<const N: usize>(self, expected: [(&str, i64); N]) -> Self {
        let second = |play: &Play| (play.started_at - eight()).num_seconds();
        let plays = self.plays.iter().map(|play| (play.track.name.as_str(), second(play)));
        same(&plays.collect::<Vec<_>>(), &expected.to_vec());
        self
    }

    /// What was said of gaps since this was last asked: `30.. rate_limited`, then `30..90 rate_limited`.
    #[track_caller]
    pub(super) fn gaps<const N: usize>(mut self, expected: [&str; N]) -> Self {
        same(&std::mem::take(&mut self.gaps), &expected.map(str::to_owned).to_vec());
        self
    }

    /// The seconds at which a play may have to be split.
    #[track_caller]
    pub(super) fn jumps<const N: usize>(self, expected: [i64; N]) -> Self {
        same(&self.jumps, &expected.to_vec());
        self
    }

    /// What viewers were told since this was last asked.
    #[track_caller]
    pub(super) fn tells<const N: usize>(mut self, expected: [&str; N]) -> Self {
        same(&std::mem::take(&mut self.told), &expected.map(str::to_owned).to_vec());
        self
    }

    /// How many milliseconds from now the session wakes up.
    #[track_caller]
    pub(super) fn wakes_in(self, millis: i64) -> Self {
        same(&(self.wake.1 - self.now).num_milliseconds(), &millis);
        self
    }

    /// Whether the last input made it look.
    #[track_caller]
    pub(super) fn looks(self, expected: bool) -> Self {
        same(&self.effects.contains(&Effect::Look), &expected);
        self
    }

    /// Nothing at all came of the last input.
    #[track_caller]
    pub(super) fn does_nothing(self) -> Self {
        same(&self.effects, &Vec::new());
        self
    }

    pub(super) fn plays(&self) -> &[Play] {
        &self.plays
    }

    /// What came of the last input.
    pub(super) fn effects(&self) -> &[Effect] {
        &self.effects
    }

    pub(super) fn now(&self) -> Instant {
        self.now
    }
}

pub(super) fn sight(track: Track, progress_ms: i64, is_playing: bool) -> Look {
    Look::Track(Sight { track, progress_ms, is_playing })
}

fn words(now: Option<&Now>) -> String {
    now.map_or("nothing".to_owned(), |now| {
        let paused = if now.is_playing { "" } else { " paused" };
        format!("{}{paused} at {}", now.play.track.name, now.progress_ms / 1_000)
    })
}
