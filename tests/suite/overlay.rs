//! Overlays: what browser sources show, for a night, what they never show, by which doors they are told, and what a streamer
//! can do about them.

mod desk;
mod doors;
mod look;
mod night;
mod on_stream;
mod page;
mod private;
mod scene;
mod unseen;
