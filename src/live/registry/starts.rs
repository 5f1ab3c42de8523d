//! Who waits to be followed: whoever went on air last comes first, and of many only a few begin at a time. So neither
//! their starts nor the looks that follow, each at the same distance, come all at once. Pure.

use crate::base::clock::Instant;
use crate::base::id::{LinkId, StreamId};
use crate::live::reconcile::Missing;
use chrono::TimeDelta;
use std::collections::HashSet;

/// How many begin in one go.
const AT_ONCE: usize = 32;
/// However many there are, they have begun after this, or after the time between two looks where that is shorter.
const WITHIN: TimeDelta = TimeDelta::minutes(1);
/// Where there are few, nobody waits longer than this for each who comes before.
const APART: TimeDelta = TimeDelta::milliseconds(10);
/// A session comes back later than others after a rest by at most so many of the shortest times between two looks.
const LATEST: i32 = 20;

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// The next stands last.
    waiting: Vec<Missing>,
    /// Who was taken last, and through which link they are followed: nobody is prepared twice at a time.
    preparing: HashSet<(StreamId, LinkId)>,
    /// Before when nobody else begins.
    not_before: Option<Instant>,
}

impl Starts {
    /// These wait, in place of those who did, but for those who are being prepared.
    pub(super) fn replace(&mut self, mut missing: Vec<Missing>) {
        missing.retain(|missing| !self.preparing.contains(&name(missing)));
        missing.sort_by_key(|missing| missing.stream.started_at);
        self.waiting = missing;
    }

    /// Those who were taken last are prepared, or could not be.
    pub(super) fn prepared(&mut self) {
        self.preparing.clear();
    }

    /// Those who begin next, beside so many who run, and how long that waits; none when nobody waits.
    pub(super) fn take(
        &mut self,
        running: usize,
        interval: TimeDelta,
        now: Instant,
    ) -> Option<(Vec<Missing>, TimeDelta)> {
        let apart = apart(running + self.waiting.len(), interval);
        let next: Vec<Missing> =
            self.waiting.drain(self.waiting.len().saturating_sub(AT_ONCE)..).rev().collect();
        self.preparing = next.iter().map(name).collect();
        // However far a clock was set back, nobody waits for longer than those before took.
        let latest = now + apart * small(AT_ONCE);
        let at = self.not_before.unwrap_or(now).clamp(now, latest);
        self.not_before = Some(at + apart * small(next.len()));
        (!next.is_empty()).then_some((next, at - now))
    }
}

fn name(missing: &Missing) -> (StreamId, LinkId) {
    (missing.stream.id, missing.link.id)
}

/// The time between two starts, so that the looks of all are spread over the time between two looks.
fn apart(sessions: usize, interval: TimeDelta) -> TimeDelta {
    let all = i32::try_from(sessions.max(1)).unwrap_or(i32::MAX);
    (interval.min(WITHIN) / all).min(APART)
}

/// By how much a session comes later after a rest that it shares with others, by a throw of `dice` (0.0 to 1.0).
pub(super) fn spread(min_gap: TimeDelta, dice: f64) -> TimeDelta {
    let longest = (min_gap * LATEST).to_std().unwrap_or_default();
    TimeDelta::from_std(longest.mul_f64(dice)).unwrap_or_default()
}

fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{LinkStatus, SpotifyLink};
    use crate::base::id::UserId;
    use crate::live::model::Stream;

    const INTERVAL: TimeDelta = TimeDelta::seconds(60);

    fn at(millis: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    fn streams(count: i64) -> Vec<Missing> {
        let missing = |number: i64| Missing {
            streamer: number.to_string(),
            stream: Stream {
                id: StreamId::random(at(number)),
                user_id: UserId::random(at(number)),
                twitch_id: None,
                started_at: at(number),
                ended_at: None,
                seen_at: at(number),
                followed_until: None,
            },
            link: SpotifyLink {
                id: LinkId::random(at(number)),
                client_id: "app".to_owned(),
                status: LinkStatus::Connected,
            },
        };
        (0..count).map(missing).collect()
    }

    /// When each of so many begins, where preparing them takes no time.
    fn starts(count: i64) -> Vec<(String, TimeDelta)> {
        let (mut starts, mut now, mut begun) = (Starts::default(), at(0), Vec::new());
        starts.replace(streams(count));
        while let Some((some, wait)) = starts.take(begun.len(), INTERVAL, now) {
            now += wait;
            begun.extend(some.into_iter().map(|missing| (missing.streamer, now - at(0))));
        }
        begun
    }

    #[test]
    fn whoever_went_on_air_last_comes_first_and_few_do_not_wait() {
        let begun = starts(3);
        assert_eq!(begun.iter().map(|(streamer, _)| streamer.as_str()).collect::<Vec<_>>(), ["2", "1", "0"]);
        assert!(begun.iter().all(|(_, after)| after.is_zero()));
        assert!(starts(1_000).last().is_some_and(|(_, after)| *after <= TimeDelta::seconds(10)));
    }

    #[test]
    fn many_are_spread_evenly_over_the_time_between_two_looks() {
        let mut seconds = [0_i32; 61];
        for (_, after) in starts(100_000) {
            seconds[usize::try_from(after.num_seconds()).expect("within a minute")] += 1;
        }
        let (mean, slice) = (100_000 / 60, i32::try_from(AT_ONCE).expect("few"));
        assert!(seconds[..60].iter().all(|second| (second - mean).abs() <= 2 * slice), "{seconds:?}");
    }

    #[test]
    fn whoever_is_being_prepared_waits_only_through_another_link() {
        let mut starts = Starts::default();
        starts.replace(streams(3));
        let (mut missing, _) = starts.take(0, INTERVAL, at(0)).expect("three");
        missing[0].link.id = LinkId::random(at(9));
        starts.replace(missing);
        let (left, _) = starts.take(0, INTERVAL, at(0)).expect("one");
        assert_eq!(left.iter().map(|missing| missing.streamer.as_str()).collect::<Vec<_>>(), ["2"]);
        starts.prepared();
        starts.replace(left);
        assert!(starts.take(0, INTERVAL, at(0)).is_some(), "who could not be prepared is tried again");
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nobody_up() {
        let mut starts = Starts::default();
        starts.replace(streams(100));
        starts.take(0, INTERVAL, at(3_600_000)).expect("some");
        let (_, wait) = starts.take(0, INTERVAL, at(0)).expect("more");
        assert!(wait <= TimeDelta::seconds(1), "{wait}");
    }
}
