//! The day list as people see it: the day page, the home page that leads to it, and the overlay for OBS.

mod view;

pub use view::{DayPage, HomePage, LiveNow, NowPlayingOverlay, OverlayStyle, OverlayTheme};
