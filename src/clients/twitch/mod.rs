//! Twitch: people who log in, app token, who is live, EventSub subscriptions.

mod accounts;
mod app_token;
mod error;
mod helix;

pub use accounts::{Person, TwitchAccounts, TwitchApp, Validated};
pub use error::TwitchError;
pub use helix::{Helix, LiveStream, Subscription};
