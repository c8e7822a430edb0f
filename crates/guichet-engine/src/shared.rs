//! What a manager and its workers share.

use std::sync::Arc;

use guichet_clock::flood::Flood;
use guichet_clock::{Stopwatch, WorldClock};
use guichet_driver::{DescribeMachine, Driver};
use guichet_store::Store;
use tokio_util::sync::CancellationToken;

use crate::admission::Admission;
use crate::calls::Calls;
use crate::contained::Panics;

/// What a manager and its workers share. It lives until the last of them is gone.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) driver: Arc<dyn Driver>,
    /// Who describes machines to the driver; none: their rows do.
    pub(crate) describe: Option<Arc<dyn DescribeMachine>>,
    pub(crate) clock: WorldClock,
    pub(crate) admission: Admission,
    pub(crate) observer_panics: Panics,
    pub(crate) calls: Calls,
    /// Operations that failed for good, as far as they are logged; and the watch for it.
    pub(crate) failures: Flood,
    pub(crate) watch: Stopwatch,
    /// Cancelled when the service stops and waits for nothing any more.
    pub(crate) abandon: CancellationToken,
    /// How many workers there are.
    pub(crate) workers: usize,
}

impl Shared {
    /// Ends idle workers now and busy ones as soon as they have abandoned their calls.
    pub(crate) fn stop_workers(&self) {
        self.store.wake().close();
        self.abandon.cancel();
    }
}
