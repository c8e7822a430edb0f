//! The table of actions: what each is allowed on, what it shows at once, where it ends.
//! A later action adds a row, not a branch.

use std::fmt;

use serde::Serialize;

use crate::limits;
use crate::state::{PowerState, State, TaskState, VmState, text_enum};

text_enum!(
    /// What a request asks for.
    Action {
        /// Make a server.
        Create = "create",
        /// RequestBody the guest to restart.
        RebootSoft = "reboot",
        /// Cut and restore the power.
        RebootHard = "reboot_hard",
        /// Power on.
        Start = "start",
        /// Power off.
        Stop = "stop",
        /// Remove.
        Delete = "delete",
    }
);

/// Which task states an action may interrupt. Having none is always allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupts {
    /// None: something else being done is a conflict.
    Nothing,
    /// Those named: the operation behind them is cancelled.
    These(&'static [TaskState]),
    /// Any.
    Everything,
}

/// Where a server is after an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// In this state, with this power.
    Is(VmState, PowerState),
    /// Where it was before.
    AsBefore,
    /// In ERROR, with a fault.
    Error,
}

/// One row of the table.
#[derive(Debug)]
pub struct Transition {
    /// The action it is for.
    pub action: Action,
    /// The stable states it is allowed in; empty: any.
    pub allowed: &'static [VmState],
    /// What it may interrupt.
    pub interrupts: Interrupts,
    /// Shown as soon as it is accepted.
    pub task: TaskState,
    /// Shown once a worker has started it.
    pub task_started: TaskState,
    /// When it succeeded.
    pub done: Then,
    /// When it failed for good.
    pub failed: Then,
    /// How long one driver call may take.
    pub deadline: std::time::Duration,
}

const ACTIVE: Then = Then::Is(VmState::Active, PowerState::Running);

/// The rules, one row an action (section "Actions" of the Compute API; Nova's `vm_states` and
/// `task_states`). A create starts from nothing and a delete from anything.
pub const TABLE: &[Transition] = &[
    Transition {
        action: Action::Create,
        allowed: &[],
        interrupts: Interrupts::Nothing,
        task: TaskState::Scheduling,
        task_started: TaskState::Spawning,
        done: ACTIVE,
        failed: Then::Error,
        deadline: limits::CREATE_DEADLINE,
    },
    Transition {
        action: Action::RebootSoft,
        allowed: &[VmState::Active],
        interrupts: Interrupts::Nothing,
        task: TaskState::Rebooting,
        task_started: TaskState::Rebooting,
        done: ACTIVE,
        failed: Then::Error,
        deadline: limits::ACTION_DEADLINE,
    },
    Transition {
        action: Action::RebootHard,
        allowed: &[
            VmState::Active,
            VmState::Stopped,
            VmState::Paused,
            VmState::Suspended,
            VmState::Error,
        ],
        interrupts: Interrupts::These(&[
            TaskState::Rebooting,
            TaskState::RebootingHard,
            TaskState::Pausing,
            TaskState::Unpausing,
            TaskState::Suspending,
            TaskState::Resuming,
        ]),
        task: TaskState::RebootingHard,
        task_started: TaskState::RebootingHard,
        done: ACTIVE,
        failed: Then::Error,
        deadline: limits::ACTION_DEADLINE,
    },
    Transition {
        action: Action::Start,
        allowed: &[VmState::Stopped],
        interrupts: Interrupts::Nothing,
        task: TaskState::PoweringOn,
        task_started: TaskState::PoweringOn,
        done: ACTIVE,
        failed: Then::AsBefore,
        deadline: limits::ACTION_DEADLINE,
    },
    Transition {
        action: Action::Stop,
        allowed: &[VmState::Active, VmState::Error],
        interrupts: Interrupts::Nothing,
        task: TaskState::PoweringOff,
        task_started: TaskState::PoweringOff,
        done: Then::Is(VmState::Stopped, PowerState::Shutdown),
        failed: Then::AsBefore,
        deadline: limits::ACTION_DEADLINE,
    },
    Transition {
        action: Action::Delete,
        allowed: &[],
        interrupts: Interrupts::Everything,
        task: TaskState::Deleting,
        task_started: TaskState::Deleting,
        done: Then::Is(VmState::Deleted, PowerState::None),
        failed: Then::Error,
        deadline: limits::ACTION_DEADLINE,
    },
];

impl Action {
    /// The row of the table for this action.
    pub const fn rule(self) -> &'static Transition {
        &TABLE[self as usize]
    }

    /// Nova's word for the action in its sentences: both reboots are `reboot`.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::RebootHard => "reboot",
            other => other.as_str(),
        }
    }
}

// The table is indexed by the action's own number.
const _: () = {
    let mut row = 0;
    while row < TABLE.len() {
        assert!(TABLE[row].action as usize == row, "TABLE is in the order of Action");
        row += 1;
    }
    assert!(TABLE.len() == Action::ALL.len(), "every action has a row");
};

impl Transition {
    /// Whether a server in `state` may be asked for this; the state that stands in the way if not.
    pub fn check(&self, state: State) -> Result<(), Obstacle> {
        if !self.allowed.is_empty() && !self.allowed.contains(&state.vm_state) {
            return Err(Obstacle::VmState(state.vm_state));
        }
        match (state.task_state, self.interrupts) {
            (None, _) | (_, Interrupts::Everything) => Ok(()),
            (Some(task), Interrupts::These(tasks)) if tasks.contains(&task) => Ok(()),
            (Some(task), _) => Err(Obstacle::TaskState(task)),
        }
    }
}

/// What of a server's state forbids an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Obstacle {
    /// Its stable state.
    VmState(VmState),
    /// What is being done to it.
    TaskState(TaskState),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VmState(state) => write!(f, "vm_state {state}"),
            Self::TaskState(task) => write!(f, "task_state {task}"),
        }
    }
}
