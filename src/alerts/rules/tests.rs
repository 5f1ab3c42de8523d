//! Examples and properties of the rules. Seconds count from the beginning; players are looked at each minute.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn terms() -> Terms {
    Terms::of(Duration::from_mins(1))
}

fn at(second: i64) -> Instant {
    Instant::UNIX_EPOCH + TimeDelta::days(1) + TimeDelta::seconds(second)
}

/// An evening, and what was told on it.
#[derive(Default)]
struct Evening {
    state: State,
    kept: BTreeMap<Reason, Trouble>,
    told: Vec<(i64, Event)>,
}

impl Evening {
    fn sees(&mut self, second: i64, reading: Reading) -> &mut Self {
        for effect in step(&mut self.state, reading, at(second), &terms()) {
            match effect {
                Effect::Keep(trouble) => drop(self.kept.insert(trouble.reason, trouble)),
                Effect::Tell(news) => self.told.push((second, news.event)),
            }
        }
        self
    }

    fn stands(&mut self, second: i64, reason: Reason, grace: TimeDelta) -> &mut Self {
        self.sees(second, Reading::Still(reason, grace))
    }

    fn down(&mut self, second: i64) -> &mut Self {
        self.stands(second, Reason::SpotifyDown, terms().hiccup)
    }

    fn lost(&mut self, second: i64) -> &mut Self {
        self.stands(second, Reason::ReconnectNeeded, TimeDelta::zero())
    }

    /// Followed, and just looked at.
    fn goes(&mut self, second: i64) -> &mut Self {
        self.sees(second, Reading::Goes(Some(at(second))))
    }

    /// The program was started again.
    fn restarts(&mut self) -> &mut Self {
        self.state = State::of(self.kept.values().copied().collect());
        self
    }
}

const DOWN: Event = Event::StandsStill(Reason::SpotifyDown);
const LOST: Event = Event::StandsStill(Reason::ReconnectNeeded);
const BACK: Event = Event::GoesOn(Reason::SpotifyDown);

#[test]
fn a_hiccup_is_not_told_and_what_lasts_is_told_once() {
    let mut evening = Evening::default();
    evening.goes(0).down(10).down(100).goes(130).goes(190);
    assert_eq!(evening.told, []);
    evening.down(1_000).down(1_179).down(1_180).down(1_200).down(9_000);
    assert_eq!(evening.told, [(1_180, DOWN)]);
}

#[test]
fn what_only_a_person_can_change_is_told_at_once() {
    let mut evening = Evening::default();
    evening.lost(10).lost(20);
    assert_eq!(evening.told, [(10, LOST)]);
}

#[test]
fn that_it_goes_on_is_told_once_after_a_look_that_learned_something_and_a_while() {
    let mut evening = Evening::default();
    evening.lost(10).sees(20, Reading::Goes(None)).sees(90, Reading::Goes(Some(at(5))));
    assert_eq!(evening.told, [(10, LOST)], "nobody has looked since");
    evening.goes(100).goes(159).goes(160).goes(300);
    assert_eq!(evening.told, [(10, LOST), (160, Event::GoesOn(Reason::ReconnectNeeded))]);
}

#[test]
fn another_reason_is_another_trouble_and_each_is_told_once_however_they_take_turns() {
    let mut evening = Evening::default();
    evening.down(0).down(180).lost(200).down(210).lost(220).down(600).lost(700);
    assert_eq!(evening.told, [(180, DOWN), (200, LOST)]);
    evening.goes(800).goes(860);
    assert_eq!(evening.told.last(), Some(&(860, Event::GoesOn(Reason::ReconnectNeeded))));
}

#[test]
fn what_comes_and_goes_is_one_trouble_and_what_is_back_soon_has_to_last() {
    let mut evening = Evening::default();
    for second in (0..600).step_by(40) {
        evening.down(second).goes(second + 20);
    }
    assert_eq!(evening.told, [(200, DOWN)], "never good for a minute");
    evening.goes(650).goes(700);
    assert_eq!(evening.told.last(), Some(&(650, BACK)));
    evening.down(800).down(1_399);
    assert_eq!(evening.told.len(), 2);
    evening.down(1_400);
    assert_eq!(evening.told.last(), Some(&(1_400, DOWN)), "ten minutes, because it was told lately");
}

#[test]
fn a_stream_that_ends_takes_its_trouble_along_without_a_word() {
    let mut evening = Evening::default();
    evening.down(0).down(200).sees(300, Reading::Rests).goes(400).goes(500);
    assert_eq!(evening.told, [(200, DOWN)]);
    assert!(evening.kept[&Reason::SpotifyDown].ended_at.is_some() && !evening.state.is_open());
}

#[test]
fn a_restart_tells_nothing_twice_and_forgets_nothing() {
    let mut evening = Evening::default();
    evening.down(0).restarts().down(60).down(180).restarts().down(190).lost(200).restarts();
    evening.lost(210).down(220).goes(230).restarts().goes(240).goes(300);
    assert_eq!(evening.told, [(180, DOWN), (200, LOST), (300, Event::GoesOn(Reason::ReconnectNeeded))]);
}

