//! Airlog answers "what was this title you streamed today?".

pub mod accounts;
pub mod base;
pub mod clients;
pub mod db;
pub mod eventsub;
pub mod hub;
pub mod live;
pub mod telemetry;
