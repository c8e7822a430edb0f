//! The table of actions: what each is allowed on, what it shows at once, where it ends.
//! A later action adds a row, not a branch.

mod args;

use std::fmt;

pub use args::ActionArgs;
use serde::Serialize;

use crate::limits;
use crate::state::{PowerState, State, Status, TaskState, VmState, text_enum};

text_enum!(
    /// What a request asks for.
    Action {
        /// Make a server.
        Create = "create",
        /// Ask the guest to restart.
        RebootSoft = "reboot",
        /// Cut and restore the power.
        RebootHard = "reboot_hard",
        /// Power on.
        Start = "start",
        /// Power off.
        Stop = "stop",
        /// Remove.
        Delete = "delete",
        /// Give it another size, and keep the old one until that is confirmed.
        Resize = "resize",
        /// Keep the new size and give the old one up.
        ConfirmResize = "confirm_resize",
        /// Go back to the old size.
        RevertResize = "revert_resize",
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
    /// In this state, with the power it has.
    In(VmState),
    /// ACTIVE if it runs, SHUTOFF if not.
    AsPowered,
    /// Where it was before.
    AsBefore,
    /// In ERROR, with a fault.
    Error,
}

/// What becomes of what a server holds: its places in its project's quota and on hosts, each an
/// [`Allocation`](crate::server::Allocation). A server has one, and two while it may still go
/// back to what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllocationChange {
    /// It holds what it held.
    Keep,
    /// It takes a second allocation, of the size that the arguments say, on the first host that
    /// has capacity for it.
    AddSecond,
    /// The second allocation becomes the first and the first the second: the server is there now.
    Switch,
    /// The second allocation is given back.
    DropSecond,
    /// The second allocation becomes the only one; the first is given back.
    ReturnToSecond,
    /// Everything is given back.
    DropAll,
}

/// What an action does to what the server holds, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AllocationChanges {
    /// As soon as it is accepted.
    pub accepted: AllocationChange,
    /// When it succeeded.
    pub done: AllocationChange,
    /// When it failed for good. One that is cancelled leaves what it took to the delete that
    /// cancelled it.
    pub failed: AllocationChange,
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
    /// Whether it needs a machine: a server that never got a host cannot have it done.
    pub needs_host: bool,
    /// Whether asking again while it is being done gives the first answer again.
    pub repeats: bool,
    /// Whether it is over at once if no driver was ever called for the server.
    pub settles_unstarted: bool,
    /// What it does to what the server holds.
    pub allocations: AllocationChanges,
    /// Shown as soon as it is accepted.
    pub task: TaskState,
    /// Shown once a worker has started it.
    pub task_started: TaskState,
    /// The status clients see meanwhile; none: that of the stable state.
    pub shows: Option<Status>,
    /// When it succeeded.
    pub done: Then,
    /// When it failed for good.
    pub failed: Then,
    /// How long one driver call may take.
    pub deadline: std::time::Duration,
}

/// What time does to a stable state: after a while, which the configuration says, an action is
/// done that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// The stable state.
    pub state: VmState,
    /// What is done then.
    pub then: Action,
}

/// The states that do not last for ever.
pub const EXPIRIES: &[Expiry] = &[Expiry { state: VmState::Resized, then: Action::ConfirmResize }];

const ACTIVE: Then = Then::Is(VmState::Active, PowerState::Running);

const KEEP: AllocationChanges = AllocationChanges {
    accepted: AllocationChange::Keep,
    done: AllocationChange::Keep,
    failed: AllocationChange::Keep,
};

/// What most rows have in common: an action on a machine, which changes nothing of what it holds.
const MACHINE: Transition = Transition {
    action: Action::Create,
    allowed: &[],
    interrupts: Interrupts::Nothing,
    needs_host: true,
    repeats: false,
    settles_unstarted: false,
    allocations: KEEP,
    task: TaskState::Scheduling,
    task_started: TaskState::Scheduling,
    shows: None,
    done: ACTIVE,
    failed: Then::Error,
    deadline: limits::ACTION_DEADLINE,
};

/// The rules, one row an action (section "Actions" of the Compute API; Nova's `vm_states` and
/// `task_states`). A create starts from nothing and a delete from anything.
pub const TABLE: &[Transition] = &[
    Transition {
        action: Action::Create,
        task: TaskState::Scheduling,
        task_started: TaskState::Spawning,
        deadline: limits::CREATE_DEADLINE,
        ..MACHINE
    },
    Transition {
        action: Action::RebootSoft,
        allowed: &[VmState::Active],
        task: TaskState::Rebooting,
        task_started: TaskState::Rebooting,
        shows: Some(Status::Reboot),
        ..MACHINE
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
        shows: Some(Status::HardReboot),
        ..MACHINE
    },
    Transition {
        action: Action::Start,
        allowed: &[VmState::Stopped],
        task: TaskState::PoweringOn,
        task_started: TaskState::PoweringOn,
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Stop,
        allowed: &[VmState::Active, VmState::Error],
        task: TaskState::PoweringOff,
        task_started: TaskState::PoweringOff,
        done: Then::Is(VmState::Stopped, PowerState::Shutdown),
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Delete,
        interrupts: Interrupts::Everything,
        needs_host: false,
        repeats: true,
        settles_unstarted: true,
        allocations: AllocationChanges { done: AllocationChange::DropAll, ..KEEP },
        task: TaskState::Deleting,
        task_started: TaskState::Deleting,
        done: Then::Is(VmState::Deleted, PowerState::None),
        ..MACHINE
    },
    Transition {
        action: Action::Resize,
        allowed: &[VmState::Active, VmState::Stopped],
        allocations: AllocationChanges {
            accepted: AllocationChange::AddSecond,
            done: AllocationChange::Switch,
            failed: AllocationChange::DropSecond,
        },
        task: TaskState::ResizePrep,
        task_started: TaskState::ResizeMigrating,
        shows: Some(Status::Resize),
        done: Then::In(VmState::Resized),
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::ConfirmResize,
        allowed: &[VmState::Resized],
        allocations: AllocationChanges { done: AllocationChange::DropSecond, ..KEEP },
        task: TaskState::ResizeConfirming,
        task_started: TaskState::ResizeConfirming,
        done: Then::AsPowered,
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::RevertResize,
        allowed: &[VmState::Resized],
        allocations: AllocationChanges { done: AllocationChange::ReturnToSecond, ..KEEP },
        task: TaskState::ResizeReverting,
        task_started: TaskState::ResizeReverting,
        shows: Some(Status::RevertResize),
        done: Then::AsPowered,
        failed: Then::AsBefore,
        ..MACHINE
    },
];

impl Action {
    /// The actions of the lab: what mixes, traces and profiles name.
    pub const LAB: &[Self] =
        &[Self::Create, Self::RebootSoft, Self::RebootHard, Self::Start, Self::Stop, Self::Delete];

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
