//! Networks, each with one subnet, and the addresses in it.

use std::net::Ipv4Addr;
use std::sync::Arc;

use uuid::Uuid;

/// A network with one subnet, as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: Arc<str>,
    /// The subnet's id.
    pub subnet_id: Uuid,
    /// The subnet's first address.
    pub base: Ipv4Addr,
    /// How many bits of an address are the subnet's, 8 to 28.
    pub prefix: u8,
}

impl Network {
    /// Its range of addresses: the first and the last, which nobody has, are its own and all
    /// hosts'; the first behind its own is the gateway's.
    pub fn range(&self) -> Range {
        let bits = u32::from(self.prefix.min(32));
        let hosts = u32::MAX.checked_shr(bits).unwrap_or(0);
        let first = u32::from(self.base) & !hosts;
        Range { first, last: first | hosts, prefix: self.prefix }
    }
}

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    first: u32,
    last: u32,
    prefix: u8,
}

impl Range {
    /// As it is written, such as `10.0.0.0/24`.
    pub fn cidr(&self) -> String {
        format!("{}/{}", Ipv4Addr::from_bits(self.first), self.prefix)
    }

    /// The gateway's address.
    pub fn gateway(&self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.first.saturating_add(1))
    }

    /// The first and the last address that a port may have.
    pub fn pool(&self) -> (Ipv4Addr, Ipv4Addr) {
        let [first, last] = [self.first.saturating_add(2), self.last.saturating_sub(1)];
        (Ipv4Addr::from_bits(first), Ipv4Addr::from_bits(last))
    }

    /// Whether a port may have this address.
    pub fn has(&self, address: Ipv4Addr) -> bool {
        let (first, last) = self.pool();
        (first..=last).contains(&address)
    }

    /// How many addresses ports may have.
    pub const fn count(&self) -> u32 {
        // The network's own, the gateway's, and the one of all hosts are nobody's.
        (self.last - self.first).saturating_sub(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(base: [u8; 4], prefix: u8) -> Range {
        let network = Network {
            id: Uuid::nil(),
            name: Arc::from("net"),
            subnet_id: Uuid::nil(),
            base: Ipv4Addr::from(base),
            prefix,
        };
        network.range()
    }

    #[test]
    fn a_subnet_has_a_gateway_and_addresses_for_ports() {
        let shown = |base, prefix| {
            let range = range(base, prefix);
            let (first, last) = range.pool();
            format!("{} {} {first}-{last}", range.cidr(), range.gateway())
        };
        assert_eq!(shown([10, 0, 0, 0], 24), "10.0.0.0/24 10.0.0.1 10.0.0.2-10.0.0.254");
        assert_eq!(shown([10, 0, 0, 7], 24), "10.0.0.0/24 10.0.0.1 10.0.0.2-10.0.0.254");
        assert_eq!(shown([10, 0, 0, 16], 28), "10.0.0.16/28 10.0.0.17 10.0.0.18-10.0.0.30");
        assert_eq!(shown([10, 9, 8, 7], 8), "10.0.0.0/8 10.0.0.1 10.0.0.2-10.255.255.254");
    }

    #[test]
    fn a_pool_is_all_that_ports_may_have() {
        let range = range([10, 0, 0, 16], 28);
        let (first, last) = range.pool();
        assert_eq!(range.count(), last.to_bits() - first.to_bits() + 1);
        assert!(range.has(first) && range.has(last));
        for outside in ["10.0.0.16", "10.0.0.17", "10.0.0.31", "10.0.1.2"] {
            assert!(!range.has(outside.parse().expect("an address")), "{outside}");
        }
    }
}
