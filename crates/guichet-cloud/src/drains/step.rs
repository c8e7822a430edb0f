//! What is to be done next with a server of a host that is being emptied. Pure.

use std::fmt;

use guichet_core::action::Action;
use guichet_core::ids::HostId;
use guichet_core::server::{Failure, Server};
use guichet_core::state::{State, VmState};

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing: it holds nothing of the host.
    Away,
    /// This.
    Do(Action),
    /// It cannot be moved as it is.
    Stuck(Stuck),
}

/// Why a server stays for now. It is looked at again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stuck {
    /// Something is being done to it.
    Busy(State),
    /// No other host that takes servers has room.
    NoRoom,
    /// Nothing moves a server in this state.
    State(State),
    /// It was resized or migrated, and holds its old place until that is confirmed or reverted.
    Unconfirmed,
    /// It was tried, and failed so.
    Failed(Failure),
    /// It was refused so.
    Refused(Box<str>),
}

impl Stuck {
    /// Its code.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Busy(_) => "busy",
            Self::NoRoom => "no_room",
            Self::State(_) => "state",
            Self::Unconfirmed => "unconfirmed",
            Self::Failed(_) => "failed",
            Self::Refused(_) => "refused",
        }
    }
}

impl fmt::Display for Stuck {
    /// A sentence that says what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(state) => write!(f, "Something is being done to it ({state}): it is next."),
            Self::NoRoom => f.write_str(
                "No other host that takes servers has room: enable or add one, or delete servers.",
            ),
            Self::State(state) => write!(
                f,
                "Nothing moves a server in {state}: have its owner bring it to ACTIVE or SHUTOFF, or \
                 delete it."
            ),
            Self::Unconfirmed => f.write_str(
                "It holds its old place here: have its owner confirm or revert the resize.",
            ),
            Self::Failed(failure) => {
                write!(f, "It was tried and failed ({failure}); it is tried again.")
            }
            Self::Refused(why) => f.write_str(why),
        }
    }
}

/// What is to be done with a server of that host; `is_down`: nobody there does anything; `is_ours`: a drain
/// asked for the migration that it came from.
pub(super) fn step(server: &Server, host: HostId, is_down: bool, is_ours: bool) -> Step {
    let holds = server.allocations().any(|held| held.host == Some(host));
    if !holds {
        return Step::Away;
    }
    let state = server.state();
    if state.task_state.is_some() || server.active.is_some() {
        return Step::Stuck(Stuck::Busy(state));
    }
    match (state.vm_state, is_down) {
        (VmState::Resized, _) if is_ours && server.host != Some(host) => {
            Step::Do(Action::ConfirmResize)
        }
        (VmState::Resized, _) => Step::Stuck(Stuck::Unconfirmed),
        (VmState::Active | VmState::Stopped | VmState::Error, true) => Step::Do(Action::Evacuate),
        (VmState::Active | VmState::Paused, false) => Step::Do(Action::LiveMigrate),
        (VmState::Stopped, false) => Step::Do(Action::Migrate),
        (VmState::Shelved, false) => Step::Do(Action::ShelveOffload),
        _ => Step::Stuck(Stuck::State(state)),
    }
}

/// Whether an action needs room on another host.
pub(super) const fn needs_room(action: Action) -> bool {
    matches!(action, Action::Evacuate | Action::LiveMigrate | Action::Migrate)
}

/// Whether a server has left its host once this is done.
pub(super) const fn leaves(action: Action) -> bool {
    !matches!(action, Action::Migrate)
}
