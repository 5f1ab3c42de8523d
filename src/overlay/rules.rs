//! What queries mean, what a browser source may look like, and how it gets into OBS. Pure.

mod accent;
mod look;
mod preset;
pub mod reach;
pub mod scene;
pub mod sheet;

pub use look::pairs_of;
pub(super) use preset::{MOST_PRESETS, canonical, name_of};
