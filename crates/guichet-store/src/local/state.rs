//! What the store's lock protects.

use std::collections::HashMap;

use guichet_core::fleet::Fleet;
use guichet_core::ids::{IdHash, OperationId};
use guichet_core::refusal::Refusal;
use guichet_core::rows::Claim;
use guichet_core::server::Operation;
use smallvec::SmallVec;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::pending::{Pending, Waiter};
use super::signal::Urgency;
use crate::hub::LogEntry;
use crate::journal::log::Batch;
use crate::reply::{Reply, Watcher};

/// What the lock protects: the fleet, and who in this process waits for what.
#[derive(Debug)]
pub(super) struct State {
    pub(super) fleet: Fleet,
    /// Who watches an operation, and gets it when it ends.
    pub(super) watchers: HashMap<OperationId, SmallVec<[Watcher; 1]>, IdHash>,
    /// What each worker runs, or ran last, and how to stop it, by worker number.
    running: Vec<Option<Run>>,
    /// What is not durable yet, with a journal.
    pub(super) pending: Option<Pending>,
}

/// A driver call as the store knows it.
#[derive(Debug)]
struct Run {
    operation: OperationId,
    attempt: u32,
    /// Mostly the same from call to call, so it stays when one is over.
    cancel: CancellationToken,
    is_over: bool,
}

/// What is to be done once the lock is released.
#[derive(Debug, Default)]
pub(super) struct Deferred {
    /// Whether a worker is to be woken.
    pub(super) wake: bool,
    /// The call that is to stop.
    pub(super) stop: Option<CancellationToken>,
    /// Operations that ended, for those who watch them.
    pub(super) completed: SmallVec<[(Watcher, Operation); 1]>,
    /// How soon the writer is to write.
    pub(super) write: Urgency,
}

impl State {
    pub(super) fn new(fleet: Fleet, pending: Option<Pending>) -> Self {
        Self { fleet, watchers: HashMap::default(), running: Vec::new(), pending }
    }

    /// Registers a watcher of a live operation, or hands it one that is over. Whether the operation
    /// is known: if not, nobody is asked who watches it.
    pub(super) fn watch(
        &mut self,
        id: OperationId,
        watcher: impl FnOnce() -> Watcher,
        deferred: &mut Deferred,
    ) -> bool {
        let Some(operation) = self.fleet.present_operation(id) else {
            return false;
        };
        if operation.state.is_final() {
            self.complete(watcher(), operation, deferred);
        } else {
            self.watch_active(id, watcher());
        }
        true
    }

    /// Registers a watcher of an operation that is not over.
    pub(super) fn watch_active(&mut self, id: OperationId, watcher: Watcher) {
        self.watchers.entry(id).or_default().push(watcher);
    }

    /// Sends an operation that is over to who watches it, when its end is durable.
    pub(super) fn complete(
        &mut self,
        watcher: Watcher,
        operation: Operation,
        deferred: &mut Deferred,
    ) {
        match self.waiters(deferred) {
            Some(waiters) => waiters.push(Waiter::Ended(watcher, operation)),
            None => deferred.completed.push((watcher, operation)),
        }
    }

    /// The list of those who wait until all that was decided is durable; `None` if it is.
    fn waiters(&mut self, deferred: &mut Deferred) -> Option<&mut Vec<Waiter>> {
        let pending = self.pending.as_mut()?;
        if self.fleet.unwritten() > 0 || !pending.records.is_empty() || !pending.names.is_empty() {
            deferred.write = Urgency::Now;
            Some(&mut pending.waiting)
        } else if pending.writing_rows == 0 {
            None
        } else {
            Some(&mut pending.writing)
        }
    }

    /// A reply with an answer, which comes when all it rests on is durable.
    pub(super) fn reply<T>(
        &mut self,
        value: T,
        waiter: fn(oneshot::Sender<T>, T) -> Waiter,
        deferred: &mut Deferred,
    ) -> Reply<T> {
        let Some(waiters) = self.waiters(deferred) else {
            return Reply::Ready(value);
        };
        let (sender, receiver) = oneshot::channel();
        waiters.push(waiter(sender, value));
        Reply::Pending(receiver)
    }

    /// Whether the journal is too far behind for anything more to be decided.
    pub(super) fn is_busy(&self) -> bool {
        let unwritten = self.fleet.unwritten();
        self.pending.as_ref().is_some_and(|pending| pending.is_busy(unwritten))
    }

    /// Whether the journal is too far behind for a job to be started.
    pub(super) fn holds_up_starts(&self) -> bool {
        let unwritten = self.fleet.unwritten();
        self.pending.as_ref().is_some_and(|pending| pending.holds_up_starts(unwritten))
    }

    /// Why nothing more is decided, if so.
    pub(super) fn busy(&self) -> Option<Refusal> {
        self.pending.as_ref().filter(|_| self.is_busy()).map(Pending::refusal)
    }

    /// Hands what gathered to the writer.
    pub(super) fn take_batch(&mut self, batch: &mut Batch) -> Vec<LogEntry> {
        let Some(pending) = &mut self.pending else {
            return Vec::new();
        };
        self.fleet.swap_changes(&mut batch.changes);
        std::mem::swap(&mut pending.records, &mut batch.records);
        std::mem::swap(&mut pending.names, &mut batch.names);
        pending.writing_rows = batch.changes.len() + batch.records.len() + batch.names.len();
        let backlog = pending.writing_rows + pending.waiting.len();
        pending.backlog_max = pending.backlog_max.max(backlog);
        pending.writing.append(&mut pending.waiting);
        std::mem::take(&mut pending.entries)
    }

    /// What was handed to the writer is durable: gives back who waited for it.
    pub(super) fn take_written(&mut self) -> Vec<Waiter> {
        let Some(pending) = &mut self.pending else {
            return Vec::new();
        };
        pending.trouble = None;
        pending.writing_rows = 0;
        std::mem::take(&mut pending.writing)
    }

    /// Writes down what a worker runs, and how to stop it.
    pub(super) fn set_running(&mut self, claim: &Claim, cancel: &CancellationToken) {
        let index = claim.worker.index();
        if index >= self.running.len() {
            self.running.resize_with(index + 1, || None);
        }
        let (operation, attempt) = (claim.operation, claim.attempt);
        match &mut self.running[index] {
            Some(run) if run.cancel == *cancel => {
                (run.operation, run.attempt, run.is_over) = (operation, attempt, false);
            }
            slot => {
                *slot = Some(Run { operation, attempt, cancel: cancel.clone(), is_over: false })
            }
        }
    }

    /// Forgets the call of this claim; a late outcome leaves the worker's next call alone.
    pub(super) fn clear_running(&mut self, claim: &Claim) {
        if let Some(Some(run)) = self.running.get_mut(claim.worker.index())
            && (run.operation, run.attempt) == (claim.operation, claim.attempt)
        {
            run.is_over = true;
        }
    }

    /// How to stop the call of an operation, if it runs.
    pub(super) fn cancel_of(&self, operation: OperationId) -> Option<CancellationToken> {
        let mut running = self.running.iter().flatten().filter(|run| !run.is_over);
        running.find(|run| run.operation == operation).map(|run| run.cancel.clone())
    }
}
