//! What clients may not say: it ends their conversation, and nobody else's.

use crate::house::House;
use crate::house::raw::{
    BINARY, CLOSE, CONTINUE, FIN, Heard, PING, TEXT, announced, frame, goodbye, unmasked,
};

const PROTOCOL: u16 = 1002;
const NO_TEXT: u16 = 1007;
const TOO_LONG: u16 = 1009;

/// What is said, and with which code the server may say why it hangs up, if it says anything.
fn faults() -> Vec<(&'static str, Vec<u8>, u16)> {
    let reserved = |bit| frame(FIN | bit | TEXT, b"hi");
    let mut faults = vec![
        ("words that are not masked", unmasked(FIN | TEXT, b"hi"), PROTOCOL),
        ("a ping that is not masked", unmasked(FIN | PING, b""), PROTOCOL),
        ("the first reserved bit", reserved(0x40), PROTOCOL),
        ("the second reserved bit", reserved(0x20), PROTOCOL),
        ("the third reserved bit", reserved(0x10), PROTOCOL),
        ("a ping that is too long", frame(FIN | PING, &[0; 126]), PROTOCOL),
        ("a ping in pieces", [frame(PING, b"a"), frame(FIN | CONTINUE, b"b")].concat(), PROTOCOL),
        ("a goodbye in pieces", frame(CLOSE, &[3, 232]), PROTOCOL),
        ("a goodbye that is too long", goodbye(1000, &[b'x'; 124]), PROTOCOL),
        ("half a code", frame(FIN | CLOSE, &[3]), PROTOCOL),
        ("a reason that is no text", goodbye(1000, &[0xFF]), NO_TEXT),
        ("a continuation of nothing", frame(FIN | CONTINUE, b"then"), PROTOCOL),
        ("a piece of nothing", frame(CONTINUE, b"then"), PROTOCOL),
        ("a message within another", [frame(TEXT, b"a"), frame(FIN | TEXT, b"b")].concat(), PROTOCOL),
        ("bytes within a text", [frame(TEXT, b"a"), frame(BINARY, b"b")].concat(), PROTOCOL),
        ("a text that is none", frame(FIN | TEXT, &[0xC3, 0x28]), NO_TEXT),
        ("a text that ends within a letter", frame(FIN | TEXT, &[0xE2, 0x82]), NO_TEXT),
        ("pieces that are no text", [frame(TEXT, &[0xE2]), frame(FIN | CONTINUE, &[0x28])].concat(), NO_TEXT),
        ("a text that is too long", frame(FIN | TEXT, &[b'x'; 4097]), TOO_LONG),
        ("bytes too long by far", frame(FIN | BINARY, &[0; 70_000]), TOO_LONG),
        (
            "too many pieces",
            [frame(TEXT, &[b'x'; 1024]), frame(CONTINUE, &[b'x'; 1024]).repeat(4)].concat(),
            TOO_LONG,
        ),
    ];
    faults.extend([0x3, 0x7, 0xB, 0xF].map(|opcode| ("a word unknown", frame(FIN | opcode, b""), PROTOCOL)));
    // Nobody waits for what was announced.
    faults.extend(
        [4097, 65_536, 1 << 40, 1 << 62]
            .map(|length| ("too much", announced(FIN | BINARY, length), TOO_LONG)),
    );
    faults.extend(
        [1 << 63, u64::MAX].map(|length| ("a length that is none", announced(FIN | TEXT, length), PROTOCOL)),
    );
    faults
}

/// The server hangs up, with a reason or without one, and says nothing else.
fn is_hung_up_on(what: &str, heard: &[Heard], code: u16) {
    match heard {
        [] => {}
        [Heard::Close(Some((said, _)))] => {
            let fits =
                *said == code || (*said == TOO_LONG && what == "a length that is none") || *said == PROTOCOL;
            assert!(fits, "{what}: {said} in place of {code}");
        }
        other => panic!("{what}: {other:?}"),
    }
}

#[tokio::test]
async fn whoever_speaks_wrongly_is_hung_up_on_and_nobody_else_notices() {
    let house = House::start().await;
    let show = house.has_show("ann").await;
    let mut witness = house.raw("ann").await;
    let faults = faults();
    for (what, said, code) in &faults {
        let mut raw = house.raw("ann").await;
        // What comes after is not listened to any more.
        raw.tries_to_say(&[said.clone(), frame(FIN | PING, b"and now?")].concat()).await;
        is_hung_up_on(what, &raw.hears_out().await, *code);

        let mut raw = house.raw("ann").await;
        for bytes in said.chunks(said.len().div_ceil(40)) {
            raw.tries_to_say(bytes).await;
            tokio::task::yield_now().await;
        }
        is_hung_up_on(what, &raw.hears_out().await, *code);
    }
    house.seats(1).await;
    for number in 1..=3 {
        show.tells(&[show.stands_at("calm", number)]);
        assert!(witness.text().await.contains(&format!("\"progress_ms\":{number}")));
    }
    witness.leaves().await;
    house.closes().await;
}

#[tokio::test]
async fn whoever_breaks_off_is_gone_wherever_that_is() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    let said = [frame(TEXT, b"to be "), frame(FIN | CONTINUE, &[b'x'; 200])].concat();
    for cut in [0, 1, 3, 7, 12, 14, 50, said.len() - 1, said.len()] {
        let mut raw = house.raw("ann").await;
        raw.says(&said[..cut]).await;
        raw.falls_silent().await;
        is_hung_up_on("half a connection", &raw.hears_out().await, PROTOCOL);

        let mut raw = house.raw("ann").await;
        raw.says(&said[..cut]).await;
        drop(raw);
    }
    house.seats(0).await;
    house.closes().await;
}
