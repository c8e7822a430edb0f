//! The fleet in memory behind one lock.
//!
//! One lock, because a request changes several things that must change together (quota, host,
//! server, queue), and because it is held for well under a microsecond: sharding gains nothing
//! and loses the single step. What is done under it: decide, apply, number events, append them
//! to the hub. What is done after it: wake a worker, tell a cancelled call to stop, complete
//! those who watch.
//!
//! Without a journal what is decided is published in the same step, so one image serves the
//! rules and the readers.

use std::collections::HashMap;
use std::sync::Arc;

use guichet_core::audit::{Audit, audit};
use guichet_core::edit::EditRequest;
use guichet_core::fleet::{Fleet, FleetConfig};
use guichet_core::ids::{HostId, IdHash, OperationId, ProjectId, ServerId, WorkerId};
use guichet_core::limits;
use guichet_core::project::{HostRoom, Quota, Usage};
use guichet_core::refusal::Refusal;
use guichet_core::request::Request;
use guichet_core::rows::{Claim, Decision, Effects, JobChange, Outcome, Rows};
use guichet_core::server::{Operation, Server};
use guichet_core::time::Clock;
use smallvec::SmallVec;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::hub::{Hub, Record};
use crate::sync::TimedMutex;
use crate::wake::Wake;
use crate::{Completion, Decided, DeletedPage, Figures, Page, Query, Reply, Settled, Store, Work};

/// The memory store. See the module's own text.
#[derive(Debug)]
pub struct LocalStore {
    /// Taken by every method for one step; see [`TimedMutex::with`].
    state: TimedMutex<State>,
    clock: Arc<dyn Clock>,
    hub: Hub,
    wake: Wake,
}

/// What the lock protects: the fleet, and who in this process waits for what.
#[derive(Debug)]
struct State {
    fleet: Fleet,
    /// Who wants to know how an operation ends.
    watchers: HashMap<OperationId, SmallVec<[oneshot::Sender<Operation>; 1]>, IdHash>,
    /// What each worker runs and how to tell it to stop, by worker number.
    running: Vec<Option<Run>>,
}

/// A driver call as the store knows it.
#[derive(Debug)]
struct Run {
    operation: OperationId,
    attempt: u32,
    cancel: CancellationToken,
}

/// What to do once the lock is released.
#[derive(Debug, Default)]
struct After {
    wake: bool,
    stop: Option<CancellationToken>,
    completed: SmallVec<[(oneshot::Sender<Operation>, Operation); 1]>,
}

impl LocalStore {
    /// An empty store that stamps by `clock`.
    pub fn new(config: FleetConfig, clock: Arc<dyn Clock>) -> Self {
        Self {
            state: TimedMutex::new(State {
                fleet: Fleet::new(config),
                watchers: HashMap::default(),
                running: Vec::new(),
            }),
            clock,
            hub: Hub::default(),
            wake: Wake::default(),
        }
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
        self.hub.tell();
    }

    /// What a step leaves to do, and its events to the hub; still under the lock, so that the
    /// hub's order is the order of decisions.
    fn aftermath(&self, state: &mut State, effects: &Effects) -> After {
        self.hub.append(effects.events.iter().map(|event| Record::Event(*event)));
        let mut completed = SmallVec::new();
        if !state.watchers.is_empty() {
            for (server, operation) in &effects.finished {
                let id = OperationId { server: *server, number: operation.number };
                for sender in state.watchers.remove(&id).into_iter().flatten() {
                    completed.push((sender, operation.clone()));
                }
            }
        }
        let stop = effects.stops().and_then(|id| {
            let mut running = state.running.iter().flatten();
            running.find(|run| run.operation == id).map(|run| run.cancel.clone())
        });
        // A job with a time of its own needs an idle worker to set its alarm by it.
        let timed = effects
            .jobs
            .iter()
            .any(|job| matches!(job, JobChange::Requeue { .. } | JobChange::PushBehind { .. }));
        After { wake: timed || state.fleet.scheduler().has_work(), stop, completed }
    }
}

impl State {
    /// Registers a watcher of a live operation, or answers for one that is over.
    fn watch(&mut self, id: OperationId) -> Option<Completion> {
        let operation = self.fleet.operation(id)?;
        let (sender, receiver) = oneshot::channel();
        if operation.state.is_final() {
            let _ = sender.send(operation);
        } else {
            self.watchers.entry(id).or_default().push(sender);
        }
        Some(receiver)
    }

    fn runs(&mut self, claim: &Claim, cancel: &CancellationToken) {
        let index = claim.worker.index();
        if index >= self.running.len() {
            self.running.resize_with(index + 1, || None);
        }
        let (operation, attempt) = (claim.operation, claim.attempt);
        self.running[index] = Some(Run { operation, attempt, cancel: cancel.clone() });
    }

