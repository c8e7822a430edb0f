//! What clients see of a state.

use crate::action::{Settles, TABLE};
use crate::state::{State, Status, TaskState, VmState};

impl State {
    /// What clients see: what the table of actions says of the task, else what the stable state
    /// says. A server that is being deleted keeps the status it had.
    pub const fn status(self) -> Status {
        match (self.vm_state, self.task_state) {
            (VmState::Deleted, _) => Status::Deleted,
            (vm_state, Some(task)) => match shown(task) {
                Some(status) => status,
                None => stable(vm_state),
            },
            (vm_state, None) => stable(vm_state),
        }
    }
}

/// What the table of actions shows while this is being done.
const fn shown(task: TaskState) -> Option<Status> {
    SHOWN[task as usize]
}

/// The column `shows` of the table of actions, by task state.
const SHOWN: [Option<Status>; TaskState::ALL.len()] = {
    let mut shown = [None; TaskState::ALL.len()];
    let mut row = 0;
    while row < TABLE.len() {
        let rule = &TABLE[row];
        // What is over at once shows no task.
        if !matches!(rule.settles, Settles::Always) {
            shown[rule.task as usize] = rule.shows;
            shown[rule.task_started as usize] = rule.shows;
        }
        row += 1;
    }
    shown
};

/// What a stable state shows.
const fn stable(vm_state: VmState) -> Status {
    match vm_state {
        VmState::Building => Status::Build,
        VmState::Active => Status::Active,
        VmState::Stopped => Status::Shutoff,
        VmState::Paused => Status::Paused,
        VmState::Suspended => Status::Suspended,
        VmState::Error => Status::Error,
        VmState::Resized => Status::VerifyResize,
        VmState::Deleted => Status::Deleted,
        VmState::Rescued => Status::Rescue,
        VmState::Shelved => Status::Shelved,
        VmState::ShelvedOffloaded => Status::ShelvedOffloaded,
        VmState::SoftDeleted => Status::SoftDeleted,
    }
}
