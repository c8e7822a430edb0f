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
    /// How far it is being emptied, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drain: Option<DrainState>,
}

impl HostState {
    /// Whether it takes servers, and whether those that it has are moved away.
    pub const fn intake(&self) -> Intake {
        match self.drain {
            Some(DrainState::Moving) => Intake::Draining,
            Some(DrainState::Done) => Intake::Drained,
            None if self.is_disabled => Intake::Disabled,
            None => Intake::Enabled,
        }
    }
}

/// Whether a host takes servers, and what becomes of those that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    /// It does, if it is up.
    Enabled,
    /// It does not; those that it has stay.
    Disabled,
    /// It does not; those that it has are moved to others.
    Draining,
    /// It does not, and has none any more.
    Drained,
}

impl Intake {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Draining => "draining",
            Self::Drained => "drained",
        }
    }
}

/// How far a host is being emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrainState {
    /// Its servers are being moved.
    Moving,
    /// It has none any more.
    Done,
}

impl Document for HostState {
    const KIND: &'static str = records::HOST;
}
