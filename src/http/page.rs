//! A page on its way out: its language, the name of its bytes, and what a cache must know of it.

use super::packed::{Packed, takes_gzip};
use crate::i18n::Locale;
use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;
use std::sync::Arc;

/// What else a page depends on, for caches.
const VARIES: &str = "accept-encoding, accept-language, cookie";
/// Room for the headers of a page, those that every answer has among them.
const HEADERS: usize = 10;

/// A page that is the same bytes for everybody who reads its language. Clones share them.
#[derive(Debug, Clone)]
pub struct Page {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    locale: Locale,
    body: Packed,
    etag: HeaderValue,
}

/// How a browser wants a page: which bytes of it it says it has, by the header `If-None-Match` (RFC 9110, 13.1.2), and
/// whether it takes them made small.
#[derive(Debug, Clone, Default)]
pub struct Known {
    listed: Option<HeaderValue>,
    takes_gzip: bool,
}

impl Page {
    /// The page in this language.
    ///
    /// # Panics
    /// Never: the name of its bytes is one that a header can hold.
    #[must_use]
    pub fn new(locale: Locale, html: String) -> Self {
        // Weak: on its way it may be compressed.
        let etag = format!("W/\"{}\"", HEXLOWER.encode(&Sha256::digest(&html)[..12]));
        let etag = HeaderValue::try_from(etag).expect("a header holds hexadecimal digits in quotes");
        Self { inner: Arc::new(Inner { locale, body: Packed::text(html.into()), etag }) }
    }

    /// How many bytes it is.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.body.plain().len()
    }

    /// Whether there is nothing on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Answers with the page, or with 304 to whoever has it. A cache must ask again each time, and keep languages apart.
    #[must_use]
    pub fn answer(&self, known: &Known) -> Response {
        let Inner { locale, body, etag } = &*self.inner;
        let mut response = if known.has(etag.to_str().unwrap_or_default()) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = body.answer(known.takes_gzip);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            response
        };
        let headers = response.headers_mut();
        headers.reserve(HEADERS);
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
        headers.insert(VARY, HeaderValue::from_static(VARIES));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(ETAG, etag.clone());
        response
    }
}

impl Known {
    /// Whether it has the bytes of this name.
    #[must_use]
    pub fn has(&self, etag: &str) -> bool {
        let Some(listed) = self.listed.as_ref().and_then(|value| value.to_str().ok()) else { return false };
        listed.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
    }
}

/// A name without what says that it is weak.
fn opaque(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/")
}

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let listed = parts.headers.get(IF_NONE_MATCH).cloned();
        Ok(Self { listed, takes_gzip: takes_gzip(&parts.headers) })
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
        let listed = Some(HeaderValue::from_static(known));
        page.answer(&Known { listed, takes_gzip: false }).status()
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
    fn an_answer_from_memory_copies_nothing_of_the_page() {
        let page = Page::new(Locale::En, "<p>Slow Harbour".repeat(4_000));
        for takes_gzip in [false, true] {
            let known = Known { listed: None, takes_gzip };
            drop(page.answer(&known));
            let cost = allocation_counter::measure(|| drop(page.answer(&known)));
            assert!(cost.count_total <= 6 && cost.bytes_total <= 4_096, "{cost:?}");
        }
    }

    #[test]
    fn other_bytes_have_another_name() {
        let [a, b] = ["a", "b"].map(|html| Page::new(Locale::En, html.to_owned()).inner.etag.clone());
        assert_ne!(a, b);
    }
}
