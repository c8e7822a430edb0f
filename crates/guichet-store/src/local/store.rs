//! The store itself: how it is made, and how it ends.

use std::sync::Arc;

use guichet_core::fleet::{Changes, Fleet, FleetConfig, Saved};
use guichet_core::limits;
use guichet_core::time::Clock;

use super::inner::Inner;
use super::pending::Pending;
use super::writer::Writer;
use crate::journal::log::{Batch, Log, LogError, OnTrouble};
use crate::sync::thread::{Builder, JoinHandle};

/// The memory store, with a journal or without. See the module's own text.
#[derive(Debug)]
pub struct LocalStore {
    pub(super) inner: Arc<Inner>,
    /// The writer of the journal, if there is one; awaited when the store is dropped.
    writer: Option<JoinHandle<()>>,
}

impl LocalStore {
    /// An empty store that stamps by `clock` and has everything in memory.
    pub fn new(config: FleetConfig, clock: Arc<dyn Clock>) -> Self {
        Self { inner: Arc::new(Inner::new(Fleet::new(config), clock, None)), writer: None }
    }

    /// The same for one thread, as under virtual time. Its tables grow with the fleet, which would hold up
    /// whoever waits for the lock: so it takes only the memory that it needs. One hold of the lock in 16 is
    /// measured.
    pub fn growing(config: FleetConfig, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner::of_one_thread(Fleet::with_room(config, 0), clock)),
            writer: None,
        }
    }

    /// A store of what a snapshot has, with everything in memory. What is not over goes on.
    pub fn resume(config: FleetConfig, clock: Arc<dyn Clock>, saved: Saved) -> Self {
        let fleet = Fleet::resume(config, saved, clock.now());
        Self { inner: Arc::new(Inner::new(fleet, clock, None)), writer: None }
    }

    /// A store of what was found in a journal, which goes on writing to it. What changes by that
    /// is durable when this returns. `on_trouble` is called by the writer; see [`OnTrouble`].
    ///
    /// # Errors
    /// The journal cannot be written, or the system gives no thread.
    pub fn open(
        config: FleetConfig,
        clock: Arc<dyn Clock>,
        saved: Saved,
        mut log: Box<dyn Log>,
        on_trouble: OnTrouble,
    ) -> Result<Self, LogError> {
        let at = clock.now();
        // What was written last at the end of the earlier process may never have been shown by it.
        let newest = saved.rows.iter().map(|row| row.server.updated).max();
        let unshown = newest.map(|newest| newest.before(limits::UNSHOWN_AT_END));
        let mut fleet = Fleet::restore(config, saved, at);
        let mut batch =
            Batch { changes: Changes::default(), records: Vec::new(), names: Vec::new(), at };
        fleet.swap_changes(&mut batch.changes);
        if !batch.changes.is_empty() {
            log.write(&batch)?;
        }
        fleet.publish(&batch.changes.rows);
        fleet.publish_rest(&batch.changes);
        let mut pending = Pending::default();
        if let Some(oldest) = unshown {
            pending.publications.add(at, oldest);
        }
        let inner = Arc::new(Inner::new(fleet, clock, Some(pending)));
        let writer = Writer::new(Arc::clone(&inner), log, on_trouble);
        let thread = Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| LogError::Lost(format!("the system gives no thread: {error}")))?;
        Ok(Self { inner, writer: Some(thread) })
    }
}

impl Drop for LocalStore {
    /// Waits for the writer, which writes what is left: about as long as one batch takes.
    fn drop(&mut self) {
        self.inner.signal.close();
        if let Some(writer) = self.writer.take() {
            // Who closed the store was answered how the writer ended.
            let _ = writer.join();
        }
    }
}
