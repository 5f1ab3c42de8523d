//! Headers that keep pages safe: what they may load, who may frame them.

use super::site::Site;
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;
use std::sync::Arc;

/// Where Spotify keeps covers.
const COVERS: &str = "https://i.scdn.co https://*.scdn.co https://*.spotifycdn.com";

/// The headers of one server.
#[derive(Debug, Clone)]
pub struct Safety {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    page: HeaderValue,
    /// Of the page that looks at overlays.
    framing: HeaderValue,
    framed: HeaderValue,
    is_https: bool,
}

impl Safety {
    /// Pages may show covers from Spotify's hosts and from `covers`, an origin like `http://127.0.0.1:9000`; or none at all
    /// where the site shows none.
    ///
    /// # Errors
    /// When `covers` is no origin.
    pub fn new(covers: Option<&str>, site: &Site, is_https: bool) -> anyhow::Result<Self> {
        let covers = format!(" {COVERS} {}", covers.unwrap_or_default());
        let covers = if site.shows_covers() { covers.trim_end() } else { "" };
        let policy = |frames, ancestors| HeaderValue::from_str(&policy(covers, frames, ancestors));
        let (page, framed) = (policy("'none'", "'none'")?, policy("'none'", "*")?);
        let framing = policy("'self'", "'none'")?;
        Ok(Self { inner: Arc::new(Inner { page, framing, framed, is_https }) })
    }
}

fn policy(covers: &str, frames: &str, ancestors: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{covers}; \
         connect-src 'self'; frame-src {frames}; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {ancestors}"
    )
}

/// What is added to the answer to one request.
pub(super) struct Guard {
    policy: HeaderValue,
    referrer: &'static str,
    is_https: bool,
}

impl Safety {
    /// The headers for a path. Only overlays and embeds may be framed, and only where overlays are made is anything framed.
    pub(super) fn guard(&self, path: &str) -> Guard {
        let is_overlay = path.starts_with("/overlay/");
        let Inner { page, framing, framed, is_https } = &*self.inner;
        let policy = match path {
            "/dashboard/overlay" | "/dashboard/overlay/presets" => framing,
            path if is_overlay || path.starts_with("/embed/") => framed,
            _ => page,
        };
        // The address of an overlay may hold a key.
        let referrer = if is_overlay { "no-referrer" } else { "strict-origin-when-cross-origin" };
        Guard { policy: policy.clone(), referrer, is_https: *is_https }
    }
}

impl Guard {
    /// Adds them.
    pub(super) fn put_on(self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, self.policy);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static(self.referrer));
        if self.is_https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
    }
}
