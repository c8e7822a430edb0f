//! Server groups: servers of a project that are to be near to each other, or apart. The rules of
//! groups are in `group/rules`, those of placement in `companions`. Who is in a group says each
//! server itself.

mod rules;

use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

pub use rules::decide;

use crate::ids::{GroupId, HostId, ProjectId, UserId};
use crate::limits;
use crate::server::Server;
use crate::table::TableRow;
use crate::time::Timestamp;

/// The hosts that a server holds a place on, each once: two while it is being resized.
pub type MemberHosts = SmallVec<[HostId; 2]>;

/// The hosts that a server holds a place on.
pub fn hosts_of(server: &Server) -> MemberHosts {
    let mut hosts = MemberHosts::new();
    for host in server.allocations().filter_map(|held| held.host) {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

/// What a group wants of the places of its members (Compute API, "Server groups").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// All on one host, or not at all.
    Affinity,
    /// No more than so many on one host, or not at all.
    AntiAffinity {
        /// How many; at least 1.
        max_per_host: u32,
    },
    /// On as few hosts as there is room on.
    SoftAffinity,
    /// On as many hosts as there is room on.
    SoftAntiAffinity,
}

impl Policy {
    /// Its word in APIs and records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Affinity => "affinity",
            Self::AntiAffinity { .. } => "anti-affinity",
            Self::SoftAffinity => "soft-affinity",
            Self::SoftAntiAffinity => "soft-anti-affinity",
        }
    }

    /// All policies, at most one on a host if they are against them.
    const ALL: [Self; 4] = [
        Self::Affinity,
        Self::AntiAffinity { max_per_host: 1 },
        Self::SoftAffinity,
        Self::SoftAntiAffinity,
    ];

    /// The words of all policies.
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        Self::ALL.into_iter().map(Self::as_str)
    }

    /// The policy of this word; at most one on a host if it is against them.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == word)
    }

    /// Whether the places of members are as a strict policy must have them; a soft one takes any.
    pub fn holds<'a>(self, places: impl Iterator<Item = &'a MemberHosts>) -> bool {
        let mut counts: BTreeMap<HostId, u32> = BTreeMap::new();
        let mut placed = 0;
        for hosts in places.filter(|hosts| !hosts.is_empty()) {
            placed += 1;
            for host in hosts {
                *counts.entry(*host).or_default() += 1;
            }
        }
        match self {
            // One that is alone may be on its way from one host to another.
            Self::Affinity => placed < 2 || counts.len() == 1,
            Self::AntiAffinity { max_per_host } => {
                counts.values().all(|count| *count <= max_per_host)
            }
            Self::SoftAffinity | Self::SoftAntiAffinity => true,
        }
    }
}

/// A server group, as it was made: nothing of it changes until it is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerGroup {
    /// Its id.
    pub id: GroupId,
    /// The project whose servers may be in it.
    pub project: ProjectId,
    /// The user that made it.
    pub user: UserId,
    /// Its name; names are not unique.
    pub name: Arc<str>,
    /// What it wants of its members' places.
    pub policy: Policy,
    /// Whether how many may be on one host was asked for.
    pub has_rules: bool,
    /// The instant at which it was made.
    pub created: Timestamp,
}

impl TableRow for ServerGroup {
    type Id = GroupId;
    type Owner = ProjectId;
    type Key = GroupId;
    const WHAT: &'static str = "server group";
    const MAX: usize = limits::SERVER_GROUPS_MAX;

    fn id(&self) -> GroupId {
        self.id
    }

    fn owner(&self) -> ProjectId {
        self.project
    }

    fn key(&self) -> GroupId {
        self.id
    }
}

impl GroupRequest {
    /// A new one of a project that may have as many as any.
    pub const fn create(new: Arc<ServerGroup>) -> Self {
        Self::Create { new, most: limits::SERVER_GROUPS_MAX }
    }
}

/// What is asked for a server group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupRequest {
    /// A new one, complete with its id.
    Create {
        /// It.
        new: Arc<ServerGroup>,
        /// How many its project may have; more than [`limits::SERVER_GROUPS_MAX`] none may.
        most: usize,
    },
    /// That one goes.
    Delete {
        /// Whose it is.
        project: ProjectId,
        /// Which.
        id: GroupId,
    },
}
