//! The fleet in memory behind one lock.
//!
//! One lock, because a request changes several things that must change together (quota, host,
//! server, queue), and because it is held for well under a microsecond: sharding gains nothing
//! and loses the single step. What is done under it: decide, apply, number events, append them
//! to the hub. What is done after it: wake a worker, tell a cancelled call to stop, complete
//! those who watch.
//!
//! Without a journal what is decided is published in the same step, so one image serves the
//! rules and the readers. With one, the step leaves what changed for the writer, and whoever
//! asked waits; see [`crate::journal`].

pub(crate) mod pending;
mod state;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use guichet_core::audit::{Audit, audit};
use guichet_core::edit::EditRequest;
use guichet_core::fleet::{Changes, Fleet, FleetConfig, Saved};
use guichet_core::ids::{HostId, OperationId, ProjectId, ServerId, WorkerId};
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Quota, Usage};
use guichet_core::refusal::Refusal;
use guichet_core::request::Request;
use guichet_core::rows::{Claim, Decision, Effects, JobChange, Outcome, Rows};
use guichet_core::server::{Operation, Server};
use guichet_core::time::Clock;
use pending::{Pending, Waiter};
use state::{After, State};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::hub::{Hub, LogEntry};
use crate::journal::writer::{Signal, Urgency, Writer, Written};
use crate::journal::{Batch, Log, LogError, OnTrouble, RecordChange};
use crate::sync::TimedMutex;
use crate::sync::thread::{Builder, JoinHandle};
use crate::wake::Wake;
use crate::{
    Completion, Decided, DeletedPage, Figures, JournalFigures, Page, Query, Reply, Settled, Store,
    Work,
};

/// The memory store, with a journal or without. See the module's own text.
#[derive(Debug)]
pub struct LocalStore {
    inner: Arc<Inner>,
    /// The writer of the journal, if there is one; awaited when the store is dropped.
    writer: Option<JoinHandle<()>>,
}

/// What the store and its writer share.
#[derive(Debug)]
pub(crate) struct Inner {
    /// Taken by every method for one step; see [`TimedMutex::with`].
    pub(crate) state: TimedMutex<State>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) hub: Hub,
    pub(crate) wake: Wake,
    pub(crate) signal: Signal,
    pub(crate) written: Written,
}

impl LocalStore {
    /// An empty store that stamps by `clock` and keeps everything in memory.
    pub fn new(config: FleetConfig, clock: Arc<dyn Clock>) -> Self {
        Self { inner: Inner::new(Fleet::new(config), clock, None), writer: None }
    }

    /// A store of what a journal kept, which goes on writing to it. What changes by that is
    /// durable when this returns. `on_trouble` is called by the writer; see
    /// [`OnTrouble`].
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
        let mut fleet = Fleet::restore(config, saved, at);
        let mut batch = Batch { changes: Changes::default(), kept: Vec::new(), at };
        fleet.swap_changes(&mut batch.changes);
        if !batch.changes.is_empty() {
            log.write(&batch)?;
        }
        fleet.publish(&batch.changes.rows);
        fleet.publish_sums(&batch.changes);
        let inner = Inner::new(fleet, clock, Some(Pending::default()));
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
            // How it ended was told to who closed the store.
            let _ = writer.join();
        }
    }
}

impl Inner {
    fn new(fleet: Fleet, clock: Arc<dyn Clock>, pending: Option<Pending>) -> Arc<Self> {
        Arc::new(Self {
            state: TimedMutex::new(State::new(fleet, pending)),
            clock,
            hub: Hub::default(),
            wake: Wake::default(),
            signal: Signal::default(),
            written: Written::default(),
        })
    }

    fn after(&self, after: After) {
        if after.wake {
            self.wake.one();
        }
        if let Some(stop) = after.stop {
            stop.cancel();
        }
        for (sender, operation) in after.completed {
            // Nobody waiting any more is no error.
            let _ = sender.send(operation);
        }
        self.signal.want(after.write);
        self.hub.tell();
    }

    /// What a step leaves to do, and its events to the hub; still under the lock, so that the
    /// hub's order is the order of decisions.
    fn aftermath(&self, state: &mut State, effects: &Effects) -> After {
        let mut after = After::default();
        let events = effects.events.iter();
        match &mut state.pending {
            Some(pending) if self.hub.is_read() => pending.events.extend(events),
            Some(_) => {}
            None => self.hub.append(events.map(|event| LogEntry::Event(*event))),
        }
        if !state.watchers.is_empty() {
            for (server, operation) in &effects.finished {
                let id = OperationId { server: *server, number: operation.number };
                for sender in state.watchers.remove(&id).into_iter().flatten() {
                    state.ends(sender, operation.clone(), &mut after);
                }
            }
        }
        after.stop = effects.stops().and_then(|id| {
            let mut running = state.running.iter().flatten();
            running.find(|run| run.operation == id).map(|run| run.cancel.clone())
        });
        // A job with a time of its own needs an idle worker to set its alarm by it.
        let timed = effects
            .jobs
            .iter()
            .any(|job| matches!(job, JobChange::Requeue { .. } | JobChange::PushBehind { .. }));
        after.wake = timed || state.fleet.scheduler().has_work();
        if state.pending.is_some() && !effects.servers.is_empty() {
            after.write = after.write.max(Urgency::Soon);
        }
        after
    }
}

