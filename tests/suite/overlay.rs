//! Overlays: what a browser source in OBS shows, by which door it is told, and what a streamer can do about it.

mod desk;
mod doors;
mod private;
mod scene;
