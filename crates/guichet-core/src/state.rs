//! The states of a server. `vm_state`, `task_state` and `power_state` are stored; `status`, what
//! clients poll for, is derived from them (OpenStack Compute API guide, "Server concepts").

use std::fmt;

use serde::Serialize;

/// A text that is none of an enum's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known texts")]
pub struct UnknownText;

macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $( $(#[$vdoc:meta])* $variant:ident = $word:literal, )* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name { $( $(#[$vdoc])* #[serde(rename = $word)] $variant, )* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[ $( Self::$variant, )* ];

            /// Its text, as APIs and records have it.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }

        }

        impl std::str::FromStr for $name {
            type Err = $crate::state::UnknownText;

            /// The value with this text.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut values = Self::ALL.iter().copied();
                values.find(|value| value.as_str() == text).ok_or($crate::state::UnknownText)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(crate) use text_enum;

text_enum!(
    /// The stable state of a server, as Nova names it.
    VmState {
        /// Being created.
        Building = "building",
        /// Running.
        Active = "active",
        /// Shut down.
        Stopped = "stopped",
        /// Frozen in memory.
        Paused = "paused",
        /// Frozen on disk.
        Suspended = "suspended",
        /// Failed; see its fault.
        Error = "error",
        /// Gone: clients get 404.
        Deleted = "deleted",
        /// Runs in its new size, and holds the old one until that is confirmed or reverted.
        Resized = "resized",
        /// Runs from another image, with its own disk beside.
        Rescued = "rescued",
        /// Shut down, its disk kept as an image; it still has its host.
        Shelved = "shelved",
        /// Kept as an image, without a host.
        ShelvedOffloaded = "shelved_offloaded",
        /// Deleted, and may be restored for a while.
        SoftDeleted = "soft-delete",
    }
);

text_enum!(
    /// What is being done to a server right now, as Nova names it.
    TaskState {
        /// Create: accepted, waiting for a worker.
        Scheduling = "scheduling",
        /// Create: the driver is at work.
        Spawning = "spawning",
        /// Soft reboot.
        Rebooting = "rebooting",
        /// Hard reboot.
        RebootingHard = "rebooting_hard",
        /// Stop.
        PoweringOff = "powering-off",
        /// Start.
        PoweringOn = "powering-on",
        /// Pause.
        Pausing = "pausing",
        /// Unpause.
        Unpausing = "unpausing",
        /// Suspend.
        Suspending = "suspending",
        /// Resume.
        Resuming = "resuming",
        /// Delete.
        Deleting = "deleting",
        /// Resize: accepted, waiting for a worker.
        ResizePrep = "resize_prep",
        /// Resize: the driver is at work.
        ResizeMigrating = "resize_migrating",
        /// The old size is given up.
        ResizeConfirming = "resize_confirming",
        /// The new size is given up.
        ResizeReverting = "resize_reverting",
        /// Rebuild and evacuate: accepted, waiting for a worker.
        Rebuilding = "rebuilding",
        /// Rebuild and evacuate: the driver is at work.
        RebuildSpawning = "rebuild_spawning",
        /// Rescue.
        Rescuing = "rescuing",
        /// Unrescue.
        Unrescuing = "unrescuing",
        /// Shelve: accepted, waiting for a worker.
        Shelving = "shelving",
        /// Shelve: the driver is at work.
        ShelvingImageUploading = "shelving_image_uploading",
        /// A shelved server leaves its host.
        ShelvingOffloading = "shelving_offloading",
        /// Unshelve.
        Unshelving = "unshelving",
        /// An image of it: accepted, waiting for a worker.
        ImageSnapshotPending = "image_snapshot_pending",
        /// An image of it: the driver is at work.
        ImageUploading = "image_uploading",
        /// A backup of it.
        ImageBackup = "image_backup",
        /// Its password is set.
        UpdatingPassword = "updating_password",
        /// Soft delete.
        SoftDeleting = "soft-deleting",
        /// Restore.
        Restoring = "restoring",
        /// Live migration.
        Migrating = "migrating",
    }
);

text_enum!(
    /// Whether the machine runs (Compute API: 0 none, 1 running, 3 paused, 4 shut down).
    PowerState {
        /// Nothing known yet.
        None = "none",
        /// Running.
        Running = "running",
        /// Paused.
        Paused = "paused",
        /// Shut down.
        Shutdown = "shutdown",
    }
);

text_enum!(
    /// What a client polls for.
    Status {
        /// Being created.
        Build = "BUILD",
        /// Running.
        Active = "ACTIVE",
        /// In a soft reboot.
        Reboot = "REBOOT",
        /// In a hard reboot.
        HardReboot = "HARD_REBOOT",
        /// Shut down.
        Shutoff = "SHUTOFF",
        /// Paused.
        Paused = "PAUSED",
        /// Suspended.
        Suspended = "SUSPENDED",
        /// Failed.
        Error = "ERROR",
        /// Gone.
        Deleted = "DELETED",
        /// Becomes another size.
        Resize = "RESIZE",
        /// Has another size, to be confirmed or reverted.
        VerifyResize = "VERIFY_RESIZE",
        /// Goes back to the size it had.
        RevertResize = "REVERT_RESIZE",
        /// Its disk is made anew.
        Rebuild = "REBUILD",
        /// Runs from another image.
        Rescue = "RESCUE",
        /// Shut down and kept as an image.
        Shelved = "SHELVED",
        /// Kept as an image, without a host.
        ShelvedOffloaded = "SHELVED_OFFLOADED",
        /// Deleted, and may be restored.
        SoftDeleted = "SOFT_DELETED",
        /// Moves while it runs.
        Migrating = "MIGRATING",
        /// Its password is set.
        Password = "PASSWORD",
    }
);

/// A server's state at a moment: what an event goes from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct State {
    /// The stable state.
    pub vm_state: VmState,
    /// What is being done, if anything.
    pub task_state: Option<TaskState>,
}

impl fmt::Display for State {
    /// `ACTIVE` or, while something is done, `ACTIVE/powering-off`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.task_state {
            Some(task) => write!(f, "{}/{task}", self.status()),
            None => self.status().fmt(f),
        }
    }
}
