//! Base URLs of other programs' interfaces: paths are appended to them.

use super::kind::Kind;
use super::raw::{Raw, quoted};
use reqwest::Url;
use std::fmt::{Display, Formatter};
use std::str::FromStr;

/// An absolute URL (http, https, ws or wss) without a slash at its end, without query, fragment or password,
/// so that `format!("{base}/users")` is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// The URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A URL that stands in the program itself.
    pub(super) fn known(url: &'static str) -> Self {
        Self(url.to_owned())
    }

    fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }
}

impl Display for BaseUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an absolute URL without a slash at its end, query, fragment or password")]
pub struct NotABaseUrl;

impl FromStr for BaseUrl {
    type Err = NotABaseUrl;

    fn from_str(text: &str) -> Result<Self, NotABaseUrl> {
        let url = Url::parse(text).map_err(|_| NotABaseUrl)?;
        let scheme_fits = matches!(url.scheme(), "http" | "https" | "ws" | "wss");
        if !scheme_fits || !is_plain(&url) || text.ends_with('/') {
            return Err(NotABaseUrl);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

/// Whether the URL has a host and nothing after its path nor before its host.
pub(super) fn is_plain(url: &Url) -> bool {
    url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// A base URL with one of two schemes.
pub(super) struct Base {
    plain: &'static str,
    secure: &'static str,
    example: &'static str,
}

impl Base {
    /// For HTTP interfaces.
    pub(super) const fn http(example: &'static str) -> Self {
        Self { plain: "http", secure: "https", example }
    }

    /// For sockets.
    pub(super) const fn socket(example: &'static str) -> Self {
        Self { plain: "ws", secure: "wss", example }
    }
}

impl Kind for Base {
    type Value = BaseUrl;

    fn read(&self, raw: &Raw) -> Option<BaseUrl> {
        let url: BaseUrl = raw.text()?.parse().ok()?;
        [self.plain, self.secure].contains(&url.scheme()).then_some(url)
    }

    fn write(&self, value: &BaseUrl) -> String {
        quoted(value.as_str())
    }

    fn allowed(&self) -> String {
        let Self { plain, secure, example } = self;
        format!(
            "a URL that begins with {plain}:// or {secure}:// and has no slash at its end, such as \"{example}\""
        )
    }

    fn shown(&self, raw: &Raw) -> String {
        without_password(raw)
    }
}

/// A refused URL as an error may show it: what stands before an `@` may be a password.
pub(super) fn without_password(raw: &Raw) -> String {
    match raw.text().and_then(|text| text.rsplit_once('@')) {
        Some((_, rest)) => quoted(&format!("***@{rest}")),
        None => raw.shown().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_ends_where_paths_begin() {
        for text in ["https://api.twitch.tv/helix", "http://127.0.0.1:4000", "ws://[::1]:4000/ws"] {
            assert_eq!(text.parse::<BaseUrl>().expect(text).as_str(), text);
        }
        assert_eq!(
            "HTTPS://X.example:443/a".parse::<BaseUrl>().expect("normal").as_str(),
            "https://x.example/a"
        );
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "api.twitch.tv",
            "/helix",
            "https://",
            "https://x.example/",
            "https://x.example/a/",
            "https://x.example?a=b",
            "https://x.example/a#b",
            "https://u:p@x.example",
            "ftp://x.example",
        ] {
            assert_eq!(text.parse::<BaseUrl>(), Err(NotABaseUrl), "{text:?}");
        }
    }
}
