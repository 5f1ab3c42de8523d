//! Stories of a desk: what the public and the staff know, and when.

mod curated;

use super::super::day::View;
use super::super::day::tests::{at, day, track};
use super::super::frame::Shape;
use super::super::mark::Mark;
use super::super::model::{NowPlaying, OnAir, Track};
use super::Audience::{Public, Staff};
use super::*;
use crate::base::id::StreamId;
use proptest::prelude::*;
use serde_json::Value;

/// So many seconds into the story.
fn second(second: i64) -> Instant {
    at("2026-11-20T20:00:00Z") + TimeDelta::seconds(second)
}

/// A desk with an empty day and a delay of so many seconds.
fn desk(delay: i64) -> Desk {
    Desk::new(Loaded::open(stored(delay, &[])), second(0))
}

/// The day as it is stored, with these plays.
fn stored(delay: i64, tracks: &[Track]) -> Day {
    let mut day = Day { tracks: tracks.to_vec(), ..day() };
    day.terms.delay = TimeDelta::seconds(delay);
    day
}

/// The play that began then.
fn play(began: i64) -> Track {
    track(&began.to_string(), second(began))
}

fn added(began: i64) -> Event {
    Event::TrackAdded { track: play(began) }
}

fn on_air() -> OnAir {
    OnAir { id: StreamId::derived(second(0), &["ann"]), started_at: second(0) }
}

fn plays(track: Track, progress_ms: i64) -> Event {
    Event::NowPlaying { now_playing: Some(NowPlaying { track, is_playing: true, progress_ms }) }
}

fn noticed(at: i64, event: Event) -> Noticed {
    Noticed { at: second(at), event }
}

fn chooses(desk: &mut Desk, delay: i64, now: i64) {
    let mut choices = desk.reel(Staff).day().choices();
    choices.terms.delay = TimeDelta::seconds(delay);
    desk.keep(&choices, second(now));
}

/// The titles that an audience knows.
fn knows(desk: &mut Desk, audience: Audience, now: i64) -> Vec<String> {
    desk.advance(second(now));
    desk.reel(audience).day().tracks.iter().map(|track| track.name.clone()).collect()
}

/// What whoever has seen `seen` is sent.
fn sent(desk: &mut Desk, audience: Audience, seen: Mark, now: i64) -> Vec<Value> {
    let (pending, _) = desk.reel_mut(audience).since(Some(seen), Shape::default(), second(now));
    let frames = pending.messages(Shape::default());
    frames.iter().map(|frame| serde_json::from_slice(&frame.payload()).expect("JSON")).collect()
}

fn kinds(frames: &[Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["type"].as_str().expect("a type")).collect()
}

fn end(desk: &Desk, audience: Audience) -> Mark {
    desk.reel(audience).end()
}

#[test]
fn without_a_delay_there_is_one_reel() {
    let mut desk = desk(0);
    desk.publish(&[added(1)], second(1));
    assert_eq!(end(&desk, Public), end(&desk, Staff));
    assert_eq!((knows(&mut desk, Public, 1), desk.next_due()), (vec!["1".to_owned()], None));
}

#[test]
fn the_staff_knows_at_once_and_the_public_after_the_delay() {
    let mut desk = desk(10);
    let start = end(&desk, Public);
    desk.publish(&[Event::StreamStarted { stream: on_air() }, added(1), plays(play(1), 500)], second(2));
    assert_eq!((knows(&mut desk, Staff, 2), knows(&mut desk, Public, 11)), (vec!["1".to_owned()], vec![]));
    assert!(sent(&mut desk, Public, start, 11).is_empty());
    assert!(desk.reel(Public).day().stream.is_none());
    assert_eq!(desk.next_due(), Some(second(12)));
    desk.advance(second(13));
    let frames = sent(&mut desk, Public, start, 13);
    assert_eq!(kinds(&frames), ["stream_started", "track_added", "now_playing"]);
    assert_eq!(frames[2]["at"], "2026-11-20T20:00:13.000Z");
    assert_eq!(frames[2]["now_playing"]["progress_ms"], 1_500, "as the staff saw it ten seconds ago");
    let progress = |desk: &Desk, audience, now| desk.reel(audience).day().playing_at(second(now));
    assert_eq!(progress(&desk, Public, 30), progress(&desk, Staff, 20));
}

#[test]
fn a_stream_ends_for_the_public_after_the_delay() {
    let mut desk = desk(10);
    desk.publish(&[Event::StreamStarted { stream: on_air() }], second(1));
    desk.publish(&[Event::StreamEnded { stream: on_air() }], second(15));
    let is_live = |desk: &Desk, audience| desk.reel(audience).day().stream.is_some();
    assert_eq!((is_live(&desk, Staff), is_live(&desk, Public)), (false, true));
    desk.advance(second(25));
    assert!(!is_live(&desk, Public));
}

