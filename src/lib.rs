//! Airlog answers "what was this title you streamed today?".

pub mod base;
pub mod hub;
pub mod twins;
