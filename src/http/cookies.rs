//! The cookies we set and read. Behind HTTPS their names begin with `__Host-`, so that no other host and no plain
//! connection can have set them.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite};
use secrecy::{ExposeSecret as _, SecretString};

/// A cookie of ours that holds a secret: for the server only, not sent along from other sites but by following a link.
#[derive(Debug, Clone, Copy)]
pub struct SecretCookie {
    name: &'static str,
    host_name: &'static str,
    is_https: bool,
}

/// Who is logged in.
#[must_use]
pub fn login(is_https: bool) -> SecretCookie {
    SecretCookie { name: "airlog", host_name: "__Host-airlog", is_https }
}

/// Which browser was sent away for a consent.
#[must_use]
pub fn traveller(is_https: bool) -> SecretCookie {
    SecretCookie { name: "airlog-away", host_name: "__Host-airlog-away", is_https }
}

/// Who has typed the setup code, or a login code.
#[must_use]
pub fn setup(is_https: bool) -> SecretCookie {
    SecretCookie { name: "airlog-setup", host_name: "__Host-airlog-setup", is_https }
}

impl SecretCookie {
    /// What a request brings; none when there is no such cookie.
    #[must_use]
    pub fn read(self, headers: &HeaderMap) -> Option<SecretString> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let found = cookies.flat_map(Cookie::split_parse).filter_map(Result::ok);
        found.into_iter().find(|cookie| cookie.name() == self.name()).map(|cookie| cookie.value().into())
    }

    /// `Set-Cookie` that has a browser keep this for so long; how long it is good is decided here.
    #[must_use]
    pub fn set(self, value: &SecretString, seconds: i64) -> HeaderValue {
        self.header(value.expose_secret(), seconds)
    }

    /// `Set-Cookie` that takes it away.
    #[must_use]
    pub fn clear(self) -> HeaderValue {
        self.header("", 0)
    }

    fn header(self, value: &str, seconds: i64) -> HeaderValue {
        let cookie = Cookie::build((self.name(), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.is_https)
            .max_age(cookie::time::Duration::seconds(seconds));
        let mut header = HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }

    fn name(self) -> &'static str {
        if self.is_https { self.host_name } else { self.name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_comes_back_as_it_was_set() {
        for is_https in [false, true] {
            let header = login(is_https).set(&"secret".into(), 60);
            let text = header.to_str().expect("text");
            for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=60"] {
                assert!(text.contains(part), "{part} is not in {text}");
            }
            assert_eq!(text.starts_with("__Host-") && text.contains("Secure"), is_https, "{text}");
            let pair = text.split(';').next().expect("a pair");
            let brought = HeaderValue::from_str(&format!("lang=fr; {pair}")).expect("a header");
            let headers: HeaderMap = [(COOKIE, brought)].into_iter().collect();
            let read = login(is_https).read(&headers).expect("the cookie");
            assert_eq!(read.expose_secret(), "secret");
            assert!(login(!is_https).read(&headers).is_none(), "one is not taken for the other");
            assert!(traveller(is_https).read(&headers).is_none());
        }
    }
}
