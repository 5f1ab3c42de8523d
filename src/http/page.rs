//! A page on its way out: its language, the name of its bytes, and what a cache must know of it.

use crate::i18n::Locale;
use axum::extract::FromRequestParts;
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, COOKIE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;

/// A page that is the same bytes for everybody who reads its language. Clones share them.
#[derive(Debug, Clone)]
pub struct Page {
    locale: Locale,
    body: Bytes,
    etag: String,
}

/// Which bytes of a page a browser says it has: the header `If-None-Match` (RFC 9110, 13.1.2).
#[derive(Debug, Clone, Default)]
pub struct Known(Option<HeaderValue>);

impl Page {
    /// The page in this language.
    #[must_use]
    pub fn new(locale: Locale, html: String) -> Self {
        // Weak: on its way it may be compressed.
        let etag = format!("W/\"{}\"", HEXLOWER.encode(&Sha256::digest(&html)[..12]));
        Self { locale, body: html.into(), etag }
    }

    /// How many bytes it is.
    #[must_use]
    pub fn len(&self) -> usize {
        self.body.len()
    }

    /// Whether there is nothing on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Answers with the page, or with 304 to whoever has it. A cache must ask again each time, and keep languages apart.
    #[must_use]
    pub fn answer(&self, known: &Known) -> Response {
        let headers = [
            (CONTENT_LANGUAGE, self.locale.tag().to_owned()),
            (VARY, format!("{ACCEPT_LANGUAGE}, {COOKIE}")),
            (CACHE_CONTROL, "no-cache".to_owned()),
            (ETAG, self.etag.clone()),
        ];
        if known.has(&self.etag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, [(CONTENT_TYPE, "text/html; charset=utf-8")], self.body.clone()).into_response()
    }
}

impl Known {
    fn has(&self, etag: &str) -> bool {
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let listed = self.0.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        listed.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
    }
}

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get(IF_NONE_MATCH).cloned()))
    }
}

/// Answers with a page that is one person's: nobody may keep it.
#[must_use]
pub fn private(locale: Locale, status: StatusCode, html: String) -> Response {
    let headers = [(CONTENT_LANGUAGE, locale.tag().to_owned()), (CACHE_CONTROL, "no-store".to_owned())];
    (status, headers, Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(page: &Page, known: &'static str) -> StatusCode {
        page.answer(&Known(Some(HeaderValue::from_static(known)))).status()
    }

    #[test]
    fn whoever_has_the_page_is_not_sent_it_again() {
        let page = Page::new(Locale::En, "<p>Slow Harbour".to_owned());
        let first = page.answer(&Known::default());
        assert_eq!(first.status(), StatusCode::OK);
        let etag: &'static str = first.headers()[ETAG].to_str().expect("text").to_owned().leak();
        let with_others: &'static str = format!("\"other\", {etag}").leak();
        for known in [etag, etag.trim_start_matches("W/"), with_others, "*"] {
            assert_eq!(asked(&page, known), StatusCode::NOT_MODIFIED, "{known}");
        }
        for known in ["\"other\"", "", "W/\"\""] {
            assert_eq!(asked(&page, known), StatusCode::OK, "{known}");
        }
    }

    #[test]
    fn other_bytes_have_another_name() {
        let [a, b] = ["a", "b"].map(|html| Page::new(Locale::En, html.to_owned()).etag);
        assert_ne!(a, b);
    }
}