impl Store for LocalStore {
    fn submit(&self, request: &Request, watch: Option<&mut Vec<Completion>>) -> Reply<Decided> {
        let inner = &*self.inner;
        let (reply, after) = inner.state.with_moment(|state, moment| {
            if let Some(busy) = state.busy() {
                return (Reply::Ready(Decided::Refused(busy)), After::default());
            }
            let at = inner.clock.at(moment);
            let (decided, mut after) = match state.fleet.submit(request, at) {
                Decision::Accepted(mut effects) => {
                    let after = inner.aftermath(state, &effects);
                    let answer = effects.answer.take().expect("an accepted request is answered");
                    (Decided::Accepted(answer), after)
                }
                Decision::Repeated(answer) => (Decided::Repeated(answer), After::default()),
                Decision::Refused(refusal) => (Decided::Refused(refusal), After::default()),
            };
            if let (Some(watch), Decided::Accepted(answer) | Decided::Repeated(answer)) =
                (watch, &decided)
            {
                let operations = answer.operations.iter();
                watch.extend(operations.filter_map(|id| state.watch(*id, &mut after)));
            }
            if matches!(&decided, Decided::Refused(refusal) if !refusal.is_of_state()) {
                return (Reply::Ready(decided), after);
            }
            (state.answer(decided, Waiter::Decided, &mut after), after)
        });
        inner.after(after);
        reply
    }

    fn edit(&self, request: &EditRequest) -> Reply<Result<Arc<Server>, Refusal>> {
        let inner = &*self.inner;
        let (reply, after) = inner.state.with_moment(|state, moment| {
            let mut after = After::default();
            if let Some(busy) = state.busy() {
                return (Reply::Ready(Err(busy)), after);
            }
            let edited = state.fleet.edit(request, inner.clock.at(moment));
            (state.answer(edited, Waiter::Edited, &mut after), after)
        });
        inner.after(after);
        reply
    }

    fn try_claim(&self, worker: WorkerId, cancel: &CancellationToken) -> Work {
        let inner = &*self.inner;
        let (work, after) = inner.state.with_moment(|state, moment| {
            if state.is_busy() {
                // Whoever writes wakes a worker when it has caught up.
                return (Work::Nothing { until: None }, After::default());
            }
            let at = inner.clock.at(moment);
            match state.fleet.claim(worker, at) {
                Some((effects, claim)) => {
                    state.runs(&claim, cancel);
                    let mut after = inner.aftermath(state, &effects);
                    // This worker may be the one that kept the alarm of a held job.
                    after.wake |= state.fleet.scheduler().next_timer().is_some();
                    (Work::Claim(claim), after)
                }
                None => {
                    let until = state.fleet.scheduler().next_timer();
                    (Work::Nothing { until }, After::default())
                }
            }
        });
        inner.after(after);
        work
    }

    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Reply<Settled> {
        let inner = &*self.inner;
        let (settled, after) = inner.state.with_moment(|state, moment| {
            let at = inner.clock.at(moment);
            let effects = state.fleet.finish(claim, outcome, at);
            state.returned(claim);
            let settled = match effects.jobs.first() {
                _ if effects.servers.is_empty() => Settled::Fenced,
                Some(JobChange::Requeue { .. }) => Settled::Requeued,
                _ => Settled::Final,
            };
            (settled, inner.aftermath(state, &effects))
        });
        inner.after(after);
        // A worker does not wait for the disk: whoever is told of the end does.
        Reply::Ready(settled)
    }

    fn wake(&self) -> &Wake {
        &self.inner.wake
    }

    fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    fn server(&self, id: ServerId) -> Option<Arc<Server>> {
        self.inner.state.with(|state| state.fleet.shown(id).cloned())
    }

    fn remembered(&self, id: ServerId) -> Option<Arc<Server>> {
        self.inner.state.with(|state| state.fleet.remembered(id).cloned())
    }

