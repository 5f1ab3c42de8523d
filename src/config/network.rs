//! Networks of trusted proxies: an IP address, or a CIDR range such as `10.0.0.0/8`.

use std::fmt::{Display, Formatter};
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use super::kind::Kind;
use super::raw::{Raw, quoted};

/// An address range. IPv4 and IPv4 mapped into IPv6 are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether `address` lies in this range.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4()
            && (bits(address) ^ bits(self.address)).leading_zeros()
                >= u32::from(self.prefix) + padding(address)
    }
}

/// The address as the low bits of a number.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// How many high bits of that number an address does not use.
fn padding(address: IpAddr) -> u32 {
    if address.is_ipv4() { Ipv6Addr::BITS - std::net::Ipv4Addr::BITS } else { 0 }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The text is neither an IP address nor a CIDR range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither an IP address nor a range such as 10.0.0.0/8")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let prefix = prefix.map_or(Ok(width(address)), str::parse).map_err(|_| NotANetwork)?;
        if prefix > width(address) { Err(NotANetwork) } else { Ok(Self { address, prefix }) }
    }
}

impl Display for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        if self.prefix == width(self.address) {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.prefix)
        }
    }
}

/// A list of networks.
pub(super) struct Networks;

impl Kind for Networks {
    type Value = Vec<Network>;

    fn read(&self, raw: &Raw) -> Option<Vec<Network>> {
        raw.list()?.iter().map(|item| item.parse().ok()).collect()
    }

    fn write(&self, value: &Vec<Network>) -> String {
        let items: Vec<_> = value.iter().map(|network| quoted(&network.to_string())).collect();
        format!("[{}]", items.join(", "))
    }

    fn allowed(&self) -> String {
        "a list of IP addresses and ranges, such as [\"127.0.0.1\", \"10.0.0.0/8\"]".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(network: &str, address: &str) -> bool {
        let network: Network = network.parse().expect(network);
        network.contains(address.parse().expect(address))
    }

    #[test]
    fn a_range_contains_its_addresses_only() {
        assert!(holds("10.0.0.0/8", "10.255.0.1"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("192.168.1.7", "192.168.1.7"));
        assert!(!holds("192.168.1.7", "192.168.1.6"));
        assert!(holds("fd00::/8", "fdff::1"));
        assert!(!holds("fd00::/8", "fe80::1"));
    }

    #[test]
    fn zero_is_everything_of_its_family() {
        assert!(holds("0.0.0.0/0", "8.8.8.8"));
        assert!(holds("::/0", "2001:db8::1"));
        assert!(!holds("::/0", "8.8.8.8"));
    }

    #[test]
    fn a_mapped_address_is_the_address_it_maps() {
        assert!(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
    }

    #[test]
    fn nonsense_is_no_network() {
        for text in ["", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0/8", "10.0.0.0/-1"] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text:?}");
        }
    }
}
