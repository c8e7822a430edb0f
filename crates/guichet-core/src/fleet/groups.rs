//! Server groups in a fleet.

use std::sync::Arc;

use super::Fleet;
use crate::group::{self, GroupRequest, ServerGroup};
use crate::ids::{GroupId, ServerId};
use crate::refusal::Refusal;
use crate::rows::Effects;
use crate::table::{RowChange, Table};
use crate::time::Timestamp;

impl Fleet {
    /// Decides a request about a server group and makes it true, as one step: the one that is made,
    /// or was deleted.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub fn change_group(
        &mut self,
        request: &GroupRequest,
        at: Timestamp,
    ) -> Result<(Effects, Arc<ServerGroup>), Refusal> {
        let (mut effects, row) = group::decide(self.groups(), request)?;
        self.apply(&mut effects, at);
        Ok((effects, row))
    }

    /// The server groups as they are: what rules see.
    pub const fn groups(&self) -> &Table<ServerGroup> {
        self.groups.present()
    }

    /// The server groups that readers are shown: everything that is durable.
    pub fn shown_groups(&self) -> &Table<ServerGroup> {
        self.groups.shown()
    }

    /// The servers of a group that readers are shown, the oldest first.
    pub fn shown_members(&self, group: GroupId) -> Vec<ServerId> {
        match self.shown_groups().get(group) {
            Some(_) => self.lists.members(group).collect(),
            None => Vec::new(),
        }
    }

    /// Servers that exist and were made in a group.
    pub(crate) fn member_count(&self) -> usize {
        self.members.len()
    }

    pub(super) fn put_group(&mut self, change: &RowChange<ServerGroup>) {
        self.groups.apply(change);
        if let Some(journal) = &mut self.journal {
            journal.changes.groups.insert(change.id, change.row.clone());
        }
    }
}
