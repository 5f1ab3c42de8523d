//! Overlays on stream.

mod scene;
