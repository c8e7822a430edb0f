//! What an action needs beside the server it is done to. It goes with the request, the operation,
//! the driver's call and the journal, so that an attempt after a restart does the same.

use serde::{Deserialize, Serialize};

use super::Action;
use crate::ids::FlavorId;
use crate::server::Size;

/// The arguments of an action that has any, one variant each.
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
}

impl ActionArgs {
    /// The action these are for.
    pub const fn action(&self) -> Action {
        match self {
            Self::Resize { .. } => Action::Resize,
        }
    }

    /// The flavor they name, for whoever keeps it under another number.
    pub const fn flavor_mut(&mut self) -> Option<&mut FlavorId> {
        match self {
            Self::Resize { flavor, .. } => Some(flavor),
        }
    }

    /// The flavor and size the server has once the action is done, if it changes them.
    pub const fn new_size(&self) -> Option<(FlavorId, Size)> {
        match self {
            Self::Resize { flavor, size } => Some((*flavor, *size)),
        }
    }
}
