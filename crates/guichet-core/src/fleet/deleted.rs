//! Servers that were deleted lately.

use std::sync::Arc;

use super::{Fleet, age_of, id_at};
use crate::limits;
use crate::server::Server;

impl Fleet {
    /// Up to `count` deleted servers that are still remembered, the last deleted first, before the
    /// deletion of number `before`. Where to go on, if there are more. Copies pointers only.
    pub fn deleted(
        &self,
        before: Option<u64>,
        count: usize,
        into: &mut Vec<Arc<Server>>,
    ) -> Option<u64> {
        let all = self.deleted.len();
        // What was forgotten meanwhile was older than all that is left.
        let older = before.map_or(all, |before| before.saturating_sub(self.forgotten) as usize);
        let older = older.min(all);
        let left = older.saturating_sub(count);
        let ids = self.deleted.range(left..older).rev();
        let servers = ids.filter_map(|id| self.remembered(*id));
        into.extend(servers.filter(|server| server.is_deleted()).cloned());
        (left > 0).then(|| self.forgotten + left as u64)
    }

    /// Forgets the oldest of them, past [`limits::DELETED_SERVERS_MAX`].
    pub(super) fn forget_deleted(&mut self) {
        while self.deleted.len() > limits::DELETED_SERVERS_MAX {
            let Some(id) = self.deleted.pop_front() else {
                return;
            };
            self.forgotten += 1;
            let Some(slot) = self.by_id.remove(id, id_at(&self.rows)) else {
                continue;
            };
            let shown = self.journal.as_mut().and_then(|journal| journal.forget(slot, id));
            let row = self.rows[slot as usize].as_ref().map(|row| &row.server);
            if let Some(shown) = shown.as_ref().or(row) {
                self.lists.forget(shown, slot, age_of(&self.rows));
            }
            if let Some(row) = self.rows[slot as usize].take() {
                self.finished.forget(row.finished);
            }
            self.free.push(slot);
        }
    }
}
