//! Overlays: what a browser source in OBS shows, for a night, by which door it is told, and what a streamer can do about
//! it.

mod desk;
mod doors;
mod look;
mod night;
mod on_stream;
mod private;
mod scene;
