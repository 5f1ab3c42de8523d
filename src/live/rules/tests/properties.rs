//! What holds on every evening, whatever happens and in whatever order.

use super::evening::{Moment, What, evenings, last_play, play};
use super::story::{TIMING, eight, stream};
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use crate::live::gaps::{Gap, Reason};
use crate::live::model::{Play, Sight};
use crate::live::rules::{Effect, Look, Now};
use chrono::TimeDelta;
use proptest::prelude::*;

const STANDSTILL: TimeDelta = TimeDelta::hours(1);

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_each_input_exactly_one_wake_up_is_armed_or_the_session_stops(moves in evenings()) {
        for moment in play(&moves) {
            let stops = moment.effects.contains(&Effect::Stop);
            let arms = armed(&moment);
            let expected = usize::from(!stops && moment.what != What::WokeStale);
            prop_assert_eq!(arms.len(), expected, "{:?}", moment);
        }
    }

    #[test]
    fn a_stale_wake_up_does_nothing(moves in evenings()) {
        for moment in play(&moves).into_iter().filter(|moment| moment.what == What::WokeStale) {
            prop_assert_eq!(moment.effects, Vec::new());
        }
    }

    #[test]
    fn a_wake_up_is_never_in_the_past_and_never_later_than_it_must_be(moves in evenings()) {
        let mut rests_until = eight();
        for moment in play(&moves) {
            let begins = moment.what == What::Began;
            rests_until = if begins { eight() } else { rests_until.max(rest(&moment).unwrap_or(eight())) };
            for at in armed(&moment) {
                prop_assert!(if begins { at == moment.now } else { at > moment.now }, "{moment:?}");
                prop_assert!(at <= rests_until.max(moment.now + TIMING.poll_interval), "{moment:?}");
            }
        }
    }

    #[test]
    fn looks_keep_their_distance_and_never_overlap(moves in evenings()) {
        let (mut last, mut under_way): (Option<Instant>, Option<Instant>) = (None, None);
        for moment in play(&moves) {
            match moment.what {
                What::Began => (last, under_way) = (None, None),
                What::Looked(_) => under_way = None,
                What::Woke { .. } | What::WokeStale => {}
            }
            if moment.effects.contains(&Effect::Look) {
                prop_assert!(last.is_none_or(|last| moment.now - last >= TIMING.min_gap), "{moment:?}");
                prop_assert!(under_way.is_none_or(|since| moment.now - since >= TIMING.lost_after), "{moment:?}");
                (last, under_way) = (Some(moment.now), Some(moment.now));
            }
        }
    }

    #[test]
    fn after_a_look_the_next_one_comes_within_the_interval_unless_something_forbids_it(moves in evenings()) {
        let mut due: Option<Instant> = None;
        for moment in play(&moves) {
            match moment.what {
                What::Looked(Look::Track(_) | Look::Nothing | Look::Unknown) => {
                    due = Some(moment.now + TIMING.poll_interval);
                }
                What::Woke { may_store: true, not_before } if not_before.is_none_or(|at| at <= moment.now) => {
                    let looks = moment.effects.contains(&Effect::Look);
                    prop_assert!(looks || due.is_none_or(|due| moment.now < due), "{moment:?}");
                    due = due.filter(|_| !looks);
                }
                What::WokeStale => {}
                _ => due = None,
            }
        }
    }

    #[test]
    fn nobody_looks_while_the_writer_is_full_or_the_client_id_rests_or_spotify_forbids(moves in evenings()) {
        let mut forbidden_until = eight();
        for moment in play(&moves) {
            match moment.what {
                What::Began => forbidden_until = eight(),
                What::Looked(Look::Forbidden) => forbidden_until = moment.now + STANDSTILL,
                What::Woke { may_store, not_before } if moment.effects.contains(&Effect::Look) => {
                    prop_assert!(may_store);
                    prop_assert!(not_before.is_none_or(|at| at <= moment.now));
                    prop_assert!(forbidden_until <= moment.now);
                }
                _ => prop_assert!(!moment.effects.contains(&Effect::Look)),
            }
        }
    }

    #[test]
    fn neighbours_differ_and_starts_increase_from_the_stream_on(moves in evenings()) {
        let plays: Vec<Play> = play(&moves).iter().flat_map(stored).collect();
        prop_assert!(plays.iter().all(|play| play.started_at >= eight()));
        for pair in plays.windows(2) {
            prop_assert!(pair[0].track.uri != pair[1].track.uri);
            prop_assert!(pair[0].started_at < pair[1].started_at);
        }
    }

    #[test]
    fn a_play_is_what_was_seen_playing_and_began_no_later(moves in evenings()) {
        for moment in play(&moves) {
            for play in stored(&moment) {
                let What::Looked(Look::Track(sight)) = &moment.what else { panic!("{moment:?}") };
                prop_assert!(sight.is_playing && sight.track.uri == play.track.uri);
                prop_assert!(play.started_at <= moment.now);
            }
        }
    }

    #[test]
    fn each_play_is_told_and_then_stored_in_the_same_step(moves in evenings()) {
        for moment in play(&moves) {
            let place = |wanted: fn(&Effect) -> bool| moment.effects.iter().position(wanted);
            let told = place(|effect| matches!(effect, Effect::TellPlay(_)));
            let kept = place(|effect| matches!(effect, Effect::Persist(_)));
            prop_assert_eq!(told.is_some(), kept.is_some());
            prop_assert!(told <= kept, "{moment:?}");
            prop_assert_eq!(first_told(&moment), stored(&moment).into_iter().next());
        }
    }

    #[test]
    fn an_id_depends_on_stream_track_and_start_alone(moves in evenings()) {
        let stream = stream("first", eight()).id.to_string();
        for play in play(&moves).iter().flat_map(stored) {
            prop_assert_eq!(play.id, PlayId::derived(play.started_at, &[&stream, &play.track.uri]));
        }
    }

    #[test]
    fn after_each_look_viewers_see_what_is_in_the_player(moves in evenings()) {
        let moments = play(&moves);
        let mut shown: Option<(Now, Instant)> = None;
        for (index, moment) in moments.iter().enumerate() {
            for news in news(moment) {
                shown = news.map(|now| (now, moment.now));
            }
            let last = last_play(&moments[..=index]);
            match &moment.what {
                What::Looked(Look::Track(sight)) => {
                    prop_assert!(shows(shown.as_ref(), last, sight, moment.now), "{moment:?}");
                }
                What::Looked(Look::Nothing) => prop_assert_eq!(&shown, &None),
                _ => {}
            }
        }
    }

    #[test]
    fn what_viewers_see_never_outlives_the_track_by_much(moves in evenings()) {
        let most = TIMING.poll_interval + TIMING.probe_delay + TIMING.min_gap;
        let mut over_at: Option<Instant> = None;
        for moment in play(&moves) {
            over_at = over(&moment, over_at);
            let late = over_at.is_some_and(|over_at| moment.now > over_at + most);
            prop_assert!(!late || !matches!(moment.what, What::Woke { .. }), "{moment:?}");
        }
    }

    #[test]
    fn a_gap_that_opens_is_closed_before_another_opens(moves in evenings()) {
        let mut open = None;
        for moment in play(&moves) {
            if moment.what == What::Began {
                open = None;
            }
            for gap in gaps(&moment) {
                match gap.to {
                    // Nobody was there to open it.
                    Some(_) if gap.reason == Reason::ServerDown && open.is_none() => {}
                    None => prop_assert_eq!(open.replace(gap.id), None, "{:?}", moment),
                    Some(to) => prop_assert!(open.take() == Some(gap.id) && gap.from <= to, "{moment:?}"),
                }
            }
        }
    }

    #[test]
    fn the_same_inputs_have_the_same_effects(moves in evenings()) {
        prop_assert_eq!(play(&moves), play(&moves));
    }
}

