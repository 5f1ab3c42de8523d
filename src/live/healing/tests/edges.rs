//! The beginning and the end of a stream, and gaps.

use super::*;

#[test]
fn what_was_heard_before_and_after_the_stream_stays_out() {
    noticed(&[("o", 0)])
        .ended(300)
        .reported(&[("m", -300), ("n", -180), ("o", -23), ("p", 171), ("q", 402)])
        .heals_to(&[("o", 0), ("p", 171)]);
}

#[test]
fn what_began_before_the_stream_and_was_heard_on_it_begins_with_it() {
    noticed(&[]).ended(1_000).reported(&[("a", -150), ("b", 50), ("c", 250)]).heals_to(&[
        ("a", 0),
        ("b", 50),
        ("c", 250),
    ]);
}

#[test]
fn a_gap_is_healed_when_it_is_known_what_was_heard_in_it() {
    let healed = noticed(&[("a", 0), ("d", 600)]).gap(150, 620).reported(&[("a", 0), ("b", 200), ("c", 400)]);
    assert!(healed.heals_to(&[("a", 0), ("b", 200), ("c", 400), ("d", 600)]).record.gaps[0].healed);
    let open = noticed(&[("a", 0), ("d", 600)]).gap(150, 620).reported(&[("a", 0), ("b", 200)]);
    assert!(!open.heals_to(&[("a", 0), ("b", 200), ("d", 600)]).record.gaps[0].healed);
}
