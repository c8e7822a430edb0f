//! Searching: the page of those servers that a filter finds, in the order asked for.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_store::{Marker, Query};
use tokio::task::yield_now;

use super::filter::Filter;
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
        let marker = marker.map(|id| self.marked(project, id, filter.wants_deleted()));
        let marker = marker.transpose()?;
        let is_stores_own = *order == Order::Newest && project.is_some();
        if is_stores_own && !filter.wants_deleted() {
            let after = marker.map(|server| position(&server));
            return Ok(self.newest(project, filter, limit, after).await);
        }
        let mut servers = self.found(project, filter).await;
        servers.sort_by(|one, other| order.compare(one, other));
        if let Some(marker) = marker {
            let is_behind =
                |server: &Arc<Server>| order.compare(server, &marker) == Ordering::Greater;
            servers.drain(..servers.partition_point(|server| !is_behind(server)));
        }
        servers.truncate(limit);
        Ok(servers)
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

    /// The server that a page is to begin behind.
    fn marked(
        &self,
        project: Option<ProjectId>,
        id: ServerId,
        may_be_deleted: bool,
    ) -> Result<Arc<Server>, SearchError> {
        let server = match may_be_deleted {
            true => self.manager.remembered(id),
            false => self.manager.any_server(id),
        };
        let is_looked_at = |server: &Arc<Server>| project.is_none_or(|own| own == server.project);
        server.filter(is_looked_at).ok_or(SearchError::UnknownMarker)
    }

    /// All that are found, for any other order than the store's own, and for lists with deleted
    /// servers.
    async fn found(&self, project: Option<ProjectId>, filter: &Filter) -> Vec<Arc<Server>> {
        let mut servers = Vec::new();
        if filter.wants_existing() {
            servers = self.newest(project, filter, usize::MAX, None).await;
        }
        if filter.wants_deleted() {
            let deleted = self.deleted(project).await;
            // What was deleted after it had been found is there once, as it is now.
            let gone: HashSet<ServerId> = deleted.iter().map(|server| server.id).collect();
            servers.retain(|server| !gone.contains(&server.id));
            servers.extend(deleted.into_iter().filter(|server| filter.finds(server)));
        }
        servers
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

    /// A page in the store's own order with nothing filtered: for reports that go through all
    /// servers a page at a time.
    ///
    /// # Errors
    /// [`SearchError`].
    pub fn page(
        &self,
        caller: &Caller,
        projects: Projects,
        window: Window,
    ) -> Result<Vec<Arc<Server>>, SearchError> {
        let project = projects.seen_by(caller)?;
        let marker = window.marker.map(|id| self.marked(project, id, false)).transpose()?;
        let after = marker.map(|server| position(&server));
        let query = Query { project, after, limit: Some(window.limit), ..Query::default() };
        Ok(self.manager.servers(&query).servers)
    }
}

/// Where a server is in the store's own order.
fn position(server: &Server) -> Marker {
    (server.project, server.created, server.id)
}
