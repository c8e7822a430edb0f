//! What a row of the table of actions says.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::kind::Action;
use crate::state::{PowerState, State, Status, TaskState, VmState};

/// Which task states an action may interrupt. Having none is always allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupts {
    /// None: something else being done is a conflict.
    Nothing,
    /// Those named: the operation behind them is cancelled.
    These(&'static [TaskState]),
    /// Those named, and it is allowed in nothing else: it is there to cancel them.
    Only(&'static [TaskState]),
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
    /// SHUTOFF if it was that, ACTIVE and running otherwise.
    AsStopped,
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
    /// It takes a second allocation, of the size and where the arguments say: on the first host
    /// that has capacity for it.
    AddSecond,
    /// The second allocation becomes the first and the first the second: the server is there now.
    Switch,
    /// The second allocation is given back.
    DropSecond,
    /// The second allocation becomes the only one; the first is given back.
    ReturnToSecond,
    /// Its place on the host is given back; that in the quota stays.
    LeaveHost,
    /// A server without a host takes a place on the first that has capacity.
    TakeHost,
    /// A server that is offloaded gives the place back that it took on a host.
    ReturnHost,
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

/// When an action is over at once: there is nothing a driver could do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settles {
    /// Never: a driver does it.
    ByDriver,
    /// If no driver was ever called for the server.
    Unstarted,
    /// Always: it only changes what is known of the server.
    Always,
}

/// What an action does to the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineChange {
    /// It is there afterwards, whether or not it was before.
    Make,
    /// It must be there, and stays.
    Change,
    /// It is not there any more.
    Remove,
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
    /// When it is over at once, without a call of the driver.
    pub settles: Settles,
    /// What it does to the machine.
    pub machine: MachineChange,
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
    pub deadline: Duration,
}

impl Then {
    /// The state in which a server is afterwards that was in this one.
    pub fn of(self, vm_state: VmState, power_state: PowerState) -> (VmState, PowerState) {
        match self {
            Self::Is(vm_state, power_state) => (vm_state, power_state),
            Self::In(vm_state) => (vm_state, power_state),
            Self::AsPowered if power_state == PowerState::Shutdown => {
                (VmState::Stopped, power_state)
            }
            Self::AsPowered => (VmState::Active, power_state),
            Self::AsStopped if vm_state == VmState::Stopped => {
                (VmState::Stopped, PowerState::Shutdown)
            }
            Self::AsStopped => (VmState::Active, PowerState::Running),
            Self::AsBefore => (vm_state, power_state),
            Self::Error => (VmState::Error, power_state),
        }
    }
}

impl Transition {
    /// Whether a server in `state` may be asked for this; the state that stands in the way if not.
    pub fn check(&self, state: State) -> Result<(), Obstacle> {
        if !self.allowed.is_empty() && !self.allowed.contains(&state.vm_state) {
            return Err(Obstacle::VmState(state.vm_state));
        }
        match (state.task_state, self.interrupts) {
            (None, Interrupts::Only(_)) => Err(Obstacle::NoTask),
            (Some(task), Interrupts::Only(tasks)) if tasks.contains(&task) => Ok(()),
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
    /// That nothing is being done to it.
    NoTask,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VmState(state) => write!(f, "vm_state {state}"),
            Self::TaskState(task) => write!(f, "task_state {task}"),
            Self::NoTask => f.write_str("task_state None"),
        }
    }
}
