//! The operations of a world, so that a test can say what became of its requests.

use std::sync::Arc;

use guichet_core::limits;
use guichet_core::server::{Operation, Server};
use guichet_store::Query;

use super::world::World;
use crate::cloud::Cloud;

/// An operation, and whose it is.
#[derive(Debug, Clone)]
pub struct DoneOperation {
    /// Its server as it is, or was when it was deleted.
    pub server: Arc<Server>,
    /// The operation.
    pub operation: Operation,
}

impl World {
    /// The latest operations that fit, from the oldest on, [`limits::OPERATIONS_SHOWN_MAX`] at most; and
    /// how many fit in all. Those of deleted servers are among them as long as their servers are
    /// remembered, and of each server the latest [`limits::OPERATIONS_PER_SERVER_MAX`].
    pub async fn operations(
        &self,
        fits: impl Fn(&Server, &Operation) -> bool,
    ) -> (Vec<DoneOperation>, usize) {
        let cloud = self.cloud();
        let mut found = Latest::default();
        // All servers are looked at, so many before others have their turn: how many fit is asked for.
        let limit = Some(limits::ROWS_PER_LOCK_MAX);
        let mut scan = cloud.manager().scan(&Query { limit, ..Query::default() });
        while let Some(server) = scan.next_server().await {
            found.add(&cloud, &server, &fits);
        }
        let mut before = None;
        loop {
            let page = cloud.manager().deleted_servers(before);
            for server in &page.servers {
                found.add(&cloud, server, &fits);
            }
            before = page.next;
            if before.is_none() {
                break;
            }
            tokio::task::yield_now().await;
        }
        found.trim();
        (found.operations, found.count)
    }
}

/// The latest that were found.
#[derive(Default)]
struct Latest {
    operations: Vec<DoneOperation>,
    count: usize,
}

impl Latest {
    fn add(
        &mut self,
        cloud: &Cloud,
        server: &Arc<Server>,
        fits: &impl Fn(&Server, &Operation) -> bool,
    ) {
        for operation in cloud.manager().operations(server.id) {
            if fits(server, &operation) {
                self.count += 1;
                self.operations.push(DoneOperation { server: Arc::clone(server), operation });
            }
        }
        if self.operations.len() >= 2 * limits::OPERATIONS_SHOWN_MAX {
            self.trim();
        }
    }

    /// Lets go of all but the latest.
    fn trim(&mut self) {
        self.operations
            .sort_by_key(|done| (done.operation.accepted, done.server.id, done.operation.number));
        let surplus = self.operations.len().saturating_sub(limits::OPERATIONS_SHOWN_MAX);
        self.operations.drain(..surplus);
    }
}
