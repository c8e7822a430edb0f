//! What the store and its writer share, and what is done once the lock is released.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use guichet_core::fleet::Fleet;
use guichet_core::ids::OperationId;
use guichet_core::rows::{Effects, JobChange};
use guichet_core::time::{Clock, Timestamp};
use guichet_core::times::SharedTimes;

use super::pending::Pending;
use super::signal::{Signal, Urgency};
use super::state::{Deferred, State};
use crate::hub::{Hub, LogEntry};
use crate::journal::log::Lengths;
use crate::sync::TimedMutex;
use crate::wake::Wake;

/// What the store and its writer share.
#[derive(Debug)]
pub(super) struct Inner {
    /// Taken by every method for one step; see [`TimedMutex::with`].
    pub(super) state: TimedMutex<State>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hub: Hub,
    pub(super) wake: Wake,
    pub(super) signal: Signal,
    pub(super) written: Written,
}

/// What the writer has done. Relaxed: statistics, ordered by nothing else.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) batches: AtomicU64,
    pub(super) rows: AtomicU64,
    pub(super) answers: AtomicU64,
    /// How long batches took to be durable, those that had to wait for space too.
    pub(super) commits: SharedTimes,
    /// How long the files are, if the log has any.
    pub(super) file_bytes: AtomicU64,
    pub(super) wal_bytes: AtomicU64,
}

impl Written {
    pub(super) fn set_lengths(&self, lengths: Option<Lengths>) {
        if let Some(Lengths { file_bytes, wal_bytes }) = lengths {
            self.file_bytes.store(file_bytes, Ordering::Relaxed);
            self.wal_bytes.store(wal_bytes, Ordering::Relaxed);
        }
    }
}

impl Inner {
    pub(super) fn new(fleet: Fleet, clock: Arc<dyn Clock>, pending: Option<Pending>) -> Self {
        Self::with(TimedMutex::new(State::new(fleet, pending)), clock)
    }

    /// For one thread alone, by a clock that costs little to read: most holds of the lock are not measured.
    pub(super) fn of_one_thread(fleet: Fleet, clock: Arc<dyn Clock>) -> Self {
        Self::with(TimedMutex::measured_seldom(State::new(fleet, None)), clock)
    }

    fn with(state: TimedMutex<State>, clock: Arc<dyn Clock>) -> Self {
        Self {
            state,
            clock,
            hub: Hub::default(),
            wake: Wake::default(),
            signal: Signal::default(),
            written: Written::default(),
        }
    }

    /// The world's time at the moment at which the lock was taken, or now if that was not measured.
    pub(super) fn at(&self, moment: Option<Instant>) -> Timestamp {
        moment.map_or_else(|| self.clock.now(), |moment| self.clock.at(moment))
    }

    /// Gives a step's events to the hub, still under the lock, so that the hub's order is the
    /// order of decisions; and adds what is to be done once the lock is released.
    pub(super) fn defer(&self, state: &mut State, effects: &Effects, deferred: &mut Deferred) {
        let changes = effects.change.iter().map(|change| LogEntry::Changed(**change));
        let entries = effects.events.iter().map(|event| LogEntry::Event(*event)).chain(changes);
        match &mut state.pending {
            Some(pending) if self.hub.is_read() => pending.entries.extend(entries),
            Some(_) => {}
            None => self.hub.append(entries),
        }
        if !state.watchers.is_empty() {
            for (server, operation) in &effects.finished {
                let id = OperationId { server: *server, number: operation.number };
                for watcher in state.watchers.remove(&id).into_iter().flatten() {
                    state.complete(watcher, operation.clone(), deferred);
                }
            }
        }
        if let Some(cancel) = effects.stops().and_then(|id| state.cancel_of(id)) {
            deferred.stop = Some(cancel);
        }
        // A job or a state with a time of its own needs an idle worker to set its alarm by it.
        let timed = effects
            .jobs
            .iter()
            .any(|job| matches!(job, JobChange::Requeue { .. } | JobChange::PushBehind { .. }));
        // Asked first, as it is seldom so, and the rows were just written.
        let expires = state.fleet.next_expiry().is_some()
            && effects.servers.iter().any(|server| server.expires.is_some());
        deferred.wake |= timed || expires || state.fleet.scheduler().has_work();
        if state.pending.is_some() && !effects.servers.is_empty() {
            deferred.write = deferred.write.max(Urgency::Soon);
        }
    }

    /// Does what a step left to do. To be called without any lock.
    pub(super) fn run_deferred(&self, deferred: Deferred) {
        if deferred.wake {
            self.wake.one();
        }
        if let Some(stop) = deferred.stop {
            stop.cancel();
        }
        for (watcher, operation) in deferred.completed {
            watcher.ended(operation);
        }
        self.signal.want(deferred.write);
        self.hub.notify();
    }
}
