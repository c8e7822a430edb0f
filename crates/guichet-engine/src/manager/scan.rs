//! All servers, page by page.

use std::sync::Arc;

use guichet_core::limits;
use guichet_core::server::Server;
use guichet_store::{Query, Store};

use super::handle::ServerManager;

/// All servers that a query shows, in its order. Each page is one look at the
/// store, so all of them together are not one instant: what is made or deleted meanwhile may or
/// may not be seen.
///
/// * In async code, [`next_page`](Self::next_page) and [`next_server`](Self::next_server) let
///   others run between pages.
/// * As an [`Iterator`] it goes through the servers one by one and yields to nobody: for the
///   beginning and the end of a program, and for a few servers.
#[derive(Debug)]
#[must_use = "a scan looks at nothing until it is read"]
pub struct Scan<'a> {
    store: &'a dyn Store,
    /// Where the next page starts; none once all have been shown.
    query: Option<Query>,
    /// Whether a page was shown.
    has_begun: bool,
    /// What was not handed out one by one of the last page.
    page: std::vec::IntoIter<Arc<Server>>,
}

impl<'a> Scan<'a> {
    /// All servers of a store that a query shows.
    pub(super) fn over(store: &'a dyn Store, query: &Query) -> Self {
        // A page of nothing would be followed by itself.
        let limit = query.limit.unwrap_or(limits::PAGE_MAX).max(1);
        let query = Query { limit: Some(limit), ..query.clone() };
        Self { store, query: Some(query), has_begun: false, page: Vec::new().into_iter() }
    }

    /// The next page; none after the last one. Others run before it is looked for, so that a
    /// million servers hold up nobody.
    pub async fn next_page(&mut self) -> Option<Vec<Arc<Server>>> {
        if self.has_begun && self.query.is_some() {
            tokio::task::yield_now().await;
        }
        self.look()
    }

    /// The next server; none after the last one. Others run between pages.
    pub async fn next_server(&mut self) -> Option<Arc<Server>> {
        loop {
            if let Some(server) = self.page.next() {
                return Some(server);
            }
            self.page = self.next_page().await?.into_iter();
        }
    }

    fn look(&mut self) -> Option<Vec<Arc<Server>>> {
        let mut query = self.query.take()?;
        let page = self.store.servers(&query);
        self.has_begun = true;
        if page.next.is_some() {
            query.after = page.next;
            self.query = Some(query);
        }
        Some(page.servers)
    }
}

impl Iterator for Scan<'_> {
    type Item = Arc<Server>;

    fn next(&mut self) -> Option<Arc<Server>> {
        loop {
            if let Some(server) = self.page.next() {
                return Some(server);
            }
            self.page = self.look()?.into_iter();
        }
    }
}

impl ServerManager {
    /// All servers that a query shows, in its order. The query's
    /// limit is the size of a page; without one, pages are as large as they may be.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let manager = guichet_engine::ServerManager::builder().start()?;
    /// use guichet_store::Query;
    ///
    /// let mut scan = manager.scan(&Query::default());
    /// let mut vcpus = 0;
    /// while let Some(page) = scan.next_page().await {
    ///     vcpus += page.iter().map(|server| server.size.vcpus).sum::<u32>();
    /// }
    /// assert_eq!(vcpus, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn scan(&self, query: &Query) -> Scan<'_> {
        Scan::over(&*self.shared.store, query)
    }
}
