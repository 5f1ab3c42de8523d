//! What people do to the list, and ghost mode: who knows what, and when.

use super::*;
use crate::base::id::{ActId, PlayId};
use crate::hub::TrackFacts;
use crate::hub::curtain::Ghost;
use std::collections::BTreeSet;

fn ghost(from: i64, until: Option<i64>) -> Ghost {
    Ghost { act: ActId::derived(second(from), &["ghost"]), from: second(from), until: until.map(second) }
}

/// What an audience sees playing.
fn hears(desk: &Desk, audience: Audience) -> Option<String> {
    desk.reel(audience).day().now_playing.as_ref().map(|playing| playing.track.name.clone())
}

/// The same play by another title.
fn called(play: &Track, name: &str) -> Track {
    TrackFacts { name: name.to_owned(), ..TrackFacts::clone(play) }.into()
}

fn on_air_with(delay: i64) -> Desk {
    let mut desk = desk(delay);
    desk.publish(&[Event::StreamStarted { stream: on_air() }, added(1), plays(play(1), 0)], second(1));
    desk
}

#[test]
fn what_plays_and_the_list_share_one_play() {
    let mut desk = desk(0);
    desk.publish(&[Event::StreamStarted { stream: on_air() }, added(1), plays(play(1), 0)], second(1));
    let day = desk.reel(Staff).day();
    let playing = [day.now_playing.as_ref(), desk.playing.as_ref().map(|(playing, _)| playing)];
    let name = |track: &Track| track.uri.as_ptr();
    assert!(playing.into_iter().flatten().all(|playing| name(&playing.track) == name(&day.tracks[0])));
    assert_eq!(playing.into_iter().flatten().count(), 2);
}

#[test]
fn a_removal_waits_for_no_delay_and_what_waits_is_never_told() {
    let mut desk = on_air_with(10);
    desk.publish(&[added(5), plays(play(5), 0)], second(5));
    assert_eq!(knows(&mut desk, Public, 12), ["1"]);
    let mark = end(&desk, Public);
    desk.withdraw(&[play(1).id, play(5).id], second(12));
    let frames = sent(&mut desk, Public, mark, 12);
    assert_eq!(kinds(&frames), ["track_removed", "now_playing"]);
    assert_eq!(frames[1]["now_playing"], Value::Null);
    assert!(knows(&mut desk, Public, 100).is_empty() && knows(&mut desk, Staff, 100).is_empty());
    desk.publish(&[added(5), plays(play(5), 99)], second(101));
    desk.advance(second(200));
    assert_eq!((hears(&desk, Public), hears(&desk, Staff)), (None, None), "whoever says it again");
}

#[test]
fn what_is_restored_is_told_when_it_would_have_been() {
    let mut desk = on_air_with(10);
    desk.publish(&[added(5), plays(play(5), 0)], second(5));
    let both = [(play(1), second(1)), (play(5), second(5))];
    desk.withdraw(&[both[0].0.id, both[1].0.id], second(6));
    desk.restore(&both, second(12));
    assert_eq!((knows(&mut desk, Staff, 12).len(), knows(&mut desk, Public, 12)), (2, vec!["1".to_owned()]));
    assert_eq!((hears(&desk, Staff), hears(&desk, Public)), (Some("5".into()), None));
    assert_eq!(knows(&mut desk, Public, 15), ["1", "5"]);
    desk.advance(second(22));
    assert_eq!(hears(&desk, Public), Some("5".into()));
}

#[test]
fn a_correction_is_told_at_once_of_what_is_told_and_later_of_what_waits() {
    let mut desk = on_air_with(10);
    desk.publish(&[added(5), plays(play(5), 0)], second(5));
    desk.advance(second(12));
    for began in [1, 5] {
        desk.correct(&called(&play(began), &format!("right {began}")), second(12));
    }
    assert_eq!(knows(&mut desk, Public, 12), ["right 1"]);
    assert_eq!(hears(&desk, Public), Some("right 1".into()));
    assert_eq!(knows(&mut desk, Public, 15), ["right 1", "right 5"]);
    desk.publish(&[plays(play(5), 9_000)], second(20));
    assert_eq!(hears(&desk, Staff), Some("right 5".into()), "whatever the session calls it");
    desk.withdraw(&[play(5).id], second(21));
    desk.correct(&called(&play(5), "hidden"), second(21));
    assert_eq!(knows(&mut desk, Staff, 21), ["right 1"]);
}