#[test]
fn each_state_means_what_it_means() {
    let status = |doing: Doing, is_on_air: bool| {
        let stream = is_on_air.then(|| crate::live::model::Stream {
            id: crate::base::id::StreamId::derived(at(0), &["a"]),
            user_id: crate::base::id::UserId::derived(at(0), &["ann"]),
            twitch_id: None,
            started_at: at(0),
            ended_at: None,
            seen_at: at(0),
            followed_until: None,
        });
        Status { stream, is_tracking: false, doing, last_look_at: Some(at(7)), by_hand: None }
    };
    let (zero, terms) = (TimeDelta::zero(), terms());
    let crash = |times| Doing::CrashLoop { times, rests_until: at(9), reason: "no".into() };
    let until = |second| Doing::Resting { until: Some(at(second)) };
    for (doing, is_on_air, expected) in [
        (Doing::Following, true, Reading::Goes(Some(at(7)))),
        (Doing::Idle, false, Reading::Rests),
        (Doing::Disabled, true, Reading::Rests),
        (Doing::Paused { until: None }, true, Reading::Rests),
        (Doing::Stopped { until: None }, true, Reading::Rests),
        (Doing::ReconnectNeeded, false, Reading::Still(Reason::ReconnectNeeded, zero)),
        (Doing::ReconnectNeeded, true, Reading::Still(Reason::ReconnectNeeded, zero)),
        (Doing::Unlinked, false, Reading::Rests),
        (Doing::Unlinked, true, Reading::Still(Reason::Unlinked, zero)),
        (Doing::Standing(Forbidden::PremiumRequired), true, Reading::Still(Reason::PremiumRequired, zero)),
        (Doing::Standing(Forbidden::NotAllowListed), true, Reading::Still(Reason::NotAllowListed, zero)),
        (Doing::Standing(Forbidden::OwnerLapsed), true, Reading::Still(Reason::OwnerLapsed, zero)),
        (Doing::Standing(Forbidden::Scope), true, Reading::Still(Reason::ScopeMissing, zero)),
        (Doing::Standing(Forbidden::Other), true, Reading::Still(Reason::Forbidden, zero)),
        (Doing::AppRefused, true, Reading::Still(Reason::AppRefused, zero)),
        (until(301), true, Reading::Still(Reason::RateLimited, zero)),
        (until(300), true, Reading::Still(Reason::RateLimited, terms.rest)),
        (Doing::Resting { until: None }, true, Reading::Still(Reason::RateLimited, terms.rest)),
        (Doing::SpotifyDown, true, Reading::Still(Reason::SpotifyDown, terms.hiccup)),
        (Doing::SpotifyUnreadable, true, Reading::Still(Reason::SpotifyDown, terms.hiccup)),
        (crash(2), true, Reading::Still(Reason::Failing, terms.hiccup)),
        (crash(3), true, Reading::Still(Reason::Failing, zero)),
        (Doing::DatabaseFull, true, Reading::Still(Reason::Database, terms.storing)),
    ] {
        assert_eq!(read(&status(doing.clone(), is_on_air), at(0), &terms), expected, "{doing:?}");
    }
}

/// What may be seen next, and whether the program was started again before.
fn moments() -> impl Strategy<Value = Vec<(i64, Option<u8>, bool)>> {
    prop::collection::vec((1..200_i64, prop::option::of(0..4_u8), prop::bool::weighted(0.1)), 1..120)
}

fn reading(what: Option<u8>, second: i64) -> Reading {
    match what {
        None => Reading::Goes(Some(at(second))),
        Some(0) => Reading::Rests,
        Some(1) => Reading::Still(Reason::SpotifyDown, terms().hiccup),
        Some(2) => Reading::Still(Reason::ReconnectNeeded, TimeDelta::zero()),
        Some(_) => Reading::Still(Reason::RateLimited, terms().rest),
    }
}

proptest! {
    #[test]
    fn however_things_come_and_go_nobody_is_flooded(moments in moments()) {
        let (mut evening, mut second) = (Evening::default(), 0);
        for (later, what, is_restarted) in moments {
            second += later;
            if is_restarted {
                evening.restarts();
            }
            evening.sees(second, reading(what, second));
        }
        let mut since_good: Vec<Event> = Vec::new();
        let mut last: BTreeMap<String, i64> = BTreeMap::new();
        for (second, event) in evening.told {
            match event {
                Event::GoesOn(reason) => {
                    prop_assert!(since_good.contains(&Event::StandsStill(reason)), "good again, but what?");
                    since_good.clear();
                }
                still => {
                    let before = last.insert(format!("{still:?}"), second);
                    prop_assert!(before.is_none_or(|before| second - before >= 600), "told again too soon");
                    since_good.push(still);
                }
            }
        }
    }

    #[test]
    fn whatever_was_before_what_lasts_long_enough_has_been_told(moments in moments()) {
        let (mut evening, mut second) = (Evening::default(), 0);
        for (later, what, _) in moments {
            second += later;
            evening.sees(second, reading(what, second));
        }
        let lasts: Vec<i64> = (0..30).map(|minute| second + 60 * minute).collect();
        for second in lasts {
            evening.down(second);
        }
        prop_assert!(evening.kept[&Reason::SpotifyDown].is_told());
        prop_assert!(evening.state.is_open());
    }
}
