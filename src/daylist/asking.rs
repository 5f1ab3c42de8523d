//! How a page is asked for: by whom, in which language, for which part of it, and what the browser has of it.

use super::search::Search;
use crate::accounts::LoggedIn;
use crate::http::{Known, Site};
use crate::i18n::Locale;
use axum::RequestPartsExt as _;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use std::convert::Infallible;

/// What all pages of the room go by.
#[derive(Debug)]
pub(super) struct Asking {
    /// Who asks, if they are logged in.
    pub(super) me: Option<LoggedIn>,
    pub(super) locale: Locale,
    pub(super) site: Site,
    pub(super) known: Known,
    /// What is looked for by `?q=`; a query that makes no sense looks for nothing.
    pub(super) search: Option<Search>,
    /// The whole query with its `?`, as it came; empty when there is none.
    pub(super) query: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let Ok(me) = parts.extract().await;
        let Ok(locale) = parts.extract().await;
        let Ok(site) = parts.extract().await;
        let Ok(known) = parts.extract().await;
        let pairs = parts.extract::<Query<Vec<(String, String)>>>().await;
        let pairs = pairs.map(|Query(pairs)| pairs).unwrap_or_default();
        let search = pairs.iter().find(|(name, _)| name == "q").and_then(|(_, asked)| Search::of(asked));
        let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        Ok(Self { me, locale, site, known, search, query })
    }
}
