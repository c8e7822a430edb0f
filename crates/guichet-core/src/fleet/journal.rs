//! The fleet with a journal: what changed is collected, and is shown once it is durable.

use std::sync::Arc;

use super::{Changes, Fleet, RowImage, Slot, age_of, id_at};
use crate::server::Server;

impl Fleet {
    /// From here on changes are collected for a journal, readers see what it has made durable,
    /// and a new job starts only then.
    pub fn start_journal(&mut self) {
        self.scheduler.record_first();
        self.journal.get_or_insert_default();
        self.credentials.publish_later();
        self.key_pairs.publish_later();
        self.groups.publish_later();
    }

    /// Notes rows that changed; after the queue has, which knows the turns.
    pub(super) fn journal_rows(&mut self, servers: &[Arc<Server>]) {
        let Some(journal) = &mut self.journal else {
            return;
        };
        for server in servers {
            if let Some(slot) = self.by_id.get(server.id, id_at(&self.rows)) {
                let active =
                    server.active.as_ref().map(|active| server.operation_id(active.number));
                let arrival = active.and_then(|operation| self.scheduler.arrival(operation));
                let image = RowImage { server: Arc::clone(server), arrival };
                journal.changes.rows.insert(slot, image);
            }
        }
    }

    /// Takes what changed since the last time in exchange for empty changes. Nothing without a
    /// journal.
    pub fn swap_changes(&mut self, changes: &mut Changes) {
        if let Some(journal) = &mut self.journal {
            std::mem::swap(&mut journal.changes, changes);
        }
    }

    /// Rows and operations that changed since changes were last taken.
    pub fn unwritten(&self) -> usize {
        self.journal.as_ref().map_or(0, |journal| journal.changes.len())
    }

    /// Rows that were taken are durable: they are shown, and their operations may start.
    pub fn publish<'a>(&mut self, rows: impl IntoIterator<Item = (&'a Slot, &'a RowImage)>) {
        let Some(journal) = &mut self.journal else {
            return;
        };
        for (slot, image) in rows {
            let later = journal.changes.rows.get(slot);
            let later = later.is_some_and(|later| later.server.id == image.server.id);
            let before = journal.published.server_is_durable(&image.server, later);
            if self.by_id.get(image.server.id, id_at(&self.rows)) == Some(*slot) {
                let age_of = age_of(&self.rows);
                self.lists.change(*slot, before.as_deref(), &image.server, age_of);
                self.recent.add(image.server.updated, *slot);
            }
            if let Some(active) = &image.server.active {
                self.scheduler.written(image.server.operation_id(active.number));
            }
        }
    }

    /// All else that was taken is durable: sums, and rows beside servers.
    pub fn publish_rest(&mut self, taken: &Changes) {
        self.credentials.publish(&taken.credentials);
        self.key_pairs.publish(&taken.key_pairs);
        self.groups.publish(&taken.groups);
        let Some(journal) = &mut self.journal else {
            return;
        };
        for (project, usage) in &taken.usage {
            let later = journal.changes.usage.contains_key(project);
            journal.published.usage_is_durable(*project, *usage, later);
        }
        for capacity in taken.capacities.values() {
            let later = journal.changes.capacities.contains_key(&capacity.id);
            journal.published.capacity_is_durable(*capacity, later);
        }
    }
}
