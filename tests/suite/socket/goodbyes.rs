//! How it ends: whoever says goodbye is answered, and after a goodbye nothing is said.

use crate::house::House;
use crate::house::raw::{CLOSE, FIN, Heard, PING, Raw, TEXT, frame, goodbye};
use std::num::NonZeroU32;

/// A server's goodbye with this code, and nothing after it.
fn is_farewell(what: &str, heard: &[Heard], code: u16) {
    assert!(matches!(heard, [Heard::Close(Some((said, _)))] if *said == code), "{what}: {heard:?}");
}

#[tokio::test]
async fn a_goodbye_is_answered_with_its_own_code_and_nothing_comes_after_it() {
    let house = House::start().await;
    let show = house.has_show("ann").await;
    for code in [1000, 1001, 1003, 1007, 1011, 1013, 3000, 3999, 4000, 4999] {
        let mut raw = house.raw("ann").await;
        raw.says(&goodbye(code, "tschüß".as_bytes())).await;
        is_farewell("a goodbye", &raw.hears_out().await, code);
        assert!(raw.has_heard_whole_frames());
    }
    let mut raw = house.raw("ann").await;
    raw.says(&frame(FIN | CLOSE, b"")).await;
    assert_eq!(raw.hears_out().await, [Heard::Close(None)]);

    let mut raw = house.raw("ann").await;
    let chatter = [goodbye(1000, b""), frame(FIN | PING, b"one more thing"), frame(FIN | TEXT, b"yes?")];
    raw.says(&chatter.concat()).await;
    house.seats(0).await;
    show.tells(&[show.stands_at("too late", 1)]);
    let heard = raw.hears_out().await;
    // What is said after a goodbye may cost one the answer to it.
    assert!(heard.is_empty() || matches!(&heard[..], [Heard::Close(Some((1000, _)))]), "{heard:?}");

    // In the middle of a message one may leave as well.
    let mut raw = house.raw("ann").await;
    raw.says(&[frame(TEXT, b"I "), goodbye(1001, b"")].concat()).await;
    is_farewell("in mid-sentence", &raw.hears_out().await, 1001);
    house.closes().await;
}

#[tokio::test]
async fn a_code_that_nobody_may_say_is_not_repeated() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] {
        let mut raw = house.raw("ann").await;
        raw.says(&goodbye(code, b"")).await;
        let heard = raw.hears_out().await;
        assert!(
            heard.is_empty() || matches!(&heard[..], [Heard::Close(Some((1002, _)))]),
            "{code}: {heard:?}"
        );
    }
    house.closes().await;
}

#[tokio::test]
async fn the_server_says_why_it_ends_and_is_silent_then() {
    let mut house = House::with(|config| config.limits.sockets_per_address = NonZeroU32::new(3)).await;
    let show = house.has_show("ann").await;
    let mut seated = [house.raw("ann").await, house.raw("ann").await, house.raw("ann").await];

    let mut late = Raw::connects(house.addr()).await;
    late.is_let_in(super::LIVE).await;
    is_farewell("no seat", &late.hears_out().await, 1013);
    assert!(late.has_heard_whole_frames());

    house.sql("UPDATE users SET visibility = 'private' RETURNING id").await;
    for raw in &mut seated {
        // One after the other is told, while there are still news for the staff.
        show.tells(&[show.stands_at("behind closed doors", 1)]);
        let heard = raw.hears_out().await;
        let (last, before) = heard.split_last().expect("a goodbye");
        assert!(before.iter().all(|heard| matches!(heard, Heard::Text(_))), "{before:?}");
        is_farewell("a list that is private", std::slice::from_ref(last), 1008);
        raw.tries_to_say(&goodbye(1008, b"")).await;
        assert!(raw.has_heard_whole_frames());
    }
    house.sql("UPDATE users SET visibility = 'public' RETURNING id").await;
    house.seats(0).await;

    let mut polite = house.raw("ann").await;
    let mut deaf = house.raw("ann").await;
    house.stops().await;
    is_farewell("a stop", &[polite.hears().await], 1001);
    polite.tries_to_say(&goodbye(1001, b"")).await;
    assert_eq!(polite.hears_out().await, [], "a goodbye that answers one is the last word");
    is_farewell("a stop", &deaf.hears_out().await, 1001);
    assert!(polite.has_heard_whole_frames() && deaf.has_heard_whole_frames());
}
