//! The queue and all permits as one pure state machine.
//!
//! Order: round robin by weight between projects, first come first served inside one. A job
//! starts only when *all* its permits (service, host, project) are free, and takes them in one
//! step, so nobody holds one permit while waiting for another.
//!
//! ```text
//!            push                    next (takes service + host + project permits)
//!  ─────────────────▶ Ready ───────────────────────────────────────▶ Running ──▶ done
//!        │              ▲ ▲                                             │
//!        │ push_behind  │ └──────── host has a permit again ── Parked ◀─┼─ (its host is full)
//!        ▼              │                                               │ requeue
//!      Held ────────────┘ the call ahead returned, or time is up        ▼
//!        ▲                                                           Held (until not_before)
//! ```
//!
//! Where records are to be durable before anything is done about them, a new job stands aside
//! (Unwritten) until [`Scheduler::written`] is told of it; then it stands where it was pushed.
//!
//! A project whose own permits are all taken leaves the ring with its jobs in order and comes
//! back when one is free. Every job keeps the number it was pushed with, so one that comes back
//! stands where it stood: at the front of its project.
//!
//! Who holds permits: a Running job, from `next` until `done` or `requeue`. Nobody else.

mod begun;
mod depths;
mod durable;
mod hosts;
mod next_up;
mod position;
mod queues;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::BuildHasherDefault;

pub use depths::Depth;
pub use durable::Restored;
use queues::{Entry, HostQueue, JobState, ProjectQueue};

use crate::ids::{HostId, IdHash, IdHasher, OperationId, ProjectId};
use crate::limits;
use crate::rows::{Job, JobChange};
use crate::time::Timestamp;

/// How many may run and wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// First-time waiting operations, all projects together.
    pub queue: usize,
    /// Running at once, all together.
    pub service: usize,
    /// Running at once on one host.
    pub per_host: usize,
    /// Running at once of one project.
    pub per_project: usize,
    /// Waiting and running together, if that is bounded (one thread each in `threads`).
    pub active: usize,
}

/// What is in the scheduler now, and the most there ever was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Waiting for their first start.
    pub waiting: usize,
    /// Waiting for another attempt.
    pub requeued: usize,
    /// Running.
    pub in_flight: usize,
    /// Most that waited for their first start.
    pub max_waiting: usize,
    /// Most that waited for another attempt.
    pub max_requeued: usize,
    /// Most that ran at once.
    pub max_in_flight: usize,
}

/// The queue and the permits. See the module's own text.
#[derive(Debug, Clone)]
pub struct Scheduler {
    bounds: Bounds,
    jobs: HashMap<OperationId, Entry, IdHash>,
    queues: Vec<ProjectQueue>,
    hosts: HashMap<HostId, HostQueue, BuildHasherDefault<IdHasher>>,
    ring: VecDeque<ProjectId>,
    /// Held jobs by the time their wait ends.
    timers: BTreeSet<(Timestamp, OperationId)>,
    /// Which job is held behind which running one.
    behind: HashMap<OperationId, OperationId, IdHash>,
    /// Started and not over, by the order of first starts.
    begun: begun::Begun,
    load: Load,
    arrivals: u64,
    /// Whether a new job waits for its record.
    records_first: bool,
    /// Waiting when jobs were put back.
    restored: usize,
}

/// The empty queue of a project.
fn queue_of(weight: u32) -> ProjectQueue {
    ProjectQueue { weight: weight.clamp(1, limits::WEIGHT_MAX), ..ProjectQueue::default() }
}

impl Scheduler {
    /// An empty queue for projects with these weights (1 to [`limits::WEIGHT_MAX`]), in the
    /// order of their ids. Room for `reserve` jobs is made at once.
    pub fn new(bounds: Bounds, weights: impl IntoIterator<Item = u32>, reserve: usize) -> Self {
        Self {
            bounds,
            jobs: HashMap::with_capacity_and_hasher(reserve, IdHash::default()),
            queues: weights.into_iter().map(queue_of).collect(),
            hosts: HashMap::default(),
            ring: VecDeque::new(),
            timers: BTreeSet::new(),
            behind: HashMap::default(),
            begun: begun::Begun::default(),
            load: Load::default(),
            arrivals: 0,
            records_first: false,
            restored: 0,
        }
    }

