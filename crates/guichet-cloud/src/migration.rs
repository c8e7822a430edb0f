//! A migration, as it is recorded.

use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::ids::{RequestId, ServerId};
use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::records;

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// The server.
    pub server: ServerId,
    /// The request that asked for it.
    pub request: RequestId,
    /// The id of the user who did.
    pub user: Arc<str>,
    /// The id of the server's project.
    pub project: Arc<str>,
    /// How it goes.
    pub kind: MigrationKind,
    /// The name of the host it leaves.
    pub source: Arc<str>,
    /// The name of the host it goes to; none if no host had capacity.
    pub target: Option<Arc<str>>,
    /// The id of the flavor it has before.
    pub old_flavor: Arc<str>,
    /// The id of the flavor it has afterwards.
    pub new_flavor: Arc<str>,
    /// When it was accepted: microseconds since 1970.
    pub created_us: u64,
}

/// How a migration goes, in Nova's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MigrationKind {
    /// To another size.
    Resize,
    /// Powered off meanwhile.
    Migration,
    /// While it runs.
    LiveMigration,
    /// Made anew, as its host is down.
    Evacuation,
}

impl MigrationKind {
    /// Nova's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resize => "resize",
            Self::Migration => "migration",
            Self::LiveMigration => "live-migration",
            Self::Evacuation => "evacuation",
        }
    }

    pub(crate) const fn of(action: Action) -> Option<Self> {
        match action {
            Action::Resize => Some(Self::Resize),
            Action::Migrate => Some(Self::Migration),
            Action::LiveMigrate => Some(Self::LiveMigration),
            Action::Evacuate => Some(Self::Evacuation),
            _ => None,
        }
    }
}

impl Document for Migration {
    const KIND: &'static str = records::MIGRATION;
}
