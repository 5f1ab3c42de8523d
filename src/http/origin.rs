//! Whether a request that changes something comes from one of our own pages: the browser says so in `Origin`, and no other
//! site can make it say another thing.
//!
//! At home people come by many names: `localhost`, an address, the name of a machine. An origin is ours when it is the one
//! that people reach us under, or the very host that was asked, if nobody else can give us that name. Anybody can have a
//! name of the public DNS lead to our address and have a page of theirs call itself ours (DNS rebinding); so a name of that
//! kind is ours only when the config says so. What stands for itself (an address), what never leaves the machine
//! (`localhost`) and what no public DNS knows (a bare name, `.local` and its like) nobody can take.

use crate::base::host::is_at_home;
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Uri};

/// Whether `Origin` is the host that was asked, a name that is surely ours, by HTTPS if people reach us so; or `public`, the
/// origin that people reach us under.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, public: &str) -> bool {
    let Some(origin) = text(headers, ORIGIN) else { return false };
    let asked = host_asked(headers, public);
    let is_safe = origin.starts_with("https:") || !public.starts_with("https:");
    origin == public || (is_safe && asked.is_some() && asked == authority(origin))
}

/// The host and port that were asked, if that is surely a name of ours. `public` is the origin that people reach us under.
#[must_use]
pub fn host_asked(headers: &HeaderMap, public: &str) -> Option<Authority> {
    let host: Authority = text(headers, HOST)?.parse().ok()?;
    let is_public = authority(public).as_ref() == Some(&host);
    (is_public || is_at_home(host.host())).then_some(host)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn authority(origin: &str) -> Option<Authority> {
    origin.parse::<Uri>().ok()?.into_parts().authority
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
        for host in [
            "127.0.0.1:8080",
            "localhost:8080",
            "LocalHost:8080",
            "192.168.1.7:8080",
            "[fd00::7]:8080",
            "nas:8080",
            "nas.local",
            "nas.home.arpa:8080",
        ] {
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

    #[test]
    fn a_name_that_anybody_can_have_lead_here_is_not_ours() {
        let home = "http://127.0.0.1:8080";
        for host in [
            "evil.example:8080",
            "127.0.0.1.evil.example:8080",
            "local.evil.example",
            "7f000001.rbndr.us:8080",
        ] {
            let origin = format!("http://{host}").leak();
            assert!(!is_same_as(home, Some(origin), host), "{host}");
            assert!(is_same_as(origin, Some(origin), host), "{host}, as the config says");
        }
        assert!(!is_same_as(home, Some("http://nas:8080"), "nas:9090"), "another port is another site");
    }
}
