//! What comes of a story.

use super::{Story, eight};
use crate::base::clock::Instant;
use crate::live::gaps::Gap;
use crate::live::model::{Ignored, Play};
use crate::live::rules::{Effect, Now};

pub(super) fn gap_words(gap: &Gap) -> String {
    let second = |at: Instant| (at - eight()).num_seconds().to_string();
    let healed = if gap.healed { ", healed" } else { "" };
    let to = gap.to.map(second).unwrap_or_default();
    format!("{}..{to} {}{healed}", second(gap.from), gap.reason.word())
}

#[track_caller]
fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) {
    assert_eq!(found, expected, "found on the left, expected on the right");
}

impl Story {
    /// All plays so far, with the second at which each began.
    #[track_caller]
    pub(in crate::live::rules) fn noticed<const N: usize>(self, expected: [(&str, i64); N]) -> Self {
        let second = |play: &Play| (play.started_at - eight()).num_seconds();
        let plays = self.plays.iter().map(|play| (play.track.name.as_str(), second(play)));
        same(&plays.collect::<Vec<_>>(), &expected.to_vec());
        self
    }

    /// All that was ignored so far, with the second at which each began.
    #[track_caller]
    pub(in crate::live::rules) fn ignored<const N: usize>(self, expected: [(&str, i64); N]) -> Self {
        let second = |play: &Ignored| (play.started_at - eight()).num_seconds();
        let name = |play: &'_ Ignored| play.uri.replace("spotify:track:", "");
        let plays: Vec<_> = self.ignored.iter().map(|play| (name(play), second(play))).collect();
        same(&plays, &expected.map(|(name, second)| (name.to_owned(), second)).to_vec());
        self
    }

    /// What was said of gaps since this was last asked: `30.. rate_limited`, then `30..90 rate_limited`.
    #[track_caller]
    pub(in crate::live::rules) fn gaps<const N: usize>(mut self, expected: [&str; N]) -> Self {
        same(&std::mem::take(&mut self.gaps), &expected.map(str::to_owned).to_vec());
        self
    }

    /// The seconds at which a play may have to be split.
    #[track_caller]
    pub(in crate::live::rules) fn jumps<const N: usize>(self, expected: [i64; N]) -> Self {
        same(&self.jumps, &expected.to_vec());
        self
    }

    /// What viewers were told since this was last asked.
    #[track_caller]
    pub(in crate::live::rules) fn tells<const N: usize>(mut self, expected: [&str; N]) -> Self {
        same(&std::mem::take(&mut self.told), &expected.map(str::to_owned).to_vec());
        self
    }

    /// How many milliseconds from now the session wakes up.
    #[track_caller]
    pub(in crate::live::rules) fn wakes_in(self, millis: i64) -> Self {
        same(&(self.wake.1 - self.now).num_milliseconds(), &millis);
        self
    }

    /// Whether the last input made it look.
    #[track_caller]
    pub(in crate::live::rules) fn looks(self, expected: bool) -> Self {
        same(&self.effects.contains(&Effect::Look), &expected);
        self
    }

    /// Nothing at all came of the last input.
    #[track_caller]
    pub(in crate::live::rules) fn does_nothing(self) -> Self {
        same(&self.effects, &Vec::new());
        self
    }

    pub(in crate::live::rules) fn plays(&self) -> &[Play] {
        &self.plays
    }

    /// What came of the last input.
    pub(in crate::live::rules) fn effects(&self) -> &[Effect] {
        &self.effects
    }

    pub(in crate::live::rules) fn now(&self) -> Instant {
        self.now
    }
}

pub(super) fn words(now: Option<&Now>) -> String {
    now.map_or("nothing".to_owned(), |now| {
        let paused = if now.is_playing { "" } else { " paused" };
        format!("{}{paused} at {}", now.play.track.name, now.progress_ms / 1_000)
    })
}
