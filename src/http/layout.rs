//! The frame around each page, and the language it is in.
//!
//! A language chosen with `?lang=` is remembered in a cookie, so links need not carry it and a page stays the
//! same bytes for everybody who reads that language.

use super::site::Site;
use super::switch::Switch;
use crate::i18n::Locale;
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use std::convert::Infallible;

/// What the frame needs to know of a page.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The language of the page.
    pub locale: Locale,
    /// What the tab says.
    pub title: String,
    /// One sentence for search engines and link previews.
    pub description: String,
    /// The path that this page should be known by; none for pages that nobody should find, such as errors.
    pub canonical: Option<String>,
    /// The path of the picture that stands for this page where somebody links to it, 1200 by 630 pixels; none for the
    /// picture of the house.
    pub image: Option<String>,
    /// Where the page is.
    pub site: Site,
    /// What of the query says which page this is, such as `?streamer=ann`; empty where the path alone does.
    pub query: String,
}

impl Layout {
    /// A page that nobody should find: what is one person's, and errors. [`Layout::at`] makes it one to be found.
    #[must_use]
    pub fn new(locale: Locale, title: impl Into<String>, description: impl Into<String>) -> Self {
        let (title, description) = (title.into(), description.into());
        Self {
            locale,
            title,
            description,
            canonical: None,
            image: None,
            site: Site::default(),
            query: String::new(),
        }
    }

    /// The same page on this site.
    #[must_use]
    pub fn on(self, site: &Site) -> Self {
        Self { site: site.clone(), ..self }
    }

    /// The same page for everybody to find, under this path of the site.
    #[must_use]
    pub fn at(self, site: &Site, path: impl Into<String>) -> Self {
        Self { canonical: Some(path.into()), site: site.clone(), ..self }
    }

    /// The same page with a picture of its own where somebody links to it.
    #[must_use]
    pub fn pictured(self, path: impl Into<String>) -> Self {
        Self { image: Some(path.into()), ..self }
    }

    /// The whole address of the picture that stands for the page.
    pub(crate) fn picture(&self) -> String {
        let path = self.image.as_deref().unwrap_or("/share.png");
        self.site.address(&format!("{path}?lang={}", self.locale.tag()))
    }

    /// The same page, of which this part of the query says which one it is: it stays when the language changes.
    #[must_use]
    pub fn asked(self, query: impl Into<String>) -> Self {
        Self { query: query.into(), ..self }
    }

    /// The ways to the same page in the other languages.
    pub(crate) fn switch(&self) -> String {
        let languages = Locale::ALL.map(|locale| (locale.tag(), locale.name()));
        Switch::of(&languages, self.locale.tag(), &self.query).html()
    }
}

/// The language a request asked for: `?lang=`, else the cookie `lang`.
fn asked<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    by_query(uri).or_else(|| {
        let cookies = headers.get(COOKIE)?.to_str().ok()?;
        cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("lang="))
    })
}

fn by_query(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("lang="))
}

/// The language for a request: what it asks for, else what the browser prefers.
#[must_use]
pub fn locale_of(uri: &Uri, headers: &HeaderMap) -> Locale {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Locale::choose(asked(uri, headers), accepted)
}

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(locale_of(&parts.uri, &parts.headers))
    }
}

/// The language that a request chooses with `?lang=`, which is remembered for a year. That of an overlay is the stream's,
/// and nobody's choice here.
pub(super) fn chosen(request: &Request) -> Option<Locale> {
    let is_chosen = is_opened(request.headers()) && !request.uri().path().starts_with("/overlay/");
    by_query(request.uri()).and_then(Locale::from_tag).filter(|_| is_chosen)
}

/// Has the browser remember a language.
pub(super) fn remember(locale: Locale, response: &mut Response) {
    if is_page(response)
        && let Ok(cookie) = HeaderValue::from_str(&cookie(locale))
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// A page, or the way to one: whoever looks at a picture has not chosen the language of the pages. A 304 does not say what
/// it is of; whoever has that page already was given the cookie with it.
fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    response.status() != StatusCode::NOT_MODIFIED && kind.is_none_or(|kind| kind.starts_with(b"text/html"))
}

/// An open page that asks for itself again has chosen nothing: whoever reads it may have chosen another language meanwhile.
fn is_opened(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_none_or(|dest| dest == "document")
}

fn cookie(locale: Locale) -> String {
    format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", locale.tag())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(path: &'static str, cookie: &'static str, accepted: &'static str) -> Locale {
        let headers = [(COOKIE, cookie), (ACCEPT_LANGUAGE, accepted)];
        let headers =
            headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
        locale_of(&Uri::from_static(path), &headers)
    }

    #[test]
    fn the_address_outweighs_the_cookie_and_the_cookie_the_browser() {
        assert_eq!(locale("/?a=b&lang=fr", "lang=en", "en"), Locale::Fr);
        assert_eq!(locale("/", "theme=x; lang=fr", "en"), Locale::Fr);
        assert_eq!(locale("/?language=en", "", "fr"), Locale::Fr);
        assert_eq!(locale("/", "", ""), Locale::En);
    }
}
