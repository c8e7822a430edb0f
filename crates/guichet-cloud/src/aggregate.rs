//! A host aggregate, as it is recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guichet_core::project::Host;
use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::records;

/// The name under which an aggregate's metadata say which zone its hosts are in.
pub const ZONE: &str = "availability_zone";

/// Hosts that belong together, with what is written on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// Its name, which no other has.
    pub name: Arc<str>,
    /// The names of its hosts.
    pub hosts: BTreeSet<Arc<str>>,
    /// Names and values; the zone is one of them.
    pub metadata: BTreeMap<String, String>,
    /// When it was made: microseconds since 1970.
    pub created_us: u64,
    /// When it last changed, if it ever did.
    pub updated_us: Option<u64>,
}

impl Document for Aggregate {
    const KIND: &'static str = records::AGGREGATE;
}

impl Aggregate {
    /// The zone that its hosts are in, if it says one.
    pub fn zone(&self) -> Option<&str> {
        self.metadata.get(ZONE).map(String::as_str)
    }

    /// Whether it says which zone a host is in.
    pub(crate) fn puts_in_zone(&self, host: &Host) -> bool {
        self.zone().is_some() && self.hosts.contains(&host.name)
    }
}
