//! Twitch: people who log in, app token, who is live, EventSub subscriptions and sockets.

mod accounts;
mod app_token;
mod call;
mod error;
mod eventsub;
mod helix;
mod socket;
mod trial;

pub use accounts::{Person, TwitchAccounts, Validated};
pub use error::TwitchError;
pub use eventsub::{Condition, SocketSubscriptions, Subscription, Topic, Transport};
pub use helix::{Helix, LiveStream};
pub use socket::{Heard, Socket, SocketClient};
