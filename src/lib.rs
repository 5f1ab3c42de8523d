//! Airlog answers "what was this title you streamed today?".
//!
//! A folder is a room: a feature or a shared tool. Inside a room the file's name is its floor, and a file imports
//! downward only; another room is entered through its `mod.rs`. The way of the data, from top to bottom:
//!
//! 1. [`eventsub`] believes what Twitch says and hands it on as a hint;
//! 2. [`live`], the heart, weighs hints, follows each live stream with one actor, and decides by pure rules;
//! 3. [`clients`] look at the player, with tokens from [`accounts`];
//! 4. [`hub`] tells the staff at once, viewers and overlays after the streamer's delay;
//! 5. the writer of [`live`] stores the play through [`db`];
//! 6. [`daylist`] shows it: pages and JSON, [`overlay`] as browser sources over the game; the streamer decides on the
//!    [`dashboard`], and about single plays in [`curation`]; [`http`] is the frame around them, [`i18n`] their languages,
//!    [`share`] draws the pictures of their links;
//! 7. [`retention`] deletes it when it has been kept as long as it was to be; [`privacy`] hands out or deletes all of a person;
//! 8. [`alerts`] tell the streamer when any of this stands still.
//!
//! Whatever people decide is noted in [`audit`]. [`docs`] describes the API to programs and people; the
//! [`doctor`] looks whether everything is in order. [`app`] puts the rooms together from a [`config`] and from what was
//! entered at the [`setup`]; [`twins`] play Spotify and Twitch for the demo and the tests; [`telemetry`] and [`base`] are
//! what everybody stands on.

pub mod accounts;
pub mod alerts;
pub mod app;
pub mod audit;
pub mod base;
pub mod clients;
pub mod config;
pub mod curation;
pub mod dashboard;
pub mod daylist;
pub mod db;
pub mod docs;
pub mod doctor;
pub mod eventsub;
pub mod http;
pub mod hub;
pub mod i18n;
pub mod live;
pub mod overlay;
pub mod privacy;
pub mod retention;
pub mod setup;
pub mod share;
pub mod telemetry;
pub mod twins;
