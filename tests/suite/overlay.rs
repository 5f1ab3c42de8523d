//! Overlays on stream: what browser sources show, for a night, and what they never show.

mod night;
mod on_stream;
