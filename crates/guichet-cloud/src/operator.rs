//! What whoever keeps the service running asks of a cloud, without being one of its users.

use std::cmp::Reverse;
use std::collections::HashSet;

use guichet_core::ids::{OperationId, ProjectId};
use guichet_core::limits;
use guichet_core::server::{Operation, Server};
use guichet_core::time::Timestamp;
use tokio::task::yield_now;

use crate::accounts::{Caller, Role};
use crate::cloud::Cloud;
use crate::worlds::DoneOperation;

impl Cloud {
    /// The service itself, as an administrator of this cloud: no user's name stands for it.
    pub fn operator(&self) -> Caller {
        let user = u32::MAX as usize;
        Caller { request: self.new_request(), user, project: ProjectId(0), role: Role::Admin }
    }

    /// The operations that are next in fair order, were every permit free, and their servers.
    pub fn next_up(&self, count: usize) -> Vec<DoneOperation> {
        self.with_servers(self.manager.next_up(count))
    }

    /// The operations that were started and are not over, and their servers, the one that began first
    /// in front: at most [`limits::ROWS_PER_LOCK_MAX`]. What it costs goes by `count` alone.
    pub fn in_flight(&self, count: usize) -> Vec<DoneOperation> {
        self.with_servers(self.manager.in_flight(count))
    }

    fn with_servers(&self, found: Vec<(OperationId, Operation)>) -> Vec<DoneOperation> {
        let with_server = |(id, operation): (OperationId, Operation)| {
            let server = self.manager.remembered(id.server)?;
            Some(DoneOperation { server, operation })
        };
        found.into_iter().filter_map(with_server).collect()
    }

    /// An operation, and its server, if it is still remembered.
    pub fn operation(&self, id: OperationId) -> Option<DoneOperation> {
        let server = self.manager.remembered(id.server)?;
        let operation = self.manager.operation(id)?;
        Some(DoneOperation { server, operation })
    }

    /// The latest operations that fit, the latest first, of the servers that changed last. Servers are looked
    /// at in the order of their changes, until no other can have a later operation than those that were
    /// found: where all fit, that is about as many as there are rows. No more than
    /// [`limits::OPERATIONS_LOOKED_AT_MAX`] are looked at in any case, and as many of those that were deleted.
    pub async fn latest_operations(
        &self,
        most: usize,
        fits: impl Fn(&Server, &Operation) -> bool,
    ) -> Vec<DoneOperation> {
        let mut found: Vec<DoneOperation> = Vec::new();
        let mut seen = HashSet::new();
        for deleted in [false, true] {
            let (mut before, mut looked_at) = (None, 0);
            loop {
                let page = if deleted {
                    self.manager.deleted_servers(before)
                } else {
                    self.manager.latest_servers(before)
                };
                looked_at += page.servers.len();
                for server in page.servers.into_iter().filter(|server| seen.insert(server.id)) {
                    for operation in self.manager.operations(server.id) {
                        if fits(&server, &operation) {
                            found.push(DoneOperation { server: server.clone(), operation });
                        }
                    }
                }
                found.sort_by_key(|one| Reverse((last(&one.operation), one.server.id)));
                found.truncate(most);
                let is_full = found.len() == most;
                let oldest = found.last().map(|one| last(&one.operation));
                if is_full && page.until.is_some_and(|until| oldest.is_none_or(|one| one > until)) {
                    break;
                }
                before = page.next;
                if before.is_none() || looked_at >= limits::OPERATIONS_LOOKED_AT_MAX {
                    break;
                }
                yield_now().await;
            }
        }
        found
    }
}

/// When something last happened to it.
fn last(operation: &Operation) -> Timestamp {
    operation.finished.or(operation.started).unwrap_or(operation.accepted)
}
