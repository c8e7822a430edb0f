//! Flavors: the sizes in which servers are made.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_core::server::Size;

/// A flavor as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flavor {
    /// Its id: any text of letters, digits, `.`, `_` and `-`.
    pub id: Arc<str>,
    /// Its name, which is its name in the manager's catalogue too.
    pub name: Arc<str>,
    /// What a server of it takes from host and quota.
    pub size: Size,
    /// The root disk, GiB; 0 takes the image's own size.
    pub disk_gib: u32,
    /// A second disk that is empty at first, GiB.
    pub ephemeral_gib: u32,
    /// Swap space, MiB.
    pub swap_mib: u32,
    /// Names and values for whoever places and builds servers.
    pub extra_specs: BTreeMap<String, String>,
    /// Whether every project sees it; others are for administrators.
    pub is_public: bool,
    /// Free text.
    pub description: Option<String>,
}

impl Flavor {
    /// Whether a caller sees it.
    pub const fn is_visible(&self, is_admin: bool) -> bool {
        self.is_public || is_admin
    }
}
