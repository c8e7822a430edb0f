//! The execution models: who runs the handler of [`crate::worker`]. They differ in nothing else.
//!
//! | model | who runs an operation | in flight at most |
//! | --- | --- | --- |
//! | `sequential` | one task | 1 |
//! | `threads` | an OS thread made for it when it was accepted | min(permits, THREADS_MAX) |
//! | `pool` | one of `workers` OS threads | min(workers, permits) |
//! | `async` | one of `workers` tasks of the runtime | min(workers, permits) |
//!
//! An OS thread drives the async handler on a runtime of its own, so a wait blocks that thread.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use guichet_core::ids::WorkerId;
use guichet_core::limits;
use guichet_store::Settled;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::config::Model;
use crate::shared::Shared;
use crate::worker::Worker;

/// The workers of one manager. Every task and every thread holds a token of the tracker until it
/// ends; [`stopped`](Self::stopped) awaits them all.
#[derive(Debug)]
pub(crate) struct WorkerPool {
    tracker: TaskTracker,
    threads: Option<Arc<ThreadPerRequest>>,
}

impl WorkerPool {
    /// Starts the workers. The tasks go to the runtime this is called in.
    pub(crate) fn start(
        model: Model,
        workers: usize,
        shared: &Arc<Shared>,
    ) -> std::io::Result<Self> {
        Self::start_with(model, workers, shared, limits::THREAD_STACK_BYTES)
    }

    fn start_with(
        model: Model,
        workers: usize,
        shared: &Arc<Shared>,
        stack_bytes: usize,
    ) -> std::io::Result<Self> {
        let tracker = TaskTracker::new();
        let ids = |count: usize| (1..=count as u32).map(WorkerId);
        let mut threads = None;
        match model {
            Model::Sequential | Model::Async => {
                let count = if model == Model::Sequential { 1 } else { workers };
                for id in ids(count) {
                    tracker.spawn(Worker::new(Arc::clone(shared), id).run());
                }
            }
            Model::Pool => {
                for id in ids(workers) {
                    let worker = Worker::new(Arc::clone(shared), id);
                    let made = spawn_thread(&tracker, id, stack_bytes, move |runtime| {
                        runtime.block_on(worker.run());
                    });
                    if let Err(error) = made {
                        // Those that were made before end again.
                        shared.store.wake().close();
                        return Err(error);
                    }
                }
            }
            Model::Threads => {
                threads = Some(Arc::new(ThreadPerRequest {
                    shared: Arc::clone(shared),
                    tracker: tracker.clone(),
                    state: Mutex::new(Alive::default()),
                    retire: Semaphore::new(0),
                    stack_bytes,
                }));
            }
        }
        Ok(Self { tracker, threads })
    }

    /// Runs a task beside the workers, which is awaited as they are.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// To be called after a request was accepted: `threads` makes its threads then.
    pub(crate) fn accepted(&self) {
        if let Some(threads) = &self.threads {
            ThreadPerRequest::balance(threads);
        }
    }

    /// Waits until every worker has ended, which the closed [`guichet_store::wake::Wake`] and
    /// the abandon token bring about.
    pub(crate) async fn stopped(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}

/// Starts an OS thread with a runtime that knows time and nothing else.
fn spawn_thread(
    tracker: &TaskTracker,
    id: WorkerId,
    stack_bytes: usize,
    body: impl FnOnce(&tokio::runtime::Runtime) + Send + 'static,
) -> std::io::Result<()> {
    let token = tracker.token();
    std::thread::Builder::new().name(format!("worker-{id}")).stack_size(stack_bytes).spawn(
        move || {
            // Made here and not by the caller: if there is no thread, what the caller made would
            // be dropped inside its own runtime, which is a panic.
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime without I/O asks nothing of the system");
            body(&runtime);
            drop(runtime);
            drop(token);
        },
    )?;
    Ok(())
}

/// The model `threads`: as many live threads as there are operations waiting or running.
///
/// A thread is made when an operation is accepted and ends with one; which one it gets is the
/// scheduler's choice. If operations vanish without running (a delete of a queued create),
/// threads that wait for nothing are ended.
#[derive(Debug)]
struct ThreadPerRequest {
    shared: Arc<Shared>,
    tracker: TaskTracker,
    /// Held to count threads against operations (so the store's lock is taken inside it, never
    /// the other way round), not while a thread is made or waited for.
    state: Mutex<Alive>,
    /// A permit ends one waiting thread.
    retire: Semaphore,
    stack_bytes: usize,
}

#[derive(Debug, Default)]
struct Alive {
    /// Threads that have not been given a permit to end.
    wanted: usize,
    /// Numbers of ended threads, given out again.
    free: BTreeSet<u32>,
    numbers: u32,
}

impl ThreadPerRequest {
    fn alive(&self) -> std::sync::MutexGuard<'_, Alive> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes or retires threads until there is one for each operation. The operations are
    /// counted while the threads are: an older count would end a thread that is needed.
    fn balance(self: &Arc<Self>) {
        // After the stop a thread goes as soon as it is made: there would never be enough.
        while !self.shared.store.wake().is_closed() {
            let mut alive = self.alive();
            let jobs = self.shared.store.figures().jobs.min(limits::THREADS_MAX);
            if alive.wanted > jobs {
                alive.wanted -= 1;
                self.retire.add_permits(1);
                continue;
            }
            if alive.wanted == jobs {
                return;
            }
            alive.wanted += 1;
            let number = alive.free.pop_first().unwrap_or(alive.numbers + 1);
            alive.numbers = alive.numbers.max(number);
            drop(alive);
            self.make(WorkerId(number));
        }
    }

    fn make(self: &Arc<Self>, id: WorkerId) {
        let this = Arc::clone(self);
        let made = spawn_thread(&self.tracker, id, self.stack_bytes, move |runtime| {
            runtime.block_on(Arc::clone(&this).work(id));
        });
        if made.is_err() {
            // The system has no thread to give. The request was accepted, so it is served all
            // the same: by a task of the caller's runtime.
            self.tracker.spawn(Arc::clone(self).work(id));
        }
    }

    /// Serves until one operation is over or the thread is not wanted any more.
    async fn work(self: Arc<Self>, id: WorkerId) {
        let mut worker = Worker::new(Arc::clone(&self.shared), id);
        loop {
            let claim = tokio::select! {
                biased;
                claim = worker.next() => claim,
                Ok(permit) = self.retire.acquire() => {
                    permit.forget();
                    break;
                }
            };
            // The service stops. Some of the threads that end so may have been counted out
            // already, with a permit to retire that they need no more; nobody counts now.
            let Some(claim) = claim else {
                break;
            };
            let settled = worker.serve(&claim).await;
            if settled != Some(Settled::Requeued) && self.may_go() {
                break;
            }
        }
        self.alive().free.insert(id.0);
    }

    /// Whether one thread less is enough now; if so, this one is not counted any more.
    fn may_go(&self) -> bool {
        let mut alive = self.alive();
        let jobs = self.shared.store.figures().jobs;
        if alive.wanted > jobs {
            alive.wanted -= 1;
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests;