#[test]
fn the_day_of_the_public_turns_after_the_delay_and_is_whole() {
    let mut desk = desk(10);
    // In Paris midnight is three hours into the story.
    let midnight = 3 * 3_600;
    desk.publish(&[added(midnight - 5)], second(midnight - 4));
    desk.publish(&[added(midnight + 1)], second(midnight + 2));
    let day = |desk: &mut Desk, audience, now| {
        let titles = knows(desk, audience, now);
        (desk.reel(audience).day().date.to_string(), titles)
    };
    let [last, first] = [midnight - 5, midnight + 1].map(|began| vec![began.to_string()]);
    assert_eq!(day(&mut desk, Staff, midnight + 2), ("2026-11-21".to_owned(), first.clone()));
    assert_eq!(day(&mut desk, Public, midnight + 9), ("2026-11-20".to_owned(), last));
    assert_eq!(day(&mut desk, Public, midnight + 10), ("2026-11-21".to_owned(), vec![]));
    assert_eq!(day(&mut desk, Public, midnight + 12), ("2026-11-21".to_owned(), first));
}

#[test]
fn a_delay_that_is_chosen_takes_nothing_back_and_holds_from_then_on() {
    let mut desk = desk(0);
    desk.publish(&[added(1)], second(1));
    let [viewer, host] = [Public, Staff].map(|audience| end(&desk, audience));
    chooses(&mut desk, 10, 2);
    desk.publish(&[added(3)], second(3));
    assert_eq!(knows(&mut desk, Public, 12), ["1"]);
    assert_eq!(kinds(&sent(&mut desk, Staff, host, 12)), ["snapshot"]);
    chooses(&mut desk, 20, 12);
    assert_eq!(knows(&mut desk, Public, 22), ["1"], "what waits waits longer");
    desk.advance(second(23));
    assert_eq!(kinds(&sent(&mut desk, Public, viewer, 23)), ["track_added"], "viewers go on undisturbed");
}

#[test]
fn a_shorter_delay_lets_out_what_is_due_in_order_and_what_plays_is_further() {
    let mut desk = desk(20);
    desk.publish(&[Event::StreamStarted { stream: on_air() }, added(1), plays(play(1), 0)], second(1));
    desk.publish(&[added(5)], second(5));
    desk.publish(&[added(9)], second(9));
    desk.advance(second(21));
    let viewer = end(&desk, Public);
    chooses(&mut desk, 15, 22);
    let frames = sent(&mut desk, Public, viewer, 22);
    assert_eq!(kinds(&frames), ["now_playing", "track_added"]);
    assert_eq!(frames[0]["now_playing"]["progress_ms"], 6_000);
    assert_eq!(knows(&mut desk, Public, 23), ["1", "5"]);
    assert_eq!(knows(&mut desk, Public, 24), ["1", "5", "9"]);
}

#[test]
fn no_delay_any_more_lets_out_everything_and_all_go_on_together() {
    let mut desk = desk(3_600);
    desk.publish(&[Event::StreamStarted { stream: on_air() }, added(1), plays(play(1), 0)], second(1));
    desk.publish(&[added(5), plays(play(5), 0)], second(5));
    let (viewer, host) = (end(&desk, Public), end(&desk, Staff));
    chooses(&mut desk, 0, 9);
    let frames = sent(&mut desk, Public, viewer, 9);
    assert_eq!(
        kinds(&frames),
        ["stream_started", "track_added", "now_playing", "track_added", "now_playing"]
    );
    assert_eq!(frames[4]["now_playing"]["progress_ms"], 4_000);
    assert_eq!(kinds(&sent(&mut desk, Staff, host, 9)), ["snapshot"]);
    assert_eq!((end(&desk, Public), desk.next_due()), (end(&desk, Staff), None));
    let seen = end(&desk, Public);
    desk.publish(&[added(10)], second(10));
    assert_eq!(kinds(&sent(&mut desk, Public, seen, 10)), ["track_added"]);
}

#[test]
fn what_was_noticed_just_before_a_start_waits_on_and_the_staff_knows_it() {
    let since = vec![
        noticed(1, Event::StreamStarted { stream: on_air() }),
        noticed(2, added(1)),
        noticed(6, added(5)),
    ];
    let mut desk = Desk::new(Loaded { since, ..Loaded::open(stored(10, &[play(-100)])) }, second(7));
    assert_eq!(knows(&mut desk, Staff, 7), ["-100", "1", "5"]);
    assert_eq!(knows(&mut desk, Public, 11), ["-100"]);
    assert_eq!(knows(&mut desk, Public, 12), ["-100", "1"]);
    assert_eq!(knows(&mut desk, Public, 16), ["-100", "1", "5"]);
}

