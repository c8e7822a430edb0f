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
use super::service::Servers;

/// The server that a page is to begin behind is none that the search could find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such server to begin behind")]
pub struct UnknownMarker;

/// Which page of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many servers at most.
    pub limit: usize,
    /// The server to begin behind: the last of the page before.
    pub marker: Option<ServerId>,
}

impl Servers {
    /// A page of the servers that the filter finds.
    ///
    /// # Errors
    /// [`UnknownMarker`].
    pub async fn search(
        &self,
        filter: &Filter,
        order: &Order,
        window: Window,
    ) -> Result<Vec<Arc<Server>>, UnknownMarker> {
        let marker = window.marker.map(|id| self.marked(filter, id)).transpose()?;
        let is_stores_own = *order == Order::Newest && filter.project.is_some();
        if is_stores_own && !filter.wants_deleted() {
            let after = marker.map(|server| position(&server));
            return Ok(self.newest(filter, window.limit, after).await);
        }
        Ok(self.sorted(filter, order, window.limit, marker.as_deref()).await)
    }

    /// A page in the store's own order, the newest first inside a project: it costs what it shows,
    /// however many servers there are. Begins behind `after`.
    async fn newest(
        &self,
        filter: &Filter,
        limit: usize,
        after: Option<Marker>,
    ) -> Vec<Arc<Server>> {
        let status = filter.only_status();
        let mut query = Query { project: filter.project, status, after, limit: None };
        let mut found = Vec::new();
        while found.len() < limit {
            let capacity = limit - found.len();
            query.limit = Some(capacity.clamp(limits::PAGE_DEFAULT, limits::PAGE_MAX));
            let page = self.manager.servers(&query);
            found.extend(
                page.servers.into_iter().filter(|server| filter.finds(server)).take(capacity),
            );
            match page.next {
                Some(next) if found.len() < limit => query.after = Some(next),
                _ => break,
            }
            // A filter that finds little looks at much.
            yield_now().await;
        }
        found
    }

    /// The server that a page is to begin behind.
    fn marked(&self, filter: &Filter, id: ServerId) -> Result<Arc<Server>, UnknownMarker> {
        let server = match filter.wants_deleted() {
            true => self.manager.remembered(id),
            false => self.manager.any_server(id),
        };
        let is_visible =
            |server: &Arc<Server>| filter.project.is_none_or(|own| own == server.project);
        server.filter(is_visible).ok_or(UnknownMarker)
    }

    /// Any other order, and lists with deleted servers: all that are found are gathered first.
    async fn sorted(
        &self,
        filter: &Filter,
        order: &Order,
        limit: usize,
        marker: Option<&Server>,
    ) -> Vec<Arc<Server>> {
        let mut servers = Vec::new();
        if filter.wants_existing() {
            servers = self.newest(filter, usize::MAX, None).await;
        }
        if filter.wants_deleted() {
            self.add_deleted(filter, &mut servers).await;
        }
        servers.sort_by(|one, other| order.compare(one, other));
        if let Some(marker) = marker {
            let is_behind =
                |server: &Arc<Server>| order.compare(server, marker) == Ordering::Greater;
            servers.drain(..servers.partition_point(|server| !is_behind(server)));
        }
        servers.truncate(limit);
        servers
    }

    /// Adds the deleted servers that the filter finds. What was deleted after it had been found is
    /// there once, as it is now.
    async fn add_deleted(&self, filter: &Filter, servers: &mut Vec<Arc<Server>>) {
        let mut deleted = Vec::new();
        let mut before = None;
        loop {
            let page = self.manager.deleted_servers(before);
            deleted.extend(page.servers);
            before = page.next;
            if before.is_none() {
                break;
            }
            yield_now().await;
        }
        let gone: HashSet<ServerId> = deleted.iter().map(|server| server.id).collect();
        servers.retain(|server| !gone.contains(&server.id));
        servers.extend(deleted.into_iter().filter(|server| filter.finds(server)));
    }

    /// A page in the store's own order with nothing filtered, begun behind a server of these
    /// projects: for reports that go through all servers a page at a time.
    ///
    /// # Errors
    /// [`UnknownMarker`].
    pub fn page(
        &self,
        project: Option<ProjectId>,
        window: Window,
    ) -> Result<Vec<Arc<Server>>, UnknownMarker> {
        let filter = Filter { project, ..Filter::default() };
        let marker = window.marker.map(|id| self.marked(&filter, id)).transpose()?;
        let after = marker.map(|server| position(&server));
        let query = Query { project, after, limit: Some(window.limit), ..Query::default() };
        Ok(self.manager.servers(&query).servers)
    }
}

/// Where a server is in the store's own order.
fn position(server: &Server) -> Marker {
    (server.project, server.created, server.id)
}
