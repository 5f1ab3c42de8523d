//! Frames: what goes over the wire, encoded once per format into shared bytes, by the first to need it. Pure.

use super::day::{Day, News, View};
use super::mark::Mark;
use super::markup;
use super::model::{Event, Gap, NowPlaying, OnAir, Streamer, Track, instant};
use super::wire::Message;
use crate::base::clock::Instant;
use crate::base::id::PlayId;
use chrono::NaiveDate;
use serde::Serialize;
use std::sync::OnceLock;

/// How a subscriber wants the rows of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// As TRACK objects.
    #[default]
    Json,
    /// As the markup that the page itself has.
    Html,
}

/// What a subscriber wants to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// How.
    pub format: Format,
    /// Of which list.
    pub view: View,
}

/// One event, with all that its messages say. They are encoded when somebody needs them: most streams are watched by
/// nobody, and keep only what happened.
#[derive(Debug)]
pub(super) struct Frame {
    event: Event,
    news: News,
    mark: Mark,
    at: Instant,
    /// Of a row: which one follows it, for those who follow the day and for those who follow the stream.
    before: [Option<PlayId>; 2],
    /// Whether the markup of a row shows its cover.
    covers: bool,
    /// Nothing for nobody.
    encoded: OnceLock<Box<Encoded>>,
}

/// What a frame is encoded as: shapes that do not differ share one.
#[derive(Debug, Default)]
struct Encoded {
    json: OnceLock<Message>,
    /// The row, and where it stands among those of the day.
    row: OnceLock<Message>,
    /// The row, where it stands elsewhere among those of the stream.
    row_of_stream: OnceLock<Message>,
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
    tracks: Option<Vec<&'a Track>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    gaps: Vec<&'a Gap>,
}

impl Frame {
    /// An event that `day` has already taken in, and that was `news`.
    pub(super) fn of(event: &Event, day: &Day, news: News, mark: Mark, at: Instant) -> Self {
        let before = match row(event) {
            Some((_, track)) => [View::Day, View::Stream].map(|view| day.row_after(track.id, view)),
            None => [None; 2],
        };
        let (event, encoded) = (event.clone(), OnceLock::new());
        Self { event, news, mark, at, before, covers: day.covers, encoded }
    }

    /// Whether it is news to whoever wants this.
    pub(super) fn is_news_to(&self, shape: Shape) -> bool {
        self.news.is_for(shape.view)
    }

    /// What whoever wants this is sent; whoever asks while another encodes it waits for that.
    pub(super) fn message(&self, Shape { format, view }: Shape) -> Message {
        let encoded = self.encoded.get_or_init(Box::default);
        let [of_day, of_stream] = self.before;
        let message = match row(&self.event).filter(|_| format == Format::Html) {
            None => encoded.json.get_or_init(|| self.as_event()),
            Some(row) if view == View::Stream && of_day != of_stream => {
                encoded.row_of_stream.get_or_init(|| self.as_row(row, of_stream))
            }
            Some(row) => encoded.row.get_or_init(|| self.as_row(row, of_day)),
        };
        message.clone()
    }

    fn as_event(&self) -> Message {
        let Self { event, at, mark, .. } = self;
        Message::of(&EventFrame { event, cursor: &mark.to_string(), at: *at })
    }

