//! What the journal of a fleet has not written yet, and what is shown meanwhile.

use std::sync::Arc;

use super::changes::{Changes, Forgotten, Slot};
use super::published::Published;
use crate::ids::{ProjectId, ServerId};
use crate::project::{FreeCapacity, Usage};
use crate::server::Server;

/// What is not durable yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Journal {
    /// Changed since the journal last took changes.
    pub(super) changes: Changes,
    /// What is shown meanwhile.
    pub(super) published: Published,
}

impl Journal {
    pub(super) fn usage(&mut self, project: ProjectId, before: Usage, now: Usage) {
        self.published.usage_changes(project, before);
        self.changes.usage.insert(project, now);
    }

    pub(super) fn capacity(&mut self, before: FreeCapacity, now: FreeCapacity) {
        self.published.capacity_changes(before);
        self.changes.capacities.insert(now.id, now);
    }

    /// The row of this place is no more. Gives back what was shown of it, if that was not the row.
    pub(super) fn forget(&mut self, slot: Slot, id: ServerId) -> Option<Arc<Server>> {
        self.changes.rows.remove(&slot);
        let finished = self.changes.finished.len();
        self.changes.forgotten.push(Forgotten { slot, finished });
        self.published.forget(id)
    }
}
