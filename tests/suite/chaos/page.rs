//! The list as a page keeps it that applies each frame in order.

use serde_json::Value;
use std::collections::BTreeMap;

/// What somebody with the page open sees.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Page {
    pub date: Value,
    pub live: bool,
    tracks: BTreeMap<String, Value>,
    gaps: BTreeMap<String, Value>,
}

impl Page {
    /// Applies a frame.
    pub fn takes(&mut self, frame: &Value) {
        match frame["type"].as_str().expect("a frame has a type") {
            "snapshot" => *self = Self::of(frame),
            "track_added" | "track_updated" => put(&mut self.tracks, &frame["track"]),
            "track_removed" => drop(self.tracks.remove(&id(frame))),
            "gap" => put(&mut self.gaps, &frame["gap"]),
            "stream_started" => self.live = true,
            "stream_ended" => self.live = false,
            "day_changed" => *self = Self { date: frame["date"].clone(), live: self.live, ..Self::default() },
            _ => {}
        }
    }

    /// What a snapshot says, or the API's answer for a day.
    pub fn of(day: &Value) -> Self {
        let mut page = Self { date: day["date"].clone(), live: day["live"] == true, ..Self::default() };
        list(&day["tracks"]).for_each(|track| put(&mut page.tracks, track));
        list(&day["gaps"]).for_each(|gap| put(&mut page.gaps, gap));
        page
    }

    /// The plays by their start, as `id`, `uri` and start.
    pub fn rows(&self) -> Vec<(String, String, String)> {
        let text = |track: &Value, key: &str| track[key].as_str().unwrap_or_default().to_owned();
        let row = |track| (text(track, "started_at"), text(track, "id"), text(track, "uri"));
        let mut rows: Vec<_> = self.tracks.values().map(row).collect();
        rows.sort();
        rows
    }

    /// The gaps that a page shows: those that are not healed.
    pub fn holes(&self) -> Vec<&Value> {
        self.gaps.values().filter(|gap| gap["healed"] == false).collect()
    }
}

fn list(values: &Value) -> impl Iterator<Item = &Value> {
    values.as_array().into_iter().flatten()
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

fn put(into: &mut BTreeMap<String, Value>, value: &Value) {
    into.insert(id(value), value.clone());
}