#[test]
fn in_ghost_mode_nothing_is_told_and_what_it_kept_stays_so() {
    let mut desk = on_air_with(0);
    let on = ghost(5, None);
    assert!(desk.veil(Some(on), second(5)).is_empty(), "the public knew everything");
    assert_eq!(hears(&desk, Public), None);
    let kept = desk.publish(&[added(6), plays(play(6), 0)], second(6));
    assert_eq!(kept, [Kept { play: play(6).id, act: on.act }]);
    desk.veil(Some(ghost(5, Some(10))), second(10));
    desk.publish(&[plays(play(6), 9_000)], second(15));
    assert_eq!(hears(&desk, Public), None, "it began in ghost mode");
    assert_eq!(desk.publish(&[added(9)], second(16)).len(), 1, "so did this, which was found out later");
    assert!(desk.publish(&[added(16), plays(play(16), 0)], second(16)).is_empty());
    assert_eq!(
        (knows(&mut desk, Public, 17), hears(&desk, Public)),
        (vec!["1".into(), "16".into()], Some("16".into()))
    );
}

#[test]
fn ghost_mode_gives_what_the_public_does_not_know_yet() {
    let mut desk = on_air_with(10);
    desk.publish(&[added(5)], second(5));
    assert_eq!(desk.veil(Some(ghost(12, None)), second(12)), [play(5).id]);
    assert_eq!(
        (knows(&mut desk, Public, 100), knows(&mut desk, Staff, 100)),
        (vec!["1".into()], vec!["1".to_owned()])
    );
    desk.veil(None, second(101));
    assert_eq!(hears(&desk, Staff), Some("1".into()), "it plays on");
}

#[test]
fn what_is_done_while_a_day_is_loaded_holds_in_it() {
    for delay in [0, 10] {
        let mut desk = on_air_with(delay);
        desk.publish(&[added(2), added(3)], second(3));
        desk.withdraw(&[play(3).id], second(4));
        desk.begin_anew();
        desk.withdraw(&[play(1).id], second(5));
        desk.restore(&[(play(3), second(3))], second(5));
        // It was read before that.
        let (before, since) = match delay {
            0 => (vec![play(1), play(2)], vec![]),
            _ => (vec![], vec![noticed(1, added(1)), noticed(3, added(2))]),
        };
        let day = stored(delay, &before);
        desk.replace(Loaded { since, ..Loaded::open(day) }, second(6));
        for audience in [Staff, Public] {
            assert_eq!(knows(&mut desk, audience, 30), ["2", "3"], "{audience:?} after {delay}");
        }
    }
}

proptest! {
    /// Whatever is hidden, restored, veiled and noticed in whatever order: nobody sees what is hidden, and the public
    /// knows in the end what the staff knows.
    #[test]
    fn nobody_ever_sees_what_is_hidden(
        delay in prop_oneof![Just(0), 1..20_i64],
        deeds in prop::collection::vec((0..7_u8, 0..12_i64, 0..6_i64), 1..50),
    ) {
        let mut desk = desk(delay);
        desk.publish(&[Event::StreamStarted { stream: on_air() }], second(0));
        let (mut now, mut hidden, mut noticed_at) = (0, BTreeSet::<PlayId>::new(), std::collections::BTreeMap::new());
        let beginnings = [Staff, Public].map(|audience| (audience, end(&desk, audience)));
        for (deed, which, wait) in deeds {
            now += wait;
            let track = play(which);
            match deed {
                0 | 1 => {
                    let kept = desk.publish(&[added(which), plays(track.clone(), 0)], second(now));
                    noticed_at.entry(track.id).or_insert(now);
                    hidden.extend(kept.iter().map(|kept| kept.play));
                }
                2 => {
                    desk.withdraw(&[track.id], second(now));
                    hidden.insert(track.id);
                }
                3 if hidden.remove(&track.id) => {
                    let at = noticed_at.get(&track.id).copied().unwrap_or(now);
                    desk.restore(&[(track, second(at))], second(now));
                }
                4 => hidden.extend(desk.veil(Some(ghost(now, None)), second(now))),
                5 => drop(desk.veil(None, second(now))),
                _ => {
                    let right = TrackFacts { album: Some("right".into()), ..TrackFacts::clone(&track) };
                    desk.correct(&right.into(), second(now));
                }
            }
            for (audience, beginning) in beginnings {
                let day = desk.reel(audience).day();
                prop_assert!(day.tracks.iter().all(|track| !hidden.contains(&track.id)));
                prop_assert!(day.now_playing.as_ref().is_none_or(|now| !hidden.contains(&now.track.id)));
                for frame in sent(&mut desk, audience, beginning, now) {
                    let told = frame["track"].to_string() + &frame["now_playing"].to_string();
                    prop_assert!(hidden.iter().all(|id| !told.contains(&id.to_string())), "{}", frame);
                }
            }
        }
        desk.advance(second(now + delay));
        prop_assert_eq!(knows(&mut desk, Public, now + delay), knows(&mut desk, Staff, now + delay));
    }
}
