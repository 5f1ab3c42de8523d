//! Airlog answers "what was this title you streamed today?".

pub mod base;
pub mod daylist;
pub mod http;
pub mod hub;
pub mod i18n;
