//! Names of hosts: which lead to this machine, which lead nowhere beyond this network.

use std::net::{Ipv4Addr, Ipv6Addr};

/// What names end with that no public DNS knows.
const AT_HOME: [&str; 7] =
    [".local", ".localhost", ".localdomain", ".lan", ".home", ".internal", ".home.arpa"];

/// Whether a host name is one of this very machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let v4 = host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    let v6 = bare(host).parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback());
    v4 || v6 || host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost")
}

/// Whether nobody but the owner of this network can have a host name lead here.
#[must_use]
pub fn is_at_home(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let is_address = name.parse::<Ipv4Addr>().is_ok() || bare(&name).parse::<Ipv6Addr>().is_ok();
    is_address || (!name.is_empty() && !name.contains('.')) || AT_HOME.iter().any(|end| name.ends_with(end))
}

fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_from_others() {
        for host in ["localhost", "app.localhost", "127.0.0.1", "127.8.8.8", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["nas", "192.168.1.7", "[fd00::7]", "localhost.evil.example", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
