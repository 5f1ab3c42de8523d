//! Where things stand on a share image, and what of a text can be read there.

use super::*;

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn latin(letter: char) -> bool {
    letter.is_ascii() || letter == 'é'
}

fn play(at: Instant, name: &str) -> Play {
    Play { at, duration_ms: 240_000, hue: 1, name: name.to_owned(), artist: "Kaoru 南".to_owned() }
}

fn evening(plays: Vec<Play>) -> Sheet {
    let text = String::new;
    Sheet { name: text(), login: text(), heading: text(), count: text(), timezone: None, plays, gaps: vec![] }
}

#[test]
fn letters_that_the_font_lacks_are_left_out_with_what_they_leave_behind() {
    let legible = |text| legible(text, latin);
    for (text, left) in [
        ("Été", Some("té")),
        ("Café  del\tmar", Some("Café del mar")),
        ("夜のラジオ (Night Radio)", Some("Night Radio")),
        ("夜のラジオ - Live (2026)", Some("Live (2026)")),
        ("Live at 東京 / 大阪", Some("Live at")),
        ("(Intro)", Some("(Intro)")),
        ("夜 (One) (Two)", Some("(One) (Two)")),
        ("夜のラジオ", None),
        ("- 夜 -", None),
        ("?!", None),
        ("", None),
    ] {
        assert_eq!(legible(text).as_deref(), left, "{text}");
    }
}

#[test]
fn a_text_is_cut_where_it_still_fits() {
    let within = |most: usize| move |text: &str| text.chars().count() <= most;
    assert_eq!(shortened("Slow Harbour", within(12)), "Slow Harbour");
    assert_eq!(shortened("Slow Harbour", within(11)), "Slow Harbo…");
    assert_eq!(shortened("Slow Harbour", within(6)), "Slow…", "no blank before the dots");
    assert_eq!(shortened("Été", within(2)), "É…");
    assert_eq!(shortened("Slow", within(1)), "");
    assert_eq!(shortened("", within(0)), "");
}

#[test]
fn titles_are_told_once_and_from_all_over_the_evening() {
    let start = at("2026-11-20T20:00:00Z");
    let names = ["A", "B", "夜", "a", "C", "D", "E"];
    let plays: Vec<Play> =
        (0..).zip(names).map(|(n, name)| play(start + TimeDelta::minutes(4 * n), name)).collect();
    let told = |most| told(&plays, most, latin).into_iter().map(|told| told.name).collect::<Vec<_>>();
    assert_eq!(told(9), ["A", "B", "C", "D", "E"]);
    assert_eq!(told(2), ["C", "E"]);
    assert_eq!(told(0), Vec::<String>::new());
    let artists: Vec<String> = super::told(&plays, 1, latin).into_iter().map(|told| told.artist).collect();
    assert_eq!(artists, ["Kaoru"]);
}

#[test]
fn a_single_track_stands_in_the_middle_of_an_hour() {
    let start = at("2026-11-20T20:28:00Z");
    let axis = Axis::of(&evening(vec![play(start, "A")])).expect("an axis");
    assert_eq!(axis, Axis { from: at("2026-11-20T20:00:00Z"), to: at("2026-11-20T21:00:00Z") });
    assert!((axis.place(start) - 28.0 / 60.0).abs() < 1e-6);
    let around = ["2026-11-20T19:00:00Z", "2026-11-21T19:00:00Z"].map(|time| axis.place(at(time)));
    assert_eq!(around.map(|place| place.to_string()), ["0", "1"], "what lies outside is at the edge");
    assert_eq!(Axis::of(&evening(vec![])), None);
}

#[test]
fn hours_are_those_of_the_streamer_and_as_many_as_there_is_room_for() {
    let start = at("2026-11-20T18:50:00Z");
    let span = |minutes: i64| {
        let last = start + TimeDelta::minutes(minutes - 4);
        let sheet = evening(vec![play(start, "A"), play(last, "B")]);
        let hours = Axis::of(&sheet).expect("an axis").hours(Tz::Asia__Kolkata);
        hours.into_iter().map(|(_, hour)| hour).collect::<Vec<_>>()
    };
    assert_eq!(span(60), ["00:20", "00:30", "00:40", "00:50", "01:00", "01:10", "01:20"]);
    assert_eq!(span(240), ["01:00", "02:00", "03:00", "04:00"]);
    assert_eq!(span(24 * 60), ["06:00", "12:00", "18:00", "00:00"]);
    for minutes in [1, 61, 90, 700, 3_000, 6_000] {
        assert!(span(minutes).len() <= MOST_HOURS, "{minutes}");
    }
}

#[test]
fn a_gap_breaks_the_tape_where_it_was_and_to_the_end_while_it_lasts() {
    let start = at("2026-11-20T20:00:00Z");
    let minute = |n| start + TimeDelta::minutes(n);
    let mut sheet = evening(vec![play(start, "A"), play(minute(96), "B")]);
    sheet.gaps = vec![(minute(75), None), (minute(25), Some(minute(50))), (minute(-20), Some(minute(-10)))];
    let axis = Axis::of(&sheet).expect("an axis");
    assert_eq!(axis.breaks(&sheet), [(0.25, 0.5), (0.75, 1.0)]);
}

#[test]
fn records_are_about_as_wide_as_they_are_apart() {
    let start = at("2026-11-20T20:00:00Z");
    let width = |plays: i64, minutes: i64| {
        let plays = (0..plays).map(|n| play(start + TimeDelta::minutes(n * minutes), "A")).collect();
        let sheet = evening(plays);
        record_width(Axis::of(&sheet).expect("an axis"), &sheet.plays, 1_000.0)
    };
    let near = |width: f32, wanted: f32| (width - wanted).abs() < 1.0;
    assert!(near(width(1, 0), WIDEST) && near(width(2, 55), WIDEST), "there is room");
    assert!(near(width(12, 3), 1.4 * 3_000.0 / 37.0), "a thousand pixels are 37 minutes");
    assert!(near(width(200, 4), NARROWEST), "they lie on each other like a stack");
}
