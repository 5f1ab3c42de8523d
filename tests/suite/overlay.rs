//! Overlays on stream: what browser sources show, for a night, what they never show, and by which doors.

mod doors;
mod look;
mod night;
mod on_stream;
