//! The day list as people see it: the day page, the home page and the streamer page that lead to it, and the same as
//! JSON, text and live frames for other programs.

mod access;
mod api;
mod asking;
mod load;
pub mod model;
mod owner;
mod pages;
mod portrait;
mod read;
mod recent;
mod search;
mod share;
mod shelf;
pub mod store;
mod view;
mod whole;

pub use api::{How, Upgrade};
pub use load::Loader;
pub use read::Reader;
pub use view::now_card;

use crate::http::Doors;
use crate::share::Studio;
use crate::telemetry::Metrics;
use axum::Router;
use shelf::Shelf;
use std::ops::Deref;
use std::sync::Arc;

/// What the room's handlers need. Clones share it: on its way to a handler a request makes several.
#[derive(Debug, Clone)]
pub struct Daylist {
    inner: Arc<Inner>,
}

/// What is in the room.
#[derive(Debug)]
pub struct Inner {
    /// Reads day lists.
    pub reader: Reader,
    /// Lets viewers in, as many as there is room for.
    pub doors: Doors,
    /// Draws share images.
    pub studio: Studio,
    /// Pages in memory.
    shelf: Shelf,
}

impl Daylist {
    /// The room, with these; each page that is made is counted.
    #[must_use]
    pub fn new(reader: Reader, doors: Doors, metrics: Metrics) -> Self {
        let (studio, shelf) = (Studio::default(), Shelf::new(metrics));
        Self { inner: Arc::new(Inner { reader, doors, studio, shelf }) }
    }
}

impl Deref for Daylist {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

/// The room's routes.
pub fn router(daylist: Daylist) -> Router {
    Router::new().merge(pages::router()).merge(share::router()).merge(api::router()).with_state(daylist)
}
