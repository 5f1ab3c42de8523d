//! Frames: what goes over the wire, encoded once per format into shared bytes. Pure.

use super::day::Day;
use super::markup;
use super::model::{Event, Gap, NowPlaying, OnAir, Streamer, Track, instant};
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use bytes::Bytes;
use chrono::NaiveDate;
use serde::Serialize;

/// How a subscriber wants the rows of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// As TRACK objects.
    #[default]
    Json,
    /// As the markup that the page itself has.
    Html,
}

/// One event, encoded: both formats share their bytes when they do not differ.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    json: Bytes,
    html: Bytes,
}

#[derive(Serialize)]
struct EventFrame<'a> {
    #[serde(flatten)]
    event: &'a Event,
    cursor: &'a str,
    #[serde(serialize_with = "instant")]
    at: Instant,
}

#[derive(Serialize)]
struct RowFrame<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    cursor: &'a str,
    #[serde(serialize_with = "instant")]
    at: Instant,
    id: PlayId,
    html: String,
    before: Option<PlayId>,
}

#[derive(Serialize)]
struct Snapshot<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    cursor: &'a str,
    #[serde(serialize_with = "instant")]
    at: Instant,
    streamer: &'a Streamer,
    date: NaiveDate,
    live: bool,
    stream: Option<&'a OnAir>,
    now_playing: Option<NowPlaying>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracks: Option<&'a [Track]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    gaps: &'a [Gap],
}

impl Frame {
    /// Encodes an event that `day` has already taken in.
    pub(super) fn of(event: &Event, day: &Day, cursor: &str, at: Instant) -> Self {
        let json = encode(&EventFrame { event, cursor, at });
        let html = match event {
            Event::TrackAdded { track } => row("track_added", track, day, cursor, at),
            Event::TrackUpdated { track } => row("track_updated", track, day, cursor, at),
            _ => json.clone(),
        };
        Self { json, html }
    }

    /// The frame's bytes in a format: UTF-8, one JSON object.
    pub(super) fn bytes(&self, format: Format) -> Bytes {
        match format {
            Format::Json => self.json.clone(),
            Format::Html => self.html.clone(),
        }
    }
}

/// Encodes all that a new viewer needs, as of `at`.
pub(super) fn snapshot(day: &Day, format: Format, cursor: &str, at: Instant) -> Bytes {
    encode(&Snapshot {
        kind: "snapshot",
        cursor,
        at,
        streamer: &day.streamer,
        date: day.date,
        live: day.stream.is_some(),
        stream: day.stream.as_ref(),
        now_playing: day.playing_at(at),
        tracks: (format == Format::Json).then_some(&day.tracks),
        html: (format == Format::Html).then(|| day.tracks.iter().rev().map(markup::row).collect()),
        gaps: &day.gaps,
    })
}

fn row(kind: &'static str, track: &Track, day: &Day, cursor: &str, at: Instant) -> Bytes {
    encode(&RowFrame {
        kind,
        cursor,
        at,
        id: track.id,
        html: markup::row(track),
        before: day.row_after(track.id),
    })
}

