//! Threads come and go with the operations; what happens when there are none to be had.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use guichet_clock::flood::Flood;
use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::action::Action;
use guichet_core::ids::{ClientId, OperationId, ProjectId, ServerId};
use guichet_core::request::{Request, RequestBody};
use guichet_core::rows::Outcome;
use guichet_driver::{Call, Driver, Machine};
use guichet_store::local::LocalStore;
use guichet_store::{Decided, Reply};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::admission::{self, Admission, Caller, NewServer};
use crate::calls::Calls;
use crate::config::EngineConfig;
use crate::contained::Panics;

/// Lets a call through for each permit.
#[derive(Debug)]
struct Gate(Semaphore);

#[async_trait]
impl Driver for Gate {
    async fn run(&self, _call: Call) -> Outcome {
        self.0.acquire().await.expect("the gate stays").forget();
        Outcome::Succeeded
    }

    async fn list(&self) -> Vec<Machine> {
        Vec::new()
    }

    fn expected_service(&self) -> Duration {
        Duration::from_millis(1)
    }
}

/// More than a process can address: the system gives no thread.
const NO_STACK: usize = 1 << 50;

fn shared(config: &EngineConfig, gate: &Arc<Gate>) -> Arc<Shared> {
    let clock = WorldClock::real();
    let fleet = config.fleet(Duration::from_millis(1));
    Arc::new(Shared {
        workers: 1,
        store: Arc::new(LocalStore::new(fleet, Arc::new(clock.clone()))),
        driver: Arc::clone(gate) as Arc<dyn Driver>,
        describe: None,
        clock: clock.clone(),
        admission: Admission::new(config, clock),
        observer_panics: Panics::default(),
        calls: Calls::default(),
        failures: Flood::new(),
        watch: Stopwatch::start(),
        abandon: CancellationToken::new(),
    })
}

fn config(permits: usize) -> EngineConfig {
    EngineConfig {
        model: Model::Threads,
        permits: Some(permits),
        servers_max: 1_000,
        ..EngineConfig::default()
    }
}

/// Asks as the manager does.
fn submit(shared: &Shared, workers: &WorkerPool, request: &Request) -> OperationId {
    let Reply::Ready(Decided::Accepted(answer)) = shared.store.submit(request, None) else {
        panic!("it is taken");
    };
    workers.accepted();
    answer.operations[0]
}

fn create(shared: &Shared, workers: &WorkerPool) -> OperationId {
    let Admission { catalogue, ids, .. } = &shared.admission;
    let new = NewServer::one("s", "m1.tiny", "cirros");
    let request = admission::create_request(catalogue, ids, Caller::default(), &new);
    submit(shared, workers, &request.expect("it is well formed"))
}

fn delete(shared: &Shared, workers: &WorkerPool, server: ServerId) -> OperationId {
    let (id, _) = shared.admission.ids.next(ClientId(0), 0);
    let body = RequestBody::act(Action::Delete, server);
    submit(
        shared,
        workers,
        &Request {
            privileged: false,
            id,
            client: ClientId(0),
            project: ProjectId(0),
            key: None,
            body,
        },
    )
}

