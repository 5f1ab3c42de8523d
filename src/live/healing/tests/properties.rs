//! What healing makes of any evening.

use super::*;
use proptest::prelude::*;

/// An evening of tracks by their number; some are skipped after so many seconds.
fn evenings() -> impl Strategy<Value = Vec<(usize, Option<i64>)>> {
    prop::collection::vec((0..6_usize, prop::option::weighted(0.3, 31..120_i64)), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever looks have seen of an evening, healing makes the list whole when Spotify reports it all.
    #[test]
    fn a_list_is_whole_after_healing_and_healing_twice_changes_nothing(
        evening in evenings(), seen in prop::collection::vec(any::<bool>(), 40), ends in any::<bool>(), skew in -4_i64..=4,
        hidden in prop::collection::vec(prop::bool::weighted(0.1), 40),
    ) {
        let (mut heard, mut reports, mut second) = (Vec::<(&str, i64)>::new(), Vec::new(), 10);
        for (name, skipped) in evening {
            let lasts = skipped.unwrap_or(length(NAMES[name]));
            if heard.last().is_none_or(|last| last.0 != NAMES[name]) {
                heard.push((NAMES[name], second));
                reports.push((NAMES[name], second + skew + if ends { lasts } else { 0 }));
                second += lasts;
            }
        }
        let noticed_of: Vec<(&str, i64)> =
            heard.iter().zip(&seen).filter(|(_, seen)| **seen).map(|(play, _)| *play).collect();
        // The same track twice in a row is one play until something is known to lie between.
        let mut distinct = noticed_of.clone();
        distinct.dedup_by_key(|play| play.0);
        let mut evening = noticed(&distinct).ended(20_000).reported(&reports);
        evening.now = at(30_000);
        for (known, hidden) in evening.record.plays.iter_mut().zip(&hidden) {
            known.hidden = *hidden;
        }
        let hidden_before = evening.record.plays.iter().filter(|known| known.hidden).count();
        evening.heal();
        let again = evening.heal();
        prop_assert_eq!(again, Healed::default(), "{:?} of {:?} by {:?}", evening.list(), heard, reports);
        let list = evening.list();
        prop_assert!(list.windows(2).all(|pair| pair[0].0 != pair[1].0 && pair[0].1 <= pair[1].1), "{list:?}");
        let starts: Vec<Instant> = evening.record.plays.iter().map(|known| known.play.started_at).collect();
        prop_assert!(starts.windows(2).all(|pair| pair[0] < pair[1]), "strictly increasing: {starts:?}");
        prop_assert!(list.len() <= heard.len(), "{list:?} of {heard:?}");
        prop_assert_eq!(hidden_before, evening.record.plays.iter().filter(|known| known.hidden).count());
        if !ends && distinct == noticed_of {
            let names = |rows: &[(&str, i64)]| rows.iter().map(|row| row.0.to_owned()).collect::<Vec<_>>();
            prop_assert_eq!(names(&list), names(&heard));
        }
    }
}
