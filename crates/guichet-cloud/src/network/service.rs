//! The ports of servers. Their addresses are given out by the rules, in the step that accepts a
//! server.

use std::net::IpAddr;

use guichet_core::details::Port;
use guichet_core::ids::{NetworkId, ServerId};
use guichet_core::network::PortRequest;
use guichet_core::server::Server;
use guichet_core::state::VmState;
use uuid::Uuid;

use super::error::PortError;
use crate::accounts::Project;
use crate::catalogue::Catalogue;
use crate::ids;

/// The port of this number that a new server asks for, in this network, at this address if one is
/// named.
///
/// # Errors
/// There is no such network, or the address is none of its.
pub(crate) fn port_request(
    catalogue: &Catalogue,
    server: ServerId,
    number: usize,
    network: u32,
    fixed: Option<IpAddr>,
) -> Result<PortRequest, PortError> {
    let declared = catalogue.network(network).ok_or(PortError::UnknownNetwork)?;
    let fixed = match fixed {
        None => None,
        Some(IpAddr::V4(address)) if declared.range().has(address) => Some(address),
        Some(address) => return Err(PortError::ForeignAddress { address, network: declared.id }),
    };
    let name = [&server.0.as_bytes()[..], &number.to_be_bytes()].concat();
    Ok(PortRequest { id: Uuid::new_v5(&declared.id, &name), network: NetworkId(network), fixed })
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
