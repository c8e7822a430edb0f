//! A quota, as it is recorded.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_core::project::Quota;
use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::records;

/// What an administrator gave a project in place of what is declared; or all projects that have
/// nothing of their own, if no project is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenQuota {
    /// The id of the project; empty: all that have nothing of their own.
    pub(crate) project: Arc<str>,
    /// What is written; what is left out is as it is declared.
    pub limits: QuotaLimits,
}

/// Limits that are written: each a number, or that there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaLimits {
    /// Servers.
    pub instances: Option<Limit>,
    /// Virtual processors.
    pub cores: Option<Limit>,
    /// Memory, MiB.
    pub ram_mib: Option<Limit>,
    /// Of all else that a quota names.
    #[serde(default, skip_serializing_if = "OtherLimits::is_empty")]
    pub others: OtherLimits,
}

/// Limits of resources beside servers, processors and memory, by the names that quotas have for
/// them.
pub type OtherLimits = BTreeMap<String, Limit>;

/// A limit that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Any number is allowed.
    Unlimited,
    /// So many.
    Most(u64),
}

impl Limit {
    /// The number, if there is one.
    pub const fn most(self) -> Option<u64> {
        match self {
            Self::Unlimited => None,
            Self::Most(most) => Some(most),
        }
    }
}

impl Document for WrittenQuota {
    const KIND: &'static str = records::QUOTA;
}

impl QuotaLimits {
    /// What is written over what was there.
    #[must_use]
    pub(crate) fn over(self, below: Self) -> Self {
        let mut others = below.others;
        others.extend(self.others);
        Self {
            others,
            instances: self.instances.or(below.instances),
            cores: self.cores.or(below.cores),
            ram_mib: self.ram_mib.or(below.ram_mib),
        }
    }

    /// The quota that comes of it.
    pub(crate) fn apply(&self, to: Quota) -> Quota {
        let limit =
            |written: Option<Limit>, declared| written.map_or(declared, |limit| limit.most());
        Quota {
            instances: limit(self.instances, to.instances),
            cores: limit(self.cores, to.cores),
            ram_mib: limit(self.ram_mib, to.ram_mib),
        }
    }
}
