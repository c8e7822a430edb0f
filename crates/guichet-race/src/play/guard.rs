//! What can keep requests apart, as a reader chooses it.

use crate::state::Manager;

/// What keeps requests apart, and what is said of it.
pub(super) struct Guard {
    pub(super) manager: Manager,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    pub(super) label: &'static str,
    pub(super) waits: &'static str,
    /// Who has it, where that is the same in every state.
    pub(super) holder: Option<&'static str>,
}

/// What can be chosen. A lock for each read and write leaves the ways that there are without any:
/// in this model each single read and write is whole anyway.
pub(super) const GUARDS: [Guard; 5] = [
    Guard {
        manager: Manager::Unlocked,
        name: "none",
        title: "nothing",
        about: "Each single read and write is whole; between two of them anybody may come in.",
        label: "",
        waits: "",
        holder: None,
    },
    Guard {
        manager: Manager::Unlocked,
        name: "each",
        title: "a lock for each read and write",
        about: "The lock is given back after every single read and write. Nobody ever waits for \
                another's request to end, so the same can happen as with nothing.",
        label: "lock",
        waits: "waits for the lock",
        // It is free between two steps.
        holder: Some("nobody: it is taken for one read or write at a time"),
    },
    Guard {
        manager: Manager::Semaphore(1),
        name: "lock",
        title: "the lock",
        about: "It is held from the first read of a request to its last write. The worker takes \
                it too.",
        label: "lock",
        waits: "waits for the lock",
        holder: None,
    },
    Guard {
        manager: Manager::Semaphore(2),
        name: "semaphore=2",
        title: "a semaphore of 2",
        about: "Two may be in the middle of something at once, and the third waits.",
        label: "permits",
        waits: "waits for a permit",
        holder: None,
    },
    Guard {
        manager: Manager::Semaphore(3),
        name: "semaphore=3",
        title: "a semaphore of 3",
        about: "Three may be in the middle of something at once. With two clients nobody ever \
                waits.",
        label: "permits",
        waits: "waits for a permit",
        holder: None,
    },
];
