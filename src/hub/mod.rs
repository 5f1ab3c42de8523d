//! The hub: what is on air right now, told to every viewer at once.

pub mod markup;
mod model;

pub use model::{Event, Gap, NowPlaying, OnAir, Streamer, Track, text as instant_text};