#[test]
fn a_day_that_is_loaded_anew_tells_nobody_anything_early_and_takes_nothing_back() {
    let mut desk = desk(10);
    let started = Event::StreamStarted { stream: on_air() };
    desk.publish(&[started, added(1), plays(play(1), 0)], second(1));
    desk.publish(&[added(5), plays(play(5), 0)], second(5));
    desk.publish(&[added(6)], second(6));
    desk.begin_anew();
    desk.publish(&[added(9)], second(9));
    desk.advance(second(11));
    let [viewer, host] = [Public, Staff].map(|audience| end(&desk, audience));
    // The play of the sixth second is not stored any more; one of the seventh was stored and never published.
    let since = vec![noticed(2, added(1)), noticed(6, added(5)), noticed(8, added(7))];
    desk.replace(Loaded { since, ..Loaded::open(stored(10, &[])) }, second(12));
    assert_eq!(knows(&mut desk, Staff, 12), ["1", "5", "7", "9"]);
    assert_eq!(knows(&mut desk, Public, 12), ["1"]);
    for (audience, mark) in [(Public, viewer), (Staff, host)] {
        assert_eq!(kinds(&sent(&mut desk, audience, mark, 12)), ["snapshot"]);
    }
    let playing =
        |desk: &Desk, audience| desk.reel(audience).day().playing_at(second(12)).map(|now| now.track);
    assert_eq!((playing(&desk, Staff), playing(&desk, Public)), (Some(play(5)), Some(play(1))));
    assert!(desk.reel(Public).day().stream.is_some());
    for (now, known) in [(14, vec!["1"]), (15, vec!["1", "5"]), (18, vec!["1", "5", "7"])] {
        assert_eq!(knows(&mut desk, Public, now), known, "at {now}");
    }
    assert_eq!(knows(&mut desk, Public, 19), ["1", "5", "7", "9"]);
}

#[test]
fn a_play_that_is_hidden_plays_no_more() {
    let mut desk = desk(0);
    desk.publish(&[Event::StreamStarted { stream: on_air() }, added(1), plays(play(1), 0)], second(1));
    desk.begin_anew();
    desk.replace(Loaded::open(stored(0, &[])), second(2));
    let day = desk.reel(Public).day();
    assert!(day.tracks.is_empty() && day.now_playing.is_none() && day.stream.is_some());
}

#[test]
fn another_time_zone_cuts_both_days_anew() {
    let mut desk = desk(10);
    let stream = OnAir { started_at: second(-90 * 60), ..on_air() };
    desk.publish(&[Event::StreamStarted { stream }, added(-3_600), added(0)], second(1));
    desk.advance(second(11));
    desk.begin_anew();
    let timezone = chrono_tz::Tz::Asia__Kolkata;
    let mut day = Day::empty(day().streamer, timezone, second(2));
    day.terms.delay = TimeDelta::seconds(10);
    day.tracks = vec![play(0)];
    day.latest = desk.reel(Staff).day().latest.clone();
    day.latest.tracks = vec![play(-3_600)];
    desk.replace(Loaded::open(day), second(12));
    for audience in [Public, Staff] {
        let day = desk.reel(audience).day();
        assert_eq!((day.timezone, day.date.to_string().as_str()), (timezone, "2026-11-21"));
        assert_eq!((day.tracks.len(), day.tracks_of(View::Stream).count()), (1, 2));
    }
}

proptest! {
    #[test]
    fn the_public_knows_what_the_staff_knew_a_delay_ago(
        delay in 1..30_i64,
        events in prop::collection::vec((0..4_u8, 0..20_i64), 1..40),
    ) {
        let mut desk = desk(delay);
        let (mut now, mut knew) = (0, Vec::new());
        for (kind, wait) in events {
            now += wait;
            let event = match kind {
                0 => added(now),
                1 => plays(play(now), 0),
                2 => Event::StreamStarted { stream: on_air() },
                _ => Event::StreamEnded { stream: on_air() },
            };
            desk.publish(&[event], second(now));
            knew.push((now, Arc::clone(desk.reel(Staff).day())));
            let then = knew.iter().rfind(|(at, _)| at + delay <= now);
            let public = desk.reel(Public).day();
            match then {
                Some((_, day)) => {
                    prop_assert!(public.reads_like(day));
                    let then = second(now - delay);
                    prop_assert_eq!(public.playing_at(second(now)), day.playing_at(then));
                }
                None => prop_assert!(public.tracks.is_empty() && public.stream.is_none()),
            }
        }
        desk.advance(second(now + delay));
        prop_assert!(desk.reel(Public).day().reads_like(desk.reel(Staff).day()));
        prop_assert_eq!(desk.next_due(), None);
    }
}
