//! Who asks: the address that limits are counted on.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use crate::config::Network;

/// A visitor, known by address: of IPv6 the network of 64 bits, because one visitor owns all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Visitor(pub IpAddr);

/// The proxies whose word about a visitor's address is believed.
#[derive(Debug, Clone, Default)]
pub struct Proxies(pub Arc<[Network]>);

impl Proxies {
    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// The nearest address of the chain that is not one of our proxies. Each proxy adds whom it heard from at the
    /// right end; what lies beyond an entry that cannot be read may be invented.
    fn visitor(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let forwarded = headers.get_all("x-forwarded-for").iter().rev();
        let hops = forwarded.flat_map(|value| value.to_str().unwrap_or("unreadable").rsplit(','));
        let mut nearest = peer;
        for hop in hops.map_while(address) {
            if !self.trust(nearest) {
                break;
            }
            nearest = hop;
        }
        nearest
    }
}

/// The address that a proxy wrote down: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or
/// `[2001:db8::1]:4711`.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse().or_else(|_| hop.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

impl Visitor {
    /// The visitor behind a request; unknown peers share one address.
    pub(super) fn of(extensions: &Extensions, headers: &HeaderMap) -> Self {
        let peer =
            extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
        let proxies = extensions.get::<Proxies>().cloned().unwrap_or_default();
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Self(network(proxies.visitor(peer, headers).to_canonical()))
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers))
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(peer: &str, forwarded: &'static str, proxies: &[&str]) -> String {
        let networks = proxies.iter().map(|text| text.parse().expect("a network")).collect();
        let headers = [("x-forwarded-for", forwarded)]
            .into_iter()
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")))
            .collect();
        network(Proxies(networks).visitor(peer.parse().expect("an address"), &headers)).to_string()
    }

    #[test]
    fn only_our_proxies_are_believed() {
        assert_eq!(visitor("192.0.2.7", "198.51.100.1", &[]), "192.0.2.7", "nobody is trusted by default");
        assert_eq!(visitor("127.0.0.1", "198.51.100.1", &["127.0.0.1"]), "198.51.100.1");
        let chain = "203.0.113.9, 198.51.100.1, 10.0.0.2";
        assert_eq!(
            visitor("10.0.0.1", chain, &["10.0.0.0/8"]),
            "198.51.100.1",
            "the first hop may be invented"
        );
    }

    #[test]
    fn a_proxy_that_writes_ports_down_is_understood_and_an_invented_entry_does_not_win() {
        let proxies = &["127.0.0.1"];
        let seen = |forwarded| visitor("127.0.0.1", forwarded, proxies);
        assert_eq!(seen("203.0.113.9, 198.51.100.1:1234"), "198.51.100.1");
        assert_eq!(seen("203.0.113.9, [2001:db8:1:2:3::4]:1234"), "2001:db8:1:2::");
        assert_eq!(seen("203.0.113.9, [2001:db8:1:2:3::4]"), "2001:db8:1:2::");
        for unreadable in
            ["203.0.113.9, unknown", "203.0.113.9, ", "203.0.113.9, _hidden:80", "203.0.113.9, [198.51.100.1"]
        {
            assert_eq!(seen(unreadable), "127.0.0.1", "{unreadable}: what lies beyond is not believed");
        }
    }

    #[test]
    fn a_household_is_one_visitor() {
        assert_eq!(visitor("2001:db8:1:2:3:4:5:6", "", &[]), "2001:db8:1:2::");
    }
}
