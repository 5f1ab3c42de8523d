//! What may be added and corrected, and what the panic buttons mean.

use super::*;
use crate::base::id::PlayId;
use chrono::DateTime;
use proptest::prelude::*;

fn at(second: i64) -> Instant {
    DateTime::from_timestamp(1_795_204_800 + second, 0).expect("an instant")
}

fn user() -> UserId {
    UserId::derived(at(0), &["ann"])
}

/// A play that began then and is so many seconds long.
fn play(second: i64, length: i64) -> Listed {
    let id = PlayId::derived(at(second), &["play"]);
    let track = TrackFacts {
        id,
        provider: "spotify",
        provider_id: None,
        uri: format!("spotify:track:{second}"),
        name: second.to_string(),
        artist: "A, B".into(),
        artists: vec!["A".into(), "B".into()],
        album: Some("C".into()),
        duration_ms: length * 1_000,
        started_at: at(second),
        url: None,
        image_url: None,
        source: "poll",
    }
    .into();
    Listed::waiting(track, at(second))
}

fn hidden(second: i64, length: i64) -> Listed {
    Listed { hidden_at: Some(at(second)), ..play(second, length) }
}

fn by_hand(second: i64) -> Listed {
    let play = play(second, 0);
    Listed { track: TrackFacts { source: MANUAL, ..TrackFacts::clone(&play.track) }.into(), ..play }
}

fn on_air(from: i64, until: Option<i64>) -> Airtime {
    Airtime { from: at(from), until: until.map(at) }
}

fn seconds(plays: &[Listed], ids: &[PlayId]) -> Vec<i64> {
    let named = plays.iter().filter(|play| ids.contains(&play.track.id));
    named.map(|play| (play.track.started_at - at(0)).num_seconds()).collect()
}

fn missed() -> Missed {
    Missed { name: " A ".into(), artist: "B".into(), ..Missed::default() }
}

fn add(missed: &Missed) -> Result<Track, Refused> {
    added(user(), missed, Some(at(-1_000)), at(0))
}

#[test]
fn the_last_track_is_the_last_that_everybody_sees() {
    assert_eq!(last(&[]), None);
    let plays = [play(10, 5), play(0, 5), hidden(20, 5)];
    assert_eq!(last(&plays), Some(plays[0].track.id));
    assert_eq!(last(&plays[2..]), None);
}

#[test]
fn the_last_minutes_are_all_that_was_heard_in_them() {
    let plays = [play(0, 100), play(100, 200), play(300, 100), hidden(400, 100), play(500, 100)];
    let heard = |then| seconds(&plays, &heard_since(&plays, &[], at(then), at(9_000)));
    assert_eq!(heard(299), [100, 300, 500], "its end was heard");
    assert_eq!(heard(300), [300, 500], "it was over");
    assert_eq!(heard(700), Vec::<i64>::new());
    let skipped = [play(0, 600), play(50, 100)];
    assert_eq!(
        seconds(&skipped, &heard_since(&skipped, &[], at(60), at(9_000))),
        [50],
        "the next one ends a track"
    );
    let unknown = [play(0, 0)];
    assert_eq!(seconds(&unknown, &heard_since(&unknown, &[], at(-1), at(9_000))), [0]);
}

#[test]
fn on_a_stream_a_track_on_repeat_is_heard_until_the_next_one_begins() {
    let plays = [play(0, 100), play(2_000, 100), play(5_000, 100)];
    let heard =
        |streams: &[Airtime], then| seconds(&plays, &heard_since(&plays, streams, at(then), at(9_000)));
    let live = [on_air(0, None)];
    assert_eq!(heard(&live, 8_400), [5_000], "it is heard still");
    assert_eq!(heard(&live, 4_900), [2_000, 5_000], "repeated up to the next one");
    assert_eq!(heard(&live, 1_999), [0, 2_000, 5_000]);
    assert_eq!(heard(&live, 2_000), [2_000, 5_000], "it was over");
    let two = [on_air(0, Some(3_000)), on_air(4_000, Some(6_000))];
    assert_eq!(heard(&two, 5_900), [5_000], "to the end of its stream");
    assert_eq!(heard(&two, 6_000), Vec::<i64>::new());
    assert_eq!(heard(&two, 2_999), [2_000, 5_000]);
    assert_eq!(heard(&two, 3_000), [5_000], "another stream does not go on with it");
}

