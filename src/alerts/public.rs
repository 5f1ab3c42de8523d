//! Which addresses belong to the open internet. Everything else is somebody's own network: ours, or that of whoever runs
//! this machine. Pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of IPv4 addresses: its first one, and how many leading bits they share.
type Range4 = (Ipv4Addr, u32);
/// The same for IPv6.
type Range6 = (Ipv6Addr, u32);

/// What IANA has set apart for special purposes, where nobody's server is to be found by a stranger.
const SPECIAL_4: [Range4; 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The only part of IPv6 that is given out for the open internet.
const GLOBAL_6: Range6 = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What is special within that: protocols with Teredo among them, documentation, 6to4, segment routing.
const SPECIAL_6: [Range6; 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address belongs to the open internet. IPv6 addresses that only wrap an IPv4 one (mapped, compatible, 6to4,
/// NAT64) never do: whoever means the IPv4 address can write that.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !SPECIAL_4.iter().any(|range| holds_4(*range, v4)),
        IpAddr::V6(v6) => holds_6(GLOBAL_6, v6) && !SPECIAL_6.iter().any(|range| holds_6(*range, v6)),
    }
}

fn holds_4((first, bits): Range4, address: Ipv4Addr) -> bool {
    (u32::from(first) ^ u32::from(address)) >> (32 - bits) == 0
}

fn holds_6((first, bits): Range6, address: Ipv6Addr) -> bool {
    (u128::from(first) ^ u128::from(address)) >> (128 - bits) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(addresses: &[&str], expected: bool) {
        for text in addresses {
            let address: IpAddr = text.parse().expect(text);
            assert_eq!(is_public(address), expected, "{text}");
        }
    }

    #[test]
    fn the_open_internet_is_public_up_to_the_borders_of_what_is_set_apart() {
        each(
            &[
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450:4001:81b::200e",
                "2001:200::1",
                "2001:db7:ffff::1",
                "2003::1",
            ],
            true,
        );
    }

    #[test]
    fn whatever_is_somebodys_own_or_no_place_at_all_is_not() {
        each(
            &[
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
            ],
            false,
        );
        each(
            &[
                "::",
                "::1",
                "::7f00:1",
                "::ffff:1.1.1.1",
                "::ffff:127.0.0.1",
                "::ffff:0:127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::101:101",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:10::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2002:101:101::1",
                "3fff::1",
                "4000::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456:789a::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "ffff::1",
            ],
            false,
        );
    }
}
