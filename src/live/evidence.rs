//! Who is on air: evidence is weighed, never just believed. Pure.
//!
//! EventSub can lose, double and delay; Get Streams lags by minutes both ways and can answer empty. So evidence is kept
//! with its time: a hint outweighs Get Streams for ten minutes, and "not live" from Get Streams alone needs several
//! misses in a row. An error is no evidence at all and never gets here.

use super::model::Stream;
use crate::base::clock::Instant;
use chrono::TimeDelta;

/// How long a hint outweighs Get Streams.
const HINT_WEIGHT: TimeDelta = TimeDelta::minutes(10);
/// How many answers in a row without the streamer mean that they are off air.
const MISSES: i64 = 3;

/// A broadcast on Twitch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// Twitch's id of it.
    pub twitch_id: String,
    /// `live`, or `rerun`, `premiere`, `playlist`, `watch_party`, which are not followed.
    pub kind: String,
    /// When it began.
    pub started_at: Instant,
}

/// Where evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An EventSub message.
    Hint,
    /// An answer of Get Streams.
    Streams,
}

/// The best evidence we have about one streamer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// On air, with what; none when off air.
    pub broadcast: Option<Broadcast>,
    /// Where it comes from.
    pub source: Source,
    /// Its time: when the message was sent, when the answer came.
    pub seen_at: Instant,
    /// How many answers of Get Streams in a row have missed a streamer who is on air.
    pub misses: i64,
}

/// Weighs news against what is known; none when the news changes nothing.
///
/// `news` is a broadcast, or none for "off air" (from a hint) or "not in the answer" (from Get Streams).
#[must_use]
pub fn weigh(
    known: Option<&Evidence>,
    source: Source,
    news: Option<Broadcast>,
    at: Instant,
) -> Option<Evidence> {
    let fresh = Evidence { broadcast: news, source, seen_at: at, misses: 0 };
    let Some(known) = known else { return Some(fresh) };
    match source {
        Source::Hint => fresh.is_news_to(known).then_some(fresh),
        Source::Streams if known.outweighs(at) => None,
        Source::Streams if fresh.broadcast.is_some() => Some(fresh),
        Source::Streams => known.missed(at),
    }
}

impl Evidence {
    /// What is to be followed: only real broadcasts.
    #[must_use]
    pub fn live(&self) -> Option<&Broadcast> {
        self.broadcast.as_ref().filter(|broadcast| broadcast.kind == "live")
    }

    /// Whether a hint says more than what is known: messages come late and in any order.
    fn is_news_to(&self, known: &Self) -> bool {
        match (&self.broadcast, &known.broadcast) {
            _ if self.seen_at >= known.seen_at => true,
            _ if known.source == Source::Hint => false,
            (Some(news), Some(on_air)) => news.started_at >= on_air.started_at,
            // The end of an earlier broadcast is not the end of this one.
            (None, Some(on_air)) => self.seen_at >= on_air.started_at,
            (_, None) => true,
        }
    }

    fn outweighs(&self, at: Instant) -> bool {
        self.source == Source::Hint && at - self.seen_at < HINT_WEIGHT
    }

    /// One more answer without this streamer.
    fn missed(&self, at: Instant) -> Option<Self> {
        self.broadcast.as_ref()?;
        let misses = self.misses + 1;
        if misses < MISSES {
            return Some(Self { misses, ..self.clone() });
        }
        Some(Self { broadcast: None, source: Source::Streams, seen_at: at, misses: 0 })
    }
}

/// What a broadcast means for our streams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Succession {
    /// It is the stream that is on air already.
    Continue,
    /// It goes on with the last stream, which had ended: the same broadcast, or one that came back within the grace.
    Reopen,
    /// It is a new stream.
    Begin,
}

