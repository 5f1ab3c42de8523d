//! A page on its way out: its language, and what a cache must know of it.

use crate::i18n::Locale;
use axum::http::StatusCode;
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, COOKIE, VARY};
use axum::response::{Html, IntoResponse, Response};

/// Answers with a page in this language; a cache must ask again each time, and keep languages apart.
#[must_use]
pub fn page(locale: Locale, html: String) -> Response {
    let vary = format!("{ACCEPT_LANGUAGE}, {COOKIE}");
    let headers =
        [(CONTENT_LANGUAGE, locale.tag().to_owned()), (VARY, vary), (CACHE_CONTROL, "no-cache".to_owned())];
    (headers, Html(html)).into_response()
}

/// Answers with a page that is one person's: nobody may keep it.
#[must_use]
pub fn private(locale: Locale, status: StatusCode, html: String) -> Response {
    let headers = [(CONTENT_LANGUAGE, locale.tag().to_owned()), (CACHE_CONTROL, "no-store".to_owned())];
    (status, headers, Html(html)).into_response()
}