    fn servers(&self, query: &Query) -> Page {
        let size = query.page_size();
        let mut page = Page::default();
        let mut after = query.after;
        let mut chunk: Vec<Arc<Server>> = Vec::with_capacity(size.min(limits::ROWS_PER_LOCK_MAX));
        while page.servers.len() < size {
            // Unfiltered, no more is read than shown; filtered, a full chunk at a time.
            let wanted = match query.status {
                None => (size - page.servers.len()).min(limits::ROWS_PER_LOCK_MAX),
                Some(_) => limits::ROWS_PER_LOCK_MAX,
            };
            chunk.clear();
            self.inner
                .state
                .with(|state| state.fleet.page(query.project, after, wanted, &mut chunk));
            let exhausted = chunk.len() < wanted;
            for server in chunk.drain(..) {
                if page.servers.len() == size {
                    break;
                }
                after = Some((server.project, server.created, server.id));
                if query.shows(&server) {
                    page.servers.push(server);
                }
            }
            if exhausted && page.servers.len() < size {
                return page;
            }
        }
        page.next = after.filter(|_| size > 0);
        page
    }

    fn deleted(&self, before: Option<u64>) -> DeletedPage {
        let count = limits::ROWS_PER_LOCK_MAX;
        let mut servers = Vec::with_capacity(count);
        let next = self.inner.state.with(|state| state.fleet.deleted(before, count, &mut servers));
        DeletedPage { servers, next }
    }

    fn operations(&self, server: ServerId) -> Vec<Operation> {
        self.inner.state.with(|state| state.fleet.operations(server))
    }

    fn operation(&self, id: OperationId) -> Option<Operation> {
        self.inner.state.with(|state| state.fleet.operation(id))
    }

    fn watch(&self, id: OperationId) -> Option<Completion> {
        let (completion, after) = self.inner.state.with(|state| {
            let mut after = After::default();
            (state.watch(id, &mut after), after)
        });
        self.inner.after(after);
        completion
    }

    fn position(&self, id: OperationId) -> Option<usize> {
        self.inner.state.with(|state| state.fleet.scheduler().position(id))
    }

    fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)> {
        self.inner.state.with(|state| {
            let quota = state.fleet.project(project)?.quota;
            Some((state.fleet.shown_usage(project), quota))
        })
    }

    fn capacities(&self, first: HostId, count: usize) -> Vec<FreeCapacity> {
        let count = count.min(limits::ROWS_PER_LOCK_MAX);
        self.inner.state.with(|state| state.fleet.shown_capacities(first, count))
    }

    fn keep(&self, row: RecordChange) -> Reply<Result<(), Refusal>> {
        let (reply, after) = self.inner.state.with(|state| {
            let after = After { write: Urgency::Now, ..After::default() };
            if let Some(busy) = state.busy() {
                return (Reply::Ready(Err(busy)), After::default());
            }
            let Some(pending) = &mut state.pending else {
                return (Reply::Ready(Ok(())), After::default());
            };
            let (sender, receiver) = oneshot::channel();
            pending.kept.push(row);
            pending.waiting.push(Waiter::RecordChange(sender));
            (Reply::Pending(receiver), after)
        });
        self.inner.after(after);
        reply
    }

    fn durable(&self) -> Reply<()> {
        let (reply, after) = self.inner.state.with(|state| {
            let mut after = After::default();
            (state.answer((), |sender, ()| Waiter::Durable(sender), &mut after), after)
        });
        self.inner.after(after);
        reply
    }

    fn close(&self) -> Reply<Result<(), LogError>> {
        let reply = self.inner.state.with(|state| match &mut state.pending {
            None => Reply::Ready(Ok(())),
            Some(pending) => match &pending.ended {
                Some(ended) => Reply::Ready(ended.clone()),
                None => {
                    let (sender, receiver) = oneshot::channel();
                    pending.closing.push(sender);
                    Reply::Pending(receiver)
                }
            },
        });
        self.inner.signal.close();
        reply
    }

    fn figures(&self) -> Figures {
        let longest_lock_ns = self.inner.state.longest_ns();
        let written = &self.inner.written;
        self.inner.state.with(|state| Figures {
            counts: *state.fleet.counts(),
            load: state.fleet.scheduler().load(),
            servers: state.fleet.len(),
            jobs: state.fleet.scheduler().jobs(),
            longest_lock_ns,
            journal: state.pending.as_ref().map(|pending| JournalFigures {
                batches: written.batches.load(Ordering::Relaxed),
                rows: written.rows.load(Ordering::Relaxed),
                answers: written.answers.load(Ordering::Relaxed),
                backlog: pending.backlog(state.fleet.unwritten()),
                backlog_max: pending.backlog_max,
                is_stalled: pending.trouble.is_some(),
            }),
        })
    }

    fn audit(&self) -> Audit {
        self.inner.state.with(|state| audit(&state.fleet))
    }
}
