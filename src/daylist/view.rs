//! The views of the room: plain data in, HTML out. They read nothing and know no clock.

mod calendar;
mod card;
mod day;
mod finder;
mod home;
mod overlay;
mod stream;
mod tape;

pub use card::now_card;
pub use day::DayPage;
pub use home::{HomePage, LiveNow};
pub use overlay::{NowPlayingOverlay, OverlayStyle, OverlayTheme};
pub use stream::StreamPage;

#[cfg(test)]
mod pictures;
#[cfg(test)]
mod samples;
