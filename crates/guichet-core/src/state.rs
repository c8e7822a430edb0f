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
