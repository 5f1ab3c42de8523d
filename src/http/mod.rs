//! What every page and every answer has in common: the frame around a page, the language of a visitor, the
//! files a page needs, and how an error is told.

pub mod assets;
pub mod error;
pub mod layout;

pub use error::{AppError, dress};
pub use layout::{Layout, remember_language};
