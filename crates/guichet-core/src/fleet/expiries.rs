//! How long states last, and which servers' states end when.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ids::ServerId;
use crate::state::VmState;
use crate::time::Timestamp;

/// How long states last that time ends; none of them ends if nothing is said. Idle workers watch
/// the time, so the model `threads`, which has none, ends a state when it next takes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateTimes {
    /// How long a resized server waits to be confirmed before it is confirmed without being asked
    /// (Nova's `resize_confirm_window`).
    pub resized: Option<Duration>,
    /// How long a shelved server keeps its host (Nova's `shelved_offload_time`).
    pub shelved: Option<Duration>,
    /// How long a deleted server can be restored (Nova's `reclaim_instance_interval`).
    pub soft_deleted: Option<Duration>,
}

impl StateTimes {
    /// How long this state lasts, if not for ever.
    pub const fn of(&self, vm_state: VmState) -> Option<Duration> {
        match vm_state {
            VmState::Resized => self.resized,
            VmState::Shelved => self.shelved,
            VmState::SoftDeleted => self.soft_deleted,
            _ => None,
        }
    }
}

/// Servers whose state ends, by when.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expiries {
    by_time: BTreeSet<(Timestamp, ServerId)>,
}

impl Expiries {
    /// A server's state ends at `now` instead of `before`.
    pub(super) fn put(
        &mut self,
        server: ServerId,
        before: Option<Timestamp>,
        now: Option<Timestamp>,
    ) {
        if before == now {
            return;
        }
        if let Some(before) = before {
            self.by_time.remove(&(before, server));
        }
        if let Some(now) = now {
            self.by_time.insert((now, server));
        }
    }

    /// The one that ends first.
    pub(super) fn first(&self) -> Option<(Timestamp, ServerId)> {
        self.by_time.first().copied()
    }

    /// Whether this end is known.
    pub(crate) fn holds(&self, at: Timestamp, server: ServerId) -> bool {
        self.by_time.contains(&(at, server))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.by_time.len()
    }
}
