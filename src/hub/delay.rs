//! What the public is told later: events wait until the streamer's delay has gone by since they were noticed. Pure.

use super::model::{Event, Track};
use crate::base::clock::Instant;
use crate::base::id::{GapId, PlayId};
use chrono::TimeDelta;
use std::collections::{HashSet, VecDeque};

/// From so many on, of what plays only the newest waits. What changes the list always waits: the staff's list, which is
/// in memory too, is as long.
const MANY: usize = 4096;

/// Something that happened, and when that was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noticed {
    /// When.
    pub at: Instant,
    /// What.
    pub event: Event,
}

/// What an event puts into the list, or changes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Row {
    Play(PlayId),
    Gap(GapId),
}

impl Noticed {
    /// The play that it puts into the list, or changes there.
    #[must_use]
    pub fn play(&self) -> Option<PlayId> {
        match self.row() {
            Some(Row::Play(id)) => Some(id),
            _ => None,
        }
    }

    /// What it puts into the list.
    pub(super) fn row(&self) -> Option<Row> {
        match &self.event {
            Event::TrackAdded { track } | Event::TrackUpdated { track } => Some(Row::Play(track.id)),
            Event::Gap { gap } => Some(Row::Gap(gap.id)),
            _ => None,
        }
    }

    /// Whether it is still true when these plays were hidden. Of what plays it is that nothing does.
    pub(super) fn outlives(&mut self, hidden: &[PlayId]) -> bool {
        if let Event::NowPlaying { now_playing } = &mut self.event {
            now_playing.take_if(|playing| hidden.contains(&playing.track.id));
        }
        self.play().is_none_or(|play| !hidden.contains(&play))
    }

    /// Says it with the right title.
    fn correct(&mut self, right: &Track) {
        let said = match &mut self.event {
            Event::TrackAdded { track } | Event::TrackUpdated { track } => track,
            Event::NowPlaying { now_playing: Some(playing) } => &mut playing.track,
            _ => return,
        };
        if said.id == right.id {
            said.clone_from(right);
        }
    }
}

/// Events in the order in which they were noticed, none before its time.
#[derive(Debug, Default)]
pub(super) struct Delay {
    by: TimeDelta,
    waiting: VecDeque<Noticed>,
}

impl Delay {
    pub(super) fn of(by: TimeDelta, waiting: Vec<Noticed>) -> Self {
        Self { by: by.max(TimeDelta::zero()), waiting: waiting.into() }
    }

    /// How long events wait.
    pub(super) fn by(&self) -> TimeDelta {
        self.by
    }

    /// From now on events wait so long, those that wait already too.
    pub(super) fn turn_to(&mut self, by: TimeDelta) {
        self.by = by.max(TimeDelta::zero());
    }

    /// Takes an event that was noticed just now.
    pub(super) fn push(&mut self, event: Event, now: Instant) {
        self.set_back(now);
        self.waiting.push_back(Noticed { at: now, event });
        if self.waiting.len() > MANY {
            self.forget_one();
        }
    }

    /// Takes an event that was noticed some time ago.
    pub(super) fn insert(&mut self, noticed: Noticed) {
        let place = self.waiting.partition_point(|other| other.at <= noticed.at);
        self.waiting.insert(place, noticed);
    }

    /// These plays are hidden: nothing of them is ever told.
    pub(super) fn withdraw(&mut self, plays: &[PlayId]) {
        self.waiting.retain_mut(|noticed| noticed.outlives(plays));
    }

    /// This play has another title from now on.
    pub(super) fn correct(&mut self, track: &Track) {
        self.waiting.iter_mut().for_each(|noticed| noticed.correct(track));
    }

    /// Nothing is told to play.
    pub(super) fn silence(&mut self) {
        for noticed in &mut self.waiting {
            if let Event::NowPlaying { now_playing } = &mut noticed.event {
                *now_playing = None;
            }
        }
    }

    /// The plays that nobody has been told of yet.
    pub(super) fn untold(&self) -> Vec<PlayId> {
        let added = self.waiting.iter().filter_map(|noticed| match &noticed.event {
            Event::TrackAdded { track } => Some(track.id),
            _ => None,
        });
        added.collect()
    }

    /// Gives the next event that is due.
    pub(super) fn pop(&mut self, now: Instant) -> Option<Noticed> {
        self.set_back(now);
        self.waiting.pop_front_if(|first| first.at + self.by <= now)
    }

