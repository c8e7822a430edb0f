//! The ports of servers, and the addresses they get.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use guichet_core::details::Port;
use guichet_core::server::Server;
use guichet_core::state::VmState;
use uuid::Uuid;

use super::error::PortError;
use crate::accounts::Project;
use crate::catalogue::Catalogue;
use crate::ids;

/// Networks as servers are plugged into them.
#[derive(Debug)]
pub struct Networking {
    catalogue: Arc<Catalogue>,
    /// The number of the next port: addresses are taken in turn. Relaxed: only uniqueness matters.
    next_port: AtomicU64,
}

impl Networking {
    /// The networks of a catalogue, with the ports that these servers have.
    pub(crate) fn new(
        catalogue: Arc<Catalogue>,
        servers: impl Iterator<Item = Arc<Server>>,
    ) -> Self {
        Self { catalogue, next_port: AtomicU64::new(first_port(servers)) }
    }

    /// A port in this network, with the address that is asked for, or the next one that is to be
    /// given out.
    ///
    /// # Errors
    /// There is no such network, or the address is none of its.
    pub fn new_port(&self, network: u32, fixed: Option<IpAddr>) -> Result<Port, PortError> {
        let declared = self.catalogue.network(network).ok_or(PortError::UnknownNetwork)?;
        let number = self.next_port.fetch_add(1, Ordering::Relaxed);
        let range = declared.range();
        let address = match fixed {
            None => IpAddr::V4(range.nth(number)),
            Some(IpAddr::V4(address)) if range.has(address) => IpAddr::V4(address),
            Some(address) => {
                return Err(PortError::ForeignAddress { address, network: declared.id });
            }
        };
        let [.., a, b, c] = number.to_be_bytes();
        let id = Uuid::new_v5(&declared.id, &number.to_be_bytes());
        Ok(Port { id, network, address, mac: [0xfa, 0x16, 0x3e, a, b, c] })
    }
}

/// The number of the first port that these servers have not: one behind the highest of theirs, so
/// that no new port has an address, a MAC or an id of one there is before the numbers of an
/// uninterrupted process would have come to that. A MAC has the last 24 bits of its port's number.
fn first_port(servers: impl Iterator<Item = Arc<Server>>) -> u64 {
    let mut first = 0;
    for server in servers {
        for port in server.ports() {
            let [.., a, b, c] = port.mac;
            first = first.max(u64::from(u32::from_be_bytes([0, a, b, c])) + 1);
        }
    }
    first
}

/// The ports that a server is plugged in by: none while it is made, and once it is gone.
pub fn ports_in_use(server: &Server) -> &[Port] {
    match server.vm_state {
        VmState::Building | VmState::Deleted => &[],
        _ => server.ports(),
    }
}

/// A card's address as it is written, such as `fa:16:3e:00:00:01`.
pub fn mac_text(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

/// The name of the one security group that each project has. It filters nothing.
pub const SECURITY_GROUP: &str = "default";

/// The id of a project's one security group.
pub fn security_group_id(project: &Project) -> Uuid {
    ids::derived("security group", &project.id)
}
