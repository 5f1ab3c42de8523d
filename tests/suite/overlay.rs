//! Overlays: browser sources over the game.

mod desk;
mod doors;
