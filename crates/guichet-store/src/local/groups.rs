//! Server groups, decided and shown under the lock.

use std::sync::Arc;

use guichet_core::group::{GroupRequest, ServerGroup};
use guichet_core::ids::{GroupId, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;

use super::store::LocalStore;
use crate::groups::Groups;
use crate::reply::Reply;

impl Groups for LocalStore {
    fn change_group(&self, request: &GroupRequest) -> Reply<Result<Arc<ServerGroup>, Refusal>> {
        self.inner.decide_row(|fleet, at| fleet.change_group(request, at))
    }

    fn group(&self, id: GroupId) -> Option<Arc<ServerGroup>> {
        self.inner.state.with(|state| state.fleet.shown_groups().get(id).cloned())
    }

    fn groups(&self, project: Option<ProjectId>, after: Option<GroupId>) -> Vec<Arc<ServerGroup>> {
        self.inner.state.with(|state| {
            let shown = state.fleet.shown_groups();
            match project {
                Some(project) => {
                    let rows = shown.of_owner(project, after.as_ref());
                    rows.take(limits::ROWS_PER_LOCK_MAX).cloned().collect()
                }
                None => shown.rows_after(after).take(limits::ROWS_PER_LOCK_MAX).cloned().collect(),
            }
        })
    }

    fn members(&self, group: GroupId) -> Vec<ServerId> {
        self.inner.state.with(|state| state.fleet.shown_members(group))
    }
}
