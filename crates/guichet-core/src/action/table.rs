//! The rules: one row an action.

use super::kind::Action;
use super::rule::{
    AllocationChange, AllocationChanges, Interrupts, MachineChange, Settles, Then, Transition,
};
use crate::limits;
use crate::state::{PowerState, Status, TaskState, VmState};

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
pub const EXPIRIES: &[Expiry] = &[
    Expiry { state: VmState::Resized, then: Action::ConfirmResize },
    Expiry { state: VmState::Shelved, then: Action::ShelveOffload },
    Expiry { state: VmState::SoftDeleted, then: Action::Delete },
];

const ACTIVE: Then = Then::Is(VmState::Active, PowerState::Running);

const KEEP: AllocationChanges = AllocationChanges {
    accepted: AllocationChange::Keep,
    done: AllocationChange::Keep,
    failed: AllocationChange::Keep,
};

/// A second allocation, and both until one of them is given up.
const SECOND_UNTIL_CONFIRMED: AllocationChanges = AllocationChanges {
    accepted: AllocationChange::AddSecond,
    done: AllocationChange::Switch,
    failed: AllocationChange::DropSecond,
};

/// Another host, and the present one until the server is there.
const MOVE: AllocationChanges = AllocationChanges {
    accepted: AllocationChange::AddSecond,
    done: AllocationChange::ReturnToSecond,
    failed: AllocationChange::DropSecond,
};

/// Where a server has a disk that an image can be made of.
const PRESERVED: &[VmState] =
    &[VmState::Active, VmState::Stopped, VmState::Paused, VmState::Suspended];

/// What most rows have in common: an action on a machine, which changes nothing of what it holds.
const MACHINE: Transition = Transition {
    action: Action::Create,
    allowed: &[],
    interrupts: Interrupts::Nothing,
    needs_host: true,
    repeats: false,
    settles: Settles::ByDriver,
    machine: MachineChange::Change,
    allocations: KEEP,
    task: TaskState::Scheduling,
    task_started: TaskState::Scheduling,
    shows: None,
    done: ACTIVE,
    failed: Then::Error,
    deadline: limits::ACTION_DEADLINE,
};

