//! What can stand in the way of a request about servers.

use std::net::IpAddr;
use std::sync::Arc;

use guichet_core::ids::ServerId;
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use uuid::Uuid;

use super::values::ValueError;
use crate::catalogue::TooSmall;
use crate::network::PortError;

/// Why a request about a server is not carried out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ServerError {
    /// The caller's role allows it to look only.
    #[error("a reader may not change anything")]
    Forbidden,
    /// There is no such server, as far as the caller can see.
    #[error("server {0} is not there")]
    NotFound(ServerId),
    /// The machine is still being made.
    #[error("server {0} is not ready")]
    NotReady(ServerId),
    /// There is no such flavor, as far as the caller can see.
    #[error("there is no such flavor")]
    UnknownFlavor,
    /// It has that flavor already.
    #[error("the server has that flavor already")]
    SameFlavor,
    /// The image it boots from is not there any more.
    #[error("there is no such image")]
    UnknownImage,
    /// There is no such host.
    #[error("there is no host {0}")]
    UnknownHost(Arc<str>),
    /// Servers are evacuated from hosts that are down alone.
    #[error("host {0} is not down")]
    HostInUse(Arc<str>),
    /// The service of the server's host is down, and this needs it.
    #[error("the server's host is down")]
    HostDown,
    /// There are as many images made of servers as there may be.
    #[error("there are {} images made of servers already", limits::IMAGES_WRITTEN_MAX)]
    TooManyImages,
    /// The flavor has less than the image needs.
    #[error(transparent)]
    TooSmall(#[from] TooSmall),
    /// A disk cannot become smaller.
    #[error("the flavor's disk is smaller than the server's")]
    DiskShrinks {
        /// Whether there would be none.
        is_gone: bool,
    },
    /// The rules, the quota or the queue do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Why servers are not made. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CreateError {
    /// The caller's role allows it to look only.
    #[error("a reader may not make servers")]
    Forbidden,
    /// There is no such flavor, as far as the caller can see.
    #[error("there is no such flavor")]
    UnknownFlavor,
    /// No network is named, and there are several.
    #[error("there are several networks, and none is named")]
    ManyNetworks,
    /// There is no such image.
    #[error("there is no such image")]
    UnknownImage,
    /// There is no such network.
    #[error("there is no such network")]
    UnknownNetwork,
    /// There is no such availability zone.
    #[error("there is no such availability zone")]
    UnknownZone,
    /// Only administrators say on which host servers are to be.
    #[error("only administrators name hosts")]
    HostForbidden,
    /// There is no such host.
    #[error("there is no host {0}")]
    UnknownHost(Arc<str>),
    /// The flavor has less than the image needs.
    #[error(transparent)]
    TooSmall(#[from] TooSmall),
    /// The address that was asked for is none of the network's.
    #[error("{address} is no address for a server in network {network}")]
    ForeignAddress {
        /// The address that was asked for.
        address: IpAddr,
        /// The network's id.
        network: Uuid,
    },
    /// Fewer servers at most than at least.
    #[error("at least {min} servers and at most {max}")]
    CountsReversed {
        /// How many are enough.
        min: usize,
        /// How many are wanted.
        max: usize,
    },
    /// More servers than one request may make.
    #[error("more than {most} servers in one request")]
    TooMany {
        /// How many one request may make.
        most: usize,
    },
    /// A field has a value that it cannot have.
    #[error("{field}: {problem}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong with its value.
        problem: ValueError,
    },
    /// The rules, the quota or the queue do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<PortError> for CreateError {
    fn from(error: PortError) -> Self {
        match error {
            PortError::UnknownNetwork => Self::UnknownNetwork,
            PortError::ForeignAddress { address, network } => {
                Self::ForeignAddress { address, network }
            }
        }
    }
}