fn armed(moment: &Moment) -> Vec<Instant> {
    let at = |effect: &Effect| if let Effect::Arm { at, .. } = effect { Some(*at) } else { None };
    moment.effects.iter().filter_map(at).collect()
}

fn gaps(moment: &Moment) -> Vec<Gap> {
    let gap = |effect: &Effect| if let Effect::Gap(gap) = effect { Some(gap.clone()) } else { None };
    moment.effects.iter().filter_map(gap).collect()
}

fn stored(moment: &Moment) -> Vec<Play> {
    let play = |effect: &Effect| if let Effect::Persist(play) = effect { Some(play.clone()) } else { None };
    moment.effects.iter().filter_map(play).collect()
}

fn first_told(moment: &Moment) -> Option<Play> {
    let play = |effect: &Effect| if let Effect::TellPlay(play) = effect { Some(play.clone()) } else { None };
    moment.effects.iter().find_map(play)
}

/// What viewers are told is playing, in order.
fn news(moment: &Moment) -> Vec<Option<Now>> {
    let now = |effect: &Effect| if let Effect::TellNow(now) = effect { Some(now.clone()) } else { None };
    moment.effects.iter().filter_map(now).collect()
}

/// Until when a moment allows to rest, beyond the interval.
fn rest(moment: &Moment) -> Option<Instant> {
    let named = |not_before: Option<Instant>| not_before.unwrap_or(moment.now + TIMING.default_cooldown);
    match &moment.what {
        What::Looked(Look::Forbidden) => Some(moment.now + STANDSTILL),
        What::Looked(Look::Wait { not_before, .. }) => Some(named(*not_before)),
        What::Woke { not_before, .. } => *not_before,
        _ => None,
    }
}

/// Viewers see the last play if it is what was seen, and nothing if another track is only loaded.
fn shows(shown: Option<&(Now, Instant)>, last: Option<&Play>, sight: &Sight, at: Instant) -> bool {
    let same = |last: &Play, now: &Now| now.play == *last && now.is_playing == sight.is_playing;
    match last.filter(|last| last.track.uri == sight.track.uri) {
        Some(last) => shown.is_some_and(|(now, since)| same(last, now) && follows(now, *since, sight, at)),
        None => shown.is_none(),
    }
}

/// The progress that viewers count on from what they were told is right to two seconds.
fn follows(told: &Now, since: Instant, sight: &Sight, at: Instant) -> bool {
    let counted = if told.is_playing { (at - since).num_milliseconds() } else { 0 };
    let seen = sight.progress_ms.clamp(0, TimeDelta::days(7).num_milliseconds());
    (told.progress_ms + counted - seen).abs() <= 2_000
}

/// When the track that viewers see must be over, or since when it should be hidden.
fn over(moment: &Moment, before: Option<Instant>) -> Option<Instant> {
    let length = |now: &Now| now.play.track.duration_ms.saturating_sub(now.progress_ms).clamp(0, 86_400_000);
    let told = match news(moment).pop() {
        Some(now) => {
            now.filter(|now| now.is_playing).map(|now| moment.now + TimeDelta::milliseconds(length(&now)))
        }
        None => before,
    };
    // A session that begins anew takes nothing back before it has looked.
    let seen = matches!(moment.what, What::Looked(Look::Track(_)) | What::Began);
    told.map(|at| if seen { at.max(moment.now) } else { at })
}