/// Whether a broadcast is a new stream or goes on with the streamer's last one.
#[must_use]
pub fn succession(last: Option<&Stream>, broadcast: &Broadcast, grace: TimeDelta) -> Succession {
    let Some(last) = last else { return Succession::Begin };
    if last.twitch_id.is_none() {
        // Held open by hand: it goes on with the broadcast, or it is over.
        return if last.ended_at.is_none() { Succession::Continue } else { Succession::Begin };
    }
    let same = last.twitch_id.as_deref() == Some(broadcast.twitch_id.as_str());
    let off_air_since = last.ended_at.unwrap_or(last.seen_at);
    match (same || broadcast.started_at - off_air_since <= grace, last.ended_at) {
        (true, None) => Succession::Continue,
        (true, Some(_)) => Succession::Reopen,
        (false, _) => Succession::Begin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{StreamId, UserId};

    fn at(minute: i64) -> Instant {
        chrono::DateTime::from_timestamp(1_795_204_800 + minute * 60, 0).expect("an instant")
    }

    fn broadcast(id: &str, minute: i64) -> Broadcast {
        Broadcast { twitch_id: id.into(), kind: "live".into(), started_at: at(minute) }
    }

    fn hint(news: Option<Broadcast>, minute: i64) -> Evidence {
        weigh(None, Source::Hint, news, at(minute)).expect("the first evidence counts")
    }

    #[test]
    fn a_hint_outweighs_a_lagging_answer_for_ten_minutes() {
        let online = hint(Some(broadcast("s1", 0)), 0);
        assert_eq!(weigh(Some(&online), Source::Streams, None, at(9)), None);
        assert_eq!(weigh(Some(&online), Source::Streams, None, at(10)).expect("a miss").misses, 1);
        let offline = hint(None, 0);
        assert_eq!(weigh(Some(&offline), Source::Streams, Some(broadcast("s1", -60)), at(9)), None);
    }

    #[test]
    fn three_misses_in_a_row_are_needed_and_one_hit_forgives_them() {
        let mut known = weigh(None, Source::Streams, Some(broadcast("s1", 0)), at(0)).expect("evidence");
        for minute in 1..=2 {
            known = weigh(Some(&known), Source::Streams, None, at(minute)).expect("a miss");
            assert!(known.live().is_some());
        }
        let forgiven = weigh(Some(&known), Source::Streams, Some(broadcast("s1", 0)), at(3)).expect("a hit");
        assert_eq!(forgiven.misses, 0);
        let off = weigh(Some(&known), Source::Streams, None, at(3)).expect("the third miss");
        assert!(off.live().is_none());
    }

    #[test]
    fn a_late_message_does_not_undo_a_newer_one() {
        let online = hint(Some(broadcast("s2", 5)), 5);
        assert_eq!(weigh(Some(&online), Source::Hint, None, at(3)), None);
        assert!(weigh(Some(&online), Source::Hint, None, at(6)).expect("news").live().is_none());
    }

    #[test]
    fn a_hint_about_an_earlier_broadcast_is_no_news_to_what_get_streams_has_seen_since() {
        let seen = weigh(None, Source::Streams, Some(broadcast("s2", 58)), at(60)).expect("evidence");
        assert_eq!(weigh(Some(&seen), Source::Hint, None, at(55)), None, "the end of s1, told late");
        assert_eq!(weigh(Some(&seen), Source::Hint, Some(broadcast("s1", 0)), at(55)), None);
        assert!(weigh(Some(&seen), Source::Hint, None, at(59)).expect("news").live().is_none());
        assert!(weigh(Some(&seen), Source::Hint, Some(broadcast("s2", 58)), at(58)).is_some());
    }

    #[test]
    fn reruns_are_not_followed() {
        let rerun = Some(Broadcast { kind: "rerun".into(), ..broadcast("s1", 0) });
        assert!(hint(rerun, 0).live().is_none());
    }

    fn stream(twitch_id: &str, seen: i64, ended: Option<i64>) -> Stream {
        Stream {
            id: StreamId::random(at(0)),
            user_id: UserId::random(at(0)),
            twitch_id: Some(twitch_id.into()),
            started_at: at(0),
            ended_at: ended.map(at),
            seen_at: at(seen),
            followed_until: None,
        }
    }

    #[test]
    fn a_short_break_is_the_same_stream_and_a_long_one_is_not() {
        let grace = TimeDelta::minutes(10);
        let next = |minute| broadcast("s2", minute);
        let is = |last: &Stream, minute| succession(Some(last), &next(minute), grace);
        assert_eq!(is(&stream("s1", 60, Some(60)), 69), Succession::Reopen);
        assert_eq!(is(&stream("s1", 60, Some(60)), 71), Succession::Begin);
        assert_eq!(is(&stream("s1", 60, None), 65), Succession::Continue, "its end was never told");
        assert_eq!(is(&stream("s1", 60, None), 600), Succession::Begin, "we were down for hours");
        assert_eq!(is(&stream("s2", 60, Some(60)), 600), Succession::Reopen, "its end was told wrongly");
        assert_eq!(succession(None, &next(0), grace), Succession::Begin);
    }

    #[test]
    fn a_stream_that_was_begun_by_hand_becomes_the_broadcast_or_is_over() {
        let ours = |ended| Stream { twitch_id: None, ..stream("", 60, ended) };
        let is = |ended| succession(Some(&ours(ended)), &broadcast("s2", 600), TimeDelta::minutes(10));
        assert_eq!(is(None), Succession::Continue);
        assert_eq!(is(Some(599)), Succession::Begin);
    }
}
