//! A search as it goes on: step by step, so that whoever else wants to be served is.
//!
//! The first steps are taken where the search was asked for, which is all that most need. What is
//! not over then has much to look at: it goes on in a thread of its own, of which there are few.

use std::collections::HashSet;
use std::sync::Arc;

use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_engine::ServerManager;
use guichet_store::Query;
use tokio::sync::Semaphore;
use tokio::task::{spawn_blocking, yield_now};
use tokio_util::sync::CancellationToken;

use super::filter::Filter;
use super::first::First;
use super::order::Order;

/// What is looked for.
pub(super) struct Target {
    pub(super) project: Option<ProjectId>,
    pub(super) filter: Filter,
    pub(super) order: Order,
    pub(super) limit: usize,
    /// The server that the page begins behind.
    pub(super) marker: Option<Arc<Server>>,
}

/// A search under way.
pub(super) struct Walk {
    manager: ServerManager,
    target: Target,
    lists: Vec<Source>,
    stage: Stage,
    first: First,
}

/// What is looked at next.
enum Stage {
    /// Servers that exist and changed lately, before the change of this number.
    Changed { before: Option<u64>, seen: HashSet<ServerId> },
    /// Servers that exist.
    Existing,
    /// Servers that were deleted, before the deletion of this number.
    Deleted { before: Option<u64>, gone: HashSet<ServerId> },
    /// Servers that exist, in place of those that were found and then deleted.
    Refill,
}

/// A list of servers that exist.
struct Source {
    query: Query,
    /// How many of it are wanted at most: of a list that is in the order of the page no more than
    /// fit it.
    wanted: usize,
    found: usize,
    is_exhausted: bool,
}

impl Source {
    fn is_read(&self) -> bool {
        self.is_exhausted || self.found >= self.wanted
    }

    /// Looks at one page of the list.
    fn read(&mut self, manager: &ServerManager, filter: &Filter, first: &mut First) {
        let page = manager.servers(&self.query);
        let capacity = self.wanted - self.found;
        let found = page.servers.into_iter().filter(|server| filter.finds(server));
        for server in found.take(capacity) {
            self.query.after = Some(Arc::clone(&server));
            self.found += 1;
            first.push(server);
        }
        if self.found < self.wanted {
            self.is_exhausted = page.next.is_none();
            self.query.after = page.next;
        }
    }
}

impl Walk {
    pub(super) fn new(manager: ServerManager, target: Target) -> Self {
        let wants_deleted = target.filter.wants_deleted();
        let lists = if target.filter.wants_existing() { sources(&target) } else { Vec::new() };
        let is_in_order = lists.iter().all(|list| list.wanted == target.limit)
            && target.filter.changed_since.is_none();
        // What is found and then deleted goes out again, and must not leave the page short.
        let spare = if wants_deleted && !is_in_order { limits::DELETED_SERVERS_MAX } else { 0 };
        let wanted = target.limit.saturating_add(spare);
        let first = First::new(target.order.clone(), target.marker.clone(), wanted);
        let stage = match target.filter.changed_since {
            Some(_) if target.filter.wants_existing() => {
                Stage::Changed { before: None, seen: HashSet::new() }
            }
            _ => Stage::Existing,
        };
        Self { manager, target, lists, stage, first }
    }

    /// Looks at some more. Whether nothing is left to look at.
    fn step(&mut self) -> bool {
        if let (Stage::Changed { before, seen }, Some(since)) =
            (&mut self.stage, self.target.filter.changed_since)
        {
            let Some(page) = self.manager.changed_servers(since, *before) else {
                self.first.clear();
                self.stage = Stage::Existing;
                return false;
            };
            let own = self.target.project;
            for server in page.servers {
                let is_new = own.is_none_or(|own| own == server.project) && seen.insert(server.id);
                if is_new && self.target.filter.finds(&server) {
                    self.first.push(server);
                }
            }
            match page.next {
                next @ Some(_) => *before = next,
                None => {
                    self.lists.clear();
                    self.stage = Stage::Existing;
                }
            }
            return false;
        }
        if let Stage::Deleted { before, gone } = &mut self.stage {
            let page = self.manager.deleted_servers(*before);
            let since = self.target.filter.changed_since;
            // They are in the order of their deletion, which was their last change.
            let is_last = page
                .servers
                .last()
                .is_some_and(|last| since.is_some_and(|since| last.updated < since));
            for server in page.servers {
                if self.target.project.is_none_or(|own| own == server.project) {
                    gone.insert(server.id);
                    if self.target.filter.finds(&server) {
                        self.first.push_deleted(server);
                    }
                }
            }
            match page.next.filter(|_| !is_last) {
                next @ Some(_) => *before = next,
                None => return self.replace_gone(),
            }
            return false;
        }
        if let Some(list) = self.lists.iter_mut().find(|list| !list.is_read()) {
            list.read(&self.manager, &self.target.filter, &mut self.first);
        }
        if !self.lists.iter().all(Source::is_read) {
            return false;
        }
        let is_over = matches!(self.stage, Stage::Refill) || !self.target.filter.wants_deleted();
        self.stage = Stage::Deleted { before: None, gone: HashSet::new() };
        is_over
    }

    /// What was deleted after it had been found is there once, as it is now, and others take its
    /// place. Whether there is nothing to look for any more.
    fn replace_gone(&mut self) -> bool {
        let Stage::Deleted { gone, .. } = std::mem::replace(&mut self.stage, Stage::Refill) else {
            return true;
        };
        let dropped = self.first.drop_gone(&gone);
        for list in &mut self.lists {
            list.wanted = list.wanted.saturating_add(dropped);
        }
        dropped == 0
    }

    /// Looks at everything that has to be looked at. `threads` is what long ones wait for.
    pub(super) async fn page(mut self, threads: &Arc<Semaphore>) -> Vec<Arc<Server>> {
        let limit = self.target.limit;
        for _ in 0..limits::SEARCH_STEPS_IN_PLACE {
            if self.step() {
                return self.first.into_page(limit);
            }
            yield_now().await;
        }
        // Whoever asked may go away: then nobody looks any further.
        let stop = CancellationToken::new();
        let _guard = stop.clone().drop_guard();
        let permit = Arc::clone(threads).acquire_owned().await;
        let walk = spawn_blocking(move || {
            let _permit = permit;
            while !stop.is_cancelled() && !self.step() {}
            self.first.into_page(limit)
        });
        match walk.await {
            Ok(page) => page,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is going away, and this task with it.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

/// The lists that together have all that exists and can be found.
fn sources(target: &Target) -> Vec<Source> {
    let Target { project, filter, order, limit, marker } = target;
    let (order, is_in_order) = order.list(filter.names());
    // What is filtered finds little in much: then pages are not to be tiny.
    let page = if filter.conditions.is_empty() && filter.changed_since.is_none() && is_in_order {
        *limit
    } else {
        (*limit).clamp(limits::PAGE_DEFAULT, limits::PAGE_MAX)
    };
    let query = Query {
        project: *project,
        order,
        after: marker.clone().filter(|_| is_in_order),
        limit: Some(page.max(1)),
        status: None,
    };
    let source = |status| Source {
        query: Query { status, ..query.clone() },
        wanted: if is_in_order { *limit } else { usize::MAX },
        found: 0,
        is_exhausted: false,
    };
    match &filter.statuses {
        Some(statuses) => statuses.iter().map(|status| source(Some(*status))).collect(),
        None => vec![source(None)],
    }
}
