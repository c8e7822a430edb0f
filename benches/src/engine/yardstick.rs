//! What one would take instead: the same closure (push, look up, remove in a list behind a
//! mutex) on `rayon`, on the `threadpool` crate, and on tokio tasks behind a semaphore. None of
//! them has a queue bound, fairness, permits, cancellation, quotas, an answer before the end or
//! a record of what happened.

use std::sync::{Arc, Mutex};

use guichet_clock::Stopwatch;
use guichet_core::limits::WORKERS_DEFAULT;
use guichet_lab::measure::cpu_time;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::task::TaskTracker;

use crate::load::Cost;

/// A server as a lab sheet's solution has it.
#[derive(Debug, Clone)]
struct Plain {
    id: u64,
    name: String,
    status: &'static str,
}

type Fleet = Arc<Mutex<Vec<Plain>>>;

/// One operation: create, reboot and delete in turn.
fn operate(fleet: &Fleet, client: u32, n: u64) {
    let id = u64::from(client) << 32 | (n / 3);
    let mut servers = fleet.lock().expect("no closure panics");
    match n % 3 {
        0 => servers.push(Plain { id, name: format!("c{client:04}-{n:010}"), status: "ACTIVE" }),
        1 => {
            if let Some(server) = servers.iter_mut().find(|server| server.id == id) {
                server.status = if server.name.is_empty() { "ERROR" } else { "ACTIVE" };
            }
        }
        _ => {
            if let Some(place) = servers.iter().position(|server| server.id == id) {
                assert_eq!(servers.swap_remove(place).status, "ACTIVE");
            }
        }
    }
}

/// Something that runs a closure elsewhere.
pub(crate) trait Spawn: Clone + Send + Sync + 'static {
    fn spawn(&self, job: impl FnOnce() + Send + 'static);
}

/// `rayon::spawn`, with as many threads as the engine has workers.
#[derive(Clone)]
pub(crate) struct Rayon(Arc<rayon::ThreadPool>);

impl Rayon {
    pub(crate) fn new() -> Self {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(WORKERS_DEFAULT).build();
        Self(Arc::new(pool.expect("there are threads")))
    }
}

impl Spawn for Rayon {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        self.0.spawn(job);
    }
}

/// The `threadpool` crate.
#[derive(Clone)]
pub(crate) struct ThreadPool(Arc<Mutex<threadpool::ThreadPool>>);

impl ThreadPool {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(threadpool::ThreadPool::new(WORKERS_DEFAULT))))
    }
}

impl Spawn for ThreadPool {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        self.0.lock().expect("execute does not panic").execute(job);
    }
}

/// `tokio::spawn` with a semaphore.
#[derive(Clone)]
pub(crate) struct Tasks(Arc<Semaphore>, TaskTracker);

impl Tasks {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(WORKERS_DEFAULT)), TaskTracker::new())
    }
}

impl Spawn for Tasks {
    fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        let permits = Arc::clone(&self.0);
        self.1.spawn(async move {
            let permit = permits.acquire().await.expect("it is not closed");
            job();
            drop(permit);
        });
    }
}

/// Closed-loop clients, as for the engine: each waits for the end of its operation.
pub(crate) async fn load(spawn: impl Spawn, clients: u32, operations: u64) -> Cost {
    let fleet: Fleet = Arc::default();
    let (cpu, watch) = (cpu_time(), Stopwatch::start());
    let tracker = TaskTracker::new();
    let each = (operations / 3 / u64::from(clients)).max(1) * 3;
    for client in 0..clients {
        let (fleet, spawn) = (Arc::clone(&fleet), spawn.clone());
        tracker.spawn(async move {
            for n in 0..each {
                let (done, end) = oneshot::channel();
                let fleet = Arc::clone(&fleet);
                spawn.spawn(move || {
                    operate(&fleet, client, n);
                    let _ = done.send(());
                });
                end.await.expect("it ends");
            }
        });
    }
    tracker.close();
    tracker.wait().await;
    let done = each * u64::from(clients);
    Cost::per(done, cpu_time().saturating_sub(cpu), watch.elapsed())
}
