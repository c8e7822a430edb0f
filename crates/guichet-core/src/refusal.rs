//! Why a request is refused. Each says what the client can do; nothing was changed.

use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;

use crate::action::{Action, Obstacle};
use crate::ids::{GroupId, NetworkId, ServerId};
use crate::project::OverQuota;

/// A refusal. Its text is for logs and for programs that use the library, as its code is; what a
/// client is answered is a dialect's own sentence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The server does not exist, or belongs to another project (which is not told apart).
    #[error("Instance {server} could not be found. List your servers and name one of them.")]
    NotFound {
        /// The server named.
        server: ServerId,
    },
    /// A delete while the project has no server at all.
    #[error("There is no server to delete: the list is empty. Create one first.")]
    NoServer,
    /// The server's state does not allow it. The first sentence is Nova's.
    #[error(
        "Cannot '{}' instance {server} while it is in {obstacle}. Wait until it is in a state that allows this, then ask again.",
        action.verb()
    )]
    Conflict {
        /// What was asked.
        action: Action,
        /// Of which server.
        server: ServerId,
        /// What stands in the way.
        obstacle: Obstacle,
    },
    /// Its owner or an administrator locked it. The sentence is Nova's.
    #[error("Instance {server} is locked")]
    Locked {
        /// The server.
        server: ServerId,
    },
    /// The server has no such metadata item or tag.
    #[error("The server has no {what} '{name}'. List them and name one.")]
    NoSuchPart {
        /// What kind of part.
        what: &'static str,
        /// Its name.
        name: std::sync::Arc<str>,
    },
    /// A row beside servers (an application credential) does not exist, or is another's.
    #[error("There is no {what} '{id}'. List them and name one.")]
    NoSuchRow {
        /// What kind of row.
        what: &'static str,
        /// The id that was named.
        id: String,
    },
    /// Its owner has a row of this kind and name.
    #[error("There is a {what} named '{name}' already. Choose another name, or delete that one.")]
    NameTaken {
        /// What kind of row.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Its owner has as many rows of this kind as one may have.
    #[error("There may be {most} of the kind '{what}' with one owner. Delete one first.")]
    TooManyRows {
        /// What kind of row.
        what: &'static str,
        /// That many.
        most: usize,
    },
    /// A new server is to have a key pair that its user does not have. The sentence is Nova's.
    #[error("Invalid key_name provided. Import a key pair '{name}' first, or name another one.")]
    NoSuchKeyPair {
        /// The name.
        name: std::sync::Arc<str>,
    },
    /// A new server is to be in a server group that its project does not have. The first sentence
    /// is Nova's.
    #[error("Instance group {group} could not be found. List your server groups and name one.")]
    NoSuchGroup {
        /// The group.
        group: GroupId,
    },
    /// The server group has as many servers as one may have. The first sentence is Nova's.
    #[error("Quota exceeded, too many servers in group. There may be {most}: delete one first.")]
    GroupFull {
        /// That many.
        most: usize,
    },
    /// The key was used for another request.
    #[error(
        "This Idempotency-Key was used for a different request. Send the same body again, or use a new key."
    )]
    KeyReused,
    /// The project's quota does not allow it. The first sentence is Nova's.
    #[error("{0}. Delete servers or ask for a larger quota.")]
    OverQuota(OverQuota),
    /// A network has no address left for a server.
    #[error(
        "The network has no address left. Delete servers that are plugged into it, or use another network."
    )]
    NoAddress {
        /// The network.
        network: NetworkId,
    },
    /// The address that was asked for is another server's, or none of the network's.
    #[error("The address {address} is not free. Ask for another one, or for any.")]
    AddressInUse {
        /// The address.
        address: IpAddr,
    },
    /// The service holds all the servers it can.
    #[error("The service holds {limit} servers, all that it can. Delete some.")]
    ServersFull {
        /// The limit.
        limit: usize,
    },
    /// No place to wait.
    #[error("The queue is full ({waiting} waiting). Ask again in {} s.", seconds(*retry_after))]
    QueueFull {
        /// How many are waiting.
        waiting: usize,
        /// When to come back.
        retry_after: Duration,
    },
    /// Too many requests of this project, or too many keys.
    #[error("Too many requests ({what}). Ask again in {} s.", seconds(*retry_after))]
    RateLimited {
        /// Which limit was passed.
        what: &'static str,
        /// When to come back.
        retry_after: Duration,
    },
    /// What is asked cannot be made durable at present.
    #[error("Nothing can be recorded at present: {why}. Nothing was changed. Ask again in {} s.", seconds(*retry_after))]
    Unrecorded {
        /// What stands in the way.
        why: std::sync::Arc<str>,
        /// When to come back.
        retry_after: Duration,
    },
    /// The service is stopping.
    #[error("The service is stopping and takes no new requests. Ask again in {} s.", seconds(*retry_after))]
    Draining {
        /// When to come back.
        retry_after: Duration,
    },
    /// The request itself is wrong.
    #[error("Invalid input for field '{field}': {problem}.")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong with it and what was expected.
        problem: String,
    },
}

