//! The day list as people see it: the day page, the home page that leads to it, the overlay for OBS, and the same as
//! JSON, text and live frames for other programs.

mod access;
mod api;
mod load;
pub mod model;
mod owner;
mod pages;
mod read;
mod search;
pub mod store;
mod view;
mod whole;

pub use api::{How, Upgrade};
pub use load::Loader;
pub use pages::overlays;
pub use read::Reader;
pub use view::now_card;

use crate::http::Doors;
use axum::Router;

/// What the room's handlers need.
#[derive(Debug, Clone)]
pub struct Daylist {
    /// Reads day lists.
    pub reader: Reader,
    /// Lets viewers in, as many as there is room for.
    pub doors: Doors,
}

/// The room's routes.
pub fn router(daylist: Daylist) -> Router {
    Router::new().merge(pages::router()).merge(api::router()).with_state(daylist)
}
