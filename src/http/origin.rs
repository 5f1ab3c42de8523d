//! Whether a request that changes something comes from one of our own pages: the browser says so in `Origin`, and no other
//! site can make it say another thing.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

/// Whether `Origin` is the host that was asked, or `public`, the origin that people reach us under.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, public: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(ORIGIN) else { return false };
    let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
    origin == public || (authority.is_some() && authority.as_deref() == text(HOST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn is_same(origin: Option<&'static str>, host: &'static str) -> bool {
        let mut headers: HeaderMap = [(HOST, HeaderValue::from_static(host))].into_iter().collect();
        headers.extend(origin.map(|origin| (ORIGIN, HeaderValue::from_static(origin))));
        is_same_origin(&headers, "https://airlog.example")
    }

    #[test]
    fn our_own_pages_are_told_from_all_others() {
        for ours in ["http://127.0.0.1:8080", "https://airlog.example"] {
            assert!(is_same(Some(ours), "127.0.0.1:8080"), "{ours}");
        }
        assert!(
            is_same(Some("https://airlog.example"), "internal:1"),
            "behind a proxy that asks for another host"
        );
        for foreign in [
            "null",
            "",
            "http://127.0.0.1",
            "http://127.0.0.1:8081",
            "https://evil.example",
            "https://airlog.example.evil.example",
            "http://airlog.example",
        ] {
            assert!(!is_same(Some(foreign), "127.0.0.1:8080"), "{foreign}");
        }
        assert!(!is_same(None, "127.0.0.1:8080"));
    }
}