fn encode(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).map_or_else(|_| unreachable!("frames have text keys only"), Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::super::day::tests::{at, day, track};
    use super::*;
    use serde_json::{Value, json};

    fn read(bytes: &Bytes) -> Value {
        serde_json::from_slice(bytes).expect("JSON")
    }

    #[test]
    fn a_track_frame_reads_as_promised() {
        let (mut day, now) = (day(), at("2026-11-20T20:05:00Z"));
        let event = Event::TrackAdded { track: track("a", at("2026-11-20T20:04:00Z")) };
        day.apply(&event, now);
        let frame = read(&Frame::of(&event, &day, "k3x9-12", now).bytes(Format::Json));
        let id = day.tracks[0].id;
        assert_eq!(
            frame,
            json!({"type":"track_added","cursor":"k3x9-12","at":"2026-11-20T20:05:00.000Z","track":{
                "id": id, "provider":"spotify","provider_id":"a","uri":"spotify:track:a","name":"a",
                "artist":"Maren Vale, Odd Numbers","artists":["Maren Vale","Odd Numbers"],"album":"Low Tide Letters",
                "duration_ms":201_000,"started_at":"2026-11-20T20:04:00.000Z","url":null,"image_url":null,"source":"poll"}})
        );
    }

    #[test]
    fn a_row_names_the_row_it_goes_before() {
        let (mut day, now) = (day(), at("2026-11-20T20:05:00Z"));
        let older = Event::TrackAdded { track: track("a", at("2026-11-20T20:00:00Z")) };
        let newer = Event::TrackAdded { track: track("b", at("2026-11-20T20:04:00Z")) };
        day.apply(&older, now);
        day.apply(&newer, now);
        let frame = read(&Frame::of(&newer, &day, "k-2", now).bytes(Format::Html));
        assert_eq!(frame["before"], json!(day.tracks[0].id));
        assert_eq!(frame["id"], json!(day.tracks[1].id));
        assert!(frame["html"].as_str().is_some_and(|html| html.contains(&day.tracks[1].id.to_string())));
        assert!(frame.get("track").is_none());
    }

    #[test]
    fn a_play_found_out_later_stands_in_its_place_in_frames_and_snapshots() {
        let (mut day, now) = (day(), at("2026-11-20T20:09:00Z"));
        let play = |name, start| Track { source: "backfill", ..track(name, at(start)) };
        for (name, start) in [("a", "2026-11-20T20:00:00Z"), ("c", "2026-11-20T20:08:00Z")] {
            day.apply(&Event::TrackAdded { track: play(name, start) }, now);
        }
        let late = Event::TrackAdded { track: play("b", "2026-11-20T20:04:00Z") };
        day.apply(&late, now);
        let frame = read(&Frame::of(&late, &day, "k-3", now).bytes(Format::Html));
        assert_eq!(frame["before"], json!(day.tracks[0].id));
        assert!(frame["html"].as_str().is_some_and(|html| html.contains("data-source=\"backfill\"")));
        let whole = read(&snapshot(&day, Format::Json, "k-3", now));
        let names: Vec<&Value> =
            whole["tracks"].as_array().expect("tracks").iter().map(|track| &track["name"]).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let rows = read(&snapshot(&day, Format::Html, "k-3", now))["html"].as_str().expect("rows").to_owned();
        let places = [2, 1, 0].map(|place| rows.find(&day.tracks[place].id.to_string()));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "newest first: {rows}");
    }

    #[test]
    fn a_removed_play_is_told_alike_in_both_formats() {
        let (mut day, now) = (day(), at("2026-11-20T20:05:00Z"));
        day.apply(&Event::TrackAdded { track: track("a", now) }, now);
        let event = Event::TrackRemoved { id: day.tracks[0].id };
        day.apply(&event, now);
        let frame = Frame::of(&event, &day, "k-2", now);
        assert_eq!(frame.bytes(Format::Json), frame.bytes(Format::Html));
        let told = read(&frame.bytes(Format::Json));
        let Event::TrackRemoved { id } = event else { unreachable!("it is one") };
        assert_eq!((&told["type"], &told["id"]), (&json!("track_removed"), &json!(id)));
    }

    #[test]
    fn a_snapshot_has_rows_in_place_of_tracks() {
        let (day, now) = (day(), at("2026-11-20T20:05:00Z"));
        let json = read(&snapshot(&day, Format::Json, "k-0", now));
        assert_eq!(
            (&json["live"], &json["stream"], &json["tracks"]),
            (&json!(false), &Value::Null, &json!([]))
        );
        let html = read(&snapshot(&day, Format::Html, "k-0", now));
        assert_eq!((html.get("tracks"), &html["html"]), (None, &json!("")));
    }
}
