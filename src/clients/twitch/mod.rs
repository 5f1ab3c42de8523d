//! Twitch: people who log in, app token, who is live, EventSub subscriptions and sockets.

mod accounts;
mod app_token;
mod call;
mod device;
mod error;
mod eventsub;
mod helix;
mod lender;
mod socket;
mod trial;

pub use accounts::{Person, TwitchAccounts, Validated};
pub use device::{DeviceAnswer, DeviceCode};
pub use error::TwitchError;
pub use eventsub::{Condition, SocketSubscriptions, Subscription, Topic, Transport};
pub use helix::{Helix, LiveStream};
pub use lender::Lender;
pub use socket::{Heard, Socket, SocketClient};
