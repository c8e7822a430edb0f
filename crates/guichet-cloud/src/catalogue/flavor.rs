//! Flavors: the sizes in which servers are made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guichet_core::server::Size;
use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::records;

/// A flavor, as it is declared or as an administrator wrote it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flavor {
    /// Its id: any text of letters, digits, `.`, `_`, `-` and blanks inside.
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
    /// Nova's factor of network traffic: shown, and nothing goes by it.
    #[serde(default = "one")]
    pub rxtx_factor: f64,
    /// Names and values for whoever places and builds servers.
    pub extra_specs: BTreeMap<String, String>,
    /// Whether every project sees it; others are for administrators and those with access.
    pub is_public: bool,
    /// The ids of the projects that have access to it, if it is not public.
    #[serde(default)]
    pub access: BTreeSet<Arc<str>>,
    /// Free text.
    pub description: Option<String>,
    /// Whether it was deleted: servers that were made of it go on showing it.
    #[serde(default)]
    pub is_deleted: bool,
}

const fn one() -> f64 {
    1.0
}

impl Document for Flavor {
    const KIND: &'static str = records::FLAVOR;
}

impl Flavor {
    /// Whether somebody sees it.
    pub fn is_visible(&self, is_admin: bool, project: &str) -> bool {
        !self.is_deleted && (self.is_public || is_admin || self.access.contains(project))
    }
}