#[test]
fn what_was_added_by_hand_does_not_end_what_is_played() {
    let plays = [play(0, 100), by_hand(500), by_hand(600), hidden(700, 50), play(2_000, 0)];
    let heard =
        |plays: &[Listed], then| seconds(plays, &heard_since(plays, &[on_air(0, None)], at(then), at(9_000)));
    assert_eq!(heard(&plays, 550), [0, 500, 600, 2_000]);
    assert_eq!(heard(&plays, 650), [0, 600, 2_000], "one by hand ends another");
    assert_eq!(heard(&plays, 750), [2_000], "what is hidden was heard");
    assert_eq!(heard(&plays[..3], 8_400), [0, 600], "both may be");
}

#[test]
fn minutes_are_a_number_of_them() {
    assert_eq!(minutes_ago(10, at(600)), Ok(at(0)));
    for nonsense in [0, -1, 1_441, i64::MAX, i64::MIN] {
        assert_eq!(minutes_ago(nonsense, at(0)), Err(Refused::Minutes));
    }
}

#[test]
fn a_clock_shows_an_instant_where_its_owner_lives() {
    let day = NaiveDate::from_ymd_opt(2026, 3, 29).expect("a day");
    let paris = |time| clock_time(day, time, Tz::Europe__Paris);
    assert_eq!(paris("12:30").map(|at| at.to_rfc3339()), Ok("2026-03-29T10:30:00+00:00".into()));
    assert_eq!(paris("02:30"), Err(Refused::NoTime), "the clock jumped over it");
    for nonsense in ["", "25:00", "noon"] {
        assert_eq!(paris(nonsense), Err(Refused::NoTime), "{nonsense:?}");
    }
}

#[test]
fn a_missed_track_says_what_it_lacks() {
    let with = |change: fn(&mut Missed)| {
        let mut wish = missed();
        change(&mut wish);
        add(&wish).map(|track| track.name.clone())
    };
    assert_eq!(with(|_| {}), Ok("A".into()));
    assert_eq!(with(|one| one.name = "  ".into()), Err(Refused::NoName));
    assert_eq!(with(|one| one.artist = String::new()), Err(Refused::NoArtist));
    assert_eq!(with(|one| one.name = "x".repeat(301)), Err(Refused::Unreadable));
    assert_eq!(with(|one| one.album = Some("a\0b".into())), Err(Refused::Unreadable));
    assert_eq!(with(|one| one.duration_ms = Some(-1)), Err(Refused::Length));
    assert_eq!(with(|one| one.duration_ms = Some(i64::MAX)), Err(Refused::Length));
    assert_eq!(with(|one| one.uri = Some("no colon".into())), Err(Refused::Uri));
    assert_eq!(with(|one| one.started_at = Some(at(61))), Err(Refused::Future));
    assert_eq!(with(|one| one.started_at = Some(at(-1_001))), Err(Refused::TooOld));
}

#[test]
fn a_missed_track_has_a_name_of_its_own_and_whoever_repeats_it_means_the_same() {
    let made_up = add(&missed()).expect("a track");
    assert_eq!(made_up.uri, format!("airlog:manual:{}", made_up.id));
    assert_eq!((made_up.started_at, made_up.source, made_up.provider), (at(0), "manual", "manual"));
    assert_ne!(made_up.id, add(&missed()).expect("a track").id, "twice now is two plays");
    let then = Missed { started_at: Some(at(-60)), ..missed() };
    assert_eq!(add(&then), add(&then));
    let named = Missed { uri: Some("spotify:track:4uLU6hMCjMI75M1A2tKUQC".into()), ..then };
    let track = add(&named).expect("a track");
    assert_eq!(track.url.as_deref(), Some("https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"));
    assert_eq!(Ok(track), add(&named));
    let odd = Missed { uri: Some("spotify:track:../x".into()), ..named };
    assert_eq!(add(&odd).expect("a track").url, None);
}