async fn soon(holds: impl Fn() -> bool) {
    let wait = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.expect("it comes about soon");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threads_come_and_go_with_the_operations() {
    let gate = Arc::new(Gate(Semaphore::new(0)));
    let shared = shared(&config(2), &gate);
    let workers = WorkerPool::start(Model::Threads, 1, &shared).expect("it starts");
    assert_eq!(workers.tracker.len(), 0);
    for round in 0..3 {
        let made: Vec<OperationId> = (0..50).map(|_| create(&shared, &workers)).collect();
        soon(|| shared.store.figures().load.in_flight == 2).await;
        assert_eq!(workers.tracker.len(), 50, "round {round}: a thread each");
        // Those that never ran vanish at once, and so do their threads.
        let waits = |id: &&OperationId| {
            shared.store.operation(**id).is_some_and(|operation| operation.started.is_none())
        };
        let waiting: Vec<OperationId> = made.iter().filter(waits).copied().collect();
        assert_eq!(waiting.len(), 48);
        for id in waiting {
            delete(&shared, &workers, id.server);
        }
        soon(|| workers.tracker.len() == 2).await;
        assert_eq!(shared.store.figures().jobs, 2);
        // A thread that is made while others go is not ended in their place.
        let late = create(&shared, &workers);
        gate.0.add_permits(3);
        soon(|| workers.tracker.is_empty()).await;
        let over = shared.store.operation(late).expect("it is remembered");
        assert!(over.state.is_final());
        // Numbers are given out again: never more than there were threads at once.
        let threads = workers.threads.as_ref().expect("the model has them");
        let alive = threads.alive();
        assert_eq!((alive.wanted, alive.free.len() as u32), (0, alive.numbers));
        assert!(alive.numbers <= 51, "{}", alive.numbers);
    }
    assert!(shared.store.audit().holds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_thread_to_be_had_a_request_is_served_all_the_same() {
    let gate = Arc::new(Gate(Semaphore::new(0)));
    let shared = shared(&config(100), &gate);
    let workers = WorkerPool::start_with(Model::Threads, 1, &shared, NO_STACK).expect("it starts");
    for _ in 0..5 {
        create(&shared, &workers);
    }
    soon(|| shared.store.figures().load.in_flight == 5).await;
    gate.0.add_permits(5);
    soon(|| workers.tracker.is_empty()).await;
    assert_eq!(shared.store.figures().counts.succeeded, 5);
    assert!(shared.store.audit().holds());
}

#[tokio::test]
async fn a_pool_without_threads_to_be_had_does_not_start() {
    let gate = Arc::new(Gate(Semaphore::new(0)));
    let shared = shared(&config(100), &gate);
    WorkerPool::start_with(Model::Pool, 3, &shared, NO_STACK).expect_err("there is no thread");
    assert!(shared.store.wake().is_closed(), "those that did start end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_taken_just_before_the_stop_makes_no_threads_after_it() {
    let gate = Arc::new(Gate(Semaphore::new(0)));
    let shared = shared(&config(100), &gate);
    let workers = WorkerPool::start(Model::Threads, 1, &shared).expect("it starts");
    let Admission { catalogue, ids, .. } = &shared.admission;
    let new = NewServer { count: 100, ..NewServer::one("s", "m1.tiny", "cirros") };
    let request = admission::create_request(catalogue, ids, Caller::default(), &new);
    let _ = shared.store.submit(&request.expect("it is well formed"), None);
    // The stop ran out of patience between the store's answer and here. A thread would go as
    // soon as it is made, so that there never were enough of them.
    shared.store.wake().close();
    workers.accepted();
    let threads = workers.threads.as_ref().expect("the model has them");
    assert_eq!(threads.alive().numbers, 0, "a thread was made");
    assert!(workers.tracker.is_empty());
    assert_eq!(shared.store.figures().load.waiting, 100, "all are left");
}

#[tokio::test]
async fn a_thread_counted_out_before_the_stop_is_not_counted_out_again() {
    let gate = Arc::new(Gate(Semaphore::new(0)));
    let shared = shared(&config(2), &gate);
    // Without threads to be had they are tasks of this one thread: nothing runs between steps.
    let workers = WorkerPool::start_with(Model::Threads, 1, &shared, NO_STACK).expect("it starts");
    let made: Vec<OperationId> = (0..10).map(|_| create(&shared, &workers)).collect();
    soon(|| shared.store.figures().load.in_flight == 2).await;
    for id in &made[2..] {
        delete(&shared, &workers, id.server);
    }
    // Eight get a permit to end, and before they see it, all are to end.
    shared.store.wake().close();
    gate.0.add_permits(2);
    soon(|| workers.tracker.is_empty()).await;
    let threads = workers.threads.as_ref().expect("the model has them");
    let alive = threads.alive();
    assert!(alive.wanted <= 2, "{} are counted", alive.wanted);
    assert_eq!(alive.free.len(), 10, "a thread ended by a panic");
}
