//! Whether OBS on another computer of the network gets to the overlays, and what is to be set so that it does. Pure.

use crate::base::host::{is_at_home, is_loopback};
use reqwest::Url;
use std::net::{IpAddr, SocketAddr};

/// From where the overlays are reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// From everywhere, under an address of its own: nothing is to be done.
    Everywhere {
        /// What addresses begin with, such as `https://airlog.example`.
        base: String,
    },
    /// From this network, under an address that we know, if the firewall lets `port` through.
    Network {
        /// What addresses begin with, such as `http://192.168.1.20:8080`.
        base: String,
        /// The TCP port.
        port: u16,
    },
    /// From this network, under the address of this computer, which we do not know, if the firewall lets `port` through.
    Somewhere {
        /// The TCP port.
        port: u16,
    },
    /// From this computer alone, until the config says otherwise.
    Here {
        /// What `server.listen` (`AIRLOG_SERVER__LISTEN`) is to be, such as `0.0.0.0:8080`.
        listen: String,
        /// The TCP port that the firewall has to let through then.
        port: u16,
    },
}

impl Reach {
    /// Judges by the address that the server is bound to, the origin `public` that people are told, such as
    /// `http://127.0.0.1:8080`, and the host and port that a page was just asked under.
    #[must_use]
    pub fn of(bound: SocketAddr, public: &str, asked: Option<&str>) -> Self {
        let of_public = beyond_this_machine(public);
        let of_asked = || asked.and_then(in_this_network);
        of_public.or_else(of_asked).map_or_else(|| by_listening(bound), |url| known(&url))
    }
}

/// Whether an origin leads nowhere but to the computer on which it is used.
#[must_use]
pub fn is_of_this_machine(origin: &str) -> bool {
    beyond_this_machine(origin).is_none()
}

fn beyond_this_machine(url: &str) -> Option<Url> {
    Url::parse(url).ok().filter(|url| url.host_str().is_some_and(|host| !is_loopback(host)))
}

/// The URL of a host and port as a browser says them.
fn in_this_network(asked: &str) -> Option<Url> {
    let is_host = !asked.contains(['/', '\\', '@', '?', '#']);
    is_host.then(|| beyond_this_machine(&format!("http://{asked}"))).flatten().filter(is_of_network)
}

fn is_of_network(url: &Url) -> bool {
    url.host_str().is_some_and(is_at_home)
}

fn known(url: &Url) -> Reach {
    let base = url.origin().ascii_serialization();
    match url.port_or_known_default() {
        Some(port) if is_of_network(url) => Reach::Network { base, port },
        _ => Reach::Everywhere { base },
    }
}

fn by_listening(bound: SocketAddr) -> Reach {
    let port = bound.port();
    match bound.ip() {
        ip if ip.is_unspecified() => Reach::Somewhere { port },
        IpAddr::V4(ip) if ip.is_loopback() => Reach::Here { listen: format!("0.0.0.0:{port}"), port },
        IpAddr::V6(ip) if ip.is_loopback() => Reach::Here { listen: format!("[::]:{port}"), port },
        _ => Reach::Network { base: format!("http://{bound}"), port },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(bound: &str, public: &str, asked: &str) -> Reach {
        Reach::of(bound.parse().expect(bound), public, Some(asked))
    }

    #[test]
    fn behind_an_address_of_its_own_nothing_is_to_be_done() {
        let base = "https://airlog.example".to_owned();
        for asked in ["airlog.example", "127.0.0.1:8080", "192.168.1.20:8080"] {
            assert_eq!(reach("127.0.0.1:8080", &base, asked), Reach::Everywhere { base: base.clone() });
        }
    }

    #[test]
    fn whoever_came_from_the_network_knows_the_address() {
        for host in ["192.168.1.20:8080", "nas:8080", "nas.local:8080", "[fd00::7]:8080"] {
            let known = Reach::Network { base: format!("http://{host}"), port: 8080 };
            assert_eq!(reach("0.0.0.0:8080", "http://127.0.0.1:8080", host), known);
        }
        let known = Reach::Network { base: "http://nas".to_owned(), port: 80 };
        assert_eq!(reach("0.0.0.0:80", "http://127.0.0.1", "nas"), known);
        assert_eq!(reach("0.0.0.0:80", "http://nas", "localhost"), known, "the config knows it, too");
    }

    #[test]
    fn who_sits_at_the_computer_is_told_what_is_missing() {
        let here = |listen: &str| Reach::Here { listen: listen.to_owned(), port: 8080 };
        assert_eq!(reach("127.0.0.1:8080", "http://127.0.0.1:8080", "localhost:8080"), here("0.0.0.0:8080"));
        assert_eq!(reach("[::1]:8080", "http://[::1]:8080", "[::1]:8080"), here("[::]:8080"));
        let somewhere = Reach::Somewhere { port: 8080 };
        assert_eq!(reach("0.0.0.0:8080", "http://127.0.0.1:8080", "localhost:8080"), somewhere);
        assert_eq!(Reach::of("[::]:8080".parse().expect("v6"), "http://[::1]:8080", None), somewhere);
        let known = Reach::Network { base: "http://192.168.1.20:8080".to_owned(), port: 8080 };
        assert_eq!(reach("192.168.1.20:8080", "http://192.168.1.20:8080", "192.168.1.20:8080"), known);
    }

    #[test]
    fn a_host_that_makes_no_sense_or_may_be_somebody_elses_counts_for_nothing() {
        for asked in ["", "a b", "evil.example:8080", "[", "http://x", ":8080"] {
            let told = reach("0.0.0.0:8080", "http://127.0.0.1:8080", asked);
            assert_eq!(told, Reach::Somewhere { port: 8080 }, "{asked}");
        }
    }
}
