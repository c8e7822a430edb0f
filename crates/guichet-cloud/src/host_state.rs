//! What an administrator set of a host, as it is recorded.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::records;

/// What an administrator set of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostState {
    /// The host's name.
    pub(crate) host: Arc<str>,
    /// Whether it takes no more servers; those it has stay.
    pub is_disabled: bool,
    /// Why.
    pub reason: Option<String>,
    /// Whether it counts as down, so that its servers may be evacuated.
    pub is_forced_down: bool,
}

impl Document for HostState {
    const KIND: &'static str = records::HOST;
}