/// Whole seconds, rounded up: what a Retry-After header can say.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// The kinds of refusal, as they are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// No such server.
    NotFound,
    /// No server at all.
    NoServer,
    /// The state forbids it, or the key or the name is taken.
    Conflict,
    /// Over quota.
    OverQuota,
    /// The queue is full.
    QueueFull,
    /// Too many requests.
    RateLimited,
    /// It cannot be made durable.
    Unrecorded,
    /// Stopping.
    Draining,
    /// Malformed.
    Invalid,
}

impl RefusalKind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::NotFound,
        Self::NoServer,
        Self::Conflict,
        Self::OverQuota,
        Self::QueueFull,
        Self::RateLimited,
        Self::Unrecorded,
        Self::Draining,
        Self::Invalid,
    ];

    /// Its code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NoServer => "no_server",
            Self::Conflict => "conflict",
            Self::OverQuota => "over_quota",
            Self::QueueFull => "queue_full",
            Self::RateLimited => "rate_limited",
            Self::Unrecorded => "unrecorded",
            Self::Draining => "draining",
            Self::Invalid => "invalid",
        }
    }
}

impl Refusal {
    /// Which kind it is counted as.
    pub const fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound { .. }
            | Self::NoSuchPart { .. }
            | Self::NoSuchRow { .. }
            | Self::NoSuchKeyPair { .. }
            | Self::NoSuchGroup { .. } => RefusalKind::NotFound,
            Self::NoServer => RefusalKind::NoServer,
            Self::Conflict { .. }
            | Self::Locked { .. }
            | Self::KeyReused
            | Self::NameTaken { .. }
            | Self::AddressInUse { .. } => RefusalKind::Conflict,
            Self::OverQuota(_)
            | Self::ServersFull { .. }
            | Self::TooManyRows { .. }
            | Self::GroupFull { .. }
            | Self::NoAddress { .. } => RefusalKind::OverQuota,
            Self::QueueFull { .. } => RefusalKind::QueueFull,
            Self::RateLimited { .. } => RefusalKind::RateLimited,
            Self::Unrecorded { .. } => RefusalKind::Unrecorded,
            Self::Draining { .. } => RefusalKind::Draining,
            Self::Invalid { .. } => RefusalKind::Invalid,
        }
    }

    /// Whether the rows were looked at: then it may rest on what is not durable yet. The others
    /// say how busy the service is, and are best said at once.
    pub const fn is_of_state(&self) -> bool {
        !matches!(
            self,
            Self::QueueFull { .. }
                | Self::RateLimited { .. }
                | Self::Unrecorded { .. }
                | Self::Draining { .. }
                | Self::Invalid { .. }
        )
    }

    /// When to come back, if coming back can help.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::QueueFull { retry_after, .. }
            | Self::RateLimited { retry_after, .. }
            | Self::Unrecorded { retry_after, .. }
            | Self::Draining { retry_after } => Some(*retry_after),
            _ => None,
        }
    }
}
