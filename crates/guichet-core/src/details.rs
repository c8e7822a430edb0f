//! What a server carries for its owner beyond what the rules decide by: description, metadata,
//! tags, addresses, a lock. Most servers of a simulation carry nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, ImageId};

/// A network a server is plugged into, with its address there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Port {
    /// The port's own id.
    pub id: uuid::Uuid,
    /// The network: its place in the catalogue of networks.
    pub network: u32,
    /// The address there.
    pub address: IpAddr,
    /// The card's address.
    pub mac: [u8; 6],
}

/// A lock by an owner or an administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Whether it was an administrator: then an owner cannot unlock it.
    pub by_admin: bool,
    /// Why.
    pub reason: Option<Arc<str>>,
}

/// What a server carries for its owner (Compute API, "Create Server" and "Show Server Details").
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Free text.
    pub description: Option<Arc<str>>,
    /// Names and values.
    pub metadata: BTreeMap<Arc<str>, Arc<str>>,
    /// Single words to find servers by.
    pub tags: BTreeSet<Arc<str>>,
    /// The name of the key pair put into it.
    pub key_name: Option<Arc<str>>,
    /// Its name inside the guest; its own name made fit for DNS if none was asked for.
    pub hostname: Option<Arc<str>>,
    /// The zone that was asked for.
    pub availability_zone: Option<Arc<str>>,
    /// What the guest is told at its first start, base64.
    pub user_data: Option<Arc<str>>,
    /// Whether that is on a drive of its own.
    pub config_drive: bool,
    /// Whether the partition grows with the disk.
    pub disk_config_auto: bool,
    /// An address its owner wants shown.
    pub access_ipv4: Option<Ipv4Addr>,
    /// An address its owner wants shown.
    pub access_ipv6: Option<Ipv6Addr>,
    /// Where it is plugged in.
    pub ports: Vec<Port>,
    /// Who may not act on it.
    pub lock: Option<Lock>,
    /// Whether it was taken out of its project's security group.
    #[serde(skip_serializing_if = "is_false")]
    pub is_without_group: bool,
    /// The server group it was made in: a rule of placement that stays with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl fmt::Debug for Details {
    /// What came later is written only if it is there: requests that are repeated under a key are
    /// compared by this text with what an earlier version of the program wrote of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Details");
        text.field("description", &self.description)
            .field("metadata", &self.metadata)
            .field("tags", &self.tags)
            .field("key_name", &self.key_name)
            .field("hostname", &self.hostname)
            .field("availability_zone", &self.availability_zone)
            .field("user_data", &self.user_data)
            .field("config_drive", &self.config_drive)
            .field("disk_config_auto", &self.disk_config_auto)
            .field("access_ipv4", &self.access_ipv4)
            .field("access_ipv6", &self.access_ipv6)
            .field("ports", &self.ports)
            .field("lock", &self.lock);
        if let Some(group) = &self.group {
            text.field("group", group);
        }
        if self.is_without_group {
            text.field("is_without_group", &true);
        }
        text.finish()
    }
}

/// Fields of a server that its owner may set; `None` leaves one as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Its description, or that it has none.
    pub description: Option<Option<Arc<str>>>,
    /// Its name inside the guest.
    pub hostname: Option<Arc<str>>,
    /// An address to show, or none.
    pub access_ipv4: Option<Option<Ipv4Addr>>,
    /// An address to show, or none.
    pub access_ipv6: Option<Option<Ipv6Addr>>,
    /// Whether the partition grows with the disk.
    pub disk_config_auto: Option<bool>,
    /// All its metadata.
    pub metadata: Option<BTreeMap<Arc<str>, Arc<str>>>,
    /// The name of its key pair, or that it has none.
    pub key_name: Option<Option<Arc<str>>>,
    /// What the guest is given at its first start, or nothing.
    pub user_data: Option<Option<Arc<str>>>,
    /// What it boots from.
    pub image: Option<ImageId>,
}
