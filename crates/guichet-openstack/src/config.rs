//! What a cloud is declared to be: projects, users, flavors, images, networks, hosts, quotas.
//!
//! A configuration is a TOML file; `examples/guichet.toml` explains every field. What it leaves
//! out is as in the embedded `clouds/default.toml`; `--dev` is `clouds/dev.toml`. A mistake is an
//! error with file, line and column, found when it is read: a [`Declared`] in hand is sound.

mod clouds;
mod document;
pub(crate) mod ids;
mod load;
mod number;
mod problem;
mod resolve;
mod things;

use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv4Addr;
use std::num::NonZeroU32;
use std::sync::Arc;

use guichet_core::project::{Host, Quota};
use guichet_core::server::Size;
use uuid::Uuid;

pub use clouds::clouds_yaml;
pub use load::Drawn;
pub use problem::ConfigError;

/// The id of the only domain: libcloud sends it whatever one configures.
pub const DOMAIN_ID: &str = "default";
/// The name of the only domain.
pub const DOMAIN_NAME: &str = "Default";

/// What a user may do in a project. Each includes those before it, as Keystone's default roles
/// imply each other.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Look.
    Reader,
    /// Look and change what is the project's.
    Member,
    /// Member, and manage who else is.
    Manager,
    /// Everything, in every project.
    Admin,
}

impl Role {
    /// All, from the least.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Member, Self::Manager, Self::Admin];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// Its id: 32 hexadecimal digits.
    pub fn id(self) -> Arc<str> {
        ids::hex("role", self.as_str())
    }

    /// It and those it implies, from the greatest.
    pub fn with_implied(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().rev().filter(move |role| *role <= self)
    }
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredProject {
    /// 32 hexadecimal digits.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Free text.
    pub description: String,
    /// What it may hold.
    pub quota: Quota,
    /// Its share of the workers.
    pub weight: u32,
}

/// A user. Its `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DeclaredUser {
    /// 32 hexadecimal digits.
    pub id: Arc<str>,
    /// The name.
    pub name: Arc<str>,
    /// The password; one is drawn at start if none is declared.
    pub password: Option<String>,
    /// Whether it was drawn at this start: then its hash is kept for later ones.
    pub is_drawn: bool,
    /// The project a token is for if none is named.
    pub default_project: Option<usize>,
    /// What the user may do where: (project's place, role).
    pub grants: Vec<(usize, Role)>,
}

impl fmt::Debug for DeclaredUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, name, password, is_drawn, default_project, grants } = self;
        f.debug_struct("DeclaredUser")
            .field("id", id)
            .field("name", name)
            .field("has_password", &password.is_some())
            .field("is_drawn", is_drawn)
            .field("default_project", default_project)
            .field("grants", grants)
            .finish()
    }
}

/// A flavor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredFlavor {
    /// Its id: any text without spaces.
    pub id: Arc<str>,
    /// Its name, which is its name in the manager's catalogue too.
    pub name: Arc<str>,
    /// What a server of it takes from host and quota.
    pub size: Size,
    /// GiB.
    pub disk_gib: u32,
    /// GiB.
    pub ephemeral_gib: u32,
    /// MiB.
    pub swap_mib: u32,
    /// Names and values.
    pub extra_specs: BTreeMap<String, String>,
    /// Whether every project sees it.
    pub is_public: bool,
    /// Free text.
    pub description: Option<String>,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredImage {
    /// Its id.
    pub id: Uuid,
    /// Its name, which is its name in the manager's catalogue too.
    pub name: Arc<str>,
    /// GiB that a flavor's disk must have.
    pub min_disk_gib: u32,
    /// MiB that a flavor must have.
    pub min_ram_mib: u32,
    /// Bytes.
    pub size: u64,
}

/// A network with one subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredNetwork {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: Arc<str>,
    /// The subnet's id.
    pub subnet_id: Uuid,
    /// The subnet's first address.
    pub base: Ipv4Addr,
    /// How many bits of an address are the subnet's, 8 to 28.
    pub prefix: u8,
}

/// How many requests are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// Requests a second of one project to Compute.
    pub compute_per_s: Option<NonZeroU32>,
    /// Requests a minute of one user to Identity.
    pub identity_per_min: Option<NonZeroU32>,
}

/// A whole cloud as declared. Lists are in the order of the ids that the manager gives: the place
/// in a list is the id there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The region's name.
    pub region: Arc<str>,
    /// The availability zone's name.
    pub zone: Arc<str>,
    /// Projects.
    pub projects: Vec<DeclaredProject>,
    /// Users.
    pub users: Vec<DeclaredUser>,
    /// Flavors.
    pub flavors: Vec<DeclaredFlavor>,
    /// Images.
    pub images: Vec<DeclaredImage>,
    /// Networks.
    pub networks: Vec<DeclaredNetwork>,
    /// Hosts.
    pub hosts: Vec<Host>,
    /// How many requests are taken.
    pub rates: Rates,
    /// The driver's profile: a built-in name or a file.
    pub profile: String,
    /// Size of the pool.
    pub workers: usize,
    /// Places to wait.
    pub queue: usize,
    /// Most servers held.
    pub servers_max: usize,
    /// What a project may hold of which nothing else is said.
    pub default_quota: Quota,
}