    fn as_row(&self, (kind, track): (&'static str, &Track), before: Option<PlayId>) -> Message {
        let (id, html) = (track.id, markup::row_with(track, self.covers));
        Message::of(&RowFrame { kind, cursor: &self.mark.to_string(), at: self.at, id, html, before })
    }
}

/// The row that an event tells of, and how it calls that.
fn row(event: &Event) -> Option<(&'static str, &Track)> {
    match event {
        Event::TrackAdded { track } => Some(("track_added", track)),
        Event::TrackUpdated { track } => Some(("track_updated", track)),
        _ => None,
    }
}

/// Encodes all that a new viewer needs, as of `at`.
pub(super) fn snapshot(day: &Day, shape: Shape, cursor: &str, at: Instant) -> Message {
    let Shape { format, view } = shape;
    // Whoever follows the stream is told which one it is also when it is over.
    let stream = if view == View::Stream { &day.latest.stream } else { &day.stream };
    Message::of(&Snapshot {
        kind: "snapshot",
        cursor,
        at,
        streamer: &day.streamer,
        date: day.date,
        live: day.stream.is_some(),
        stream: stream.as_ref(),
        now_playing: day.playing_at(at),
        tracks: (format == Format::Json).then(|| day.tracks_of(view).collect()),
        html: (format == Format::Html)
            .then(|| day.tracks_of(view).rev().map(|track| day.row(track)).collect()),
        gaps: day.gaps_of(view).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::day::tests::{at, day, track};
    use super::*;
    use crate::hub::TrackFacts;
    use serde_json::{Value, json};

    const JSON: Shape = Shape { format: Format::Json, view: View::Day };
    const HTML: Shape = Shape { format: Format::Html, view: View::Day };
    const MARK: Mark = Mark { life: 0xabc, number: 12 };

    /// Takes the event in and gives its frame, as whoever follows the day gets it.
    fn told(day: &mut Day, event: &Event, shape: Shape, now: Instant) -> Value {
        let news = day.apply(event, now);
        let frame = Frame::of(event, day, news, MARK, now);
        assert!(frame.is_news_to(shape));
        read(&frame.message(shape))
    }

    fn read(message: &Message) -> Value {
        serde_json::from_slice(&message.payload()).expect("JSON")
    }

    #[test]
    fn a_track_frame_reads_as_promised() {
        let (mut day, now) = (day(), at("2026-11-20T20:05:00Z"));
        let event = Event::TrackAdded { track: track("a", at("2026-11-20T20:04:00Z")) };
        let frame = told(&mut day, &event, JSON, now);
        let id = day.tracks[0].id;
        assert_eq!(
            frame,
            json!({"type":"track_added","cursor":"00000abc-12","at":"2026-11-20T20:05:00.000Z","track":{
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
        let frame = told(&mut day, &newer, HTML, now);
        assert_eq!(frame["before"], json!(day.tracks[0].id));
        assert_eq!(frame["id"], json!(day.tracks[1].id));
        assert!(frame["html"].as_str().is_some_and(|html| html.contains(&day.tracks[1].id.to_string())));
        assert!(frame.get("track").is_none());
    }

    #[test]
    fn a_play_found_out_later_stands_in_its_place_in_frames_and_snapshots() {
        let (mut day, now) = (day(), at("2026-11-20T20:09:00Z"));
        let play = |name, start| {
            TrackFacts { source: "backfill", ..TrackFacts::clone(&track(name, at(start))) }.into()
        };
        for (name, start) in [("a", "2026-11-20T20:00:00Z"), ("c", "2026-11-20T20:08:00Z")] {
            day.apply(&Event::TrackAdded { track: play(name, start) }, now);
        }
        let late = Event::TrackAdded { track: play("b", "2026-11-20T20:04:00Z") };
        let frame = told(&mut day, &late, HTML, now);
        assert_eq!(frame["before"], json!(day.tracks[0].id));
        assert!(frame["html"].as_str().is_some_and(|html| html.contains("data-source=\"backfill\"")));
        let whole = read(&snapshot(&day, JSON, "k-3", now));
        let names: Vec<&Value> =
            whole["tracks"].as_array().expect("tracks").iter().map(|track| &track["name"]).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let rows = read(&snapshot(&day, HTML, "k-3", now))["html"].as_str().expect("rows").to_owned();
        let places = [2, 1, 0].map(|place| rows.find(&day.tracks[place].id.to_string()));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "newest first: {rows}");
    }

    #[test]
    fn a_frame_is_encoded_for_whoever_reads_it_and_for_nobody_else() {
        let (mut day, now) = (day(), at("2026-11-20T20:05:00Z"));
        let event = Event::TrackAdded { track: track("a", now) };
        let news = day.apply(&event, now);
        let frame = Frame::of(&event, &day, news, MARK, now);
        assert!(frame.encoded.get().is_none());
        let [first, second] = [(); 2].map(|()| frame.message(HTML).payload());
        assert_eq!(first.as_ptr(), second.as_ptr(), "once");
        let whole = Shape { view: View::Stream, ..HTML };
        assert_eq!(
            frame.message(whole).payload().as_ptr(),
            first.as_ptr(),
            "it stands in the same place there"
        );
        let encoded = frame.encoded.get().expect("something");
        assert!([&encoded.json, &encoded.row_of_stream].iter().all(|form| form.get().is_none()));
    }

    #[test]
    fn a_removed_play_is_told_alike_in_both_formats() {
        let (mut day, now) = (day(), at("2026-11-20T20:05:00Z"));
        day.apply(&Event::TrackAdded { track: track("a", now) }, now);
        let event = Event::TrackRemoved { id: day.tracks[0].id };
        let news = day.apply(&event, now);
        let frame = Frame::of(&event, &day, news, MARK, now);
        assert_eq!(frame.message(JSON).payload().as_ptr(), frame.message(HTML).payload().as_ptr());
        let told = read(&frame.message(JSON));
        let Event::TrackRemoved { id } = event else { unreachable!("it is one") };
        assert_eq!((&told["type"], &told["id"]), (&json!("track_removed"), &json!(id)));
    }

    #[test]
    fn a_snapshot_has_rows_in_place_of_tracks() {
        let (day, now) = (day(), at("2026-11-20T20:05:00Z"));
        let json = read(&snapshot(&day, JSON, "k-0", now));
        assert_eq!(
            (&json["live"], &json["stream"], &json["tracks"]),
            (&json!(false), &Value::Null, &json!([]))
        );
        let html = read(&snapshot(&day, HTML, "k-0", now));
        assert_eq!((html.get("tracks"), &html["html"]), (None, &json!("")));
    }
}
