//! Networks and their addresses. An address belongs to one living server: it is given out in the
//! step that accepts the server, and given back in the step in which the server is gone. A
//! refusal takes none.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use crate::details::{Details, Port};
use crate::ids::NetworkId;
use crate::refusal::Refusal;
use crate::request::Create;
use crate::rows::{Effects, Rows};
use crate::server::Server;

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

/// The ports of one new server, with an address each that nobody has.
///
/// # Errors
/// A network has no address left, or the one that was asked for is not free.
pub(crate) fn plug(
    rows: &impl Rows,
    effects: &mut Effects,
    wanted: &[PortRequest],
) -> Result<Vec<Port>, Refusal> {
    let mut ports = Vec::with_capacity(wanted.len());
    for port in wanted {
        let is_free = |address: &Ipv4Addr| !is_taken(effects, port.network, *address);
        let address = match port.fixed {
            None => rows
                .free_addresses(port.network)
                .find(is_free)
                .ok_or(Refusal::NoAddress { network: port.network })?,
            Some(address) => Some(address)
                .filter(|address| rows.is_free(port.network, *address))
                .filter(is_free)
                .ok_or(Refusal::AddressInUse { address: IpAddr::V4(address) })?,
        };
        let number = rows.next_port() + taken(effects);
        let address = IpAddr::V4(address);
        effects.addresses.push(AddressChange { network: port.network, address, is_taken: true });
        ports.push(Port { id: port.id, network: port.network.0, address, mac: mac(number) });
    }
    Ok(ports)
}

/// What the server of place `which` in a create carries, its ports plugged in.
///
/// # Errors
/// See [`plug`].
pub(crate) fn details(
    rows: &impl Rows,
    effects: &mut Effects,
    create: &Create,
    which: usize,
) -> Result<Option<Arc<Details>>, Refusal> {
    let details = create.details.get(which);
    let Some(wanted) = create.ports.get(which).filter(|wanted| !wanted.is_empty()) else {
        return Ok(details.cloned());
    };
    let ports = plug(rows, effects, wanted)?;
    let details = details.map(|details| (**details).clone()).unwrap_or_default();
    Ok(Some(Arc::new(Details { ports, ..details })))
}

/// A server is gone: its addresses are free.
pub(crate) fn unplug(effects: &mut Effects, server: &Server) {
    let given_back = server.ports().iter().map(|port| AddressChange {
        network: NetworkId(port.network),
        address: port.address,
        is_taken: false,
    });
    effects.addresses.extend(given_back);
}

fn is_taken(effects: &Effects, network: NetworkId, address: Ipv4Addr) -> bool {
    let mut changes = effects.addresses.iter();
    changes.any(|change| change.network == network && change.address == address && change.is_taken)
}

/// Addresses that this step has taken so far.
fn taken(effects: &Effects) -> u64 {
    effects.addresses.iter().filter(|change| change.is_taken).count() as u64
}

/// The MAC of the port of this number: OpenStack's prefix, and the number's last 24 bits.
const fn mac(number: u64) -> [u8; 6] {
    let [.., a, b, c] = number.to_be_bytes();
    [0xfa, 0x16, 0x3e, a, b, c]
}

/// The number of the port with this MAC, as far as the MAC says.
pub(crate) const fn number(mac: [u8; 6]) -> u64 {
    let [.., a, b, c] = mac;
    u32::from_be_bytes([0, a, b, c]) as u64
}
