//! Looking at every server of a project, or of all: for sums that nobody keeps.

use std::ops::ControlFlow;
use std::sync::Arc;

use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_store::Query;

use crate::cloud::Cloud;

/// Shows every server of a project (of all, project by project, if none is named) to `each`,
/// newest first, until it breaks off. Between pages others get their turn: a million servers hold
/// up nobody, and are not one instant.
pub async fn each_server(
    cloud: &Cloud,
    project: Option<ProjectId>,
    mut each: impl FnMut(&Arc<Server>) -> ControlFlow<()>,
) {
    let mut query = Query { project, limit: Some(limits::PAGE_MAX), ..Query::default() };
    loop {
        let page = cloud.manager.servers(&query);
        if page.servers.iter().try_for_each(&mut each).is_break() {
            return;
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return,
        }
        tokio::task::yield_now().await;
    }
}
