//! The views of the room: plain data in, HTML out. They read nothing and know no clock.

mod calendar;
mod card;
mod chart;
mod day;
mod finder;
mod home;
mod live;
mod stream;
mod streamer;
mod tape;

pub use card::now_card;
pub use day::DayPage;
pub use home::HomePage;
pub use live::LiveNow;
pub use stream::StreamPage;
pub use streamer::StreamerPage;

#[cfg(test)]
mod pictures;
#[cfg(test)]
mod samples;
