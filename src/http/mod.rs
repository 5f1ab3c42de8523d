//! What every page and every answer has in common: the frame around a page, the language of a visitor, the
//! files a page needs, its cookies, how an error is told, who asks and from where, how much one may ask for, and what keeps pages safe.

pub mod assets;
pub mod cookies;
mod doors;
pub mod error;
mod frame;
pub mod layout;
mod limits;
pub mod manifest;
mod origin;
mod packed;
mod page;
#[cfg(test)]
pub(crate) mod picture;
mod safety;
mod site;
mod switch;
mod visitor;
mod ways;

pub use doors::{Doors, Seat};
pub use error::AppError;
pub use frame::Frame;
pub use layout::Layout;
pub use limits::{Limits, limit};
pub use origin::{host_asked, is_same_origin};
pub use page::{Known, Page, private};
pub use safety::Safety;
pub use site::Site;
pub use visitor::{Proxies, Visitor};
pub use ways::Ways;
