//! Whether a request that changes something comes from one of our own pages: the browser says so in `Origin`, and no other
//! site can make it say another thing.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

/// Whether `Origin` is the host that was asked, by HTTPS if people reach us so, or `public`, the origin that people reach us under.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, public: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(ORIGIN) else { return false };
    let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
    let is_safe = origin.starts_with("https:") || !public.starts_with("https:");
    origin == public || (is_safe && authority.is_some() && authority.as_deref() == text(HOST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn is_same(origin: Option<&'static str>, host: &'static str) -> bool {
        is_same_as("https://airlog.example", origin, host)
    }

    fn is_same_as(public: &str, origin: Option<&'static str>, host: &'static str) -> bool {
        let mut headers: HeaderMap = [(HOST, HeaderValue::from_static(host))].into_iter().collect();
        headers.extend(origin.map(|origin| (ORIGIN, HeaderValue::from_static(origin))));
        is_same_origin(&headers, public)
    }

    #[test]
    fn our_own_pages_are_told_from_all_others() {
        for ours in ["https://127.0.0.1:8080", "https://airlog.example"] {
            assert!(is_same(Some(ours), "127.0.0.1:8080"), "{ours}");
        }
        let home = "http://127.0.0.1:8080";
        for host in ["127.0.0.1:8080", "localhost:8080", "192.168.1.7:8080"] {
            let origin = format!("http://{host}").leak();
            assert!(is_same_as(home, Some(origin), host), "at home one comes by many names");
        }
        assert!(!is_same(Some("http://airlog.example"), "airlog.example"), "not by HTTPS");
        assert!(
            is_same(Some("https://airlog.example"), "internal:1"),
            "behind a proxy that asks for another host"
        );
        for foreign in [
            "null",
            "",
            "http://127.0.0.1",
            "https://127.0.0.1:8081",
            "https://evil.example",
            "https://airlog.example.evil.example",
            "http://airlog.example",
        ] {
            assert!(!is_same(Some(foreign), "127.0.0.1:8080"), "{foreign}");
        }
        assert!(!is_same(None, "127.0.0.1:8080"));
    }
}
