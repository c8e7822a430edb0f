//! What an audit reads of a fleet: all rows, and how large its indexes are.

use std::sync::Arc;

use super::charges::Ran;
use super::lists::is_indexed;
use super::{Fleet, Slot};
use crate::server::{Operation, Server};

impl Fleet {
    /// Every row that is kept, deleted servers too, in no particular order, with the operations that are
    /// over, oldest first.
    pub(crate) fn all(
        &self,
    ) -> impl Iterator<Item = (&Arc<Server>, impl Iterator<Item = Operation>)> {
        self.rows.iter().flatten().map(|row| (&row.server, self.finished.of(row.finished)))
    }

    /// Whether this is what the index by id leads to.
    pub(crate) fn finds(&self, server: &Arc<Server>) -> bool {
        self.row(server.id).is_some_and(|row| Arc::ptr_eq(&row.server, server))
    }

    /// Entries of the index by id.
    pub(crate) fn index_size(&self) -> usize {
        self.by_id.len()
    }

    /// Entries of the indexes of lists and what they should be.
    pub(crate) fn list_sizes(&self) -> ([usize; 10], [usize; 10]) {
        let [mut existing, mut others, mut placed, mut ports, mut launched, mut ended] = [0; 6];
        let slots = 0..self.rows.len() as Slot;
        for server in slots.filter_map(|slot| self.remembered_at(slot)) {
            if let Some(ran) = Ran::of(server) {
                launched += 1;
                ended += usize::from(ran.is_over());
            }
            if !server.is_deleted() {
                existing += 1;
                others += usize::from(is_indexed(server.status()));
                placed += usize::from(server.host.is_some());
                ports += server.ports().len();
            }
        }
        let expected = [
            existing, existing, existing, others, existing, others, placed, ports, launched, ended,
        ];
        (self.lists.sizes(), expected)
    }
}