#[test]
fn a_correction_changes_what_it_names() {
    let before = Title { name: "A".into(), artists: vec!["B".into(), "C".into()], album: Some("D".into()) };
    let none = Correction::default();
    assert_eq!(corrected(&before, &none), Ok(before.clone()));
    let same = Correction { artist: Some("B, C".into()), ..none.clone() };
    assert_eq!(corrected(&before, &same), Ok(before.clone()), "artists stay apart");
    let other = Correction { name: Some(" X ".into()), artist: Some("Y, Z".into()), ..none.clone() };
    let after = corrected(&before, &other).expect("a title");
    assert_eq!(
        (after.name.as_str(), after.artists, after.album),
        ("X", vec!["Y, Z".to_owned()], Some("D".into()))
    );
    let without = Correction { album: Some(" ".into()), ..none.clone() };
    assert_eq!(corrected(&before, &without).expect("a title").album, None);
    let nobody = Correction { artists: Some(Vec::new()), ..none.clone() };
    assert_eq!(corrected(&before, &nobody), Err(Refused::NoArtist));
    assert_eq!(corrected(&before, &Correction { name: Some(String::new()), ..none }), Err(Refused::NoName));
}

#[test]
fn null_takes_an_album_away_and_nothing_leaves_it() {
    let read = |text| serde_json::from_str::<Correction>(text).expect("a correction").album;
    assert_eq!(read(r#"{"album":null}"#), Some(String::new()));
    assert_eq!(read("{}"), None);
}

/// A list of plays that begin after one another, some of them hidden.
fn lists() -> impl Strategy<Value = Vec<Listed>> {
    prop::collection::vec((1..400_i64, 0..400_i64, prop::bool::weighted(0.2)), 0..20).prop_map(|plays| {
        let mut start = 0;
        let mut list = Vec::new();
        for (pause, length, is_hidden) in plays {
            start += pause;
            list.push(if is_hidden { hidden(start, length) } else { play(start, length) });
        }
        list
    })
}

proptest! {
    #[test]
    fn of_the_last_minutes_nothing_stays_and_nothing_before_goes(
        plays in lists(),
        is_on_air: bool,
        then in 0..8_000_i64,
    ) {
        let then = at(then);
        let streams = if is_on_air { vec![on_air(0, None)] } else { Vec::new() };
        let gone = heard_since(&plays, &streams, then, at(9_000));
        if let Some(newest) = plays.last().filter(|newest| is_on_air && !newest.is_hidden()) {
            prop_assert!(gone.contains(&newest.track.id), "it may be heard still");
        }
        for (place, play) in plays.iter().enumerate() {
            let (is_gone, start) = (gone.contains(&play.track.id), play.track.started_at);
            let next = plays.get(place + 1).map(|next| next.track.started_at);
            prop_assert!(!(is_gone && play.is_hidden()), "what is hidden is not hidden twice");
            prop_assert!(!(is_gone && next.is_some_and(|next| next <= then)), "it was over");
            prop_assert!(is_gone || play.is_hidden() || start <= then, "it was heard");
        }
    }

    #[test]
    fn the_last_track_is_among_the_last_minutes_and_hiding_it_again_and_again_ends(plays in lists()) {
        let mut plays = plays;
        let seen = plays.iter().filter(|play| !play.is_hidden()).count();
        for _ in 0..seen {
            let id = last(&plays).expect("a track");
            prop_assert!(heard_since(&plays, &[], at(0), at(9_000)).contains(&id));
            let play = plays.iter_mut().find(|play| play.track.id == id).expect("a play");
            play.hidden_at = Some(at(0));
        }
        prop_assert_eq!(last(&plays), None);
        prop_assert!(heard_since(&plays, &[], at(0), at(9_000)).is_empty());
    }
}
