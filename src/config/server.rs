//! `[server]`: where the server listens and how the world reaches it.

use super::fields::Visit;
use super::kind::{Kind, Optional, Parsed};
use super::network::{Network, Networks};
use super::raw::{Raw, quoted};
use super::url::{is_plain, without_password};
use reqwest::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Where the server listens and how it is reached.
#[derive(Debug, Clone)]
pub struct Server {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The URL under which people reach the server, without a path. None: see [`Server::effective_public_url`].
    pub public_url: Option<Url>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: None,
            trusted_proxies: Vec::new(),
        }
    }
}

impl Server {
    /// The URL under which the server is reached: the configured one, or else the address it is `bound` to.
    /// A server that listens everywhere is reached on this machine through the loopback address.
    #[must_use]
    pub fn effective_public_url(&self, bound: SocketAddr) -> Url {
        self.public_url.clone().unwrap_or_else(|| url_of(bound))
    }

    pub(super) fn visit(&mut self, visit: &mut impl Visit) {
        let address = Parsed::new("an IP address and a port, such as \"127.0.0.1:8080\" or \"[::]:8080\"");
        visit.field("server.listen", &address, &mut self.listen);
        visit.field("server.public_url", &Optional::empty(PublicUrl), &mut self.public_url);
        visit.field("server.trusted_proxies", &Networks, &mut self.trusted_proxies);
    }
}

fn url_of(bound: SocketAddr) -> Url {
    let address = SocketAddr::new(reachable(bound.ip()), bound.port());
    Url::parse(&format!("http://{address}")).expect("an address and a port make a URL")
}

fn reachable(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) if v4.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(v6) if v6.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    }
}

/// An http or https URL of a whole site.
struct PublicUrl;

impl Kind for PublicUrl {
    type Value = Url;

    fn read(&self, raw: &Raw) -> Option<Url> {
        let text = raw.text()?;
        let url = Url::parse(text).ok()?;
        let fits = matches!(url.scheme(), "http" | "https") && is_plain(&url) && url.path() == "/";
        (fits && !text.ends_with('/')).then_some(url)
    }

    fn write(&self, value: &Url) -> String {
        quoted(value.as_str().trim_end_matches('/'))
    }

    fn allowed(&self) -> String {
        "a URL that begins with http:// or https://, without a path or a slash at its end, such as \"https://airlog.example\""
            .to_owned()
    }

    fn shown(&self, raw: &Raw) -> String {
        without_password(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached_at(bound: &str) -> String {
        Server::default().effective_public_url(bound.parse().expect(bound)).to_string()
    }

    #[test]
    fn without_a_public_url_the_bound_address_is_used() {
        assert_eq!(reached_at("192.168.1.7:8080"), "http://192.168.1.7:8080/");
        assert_eq!(reached_at("[::1]:4000"), "http://[::1]:4000/");
        assert_eq!(reached_at("0.0.0.0:4000"), "http://127.0.0.1:4000/");
        assert_eq!(reached_at("[::]:4000"), "http://[::1]:4000/");
        assert_eq!(reached_at("[fe80::1%3]:4000"), "http://[fe80::1]:4000/");
    }

    #[test]
    fn a_public_url_wins() {
        let public_url = Url::parse("https://airlog.example").ok();
        let server = Server { public_url, ..Server::default() };
        let url = server.effective_public_url(server.listen);
        assert_eq!(url.as_str(), "https://airlog.example/");
    }
}