    /// Forgets the call of this claim; a late outcome leaves the worker's next call alone.
    fn returned(&mut self, claim: &Claim) {
        if let Some(slot) = self.running.get_mut(claim.worker.index()) {
            slot.take_if(|run| run.operation == claim.operation && run.attempt == claim.attempt);
        }
    }
}

impl Store for LocalStore {
    fn submit(&self, request: &Request, watch: Option<&mut Vec<Completion>>) -> Reply<Decided> {
        let (decided, after) = self.state.with_moment(|state, moment| {
            let at = self.clock.at(moment);
            let (decided, after) = match state.fleet.submit(request, at) {
                Decision::Accepted(mut effects) => {
                    let after = self.aftermath(state, &effects);
                    let answer = effects.answer.take().expect("an accepted request is answered");
                    (Decided::Accepted(answer), after)
                }
                Decision::Repeated(answer) => (Decided::Repeated(answer), After::default()),
                Decision::Refused(refusal) => (Decided::Refused(refusal), After::default()),
            };
            if let (Some(watch), Decided::Accepted(answer) | Decided::Repeated(answer)) =
                (watch, &decided)
            {
                watch.extend(answer.operations.iter().filter_map(|id| state.watch(*id)));
            }
            (decided, after)
        });
        self.after(after);
        Reply::Ready(decided)
    }

    fn edit(&self, request: &EditRequest) -> Reply<Result<Arc<Server>, Refusal>> {
        Reply::Ready(self.state.with_moment(|state, moment| {
            let at = self.clock.at(moment);
            state.fleet.edit(request, at)
        }))
    }

    fn try_claim(&self, worker: WorkerId, cancel: &CancellationToken) -> Work {
        let (work, after) = self.state.with_moment(|state, moment| {
            let at = self.clock.at(moment);
            match state.fleet.claim(worker, at) {
                Some((effects, claim)) => {
                    state.runs(&claim, cancel);
                    let mut after = self.aftermath(state, &effects);
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
        self.after(after);
        work
    }

    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Reply<Settled> {
        let (settled, after) = self.state.with_moment(|state, moment| {
            let at = self.clock.at(moment);
            let effects = state.fleet.finish(claim, outcome, at);
            state.returned(claim);
            let settled = match effects.jobs.first() {
                _ if effects.servers.is_empty() => Settled::Fenced,
                Some(JobChange::Requeue { .. }) => Settled::Requeued,
                _ => Settled::Final,
            };
            (settled, self.aftermath(state, &effects))
        });
        self.after(after);
        Reply::Ready(settled)
    }

    fn wake(&self) -> &Wake {
        &self.wake
    }

    fn hub(&self) -> &Hub {
        &self.hub
    }

    fn server(&self, id: ServerId) -> Option<Arc<Server>> {
        self.state.with(|state| state.fleet.get(id).cloned())
    }

    fn remembered(&self, id: ServerId) -> Option<Arc<Server>> {
        self.state.with(|state| state.fleet.remembered(id).cloned())
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
            self.state.with(|state| state.fleet.page(query.project, after, wanted, &mut chunk));
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
        let next = self.state.with(|state| state.fleet.deleted(before, count, &mut servers));
        DeletedPage { servers, next }
    }

    fn operations(&self, server: ServerId) -> Vec<Operation> {
        self.state.with(|state| state.fleet.operations(server))
    }

    fn operation(&self, id: OperationId) -> Option<Operation> {
        self.state.with(|state| state.fleet.operation(id))
    }

    fn watch(&self, id: OperationId) -> Option<Completion> {
        self.state.with(|state| state.watch(id))
    }

    fn position(&self, id: OperationId) -> Option<usize> {
        self.state.with(|state| state.fleet.scheduler().position(id))
    }

    fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)> {
        self.state.with(|state| {
            let quota = state.fleet.project(project)?.quota;
            Some((state.fleet.usage(project), quota))
        })
    }

    fn rooms(&self, first: HostId, count: usize) -> Vec<HostRoom> {
        let count = count.min(limits::ROWS_PER_LOCK_MAX);
        self.state.with(|state| {
            let rooms = state.fleet.rooms().get(first.index()..).unwrap_or_default();
            rooms[..rooms.len().min(count)].to_vec()
        })
    }

    fn figures(&self) -> Figures {
        let longest_lock_ns = self.state.longest_ns();
        self.state.with(|state| Figures {
            counts: *state.fleet.counts(),
            load: state.fleet.scheduler().load(),
            servers: state.fleet.len(),
            jobs: state.fleet.scheduler().jobs(),
            longest_lock_ns,
        })
    }

    fn audit(&self) -> Audit {
        self.state.with(|state| audit(&state.fleet))
    }
}
