//! The ground truth of a day: what a perfect list would hold.

use super::day::{Span, StreamDay};
use super::world::Heard;
use crate::base::clock::Instant;
use chrono::TimeDelta;
use std::time::Duration;

/// Whoever hears less has heard nothing.
const LEAST: Duration = Duration::from_millis(500);

/// A play as it really was: equal neighbours are one, whatever silence, advert or podcast lies between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TruePlay {
    /// Its key.
    pub uri: String,
    /// When it began; with the stream, if it was on before.
    pub started_at: Instant,
    /// When it was over.
    pub ended_at: Instant,
    /// How long it was heard on air; nothing for a play before or after the stream.
    pub on_air: Duration,
    /// Why it began.
    pub beginning: Beginning,
    /// Whether some of it was heard in private, where nobody can know of it.
    pub private: bool,
}

/// Why a play began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// The one before it had ended.
    Natural,
    /// The one before it was cut short.
    Skip,
    /// After silence, a pause, an advert or a podcast, or with the stream.
    Other,
}

/// What was really played, oldest first.
#[must_use]
pub fn truth(heard: &[Heard], day: &StreamDay) -> Vec<TruePlay> {
    let mut heard: Vec<&Heard> = heard.iter().filter(|play| play.heard >= LEAST).collect();
    heard.sort_by_key(|play| play.started_at);
    let spells = day.spells();
    let mut plays: Vec<TruePlay> = Vec::with_capacity(heard.len());
    for (place, play) in heard.iter().enumerate() {
        let Some(uri) = play.item.uri() else { continue };
        let before = place.checked_sub(1).map(|place| heard[place]);
        let play = true_play(play, uri, before, day, &spells);
        match plays
            .last_mut()
            .filter(|last| last.uri == play.uri && (last.on_air.is_zero() == play.on_air.is_zero()))
        {
            Some(last) => merge(last, &play),
            None => plays.push(play),
        }
    }
    plays
}

fn true_play(
    play: &Heard,
    uri: String,
    before: Option<&Heard>,
    day: &StreamDay,
    spells: &[Span],
) -> TruePlay {
    let private = day.private.iter().any(|span| overlap(*span, play) > TimeDelta::zero());
    let on_air: TimeDelta = day.streams.iter().map(|span| overlap(*span, play).max(TimeDelta::zero())).sum();
    let spell = spells.iter().copied().max_by_key(|span| overlap(*span, play));
    let began_with = spell.filter(|span| on_air > TimeDelta::zero() && play.started_at < span.0);
    let beginning = match before {
        Some(before)
            if before.ended_at == play.started_at && before.item.uri().is_some() && began_with.is_none() =>
        {
            if before.skipped {
                Beginning::Skip
            } else {
                Beginning::Natural
            }
        }
        _ => Beginning::Other,
    };
    TruePlay {
        uri,
        started_at: began_with.map_or(play.started_at, |span| span.0),
        ended_at: play.ended_at,
        on_air: on_air.to_std().unwrap_or_default().min(play.heard),
        beginning,
        private,
    }
}

fn merge(last: &mut TruePlay, play: &TruePlay) {
    last.ended_at = play.ended_at;
    last.on_air += play.on_air;
    last.private |= play.private;
}

fn overlap((from, to): (Instant, Instant), play: &Heard) -> TimeDelta {
    to.min(play.ended_at) - from.max(play.started_at)
}
