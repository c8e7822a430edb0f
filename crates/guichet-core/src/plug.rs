//! Which addresses servers get. An address belongs to one living server: it is given out in the
//! step that accepts the server, and given back in the step in which the server is gone. A
//! refusal takes none.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crate::details::{Details, Port};
use crate::ids::NetworkId;
use crate::network::{AddressChange, PortRequest, mac};
use crate::refusal::Refusal;
use crate::request::Create;
use crate::rows::{Effects, Rows};
use crate::server::Server;

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
