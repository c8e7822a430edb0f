//! What can stand in the way of a new port.

use std::net::IpAddr;

use uuid::Uuid;

/// Why a port is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// There is no such network.
    #[error("there is no such network")]
    UnknownNetwork,
    /// The address that was asked for is none of the network's.
    #[error("{address} is no address for a server in network {network}")]
    ForeignAddress {
        /// The address that was asked for.
        address: IpAddr,
        /// The network's id.
        network: Uuid,
    },
}
