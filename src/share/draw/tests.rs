//! What is drawn is a picture of this evening and of no other, and the same each time.

use super::*;
use crate::base::clock::Instant;
use crate::share::Play;
use chrono::TimeDelta;
use chrono_tz::Tz;
use tiny_skia::Pixmap;

pub(in crate::share) fn evening(count: i64) -> Sheet {
    let start: Instant = "2026-11-20T19:02:00Z".parse().expect("an instant");
    let play = |n: i64| Play {
        at: start + TimeDelta::seconds(n * 231),
        duration_ms: 228_000,
        hue: u32::try_from(n % 8).expect("a hue"),
        name: format!("Slow Harbour {n}"),
        artist: "Maren Vale".to_owned(),
    };
    Sheet {
        name: "Ann".to_owned(),
        login: "ann".to_owned(),
        heading: "Friday 20 November".to_owned(),
        count: format!("{count} tracks"),
        timezone: Some(Tz::Europe__Paris),
        plays: (0..count).map(play).collect(),
        gaps: vec![],
    }
}

fn drawn(sheet: &Sheet) -> Pixmap {
    Pixmap::decode_png(&draw(sheet).expect("a picture")).expect("a PNG")
}

/// How many pixels differ.
fn differing(one: &Pixmap, other: &Pixmap) -> usize {
    one.pixels().iter().zip(other.pixels()).filter(|(one, other)| one != other).count()
}

#[test]
fn a_picture_has_the_size_that_the_pages_promise_and_something_on_it() {
    let blank = Pixmap::decode_png(&Canvas::new().expect("paper").png().expect("a PNG")).expect("a PNG");
    for count in [0, 1, 23] {
        let picture = drawn(&evening(count));
        assert_eq!((picture.width(), picture.height()), (1200, 630));
        assert!(differing(&picture, &blank) > 5_000, "{count} tracks");
    }
}

#[test]
fn the_same_evening_is_the_same_file_and_another_is_not() {
    let (one, mut other) = (evening(5), evening(5));
    assert_eq!(draw(&one).expect("a picture"), draw(&evening(5)).expect("a picture"));
    assert_eq!(one.key(), evening(5).key());
    other.plays.remove(2);
    assert!(one.key() != other.key() && differing(&drawn(&one), &drawn(&other)) > 100);
}

#[test]
fn what_the_font_lacks_leaves_no_boxes() {
    let plain = Sheet { name: "ann".to_owned(), ..evening(3) };
    let foreign = Sheet { name: "アン".to_owned(), ..evening(3) };
    assert_eq!(differing(&drawn(&plain), &drawn(&foreign)), 0, "the login stands for the name");
    let mut titles = evening(4);
    titles.plays[1].name = "夜のラジオ".to_owned();
    let mut without = titles.clone();
    without.plays[1].name = "!!!".to_owned();
    assert_eq!(differing(&drawn(&titles), &drawn(&without)), 0, "no title, but its record");
}

#[test]
fn a_gap_breaks_the_line() {
    let (whole, mut broken) = (evening(3), evening(3));
    let begin = whole.plays[2].at + TimeDelta::minutes(6);
    broken.gaps = vec![(begin, Some(begin + TimeDelta::minutes(10)))];
    assert!(differing(&drawn(&whole), &drawn(&broken)) > 50);
}
