//! Where the pages are, and what they may load: what every page needs to know of the server it is on.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::sync::Arc;

/// The server as its pages know it. One that nobody described is known by no origin, so its addresses stay paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    origin: Arc<str>,
}

impl Site {
    /// A site that people reach under `origin`, such as `https://airlog.example`, without a slash at its end.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        Self { origin: origin.into() }
    }

    /// The whole address of a path, as other sites have to be told it.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl<S: Sync> FromRequestParts<S> for Site {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole_where_the_origin_is_known() {
        assert_eq!(Site::new("https://airlog.example").address("/docs"), "https://airlog.example/docs");
        assert_eq!(Site::default().address("/docs"), "/docs");
    }
}