    /// One project more, of this weight: its id is the next one.
    pub fn add_project(&mut self, weight: u32) {
        self.queues.push(queue_of(weight));
    }

    /// The bounds it was made with.
    pub const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// What is in it.
    pub const fn load(&self) -> Load {
        self.load
    }

    /// Jobs in it, running ones included.
    pub fn jobs(&self) -> usize {
        self.jobs.len()
    }

    /// Whether nothing is waiting or running.
    pub fn is_idle(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Whether `count` more jobs of `project` may wait. Once there are two projects, the last
    /// tenth of the places is kept for projects with nothing waiting.
    pub fn has_capacity(&self, project: ProjectId, count: usize) -> bool {
        let mine = self.queues.get(project.index()).map_or(0, |queue| queue.waiting);
        let kept = if self.queues.len() > 1 && mine + count > 1 {
            self.bounds.queue.div_ceil(limits::QUEUE_RESERVE_DIVISOR)
        } else {
            0
        };
        let places = self.bounds.queue - kept.min(self.bounds.queue.saturating_sub(1));
        self.load.waiting + count <= places && self.jobs.len() + count <= self.bounds.active
    }

    /// Makes one change. Changes that name an operation that is not there do nothing.
    pub fn apply(&mut self, change: JobChange) {
        match change {
            JobChange::Push(job) => self.push(job),
            JobChange::PushBehind { job, behind, until } => self.push_behind(job, behind, until),
            JobChange::Replace { old, job } => self.replace(old, job),
            JobChange::Remove(operation) => self.cancel(operation),
            JobChange::Requeue { operation, not_before } => self.requeue(operation, not_before),
            JobChange::Done(operation) => self.done(operation),
            // It holds its permits until its call has returned.
            JobChange::Stop(_) => {}
        }
    }

    /// A new job joins the end of its project's line.
    pub fn push(&mut self, job: Job) {
        let arrival = self.next_arrival();
        self.insert(job, arrival, JobState::Ready, false, !self.records_first);
    }

    /// A new job that may start once the running `behind` has returned, or at `until`.
    pub fn push_behind(&mut self, job: Job, behind: OperationId, until: Timestamp) {
        let arrival = self.next_arrival();
        let state = match self.jobs.get(&behind) {
            Some(entry) if entry.state == JobState::Running => {
                JobState::Held { until, behind: Some(behind) }
            }
            _ => JobState::Ready,
        };
        self.insert(job, arrival, state, false, !self.records_first);
    }

    /// `job` takes the place of a job that has not started, and whatever that waited for.
    pub fn replace(&mut self, old: OperationId, job: Job) {
        match self.remove_waiting(old) {
            Some(entry) => {
                let written = !self.records_first;
                self.insert(job, entry.arrival, entry.state, entry.restarted, written);
            }
            None => self.push(job),
        }
    }

    /// A job that has not started leaves.
    pub fn cancel(&mut self, operation: OperationId) {
        self.remove_waiting(operation);
    }

    /// The first job in fair order whose permits are all free; it takes them.
    pub fn next(&mut self, now: Timestamp) -> Option<Job> {
        self.wake(now);
        if self.load.in_flight >= self.bounds.service {
            return None;
        }
        while let Some(project) = self.ring.front().copied() {
            let queue = &mut self.queues[project.index()];
            let Some((arrival, operation)) = queue.ready.pop_first() else {
                queue.in_ring = false;
                self.ring.pop_front();
                continue;
            };
            if let Some(job) = self.try_start(operation, arrival) {
                self.end_quantum(project);
                return Some(job);
            }
        }
        None
    }

    /// A running job is over: its permits are free, and who waited for it may start.
    pub fn done(&mut self, operation: OperationId) {
        if self.release(operation)
            && let Some(entry) = self.jobs.remove(&operation)
        {
            self.begun.end(&entry);
        }
    }

    /// A running job goes back to wait until `not_before`; its permits are free.
    pub fn requeue(&mut self, operation: OperationId, not_before: Timestamp) {
        if !self.release(operation) {
            return;
        }
        if let Some(entry) = self.jobs.get_mut(&operation) {
            entry.state = JobState::Held { until: not_before, behind: None };
            entry.restarted = true;
            self.timers.insert((not_before, operation));
            self.load.requeued += 1;
            self.load.max_requeued = self.load.max_requeued.max(self.load.requeued);
        }
    }

    /// When a held job's wait ends next.
    pub fn next_timer(&self) -> Option<Timestamp> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// Whether `next` would look at a job: a worker more might find work.
    pub fn has_work(&self) -> bool {
        self.load.in_flight < self.bounds.service && !self.ring.is_empty()
    }

    /// Whether an operation holds permits.
    pub fn is_running(&self, operation: OperationId) -> bool {
        let entry = self.jobs.get(&operation);
        entry.is_some_and(|entry| entry.state == JobState::Running)
    }

    /// The operations that wait, in no particular order.
    pub fn waiting(&self) -> impl Iterator<Item = OperationId> {
        self.jobs.values().filter(|e| e.state != JobState::Running).map(|e| e.job.operation)
    }

    /// The operations that run, in no particular order.
    pub fn running(&self) -> impl Iterator<Item = OperationId> {
        self.jobs.values().filter(|e| e.state == JobState::Running).map(|e| e.job.operation)
    }

    /// The first `count` jobs that were started and are not over, the one that began first in front.
    /// What it costs goes by `count`, and by twice what is in flight at most. Those of an earlier
    /// process are in the order in which they were put back.
    pub fn begun(&self, count: usize) -> impl Iterator<Item = OperationId> {
        self.begun.first(count)
    }

    fn next_arrival(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals
    }

    fn insert(&mut self, job: Job, arrival: u64, state: JobState, restarted: bool, written: bool) {
        let queue = self.queue(job.project);
        if restarted {
            self.load.requeued += 1;
        } else {
            queue.waiting += 1;
            self.load.waiting += 1;
            self.load.max_waiting = self.load.max_waiting.max(self.load.waiting);
        }
        let state = match state {
            JobState::Held { .. } | JobState::Parked(_) => state,
            _ if written => JobState::Ready,
            _ => JobState::Unwritten,
        };
        let entry = Entry { job, arrival, state, restarted, written, begun: 0 };
        self.jobs.insert(job.operation, entry);
        match state {
            JobState::Held { until, behind } => {
                self.timers.insert((until, job.operation));
                if let Some(behind) = behind {
                    self.behind.insert(behind, job.operation);
                }
            }
            JobState::Parked(host) => {
                self.hosts.entry(host).or_default().park(job.project, arrival, job.operation);
            }
            JobState::Ready => self.make_ready(job, arrival),
            JobState::Unwritten | JobState::Running => {}
        }
    }

    fn queue(&mut self, project: ProjectId) -> &mut ProjectQueue {
        if self.queues.len() <= project.index() {
            self.queues.resize_with(project.index() + 1, || ProjectQueue {
                weight: 1,
                ..ProjectQueue::default()
            });
        }
        &mut self.queues[project.index()]
    }

    /// Puts a job into its project's line, by its turn, and the project into the ring.
    fn make_ready(&mut self, job: Job, arrival: u64) {
        let per_project = self.bounds.per_project;
        let queue = self.queue(job.project);
        queue.ready.insert(arrival, job.operation);
        if !queue.in_ring && queue.in_flight < per_project {
            queue.in_ring = true;
            queue.credit = queue.weight;
            self.ring.push_back(job.project);
        }
    }

    /// Takes out a job that is not running. Its project may stay in the ring with nothing ready;
    /// `next` drops it when it comes by.
    fn remove_waiting(&mut self, operation: OperationId) -> Option<Entry> {
        if self.jobs.get(&operation)?.state == JobState::Running {
            return None;
        }
        let entry = self.jobs.remove(&operation)?;
        self.begun.end(&entry);
        match entry.state {
            JobState::Ready => {
                self.queues[entry.job.project.index()].ready.remove(&entry.arrival);
                if let Some(host) = entry.job.host {
                    self.return_one(host, entry.job.project);
                }
            }
            JobState::Parked(host) => {
                if let Some(queue) = self.hosts.get_mut(&host) {
                    queue.unpark(entry.job.project, entry.arrival);
                }
            }
            JobState::Held { until, behind } => {
                self.timers.remove(&(until, operation));
                if let Some(behind) = behind {
                    self.behind.remove(&behind);
                }
            }
            JobState::Unwritten | JobState::Running => {}
        }
        self.uncount(&entry);
        Some(entry)
    }

    /// A job stops waiting.
    fn uncount(&mut self, entry: &Entry) {
        if entry.restarted {
            self.load.requeued -= 1;
        } else {
            self.load.waiting -= 1;
            self.queues[entry.job.project.index()].waiting -= 1;
        }
    }

    /// Starts a job taken from its line, or parks it if its host is full.
    fn try_start(&mut self, operation: OperationId, arrival: u64) -> Option<Job> {
        let entry = self.jobs.get_mut(&operation)?;
        if let Some(host) = entry.job.host {
            let queue = self.hosts.entry(host).or_default();
            if queue.in_flight >= self.bounds.per_host {
                entry.state = JobState::Parked(host);
                queue.park(entry.job.project, arrival, operation);
                return None;
            }
            queue.in_flight += 1;
        }
        entry.state = JobState::Running;
        self.begun.start(entry);
        let started = entry.clone();
        self.uncount(&started);
        self.queues[started.job.project.index()].in_flight += 1;
        self.load.in_flight += 1;
        self.load.max_in_flight = self.load.max_in_flight.max(self.load.in_flight);
        Some(started.job)
    }

    /// A project at the ring's front has had a job started.
    fn end_quantum(&mut self, project: ProjectId) {
        let per_project = self.bounds.per_project;
        let queue = &mut self.queues[project.index()];
        queue.credit = queue.credit.saturating_sub(1);
        if queue.ready.is_empty() || queue.in_flight >= per_project {
            queue.in_ring = false;
            queue.credit = 0;
            self.ring.pop_front();
        } else if queue.credit == 0 {
            queue.credit = queue.weight;
            self.ring.rotate_left(1);
        }
    }

    /// Gives a running job's permits back and lets in who waited for them; false if it does not
    /// run.
    fn release(&mut self, operation: OperationId) -> bool {
        let Some(entry) = self.jobs.get(&operation).filter(|e| e.state == JobState::Running) else {
            return false;
        };
        let job = entry.job;
        self.load.in_flight -= 1;
        let per_project = self.bounds.per_project;
        let queue = &mut self.queues[job.project.index()];
        queue.in_flight -= 1;
        if !queue.in_ring && !queue.ready.is_empty() && queue.in_flight < per_project {
            queue.in_ring = true;
            queue.credit = queue.weight;
            self.ring.push_back(job.project);
        }
        if let Some(host) = job.host {
            self.release_host(host);
        }
        if let Some(held) = self.behind.remove(&operation) {
            self.unhold(held);
        }
        true
    }

    /// A held job may start.
    fn unhold(&mut self, operation: OperationId) {
        let Some(entry) = self.jobs.get(&operation) else {
            return;
        };
        let JobState::Held { until, behind } = entry.state else {
            return;
        };
        let arrival = entry.arrival;
        self.timers.remove(&(until, operation));
        if let Some(behind) = behind {
            self.behind.remove(&behind);
        }
        self.enqueue(operation, arrival);
    }

    fn enqueue(&mut self, operation: OperationId, arrival: u64) {
        if let Some(entry) = self.jobs.get_mut(&operation) {
            if !entry.written {
                entry.state = JobState::Unwritten;
                return;
            }
            entry.state = JobState::Ready;
            let job = entry.job;
            self.make_ready(job, arrival);
        }
    }

    /// Held jobs whose time has come join their lines.
    fn wake(&mut self, now: Timestamp) {
        while let Some((at, operation)) = self.timers.first().copied() {
            if at > now {
                return;
            }
            self.unhold(operation);
        }
    }
}

#[cfg(test)]
mod tests;
