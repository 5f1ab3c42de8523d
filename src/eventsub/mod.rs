//! EventSub: what Twitch tells us. A message is believed when its signature, its age and its id say so; what it means is
//! handed on as a hint, and the heart weighs it.

mod message;
mod rules;
pub mod store;
mod subscribe;
mod webhook;

pub use subscribe::Subscriber;
pub use webhook::{Receiver, router};
