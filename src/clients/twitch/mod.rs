//! Twitch: app token, who is live, EventSub subscriptions.

mod app_token;
mod error;
mod helix;

pub use error::TwitchError;
pub use helix::{Helix, LiveStream, Subscription};
