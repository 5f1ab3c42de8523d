//! What people did to a list holds: hidden plays stay hidden in all their parts, corrected ones stay, and what was added
//! by hand is not found a second time.

use super::*;

#[test]
fn the_second_half_of_a_hidden_play_is_as_hidden() {
    let mut evening =
        noticed(&[("a", 0), ("c", 300)]).hidden(0).jumped(0, 100).reported(&[("a", 0), ("b", 40)]);
    let healed = evening.heal();
    let starts = |plays: &[Play]| plays.iter().map(|play| play.started_at).collect::<Vec<_>>();
    assert_eq!((starts(&healed.added), starts(&healed.hidden)), (vec![at(40)], vec![at(100)]));
    evening.heals_to(&[("a", 0), ("b", 40), ("a", 100), ("c", 300)]);
}

#[test]
fn a_corrected_play_is_not_merged_into_its_neighbour() {
    for corrected in [0, 1] {
        let mut evening = noticed(&[("a", 0), ("a", 90), ("b", 200)]);
        evening.record.plays[corrected].corrected = true;
        evening.heals_to(&[("a", 0), ("a", 90), ("b", 200)]);
    }
}

#[test]
fn what_was_added_by_hand_is_not_found_again_whenever_somebody_noticed_that_it_lacked() {
    for (began, is_same) in [(200, true), (290, true), (120, false), (800, false)] {
        let mut evening = noticed(&[("a", 0), ("c", 400)]);
        evening.record.by_hand.push(Play::new(&stream(), track("b"), at(began), Source::Manual));
        let evening = evening.reported(&[("a", 0), ("b", 200), ("c", 400)]);
        let found = [("a", 0), ("b", 200), ("c", 400)];
        let list = if is_same { vec![found[0], found[2]] } else { found.to_vec() };
        evening.heals_to(&list);
    }
}
