//! What administrators wrote of the extra specs of a declared flavor, as it is recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::records;

/// What is other of a declared flavor's extra specs than declared. What is declared of all else at
/// the next start holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredSpecs {
    /// The flavor's id.
    pub(crate) flavor: Arc<str>,
    /// Those that it has, with their values.
    pub(crate) written: BTreeMap<String, String>,
    /// The names of those that it has not.
    pub(crate) dropped: BTreeSet<String>,
}

impl DeclaredSpecs {
    /// What makes `specs` of those that are declared.
    pub(crate) fn between(
        flavor: &Arc<str>,
        declared: &BTreeMap<String, String>,
        specs: BTreeMap<String, String>,
    ) -> Self {
        let dropped = declared.keys().filter(|name| !specs.contains_key(*name)).cloned().collect();
        let mut written = specs;
        written.retain(|name, value| declared.get(name) != Some(value));
        Self { flavor: Arc::clone(flavor), written, dropped }
    }

    /// The extra specs that the flavor has where these are declared.
    pub(crate) fn over(&self, declared: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut specs = declared.clone();
        specs.retain(|name, _| !self.dropped.contains(name));
        specs.extend(self.written.iter().map(|(name, value)| (name.clone(), value.clone())));
        specs
    }

    /// Whether all is as declared.
    pub(crate) fn is_nothing(&self) -> bool {
        self.written.is_empty() && self.dropped.is_empty()
    }
}

impl Document for DeclaredSpecs {
    const KIND: &'static str = records::DECLARED_SPECS;
}
