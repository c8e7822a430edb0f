//! Looking at every server of a project, or of all: for sums that nobody keeps.

use std::sync::Arc;
use std::vec;

use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_engine::ServerManager;
use guichet_store::Query;

/// Every server there is, a page at a time: newest first inside a project, project by project. It
/// is not one instant: what is made or deleted meanwhile may or may not be seen.
#[derive(Debug)]
pub struct Scan {
    manager: ServerManager,
    query: Query,
    page: vec::IntoIter<Arc<Server>>,
    /// Whether a page has been fetched.
    has_begun: bool,
    /// Whether the page is the last.
    is_last: bool,
}

impl Scan {
    /// The servers of a project, or of all if none is named.
    pub fn new(manager: &ServerManager, project: Option<ProjectId>) -> Self {
        Self {
            manager: manager.clone(),
            query: Query { project, limit: Some(limits::PAGE_MAX), ..Query::default() },
            page: Vec::new().into_iter(),
            has_begun: false,
            is_last: false,
        }
    }

    /// The next server. Between pages others get their turn: a million servers hold up nobody.
    pub async fn next(&mut self) -> Option<Arc<Server>> {
        loop {
            if let Some(server) = self.page.next() {
                return Some(server);
            }
            if self.is_last {
                return None;
            }
            if self.has_begun {
                tokio::task::yield_now().await;
            }
            self.fetch();
        }
    }

    /// All of them at once: for a start, when nobody is there to be held up.
    pub fn without_pauses(mut self) -> impl Iterator<Item = Arc<Server>> {
        std::iter::from_fn(move || {
            loop {
                if let Some(server) = self.page.next() {
                    return Some(server);
                }
                if self.is_last {
                    return None;
                }
                self.fetch();
            }
        })
    }

    fn fetch(&mut self) {
        let page = self.manager.servers(&self.query);
        self.has_begun = true;
        self.is_last = page.next.is_none();
        self.query.after = page.next;
        self.page = page.servers.into_iter();
    }
}
