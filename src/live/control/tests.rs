//! Each decision as a short table, then what holds whatever was decided.

use super::*;
use crate::base::id::UserId;
use proptest::prelude::*;

const GRACE: TimeDelta = TimeDelta::minutes(10);

fn at(minute: i64) -> Instant {
    Instant::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn stream(name: &str, ended: Option<i64>) -> Stream {
    Stream {
        id: StreamId::derived(at(0), &[name]),
        user_id: UserId::derived(at(0), &["ann"]),
        twitch_id: None,
        started_at: at(0),
        ended_at: ended.map(at),
        seen_at: at(0),
        followed_until: None,
    }
}

fn decided(action: Action, stream: Option<&Stream>, ends: Option<i64>) -> Override {
    Override { action, stream: stream.map(|stream| stream.id), ends_at: ends.map(at), made_at: at(1) }
}

fn broadcast() -> Broadcast {
    Broadcast { twitch_id: "41".into(), kind: "live".into(), started_at: at(0) }
}

#[test]
fn without_a_decision_twitch_decides() {
    let live = broadcast();
    let nothing = ByHand::default();
    assert_eq!(course(&nothing, None), Course { air: Air::Off, unfollowed_since: None });
    let on_air = Course { air: Air::Broadcast(&live), unfollowed_since: None };
    assert_eq!(course(&nothing, Some(&live)), on_air);
}

#[test]
fn a_start_holds_a_stream_open_until_twitch_knows_of_it() {
    let (live, ours) = (broadcast(), stream("ours", None));
    let free = ByHand(vec![decided(Action::Start, None, Some(60))]);
    assert_eq!(course(&free, None).air, Air::ByHand(at(1)));
    assert_eq!(course(&free, Some(&live)).air, Air::Broadcast(&live));
    let bound = ByHand(vec![decided(Action::Start, Some(&ours), Some(60))]);
    assert_eq!(course(&bound, None).air, Air::Off, "the broadcast is over, and the stream with it");
}

#[test]
fn a_stop_or_a_pause_leaves_the_stream_on_air_and_nobody_looks() {
    let live = broadcast();
    for action in [Action::Stop, Action::Pause] {
        let halted = ByHand(vec![decided(action, None, Some(60))]);
        let expected = Course { air: Air::Broadcast(&live), unfollowed_since: Some(at(1)) };
        assert_eq!(course(&halted, Some(&live)), expected);
    }
    let both = ByHand(vec![decided(Action::Start, None, Some(60)), decided(Action::Pause, None, Some(30))]);
    let expected = Course { air: Air::ByHand(at(1)), unfollowed_since: Some(at(1)) };
    assert_eq!(course(&both, None), expected, "a pause in a rehearsal");
    assert_eq!(both.governing().map(|one| one.action), Some(Action::Pause));
}

#[test]
fn a_decision_ends_at_its_time_or_with_its_stream() {
    let over = |one: Override, last: Option<&Stream>, minute| one.is_over(last, GRACE, at(minute));
    let timed = decided(Action::Pause, None, Some(30));
    assert!(!over(timed.clone(), None, 29) && over(timed, None, 30));
    let (open, next) = (stream("s", None), stream("next", None));
    let bound = decided(Action::Stop, Some(&open), None);
    assert!(!over(bound.clone(), Some(&open), 6_000));
    let ended = stream("s", Some(20));
    assert!(!over(bound.clone(), Some(&ended), 29), "it may come back");
    assert!(over(bound.clone(), Some(&ended), 30));
    assert!(over(decided(Action::Start, Some(&open), None), Some(&ended), 20), "it holds nothing any more");
    assert!(over(bound.clone(), Some(&next), 21) && over(bound, None, 21));
    assert!(!over(decided(Action::Stop, None, None), None, 6_000));
}

#[test]
fn a_rehearsal_ends_at_its_time_however_late_that_is_noticed() {
    let start = ByHand(vec![decided(Action::Start, None, Some(60))]);
    assert_eq!(start.ended_at(at(90)), at(60));
    assert_eq!(start.ended_at(at(30)), at(30), "it was ended by hand");
    assert_eq!(ByHand::default().ended_at(at(30)), at(30));
    assert_eq!(start.resumed_at(), None);
    let pause = ByHand(vec![decided(Action::Pause, None, Some(60))]);
    assert_eq!(pause.resumed_at(), Some(at(60)));
}

fn overrides() -> impl Strategy<Value = ByHand> {
    let one = (0..3_usize, proptest::option::of(0..2_usize), proptest::option::of(0..100_i64));
    proptest::collection::vec(one, 0..4).prop_map(|some| {
        let streams = [stream("a", None), stream("b", None)];
        let mut all: Vec<Override> = some
            .into_iter()
            .map(|(action, bound, ends)| {
                decided(Action::ALL[action], bound.map(|bound| &streams[bound]), ends)
            })
            .collect();
        all.sort_by_key(|one| one.action.word());
        all.dedup_by_key(|one| one.action);
        ByHand(all)
    })
}

proptest! {
    #[test]
    fn what_is_over_stays_over_and_what_stands_has_its_end_ahead(by_hand in overrides(), minute in 0..120_i64) {
        let last = stream("a", Some(10));
        let (stands, over) = by_hand.sift(Some(&last), GRACE, at(minute));
        prop_assert_eq!(stands.0.len() + over.0.len(), by_hand.0.len());
        prop_assert!(stands.next_end().is_none_or(|end| end > at(minute)));
        let (still, _) = over.sift(Some(&last), GRACE, at(minute + 1));
        prop_assert_eq!(still, ByHand::default());
    }

    #[test]
    fn a_broadcast_is_always_on_air_and_only_a_free_start_replaces_one(by_hand in overrides()) {
        let live = broadcast();
        prop_assert_eq!(course(&by_hand, Some(&live)).air, Air::Broadcast(&live));
        let free = by_hand.get(Action::Start).is_some_and(|start| start.stream.is_none());
        prop_assert_eq!(course(&by_hand, None).air != Air::Off, free);
        let halted = by_hand.get(Action::Stop).or(by_hand.get(Action::Pause));
        prop_assert_eq!(course(&by_hand, None).unfollowed_since.is_some(), halted.is_some());
    }
}
