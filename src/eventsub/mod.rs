//! EventSub: what Twitch tells us, and that it does. A message is believed when its signature, its age and its id say so,
//! or when it comes on a socket of ours; what it means is handed on as a hint, and the heart weighs it.
//!
//! ```text
//! webhook ─▶ belief ─┐
//!                    ├─▶ Notification ─▶ intake: each once ─▶ hints, names, grants
//! socket ─▶ frame ───┘
//! keeper ─┬─ webhooks: list, repair           (`rules/repair.rs`)
//!         └─ crowd ─▶ sockets, one task a user (`rules/lines.rs`) ─▶ lines
//! ```
//! What is subscribed to stands in `types.rs`.

mod crowd;
mod frame;
mod intake;
mod keeper;
mod line;
mod message;
mod news;
mod pace;
mod rules;
mod socket;
pub mod store;
mod types;
mod watch;
mod webhook;
mod webhooks;

pub use intake::Intake;
pub use keeper::{Keeper, SocketParts};
pub use pace::Pace;
pub use watch::{Standing, Trouble, Watch};
pub use webhook::{Receiver, router};
pub use webhooks::Webhooks;
