//! Searching: the page of those servers that a filter finds, in the order asked for.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::time::Timestamp;
use guichet_store::{Marker, Query};
use tokio::task::yield_now;

use super::filter::Filter;
use super::first::First;
use super::order::Order;
use super::projects::{NotVisible, Projects};
use super::service::Servers;
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
    /// A page of the servers that the filter finds among those that the caller sees.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn search(
        &self,
        caller: &Caller,
        filter: &Filter,
        order: &Order,
        window: Window,
    ) -> Result<Vec<Arc<Server>>, SearchError> {
        let project = filter.projects.seen_by(caller)?;
        let Window { limit, marker } = window;
        let marker = marker.map(|id| self.marked(project, id)).transpose()?;
        // What had not been shown at that moment is stamped earlier.
        let mut filter = Cow::Borrowed(filter);
        if let Some(since) = filter.changed_since {
            filter.to_mut().changed_since = Some(self.manager.shown_since(since));
        }
        let filter = &*filter;
        let is_stores_own = *order == Order::Newest && project.is_some();
        if is_stores_own && !filter.wants_deleted() {
            let after = marker.map(|server| position(&server));
            return Ok(self.newest(project, filter, limit, after).await);
        }
        Ok(self.sorted(project, filter, order, limit, marker).await)
    }

    /// A page in the store's own order, the newest first inside a project: it costs what it shows,
    /// however many servers there are. Begins behind `after`.
    async fn newest(
        &self,
        project: Option<ProjectId>,
        filter: &Filter,
        limit: usize,
        after: Option<Marker>,
    ) -> Vec<Arc<Server>> {
        // A filter that finds little looks at much: then pages are not to be tiny.
        let page = limit.clamp(limits::PAGE_DEFAULT, limits::PAGE_MAX);
        let query = Query { project, status: filter.only_status(), after, limit: Some(page) };
        let mut scan = self.manager.scan(&query);
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(page) = scan.next_page().await
        {
            let capacity = limit - found.len();
            found.extend(page.into_iter().filter(|server| filter.finds(server)).take(capacity));
        }
        found
    }

    /// The server that a page is to begin behind. It may have been deleted since the page before,
    /// whose link to this one names it.
    fn marked(&self, project: Option<ProjectId>, id: ServerId) -> Result<Arc<Server>, SearchError> {
        let server = self.manager.remembered(id);
        let is_looked_at = |server: &Arc<Server>| project.is_none_or(|own| own == server.project);
        server.filter(is_looked_at).ok_or(SearchError::UnknownMarker)
    }

    /// A page in any other order than the store's own, or with deleted servers: all servers are
    /// looked at, and no more are held than a page has.
    async fn sorted(
        &self,
        project: Option<ProjectId>,
        filter: &Filter,
        order: &Order,
        limit: usize,
        marker: Option<Arc<Server>>,
    ) -> Vec<Arc<Server>> {
        let wants_deleted = filter.wants_deleted();
        // What is found and then deleted goes out again, and must not leave the page short.
        let spare = if wants_deleted { limits::DELETED_SERVERS_MAX } else { 0 };
        let mut first = First::new(order, marker, limit.saturating_add(spare));
        if filter.wants_existing() {
            let query = Query { project, status: filter.only_status(), ..Query::default() };
            let mut scan = self.manager.scan(&Query { limit: Some(limits::PAGE_MAX), ..query });
            while let Some(page) = scan.next_page().await {
                first.extend(page.into_iter().filter(|server| filter.finds(server)));
            }
        }
        if wants_deleted {
            let deleted = self.deleted(project).await;
            // What was deleted after it had been found is there once, as it is now.
            let gone: HashSet<ServerId> = deleted.iter().map(|server| server.id).collect();
            first.retain(|server| !gone.contains(&server.id));
            first.extend(deleted.into_iter().filter(|server| filter.finds(server)));
        }
        first.into_page(limit)
    }

    /// The servers that were deleted and are still remembered.
    async fn deleted(&self, project: Option<ProjectId>) -> Vec<Arc<Server>> {
        let mut deleted = Vec::new();
        let mut before = None;
        loop {
            let page = self.manager.deleted_servers(before);
            let is_looked_at =
                |server: &Arc<Server>| project.is_none_or(|own| own == server.project);
            deleted.extend(page.servers.into_iter().filter(is_looked_at));
            before = page.next;
            if before.is_none() {
                return deleted;
            }
            yield_now().await;
        }
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
        let after = marker.map(|server| position(&server));
        let query = Query { project, after, limit: Some(window.limit), ..Query::default() };
        let mut page = self.manager.servers(&query).servers;
        let behind =
            |server: &Server| after.is_none_or(|after| rank(position(server)) > rank(after));
        page.extend(self.ended(project, since).await.into_iter().filter(|one| behind(one)));
        page.sort_by_key(|server| rank(position(server)));
        // What was deleted meanwhile is there twice: as it was, and as it is.
        page.dedup_by_key(|server| server.id);
        page.truncate(window.limit);
        Ok(page)
    }

    /// The servers that ran, were deleted from `since` on, and are still remembered.
    async fn ended(&self, project: Option<ProjectId>, since: Timestamp) -> Vec<Arc<Server>> {
        let mut ended = self.deleted(project).await;
        ended.retain(|server| server.launched.is_some() && server.updated >= since);
        ended
    }

    /// Every server of these projects, and those that were deleted from `since` on and are still
    /// remembered, project by project.
    ///
    /// # Errors
    /// [`NotVisible`].
    pub async fn all_since(
        &self,
        caller: &Caller,
        projects: Projects,
        since: Timestamp,
    ) -> Result<Vec<Arc<Server>>, NotVisible> {
        let project = projects.seen_by(caller)?;
        let mut all = Vec::new();
        let mut scan = self.scan(caller, projects)?;
        while let Some(mut page) = scan.next_page().await {
            all.append(&mut page);
        }
        all.append(&mut self.ended(project, since).await);
        all.sort_by_key(|server| rank(position(server)));
        all.dedup_by_key(|server| server.id);
        Ok(all)
    }
}

/// What the store's own order goes up by: the newest first inside a project.
fn rank((project, created, id): Marker) -> (ProjectId, Reverse<Timestamp>, Reverse<ServerId>) {
    (project, Reverse(created), Reverse(id))
}

/// Where a server is in the store's own order.
fn position(server: &Server) -> Marker {
    (server.project, server.created, server.id)
}
