//! Searching: the page of those servers that a filter finds, in the order asked for.

use std::cmp::Reverse;
use std::sync::Arc;

use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::server::Server;
use guichet_core::time::Timestamp;
use guichet_store::Query;
use tokio::task::yield_now;

use super::filter::{Condition, Filter};
use super::order::Order;
use super::projects::{NotVisible, Projects, is_of};
use super::service::Servers;
use super::walk::{Target, Walk};
use crate::accounts::Caller;

/// Why a list is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// The server that a page is to begin behind is none that the search could find.
    #[error("there is no such server to begin behind")]
    UnknownMarker,
    /// It is asked for servers that the caller does not see.
    #[error(transparent)]
    NotVisible(#[from] NotVisible),
}

/// Which page of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many servers at most.
    pub limit: usize,
    /// The server to begin behind: the last of the page before.
    pub marker: Option<ServerId>,
}

impl Servers {
    /// A page of the servers that the filter finds among those that the caller sees. In an order,
    /// of names or of statuses that there is an index of, it costs what it shows; else all servers
    /// are looked at, and no more are held than a page has.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn search(
        &self,
        caller: &Caller,
        mut filter: Filter,
        order: Order,
        window: Window,
    ) -> Result<Vec<Arc<Server>>, SearchError> {
        let project = filter.projects.seen_by(caller)?;
        let Window { limit, marker } = window;
        let marker = marker.map(|id| self.marked(project, id)).transpose()?;
        // What had not been shown at that moment is stamped earlier.
        filter.changed_since = filter.changed_since.map(|since| self.manager.shown_since(since));
        if filter.conditions.iter().any(|condition| matches!(condition, Condition::Never)) {
            return Ok(Vec::new());
        }
        let one = filter.conditions.iter().find_map(Condition::one);
        let target = Target { project, filter, order, limit, marker };
        if let Some(id) = one {
            return Ok(self.one(&target, id).into_iter().collect());
        }
        let walk = Walk::new(self.manager.clone(), target, self.catalogue.project_count());
        Ok(walk.page(&self.search_threads).await)
    }

    /// The one server that can be found, if it is.
    fn one(&self, target: &Target, id: ServerId) -> Option<Arc<Server>> {
        let Target { filter, order, limit, marker, .. } = target;
        let server = self.manager.remembered(id)?;
        let is_wanted =
            if server.is_deleted() { filter.wants_deleted() } else { filter.wants_existing() };
        let is_behind = marker.as_ref().is_none_or(|one| order.compare(&server, one).is_gt());
        (*limit > 0 && is_wanted && is_behind && target.finds(&server)).then_some(server)
    }

    /// The server that a page is to begin behind. It may have been deleted since the page before,
    /// whose link to this one names it.
    fn marked(&self, project: Option<ProjectId>, id: ServerId) -> Result<Arc<Server>, SearchError> {
        let server = self.manager.remembered(id).filter(|server| is_of(project, server));
        server.ok_or(SearchError::UnknownMarker)
    }

    /// A page in the store's own order with nothing filtered, and in it those that were deleted
    /// from `since` on and are still remembered: for reports that go through all servers a page at
    /// a time.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn page(
        &self,
        caller: &Caller,
        projects: Projects,
        window: Window,
        since: Timestamp,
    ) -> Result<Vec<Arc<Server>>, SearchError> {
        let project = projects.seen_by(caller)?;
        let marker = window.marker.map(|id| self.marked(project, id)).transpose()?;
        let after = marker.as_deref().map(rank);
        let limit = Some(window.limit);
        let query = Query { project, after: marker, limit, ..Query::default() };
        let mut page = self.manager.servers(&query).servers;
        let behind = |server: &Server| after.is_none_or(|after| rank(server) > after);
        page.extend(self.ended(project, since).await.into_iter().filter(|one| behind(one)));
        page.sort_by_key(|server| rank(server));
        // What was deleted meanwhile is there twice: as it was, and as it is.
        page.dedup_by_key(|server| server.id);
        page.truncate(window.limit);
        Ok(page)
    }

    /// The servers that ran, were deleted from `since` on, and are still remembered.
    pub(super) async fn ended(
        &self,
        project: Option<ProjectId>,
        since: Timestamp,
    ) -> Vec<Arc<Server>> {
        let mut ended = Vec::new();
        let mut before = None;
        loop {
            let page = self.manager.deleted_servers(before);
            // They are in the order of their deletion, which was their last change.
            let are_older = page.until.is_some_and(|until| until < since);
            ended.extend(page.servers.into_iter().filter(|server| {
                is_of(project, server) && server.launched.is_some() && server.updated >= since
            }));
            before = page.next.filter(|_| !are_older);
            if before.is_none() {
                return ended;
            }
            yield_now().await;
        }
    }
}

/// What the store's own order goes up by: project by project, the newest first inside each.
pub(super) fn rank(server: &Server) -> (Reverse<ProjectId>, Reverse<Timestamp>, Reverse<ServerId>) {
    (Reverse(server.project), Reverse(server.created), Reverse(server.id))
}
