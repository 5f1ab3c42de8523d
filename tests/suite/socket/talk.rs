//! What clients may say: pings are answered, the rest is passed over.

use super::LIVE;
use crate::house::House;
use crate::house::raw::{BINARY, CONTINUE, FIN, Heard, PING, PONG, Raw, TEXT, frame};

/// The longest message that is passed over in peace.
const LIMIT: usize = 4096;

#[tokio::test]
async fn each_ping_is_answered_by_a_pong_with_the_same_words() {
    let house = House::start().await;
    house.has_streamer("ann").await;
    let mut raw = house.raw("ann").await;
    for words in [&b""[..], b"?", &[0xFF; 3], &[7; 125]] {
        raw.says(&frame(FIN | PING, words)).await;
        assert_eq!(raw.hears().await, Heard::Pong(words.to_vec()));
    }
    for byte in frame(FIN | PING, b"one by one") {
        raw.says(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(raw.hears().await, Heard::Pong(b"one by one".to_vec()));

    let many: Vec<u8> = (0..100_u8).flat_map(|number| frame(FIN | PING, &[number])).collect();
    raw.says(&many).await;
    for number in 0..100 {
        assert_eq!(raw.hears().await, Heard::Pong(vec![number]), "in order, although they came at once");
    }
    raw.leaves().await;
    house.closes().await;
}

#[tokio::test]
async fn whatever_else_is_said_within_the_limit_is_passed_over() {
    let house = House::start().await;
    let show = house.has_show("ann").await;
    let pieces = |first, pieces: &[&[u8]]| -> Vec<u8> {
        let last = pieces.len() - 1;
        let whole = |at| if at == last { FIN } else { 0 };
        let kind = |at| if at == 0 { first } else { CONTINUE };
        pieces.iter().enumerate().flat_map(|(at, piece)| frame(whole(at) | kind(at), piece)).collect()
    };
    let ping = frame(FIN | PING, b"in between");
    for (what, said) in [
        ("a text", frame(FIN | TEXT, b"hello")),
        ("a text of nothing", frame(FIN | TEXT, b"")),
        ("bytes", frame(FIN | BINARY, &[0, 255, 254])),
        ("the longest text", frame(FIN | TEXT, &[b'x'; LIMIT])),
        ("the longest bytes", frame(FIN | BINARY, &[0xFF; LIMIT])),
        ("a frame with a length of two bytes", frame(FIN | TEXT, &[b'x'; 126])),
        ("pieces", pieces(TEXT, &[b"he", b"", b"llo"])),
        ("the longest in pieces", pieces(BINARY, &[&[1; LIMIT / 4][..]; 4])),
        ("pieces of letters", pieces(TEXT, &[&[0xC3], &[0xA9, 0xF0, 0x9F], &[0x8E, 0xB5]])),
        ("a pong that nobody asked for", frame(FIN | PONG, b"well")),
        ("many words at once", frame(FIN | TEXT, b"la").repeat(200)),
    ] {
        let mut raw = house.raw("ann").await;
        raw.says(&said).await;
        raw.is_heard().await;
        for byte in said.chunks(1000) {
            raw.says(byte).await;
        }
        raw.is_heard().await;
        show.tells(&[show.stands_at("between", 1)]);
        assert!(raw.text().await.contains("between"), "{what}: and is told what happens");
        raw.leaves().await;
    }

    let mut raw = house.raw("ann").await;
    raw.says(&[frame(TEXT, b"he"), ping.clone(), frame(CONTINUE, b"l")].concat()).await;
    assert_eq!(raw.hears().await, Heard::Pong(b"in between".to_vec()), "within a message");
    raw.says(&[frame(FIN | PONG, b""), ping, frame(FIN | CONTINUE, b"lo")].concat()).await;
    assert_eq!(raw.hears().await, Heard::Pong(b"in between".to_vec()));
    raw.is_heard().await;
    raw.leaves().await;
    house.closes().await;
}

#[tokio::test]
async fn pongs_come_between_frames_and_never_within_one() {
    const ROUNDS: i64 = 40;
    let house = House::start().await;
    let show = house.has_show("ann").await;
    let mut raw = Raw::connects_with_room(house.addr(), 4096).await;
    raw.is_let_in(LIVE).await;
    raw.text().await;
    // Far more than fits on the way, so that pongs have to wait for their turn.
    let name = "x".repeat(200_000);
    for round in 1..=ROUNDS {
        show.tells(&[show.stands_at(&name, round)]);
        raw.says(&frame(FIN | PING, &round.to_be_bytes())).await;
    }
    let (mut pongs, mut told) = (0, 0);
    while pongs < ROUNDS || told < ROUNDS {
        match raw.hears().await {
            Heard::Pong(words) => {
                let round = i64::from_be_bytes(words.try_into().expect("ours"));
                assert!(round > pongs, "{round} after {pongs}");
                pongs = round;
            }
            Heard::Text(text) => {
                let told_of = text.rsplit_once("\"progress_ms\":").expect("what plays").1;
                let round = told_of.chars().take_while(char::is_ascii_digit).collect::<String>();
                let round = round.parse().expect("a round");
                assert_eq!(round, told + 1, "the ring holds all of them");
                told = round;
            }
            other => panic!("{other:?}"),
        }
    }
    raw.leaves().await;
    house.closes().await;
}
