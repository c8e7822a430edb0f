//! A search as it goes on: step by step, so that whoever else wants to be served is.
//!
//! The first steps are taken where the search was asked for, which is all that most need. What is
//! not over then has much to look at: it goes on in a thread of its own, of which there are few.

use std::collections::HashSet;
use std::sync::Arc;

use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::time::Timestamp;
use guichet_engine::ServerManager;
use guichet_store::{ListOrder, Query};
use tokio::sync::Semaphore;
use tokio::task::{spawn_blocking, yield_now};
use tokio_util::sync::CancellationToken;

use super::filter::Filter;
use super::first::First;
use super::order::Order;
use super::projects::is_of;

/// What is looked for.
pub(super) struct Target {
    pub(super) project: Option<ProjectId>,
    pub(super) filter: Filter,
    pub(super) order: Order,
    pub(super) limit: usize,
    /// The server that the page begins behind.
    pub(super) marker: Option<Arc<Server>>,
}

impl Target {
    /// Whether a server, of whichever project, is one of those that are looked for.
    pub(super) fn finds(&self, server: &Server) -> bool {
        is_of(self.project, server) && self.filter.finds(server)
    }
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
    /// Servers that exist and changed since a moment, before the change of this number; and those
    /// that were seen among them.
    Changed { since: Timestamp, before: Option<u64>, seen: HashSet<ServerId> },
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
    pub(super) fn new(manager: ServerManager, target: Target, projects: usize) -> Self {
        let Target { project, filter, order, limit, marker } = &target;
        let (list, is_in_order) = match order.list(filter.names()) {
            // One hold of the store's lock puts no more projects into one order.
            (ListOrder::Name { .. }, _)
                if project.is_none() && projects > limits::LISTS_MERGED_MAX =>
            {
                (ListOrder::Age { ascending: false }, false)
            }
            list => list,
        };
        let lists =
            if filter.wants_existing() { sources(&target, &list, is_in_order) } else { Vec::new() };
        // What is found and then deleted goes out again, and must not leave the page short. A list
        // that is in the order of the page goes on instead.
        let goes_on = is_in_order && filter.changed_since.is_none();
        let spare =
            if filter.wants_deleted() && !goes_on { limits::DELETED_SERVERS_MAX } else { 0 };
        let first = First::new(order.clone(), marker.clone(), limit.saturating_add(spare));
        let stage = match filter.changed_since {
            Some(since) if filter.wants_existing() => {
                Stage::Changed { since, before: None, seen: HashSet::new() }
            }
            _ => Stage::Existing,
        };
        Self { manager, target, lists, stage, first }
    }

    /// Looks at some more. Whether nothing is left to look at.
    fn step(&mut self) -> bool {
        let Self { manager, target, lists, stage, first } = self;
        match stage {
            Stage::Changed { since, before, seen } => {
                let Some(page) = manager.changed_servers(*since, *before) else {
                    first.clear();
                    *stage = Stage::Existing;
                    return false;
                };
                for server in page.servers {
                    if target.finds(&server) && seen.insert(server.id) {
                        first.push(server);
                    }
                }
                *before = page.next;
                if before.is_none() {
                    lists.clear();
                    *stage = Stage::Existing;
                }
                false
            }
            Stage::Deleted { before, gone } => {
                let page = manager.deleted_servers(*before);
                // They are in the order of their deletion, which was their last change.
                let since = target.filter.changed_since.zip(page.servers.last());
                let are_older = since.is_some_and(|(since, last)| last.updated < since);
                for server in page.servers {
                    gone.insert(server.id);
                    if target.finds(&server) {
                        first.push_deleted(server);
                    }
                }
                *before = page.next.filter(|_| !are_older);
                before.is_none() && self.replace_gone()
            }
            Stage::Existing | Stage::Refill => {
                if let Some(list) = lists.iter_mut().find(|list| !list.is_read()) {
                    list.read(manager, &target.filter, first);
                }
                if !lists.iter().all(Source::is_read) {
                    return false;
                }
                let is_over = matches!(stage, Stage::Refill) || !target.filter.wants_deleted();
                *stage = Stage::Deleted { before: None, gone: HashSet::new() };
                is_over
            }
        }
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
fn sources(target: &Target, order: &ListOrder, is_in_order: bool) -> Vec<Source> {
    let Target { project, filter, limit, marker, .. } = target;
    // What is filtered finds little in much: then pages are not to be tiny.
    let page = if is_in_order && filter.conditions.is_empty() && filter.changed_since.is_none() {
        *limit
    } else {
        (*limit).clamp(limits::PAGE_DEFAULT, limits::PAGE_MAX)
    };
    let source = |status| Source {
        query: Query {
            project: *project,
            status,
            order: order.clone(),
            after: marker.clone().filter(|_| is_in_order),
            limit: Some(page.max(1)),
        },
        wanted: if is_in_order { *limit } else { usize::MAX },
        found: 0,
        is_exhausted: false,
    };
    match &filter.statuses {
        Some(statuses) => statuses.iter().map(|status| source(Some(*status))).collect(),
        None => vec![source(None)],
    }
}