/// The rules, one row an action (section "Actions" of the Compute API; `check_instance_state` of
/// `nova.compute.api`, Nova's `vm_states` and `task_states`). A create starts from nothing and a delete from anything.
pub const TABLE: &[Transition] = &[
    Transition {
        action: Action::Create,
        machine: MachineChange::Make,
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
        settles: Settles::Unstarted,
        machine: MachineChange::Remove,
        allocations: AllocationChanges { done: AllocationChange::DropAll, ..KEEP },
        task: TaskState::Deleting,
        task_started: TaskState::Deleting,
        done: Then::Is(VmState::Deleted, PowerState::None),
        ..MACHINE
    },
    Transition {
        action: Action::Resize,
        allowed: &[VmState::Active, VmState::Stopped],
        allocations: SECOND_UNTIL_CONFIRMED,
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
    Transition {
        action: Action::Pause,
        allowed: &[VmState::Active],
        task: TaskState::Pausing,
        task_started: TaskState::Pausing,
        done: Then::Is(VmState::Paused, PowerState::Paused),
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Unpause,
        allowed: &[VmState::Paused],
        task: TaskState::Unpausing,
        task_started: TaskState::Unpausing,
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Suspend,
        allowed: &[VmState::Active],
        task: TaskState::Suspending,
        task_started: TaskState::Suspending,
        done: Then::Is(VmState::Suspended, PowerState::Shutdown),
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Resume,
        allowed: &[VmState::Suspended],
        task: TaskState::Resuming,
        task_started: TaskState::Resuming,
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Rebuild,
        allowed: &[VmState::Active, VmState::Stopped, VmState::Error],
        machine: MachineChange::Make,
        task: TaskState::Rebuilding,
        task_started: TaskState::RebuildSpawning,
        shows: Some(Status::Rebuild),
        done: Then::AsStopped,
        deadline: limits::CREATE_DEADLINE,
        ..MACHINE
    },
    Transition {
        action: Action::Rescue,
        allowed: &[VmState::Active, VmState::Stopped, VmState::Error],
        task: TaskState::Rescuing,
        task_started: TaskState::Rescuing,
        done: Then::Is(VmState::Rescued, PowerState::Running),
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Unrescue,
        allowed: &[VmState::Rescued],
        task: TaskState::Unrescuing,
        task_started: TaskState::Unrescuing,
        ..MACHINE
    },
    Transition {
        action: Action::Shelve,
        allowed: PRESERVED,
        task: TaskState::Shelving,
        task_started: TaskState::ShelvingImageUploading,
        done: Then::Is(VmState::Shelved, PowerState::Shutdown),
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::ShelveOffload,
        allowed: &[VmState::Shelved],
        machine: MachineChange::Remove,
        allocations: AllocationChanges { done: AllocationChange::LeaveHost, ..KEEP },
        task: TaskState::ShelvingOffloading,
        task_started: TaskState::ShelvingOffloading,
        done: Then::Is(VmState::ShelvedOffloaded, PowerState::None),
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Unshelve,
        allowed: &[VmState::Shelved, VmState::ShelvedOffloaded],
        needs_host: false,
        machine: MachineChange::Make,
        allocations: AllocationChanges {
            accepted: AllocationChange::TakeHost,
            done: AllocationChange::Keep,
            failed: AllocationChange::ReturnHost,
        },
        task: TaskState::Unshelving,
        task_started: TaskState::Unshelving,
        failed: Then::AsBefore,
        deadline: limits::CREATE_DEADLINE,
        ..MACHINE
    },
    Transition {
        action: Action::CreateImage,
        allowed: PRESERVED,
        task: TaskState::ImageSnapshotPending,
        task_started: TaskState::ImageUploading,
        done: Then::AsBefore,
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::CreateBackup,
        allowed: PRESERVED,
        task: TaskState::ImageBackup,
        task_started: TaskState::ImageBackup,
        done: Then::AsBefore,
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::ChangePassword,
        allowed: &[VmState::Active],
        task: TaskState::UpdatingPassword,
        task_started: TaskState::UpdatingPassword,
        shows: Some(Status::Password),
        done: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::SoftDelete,
        interrupts: Interrupts::Everything,
        needs_host: false,
        repeats: true,
        settles: Settles::Unstarted,
        allocations: AllocationChanges { done: AllocationChange::DropSecond, ..KEEP },
        task: TaskState::SoftDeleting,
        task_started: TaskState::SoftDeleting,
        done: Then::Is(VmState::SoftDeleted, PowerState::Shutdown),
        ..MACHINE
    },
    Transition {
        action: Action::Restore,
        allowed: &[VmState::SoftDeleted],
        task: TaskState::Restoring,
        task_started: TaskState::Restoring,
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Migrate,
        allowed: &[VmState::Active, VmState::Stopped],
        allocations: SECOND_UNTIL_CONFIRMED,
        task: TaskState::ResizePrep,
        task_started: TaskState::ResizeMigrating,
        shows: Some(Status::Resize),
        done: Then::In(VmState::Resized),
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::LiveMigrate,
        allowed: &[VmState::Active, VmState::Paused],
        allocations: MOVE,
        task: TaskState::Migrating,
        task_started: TaskState::Migrating,
        shows: Some(Status::Migrating),
        done: Then::AsBefore,
        failed: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::Evacuate,
        allowed: &[VmState::Active, VmState::Stopped, VmState::Error],
        machine: MachineChange::Make,
        allocations: MOVE,
        task: TaskState::Rebuilding,
        task_started: TaskState::RebuildSpawning,
        shows: Some(Status::Rebuild),
        done: Then::AsStopped,
        deadline: limits::CREATE_DEADLINE,
        ..MACHINE
    },
    Transition {
        action: Action::ResetActive,
        interrupts: Interrupts::Everything,
        needs_host: false,
        settles: Settles::Always,
        allocations: AllocationChanges { done: AllocationChange::DropSecond, ..KEEP },
        done: Then::In(VmState::Active),
        ..MACHINE
    },
    Transition {
        action: Action::ResetError,
        interrupts: Interrupts::Everything,
        needs_host: false,
        settles: Settles::Always,
        allocations: AllocationChanges { done: AllocationChange::DropSecond, ..KEEP },
        done: Then::In(VmState::Error),
        ..MACHINE
    },
    Transition {
        action: Action::CrashDump,
        allowed: &[VmState::Active, VmState::Paused, VmState::Rescued, VmState::Error],
        settles: Settles::Always,
        done: Then::AsBefore,
        ..MACHINE
    },
    Transition {
        action: Action::AbortMigration,
        interrupts: Interrupts::Only(&[TaskState::Migrating]),
        settles: Settles::Always,
        allocations: AllocationChanges { done: AllocationChange::DropSecond, ..KEEP },
        done: Then::AsBefore,
        ..MACHINE
    },
];

impl Action {
    /// The row of the table for this action.
    pub const fn rule(self) -> &'static Transition {
        &TABLE[self as usize]
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
