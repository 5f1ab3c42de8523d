//! Under which address overlays are reached by whoever looks, and what to do so that OBS on another computer gets there.

use crate::i18n::{Locale, fill, messages};
use crate::overlay::rules::reach::{Reach, is_of_this_machine};
use axum::http::uri::Authority;
use std::net::SocketAddr;

/// Where the server is for whoever looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// What addresses begin with.
    pub(super) origin: String,
    reach: Reach,
}

impl Place {
    /// For a server that is bound to this address, which people are told to reach under `public`, and whose page was asked for
    /// under `asked`, if that is surely a name of ours.
    pub(super) fn of(bound: SocketAddr, public: &str, asked: Option<&Authority>) -> Self {
        let asked = asked.map(Authority::as_str);
        // A proxy may ask for us under a name that means nothing elsewhere.
        let other = asked.filter(|_| is_of_this_machine(public));
        let origin = other.map_or_else(|| public.to_owned(), |host| format!("http://{host}"));
        Self { origin, reach: Reach::of(bound, public, asked) }
    }

    /// What to do so that OBS on another computer shows an overlay, step by step.
    pub(super) fn advice(&self, locale: Locale) -> Vec<String> {
        let m = &messages(locale).overlay;
        let firewall = |port: u16| fill(&m.reach_firewall, "port", &port.to_string());
        match &self.reach {
            Reach::Everywhere { base } => vec![fill(&m.reach_everywhere, "base", base)],
            Reach::Network { base, port } => vec![fill(&m.reach_network, "base", base), firewall(*port)],
            Reach::Somewhere { port } => {
                vec![fill(&m.reach_somewhere, "port", &port.to_string()), firewall(*port)]
            }
            Reach::Here { listen, port } => vec![
                fill(&m.reach_here, "listen", listen),
                fill(&m.reach_somewhere, "port", &port.to_string()),
                firewall(*port),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(public: &str, asked: Option<&'static str>) -> Place {
        let bound = "127.0.0.1:8080".parse().expect("an address");
        Place::of(bound, public, asked.map(Authority::from_static).as_ref())
    }

    #[test]
    fn addresses_begin_as_the_page_was_asked_for() {
        let home = "http://127.0.0.1:8080";
        assert_eq!(place(home, Some("nas:8080")).origin, "http://nas:8080");
        assert_eq!(place(home, None).origin, home, "a name that is not ours is nobody's to be told");
        let public = "https://airlog.example";
        for asked in [None, Some("airlog.example"), Some("127.0.0.1:8080"), Some("nas:8080")] {
            assert_eq!(place(public, asked).origin, public, "a proxy asks under what name it likes");
        }
    }

    #[test]
    fn what_is_missing_is_said_in_order() {
        let advice = place("http://127.0.0.1:8080", Some("localhost:8080")).advice(Locale::En);
        assert!(advice[0].contains("server.listen = \"0.0.0.0:8080\""), "{advice:?}");
        assert!(advice[1].contains(":8080") && advice[2].contains("8080"), "{advice:?}");
        assert_eq!(place("https://airlog.example", None).advice(Locale::Fr).len(), 1);
    }
}
