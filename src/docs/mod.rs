//! The description of the API: one `OpenAPI` document, embedded, served as it is to programs and as a page to people.
//!
//! The document is written by hand in `web/openapi.json`; a test holds it against the routes of the house.

mod kind;
mod model;
mod ordered;
mod outline;
mod pages;

pub use pages::router;
