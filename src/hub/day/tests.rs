//! Stories of a day, and the samples that the hub's other tests begin from.

use super::super::model::TrackFacts;
use super::*;
use crate::base::id::{GapId, StreamId};

pub(in crate::hub) fn at(text: &str) -> Instant {
    chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

pub(in crate::hub) fn day() -> Day {
    let ann = Streamer { login: "ann".into(), name: "Ann".into() };
    Day::empty(ann, Tz::Europe__Paris, at("2026-11-20T20:00:00Z"))
}

pub(in crate::hub) fn track(name: &str, started_at: Instant) -> Track {
    TrackFacts {
        id: PlayId::derived(started_at, &[name]),
        provider: "spotify",
        provider_id: Some(name.into()),
        uri: format!("spotify:track:{name}"),
        name: name.into(),
        artist: "Maren Vale, Odd Numbers".into(),
        artists: vec!["Maren Vale".into(), "Odd Numbers".into()],
        album: Some("Low Tide Letters".into()),
        duration_ms: 201_000,
        started_at,
        url: None,
        image_url: None,
        source: "poll",
    }
    .into()
}

/// Takes the event in; whether it is news to those who follow the day.
fn is_news(day: &mut Day, event: &Event, now: Instant) -> bool {
    day.apply(event, now).day
}

fn added(name: &str, text: &str) -> Event {
    Event::TrackAdded { track: track(name, at(text)) }
}

#[test]
fn a_backfilled_play_takes_its_place_and_knows_its_neighbour() {
    let (mut day, now) = (day(), at("2026-11-20T20:10:00Z"));
    for (name, start) in
        [("a", "2026-11-20T20:00:00Z"), ("c", "2026-11-20T20:06:00Z"), ("b", "2026-11-20T20:03:00Z")]
    {
        assert!(is_news(&mut day, &added(name, start), now));
    }
    let names: Vec<&str> = day.tracks.iter().map(|track| track.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(day.row_after(day.tracks[1].id, View::Day), Some(day.tracks[0].id));
    assert_eq!(day.row_after(day.tracks[0].id, View::Day), None);
}

#[test]
fn a_correction_holds_in_the_list_and_in_what_plays_and_a_removed_play_is_gone() {
    let (mut day, now) = (day(), at("2026-11-20T20:10:00Z"));
    day.stream = Some(OnAir { id: StreamId::random(now), started_at: now });
    day.apply(&added("a", "2026-11-20T20:00:00Z"), now);
    let track = day.tracks[0].clone();
    let playing = NowPlaying { track: track.clone(), is_playing: true, progress_ms: 0 };
    day.apply(&Event::NowPlaying { now_playing: Some(playing) }, now);
    let corrected =
        Track::from(TrackFacts { name: "A".into(), source: "manual", ..TrackFacts::clone(&track) });
    let event = Event::TrackUpdated { track: corrected.clone() };
    assert!(is_news(&mut day, &event, now) && !is_news(&mut day, &event, now), "once is news");
    assert_eq!((&day.tracks[..], day.tracks.len()), (&[corrected.clone()][..], 1));
    assert_eq!(day.playing_at(now).map(|now| now.track), Some(corrected));
    let gone = Event::TrackRemoved { id: track.id };
    assert!(is_news(&mut day, &gone, now) && !is_news(&mut day, &gone, now));
    assert!(day.tracks.is_empty());
}

#[test]
fn a_gap_of_yesterday_that_is_healed_today_is_not_todays() {
    let (mut day, midnight) = (day(), at("2026-11-20T23:00:00Z"));
    let gap = |from: &str, to: Option<&str>| Gap {
        id: GapId::derived(at(from), &["gap"]),
        from: at(from),
        to: to.map(at),
        healed: to.is_some(),
        reason: "spotify_down",
    };
    day.apply(&Event::Gap { gap: gap("2026-11-20T22:50:00Z", None) }, midnight);
    day.apply(&Event::DayChanged { date: "2026-11-21".parse().expect("a date") }, midnight);
    let early = gap("2026-11-20T21:00:00Z", Some("2026-11-20T21:10:00Z"));
    assert!(!is_news(&mut day, &Event::Gap { gap: early }, midnight));
    let across = gap("2026-11-20T22:50:00Z", Some("2026-11-20T23:02:00Z"));
    assert!(is_news(&mut day, &Event::Gap { gap: across.clone() }, midnight), "it reached into today");
    assert_eq!(day.gaps, [across]);
    let closed_late = gap("2026-11-20T22:50:00Z", Some("2026-11-20T22:58:00Z"));
    assert!(
        is_news(&mut day, &Event::Gap { gap: closed_late.clone() }, midnight),
        "it never reached into today"
    );
    assert!(day.gaps.is_empty() && !is_news(&mut day, &Event::Gap { gap: closed_late }, midnight));
}

#[test]
fn the_same_track_twice_is_no_news() {
    let (mut day, now) = (day(), at("2026-11-20T20:10:00Z"));
    assert!(is_news(&mut day, &added("a", "2026-11-20T20:00:00Z"), now));
    assert!(!is_news(&mut day, &added("a", "2026-11-20T20:00:00Z"), now));
    assert_eq!(day.tracks.len(), 1);
}

#[test]
fn the_day_turns_at_the_streamers_midnight() {
    let mut day = day();
    assert!(day.turn(at("2026-11-20T22:59:59Z")).is_none());
    let midnight = at("2026-11-20T23:00:00Z");
    day.apply(&added("a", "2026-11-20T22:58:00Z"), midnight);
    let turn = day.turn(midnight).expect("a new day in Paris");
    assert!(is_news(&mut day, &turn, midnight));
    assert!(day.tracks.is_empty());
    assert!(
        !is_news(&mut day, &added("late", "2026-11-20T22:59:00Z"), midnight),
        "yesterday's play is not today's"
    );
}

#[test]
fn only_the_stream_on_air_can_end() {
    let (mut day, now) = (day(), at("2026-11-20T20:10:00Z"));
    let stream = OnAir { id: StreamId::random(now), started_at: now };
    let other = OnAir { id: StreamId::random(now), started_at: now };
    assert!(is_news(&mut day, &Event::StreamStarted { stream: stream.clone() }, now));
    assert!(!is_news(&mut day, &Event::StreamStarted { stream: stream.clone() }, now));
    assert!(!is_news(&mut day, &Event::StreamEnded { stream: other }, now));
    assert!(is_news(&mut day, &Event::StreamEnded { stream }, now));
}

#[test]
fn progress_runs_on_while_playing_but_not_past_the_end() {
    let (mut day, start) = (day(), at("2026-11-20T20:00:00Z"));
    day.stream = Some(OnAir { id: StreamId::random(start), started_at: start });
    let playing = NowPlaying { track: track("a", start), is_playing: true, progress_ms: 1_000 };
    day.apply(&Event::NowPlaying { now_playing: Some(playing) }, start);
    let progress = |day: &Day, text| day.playing_at(at(text)).expect("plays").progress_ms;
    assert_eq!(progress(&day, "2026-11-20T20:00:09Z"), 10_000);
    assert_eq!(progress(&day, "2026-11-20T21:00:00Z"), 201_000);
}

/// A stream that began an hour before midnight in Paris, with a play before and after it, seen just after midnight.
fn across_midnight() -> (Day, OnAir, Instant) {
    let (mut day, now) = (day(), at("2026-11-20T23:05:00Z"));
    let start = at("2026-11-20T22:00:00Z");
    let stream = OnAir { id: StreamId::derived(start, &["ann"]), started_at: start };
    day.apply(&added("earlier that day", "2026-11-20T20:00:00Z"), now);
    day.apply(&Event::StreamStarted { stream: stream.clone() }, now);
    day.apply(&added("before", "2026-11-20T22:50:00Z"), now);
    day.apply(&Event::DayChanged { date: "2026-11-21".parse().expect("a date") }, now);
    day.apply(&added("after", "2026-11-20T23:01:00Z"), now);
    (day, stream, now)
}

fn names(day: &Day, view: View) -> Vec<&str> {
    day.tracks_of(view).map(|track| track.name.as_str()).collect()
}

#[test]
fn a_stream_is_whole_across_midnight() {
    let (mut day, _, now) = across_midnight();
    assert_eq!(names(&day, View::Day), ["after"]);
    assert_eq!(names(&day, View::Stream), ["before", "after"]);
    let first = day.tracks[0].id;
    assert_eq!(day.row_after(first, View::Day), None);
    assert_eq!(day.row_after(first, View::Stream), Some(day.latest.tracks[0].id));
    let healed = added("healed", "2026-11-20T22:55:00Z");
    assert_eq!(
        day.apply(&healed, now),
        News { day: false, stream: true },
        "yesterday's is news to its stream"
    );
    assert_eq!(day.apply(&healed, now), News::default());
    assert_eq!(names(&day, View::Stream), ["before", "healed", "after"]);
    let before = Event::TrackRemoved { id: day.latest.tracks[0].id };
    assert_eq!(day.apply(&before, now), News { day: false, stream: true });
    assert!(!day.apply(&added("long ago", "2026-11-20T21:00:00Z"), now).is_any(), "it is of neither list");
}

#[test]
fn a_gap_before_midnight_stays_in_the_stream() {
    let (mut day, _, now) = across_midnight();
    let gap = |to: Option<&str>| Event::Gap {
        gap: Gap {
            id: GapId::derived(now, &["gap"]),
            from: at("2026-11-20T22:10:00Z"),
            to: to.map(at),
            healed: false,
            reason: "spotify_down",
        },
    };
    assert_eq!(day.apply(&gap(None), now), News { day: true, stream: true });
    assert_eq!(day.apply(&gap(Some("2026-11-20T22:20:00Z")), now), News { day: true, stream: true });
    assert_eq!((day.gaps_of(View::Day).count(), day.gaps_of(View::Stream).count()), (0, 1));
}

#[test]
fn a_stream_that_is_over_stays_until_the_next_begins() {
    let (mut day, stream, now) = across_midnight();
    day.apply(&Event::StreamEnded { stream: stream.clone() }, now);
    assert_eq!(names(&day, View::Stream), ["before", "after"]);
    day.apply(&Event::StreamStarted { stream: stream.clone() }, now);
    assert_eq!(names(&day, View::Stream), ["before", "after"], "it was only a break");
    let next = OnAir { id: StreamId::derived(now, &["next"]), started_at: now };
    day.apply(&Event::StreamStarted { stream: next }, now);
    assert!(names(&day, View::Stream).is_empty());
    assert_eq!(names(&day, View::Day), ["after"]);
}
