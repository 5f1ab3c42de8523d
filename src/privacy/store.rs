//! SQL of what is known about a person: a page of it to read, and all of it to be deleted.

mod export;
mod leaving;

pub use export::{Cursor, Line, page};
pub use leaving::{Departure, depart};
