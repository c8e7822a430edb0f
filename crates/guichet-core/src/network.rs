//! Networks and their addresses, as plain data. The rules are in `plug`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use crate::ids::NetworkId;

/// A network that servers are plugged into, with the addresses it has for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// Its name.
    pub name: Arc<str>,
    /// The first address for a server.
    pub first: Ipv4Addr,
    /// How many there are from that on.
    pub count: u32,
}

impl Network {
    /// Where an address stands among those for servers; none if it is not one of them.
    pub fn offset(&self, address: IpAddr) -> Option<u32> {
        let IpAddr::V4(address) = address else {
            return None;
        };
        let offset = address.to_bits().checked_sub(self.first.to_bits())?;
        (offset < self.count).then_some(offset)
    }

    /// The address at a place among those for servers.
    pub fn address(&self, offset: u32) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.first.to_bits().saturating_add(offset))
    }
}

/// A port that a new server is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRequest {
    /// The id it will have.
    pub id: Uuid,
    /// The network it is plugged into.
    pub network: NetworkId,
    /// The address it must have; any if none is named.
    pub fixed: Option<Ipv4Addr>,
}

/// An address that is taken, or given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressChange {
    /// The network it is of.
    pub network: NetworkId,
    /// The address.
    pub address: IpAddr,
    /// Whether a server has it now.
    pub is_taken: bool,
}

/// The MAC of the port of this number: OpenStack's prefix, and the number's last 24 bits.
pub(crate) const fn mac(number: u64) -> [u8; 6] {
    let [.., a, b, c] = number.to_be_bytes();
    [0xfa, 0x16, 0x3e, a, b, c]
}

/// The number of the port with this MAC, as far as the MAC says.
pub(crate) const fn number(mac: [u8; 6]) -> u64 {
    let [.., a, b, c] = mac;
    u32::from_be_bytes([0, a, b, c]) as u64
}
