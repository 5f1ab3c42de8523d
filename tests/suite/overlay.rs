//! Overlays: browser sources over the game.

mod doors;
