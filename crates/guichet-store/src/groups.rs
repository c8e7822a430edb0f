//! Server groups: the part of a store for rows of this kind, which stand beside servers.

use std::sync::Arc;

use guichet_core::group::{GroupRequest, ServerGroup};
use guichet_core::ids::{GroupId, ProjectId, ServerId};
use guichet_core::refusal::Refusal;

use crate::reply::Reply;

/// The part of a store that has server groups. It shows what is published: what would survive.
pub trait Groups {
    /// Decides a request and makes it true, as one step: the group that is made, or was deleted.
    fn change_group(&self, request: &GroupRequest) -> Reply<Result<Arc<ServerGroup>, Refusal>>;

    /// The group of this id.
    fn group(&self, id: GroupId) -> Option<Arc<ServerGroup>>;

    /// The groups of a project, or of all, behind this one, in the order of their ids: at most
    /// [`ROWS_PER_LOCK_MAX`](guichet_core::limits::ROWS_PER_LOCK_MAX), and fewer only where they
    /// end.
    fn groups(&self, project: Option<ProjectId>, after: Option<GroupId>) -> Vec<Arc<ServerGroup>>;

    /// The servers of a group, the oldest first.
    fn members(&self, group: GroupId) -> Vec<ServerId>;
}