    /// When the next event is due; none when none waits.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.waiting.front().map(|first| first.at + self.by)
    }

    /// Another day was loaded, in which rows were found that were stored `since`; `meanwhile` others came. Plays that are
    /// not stored any more wait no longer, and what is neither told nor waits begins to.
    pub(super) fn goes_on(
        &mut self,
        since: &[Noticed],
        meanwhile: &[Noticed],
        is_told: impl Fn(Row) -> bool,
    ) {
        let rows = |events: &[Noticed]| events.iter().filter_map(Noticed::row).collect::<HashSet<Row>>();
        let (found, came) = (rows(since), rows(meanwhile));
        let is_play = |row| matches!(row, Row::Play(_));
        self.waiting.retain(|noticed| {
            noticed.row().is_none_or(|row| !is_play(row) || found.contains(&row) || came.contains(&row))
        });
        let waiting: HashSet<Row> = self.waiting.iter().filter_map(Noticed::row).collect();
        let is_new =
            |noticed: &&Noticed| noticed.row().is_some_and(|row| !waiting.contains(&row) && !is_told(row));
        self.waiting.extend(since.iter().filter(is_new).cloned());
        self.waiting.make_contiguous().sort_by_key(|noticed| noticed.at);
    }

    /// Nothing can have been noticed in the future: the clock was set back.
    fn set_back(&mut self, now: Instant) {
        if self.waiting.back().is_some_and(|last| last.at > now) {
            for event in &mut self.waiting {
                event.at = event.at.min(now);
            }
        }
    }

    /// What played once is of no use to anybody when the next is told.
    fn forget_one(&mut self) {
        let plays = |noticed: &Noticed| matches!(noticed.event, Event::NowPlaying { .. });
        if let Some(oldest) = self.waiting.iter().position(plays) {
            self.waiting.remove(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::day::tests::{at, track};
    use super::*;
    use proptest::prelude::*;

    fn begin() -> Instant {
        at("2026-11-20T20:00:00Z")
    }

    fn after(millis: i64) -> Instant {
        begin() + TimeDelta::milliseconds(millis)
    }

    /// The event with this number.
    fn event(number: usize) -> Event {
        Event::TrackAdded { track: track(&number.to_string(), begin()) }
    }

    fn due(delay: &mut Delay, now: Instant) -> Vec<Event> {
        std::iter::from_fn(|| delay.pop(now)).map(|noticed| noticed.event).collect()
    }

    fn of_seconds(seconds: i64) -> Delay {
        Delay::of(TimeDelta::seconds(seconds), Vec::new())
    }

    #[test]
    fn an_event_is_told_when_its_time_has_come_and_not_a_millisecond_earlier() {
        let mut delay = of_seconds(10);
        assert_eq!(delay.next_due(), None);
        delay.push(event(1), after(0));
        delay.push(event(2), after(1));
        assert_eq!(delay.next_due(), Some(after(10_000)));
        assert!(due(&mut delay, after(9_999)).is_empty());
        assert_eq!(due(&mut delay, after(10_000)), [event(1)]);
        assert_eq!(due(&mut delay, after(10_001)), [event(2)]);
    }

    #[test]
    fn a_longer_delay_holds_what_waits_and_a_shorter_one_lets_it_out() {
        let mut delay = of_seconds(10);
        (0..4)
            .for_each(|number| delay.push(event(number), after(1_000 * i64::try_from(number).expect("few"))));
        delay.turn_to(TimeDelta::seconds(20));
        assert!(due(&mut delay, after(19_999)).is_empty());
        delay.turn_to(TimeDelta::seconds(18));
        assert_eq!(due(&mut delay, after(19_999)), [event(0), event(1)]);
        delay.turn_to(TimeDelta::zero());
        assert_eq!(due(&mut delay, after(19_999)), [event(2), event(3)]);
    }

    #[test]
    fn a_clock_that_is_set_back_holds_nothing_up() {
        let mut delay = of_seconds(10);
        delay.push(event(1), after(3_600_000));
        assert!(delay.pop(after(0)).is_none());
        delay.push(event(2), after(5));
        assert_eq!(due(&mut delay, after(10_005)), [event(1), event(2)]);
    }

    #[test]
    fn of_what_plays_only_so_much_waits_and_all_of_the_list() {
        let mut delay = of_seconds(10);
        let plays = Event::NowPlaying { now_playing: None };
        (0..MANY).for_each(|_| delay.push(plays.clone(), after(0)));
        (0..=MANY).for_each(|number| delay.push(event(number), after(1)));
        let told = due(&mut delay, after(20_000));
        assert_eq!(told.len(), MANY + 1);
        assert!(told.into_iter().eq((0..=MANY).map(event)));
    }

    /// What happens to a streamer who changes their mind.
    #[derive(Debug, Clone)]
    enum Step {
        Happens,
        Waits(i64),
        Chooses(i64),
        Looks,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => Just(Step::Happens),
            3 => (0..5_000_i64).prop_map(Step::Waits),
            1 => (0..6_i64).prop_map(Step::Chooses),
            3 => Just(Step::Looks),
        ];
        prop::collection::vec(step, 0..120)
    }

    proptest! {
        #[test]
        fn nothing_is_told_early_nothing_is_lost_and_all_is_in_order(steps in steps()) {
            let (mut delay, mut now, mut happened, mut told) = (of_seconds(3), 0, Vec::new(), 0);
            for step in steps {
                match step {
                    Step::Happens => {
                        delay.push(event(happened.len()), after(now));
                        happened.push(now);
                    }
                    Step::Waits(millis) => now += millis,
                    Step::Chooses(seconds) => delay.turn_to(TimeDelta::seconds(seconds)),
                    Step::Looks => {
                        let by = delay.by().num_milliseconds();
                        for out in due(&mut delay, after(now)) {
                            prop_assert_eq!(out, event(told), "in order");
                            prop_assert!(happened[told] + by <= now, "early");
                            told += 1;
                        }
                        prop_assert!(happened.get(told).is_none_or(|at| at + by > now), "late");
                        prop_assert_eq!(delay.next_due(), happened.get(told).map(|at| after(at + by)));
                    }
                }
            }
            delay.turn_to(TimeDelta::zero());
            told += due(&mut delay, after(now)).len();
            prop_assert_eq!(told, happened.len(), "lost");
        }
    }
}
