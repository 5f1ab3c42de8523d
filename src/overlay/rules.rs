//! What queries mean, and what a browser source may look like. Pure.

mod accent;
mod look;
mod preset;

pub use look::pairs_of;
pub(super) use preset::{LONGEST_CSS, MOST_PRESETS, canonical, name_of};
