//! The handle, and what dropping the last one does.

use std::sync::Arc;

use crate::models::WorkerPool;
use crate::shared::Shared;

/// Takes requests from any number of clients at once. Cheap to clone: all clones are the same
/// manager.
///
/// Dropping the last clone ends the workers and frees the store, without a word of what was left
/// undone: driver calls that run are cancelled and abandoned. [`drain`](Self::drain) is the
/// graceful way.
#[derive(Debug, Clone)]
pub struct ServerManager {
    pub(super) shared: Arc<Shared>,
    pub(super) workers: Arc<Workers>,
}

/// The workers, as all handles together own them. Workers hold [`Shared`] too, but never this:
/// so it is dropped with the last handle, and they end then.
#[derive(Debug)]
pub(super) struct Workers {
    pub(super) pool: WorkerPool,
    shared: Arc<Shared>,
}

impl Workers {
    pub(super) fn new(pool: WorkerPool, shared: Arc<Shared>) -> Self {
        Self { pool, shared }
    }
}

impl Drop for Workers {
    /// The last worker to end drops the store, which writes what its journal has not written yet.
    fn drop(&mut self) {
        self.shared.stop_workers();
        self.shared.store.hub().close();
    }
}
