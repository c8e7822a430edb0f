//! What an action needs beside the server it is done to. It goes with the request, the operation,
//! the driver's call and the journal, so that an attempt after a restart does the same.

use serde::{Deserialize, Serialize};

use super::kind::Action;
use crate::details::Changes;
use crate::ids::{FlavorId, HostId};
use crate::size::Size;

/// The arguments of an action that has any, one variant for each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionArgs {
    /// Another size for a server.
    Resize {
        /// The flavor it becomes.
        flavor: FlavorId,
        /// What a server of that flavor takes.
        size: Size,
    },
    /// Another host for a server, as it is: of a migration, a live migration, an evacuation,
    /// an unshelving.
    Move {
        /// The one that was asked for; none: the first other one that has capacity.
        host: Option<HostId>,
    },
    /// What a server is made anew with: its row has it as soon as the rebuild is accepted, so that
    /// the operation needs none of it, and the journal never sees it.
    #[serde(skip)]
    Rebuild(Box<Changes>),
}

impl ActionArgs {
    /// Whether these are arguments of that action.
    pub const fn are_of(&self, action: Action) -> bool {
        match self {
            Self::Resize { .. } => matches!(action, Action::Resize),
            Self::Move { .. } => {
                matches!(
                    action,
                    Action::Migrate | Action::LiveMigrate | Action::Evacuate | Action::Unshelve
                )
            }
            Self::Rebuild(_) => matches!(action, Action::Rebuild),
        }
    }

    /// Whether that action is nothing without arguments.
    pub const fn are_needed_by(action: Action) -> bool {
        matches!(action, Action::Resize | Action::Migrate | Action::LiveMigrate | Action::Evacuate)
    }

    /// Whether the operation needs them too, and not only the step that accepts it.
    pub const fn are_for_driver(&self) -> bool {
        !matches!(self, Self::Rebuild(_))
    }

    /// The flavor they name, for whoever keeps it under another number.
    pub const fn flavor_mut(&mut self) -> Option<&mut FlavorId> {
        match self {
            Self::Resize { flavor, .. } => Some(flavor),
            Self::Move { .. } | Self::Rebuild(_) => None,
        }
    }

    /// The host they name, for whoever keeps it under another number.
    pub const fn host_mut(&mut self) -> Option<&mut HostId> {
        match self {
            Self::Move { host } => host.as_mut(),
            Self::Resize { .. } | Self::Rebuild(_) => None,
        }
    }

    /// The flavor and size the server has once the action is done, if it changes them.
    pub const fn new_size(&self) -> Option<(FlavorId, Size)> {
        match self {
            Self::Resize { flavor, size } => Some((*flavor, *size)),
            Self::Move { .. } | Self::Rebuild(_) => None,
        }
    }
}
