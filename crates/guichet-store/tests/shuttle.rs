//! Schedules of the store's lock, of wake-ups and of the hub, explored.
//!
//! ```text
//! cargo test -p guichet-store --features shuttle --test shuttle
//! ```
//!
//! A failure prints the schedule; `shuttle::replay` runs it again. The last test shows that a
//! step which is *not* one step is found out.
#![cfg(feature = "shuttle")]

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::fleet::{FleetConfig, Saved};
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::project::{Host, Project, Quota};
use guichet_core::request::{Create, Request, RequestBody};
use guichet_core::rows::Outcome;
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Failure, Size};
use guichet_store::contract::ManualClock;
use guichet_store::hub::{Hub, LogEntry};
use guichet_store::journal::LogError;
use guichet_store::journal::model::ModelLog;
use guichet_store::local::LocalStore;
use guichet_store::{Decided, Query, Reply, Settled, Store, Work};
use shuttle::{check_random, future, thread};
use tokio_util::sync::CancellationToken;

fn config(instances: Option<u64>) -> FleetConfig {
    let quota = Quota { instances, ..Quota::default() };
    let capacity = Size { vcpus: 8, ram_mib: 8 };
    FleetConfig {
        projects: vec![Project { id: ProjectId(0), name: "p".into(), quota, weight: 1 }],
        hosts: vec![Host { id: HostId(0), name: "h".into(), capacity }],
        bounds: Bounds { queue: 8, service: 4, per_host: 4, per_project: 4, active: usize::MAX },
        servers_max: 16,
        workers: 2,
        expected_service: Duration::from_millis(1),
        times: Default::default(),
        chance: Chance::new(0),
    }
}

fn store_with(clock: Arc<ManualClock>, instances: Option<u64>) -> Arc<LocalStore> {
    Arc::new(LocalStore::new(config(instances), clock))
}

fn store(instances: Option<u64>) -> Arc<LocalStore> {
    store_with(Arc::default(), instances)
}

fn server_id(number: u64) -> ServerId {
    ServerId::from_bits(u128::from(number) << 64 | u128::from(number))
}

fn submit(store: &LocalStore, number: u64, body: RequestBody) -> Decided {
    let request = Request {
        privileged: false,
        id: RequestId::from_bits(u128::from(number)),
        client: ClientId(0),
        project: ProjectId(0),
        key: None,
        body,
    };
    match store.submit(&request, None) {
        Reply::Ready(decided) => decided,
        Reply::Pending(receiver) => future::block_on(receiver).expect("the store is there"),
    }
}

fn create(store: &LocalStore, number: u64) -> Decided {
    let create = Create {
        details: Vec::new(),
        body_digest: None,
        servers: [(server_id(number), Arc::from("s"))].into_iter().collect(),
        min_count: 1,
        size: Size { vcpus: 1, ram_mib: 1 },
        flavor: FlavorId(0),
        image: ImageId(0),
    };
    submit(store, number, RequestBody::Create(create))
}

fn delete(store: &LocalStore, number: u64, server: u64) -> Decided {
    submit(store, number, RequestBody::act(Action::Delete, server_id(server)))
}

/// Does the next job, if there is one.
fn work_once(store: &LocalStore, worker: u32, outcome: &Outcome) -> Option<Settled> {
    let cancel = CancellationToken::new();
    match store.try_claim(WorkerId(worker), &cancel) {
        Work::Claim(claim) => match store.finish(&claim, outcome) {
            Reply::Ready(settled) => Some(settled),
            Reply::Pending(_) => panic!("memory answers at once"),
        },
        Work::Nothing { .. } => None,
    }
}

fn check(store: &LocalStore) {
    let audit = store.audit();
    assert!(audit.holds(), "{:?}", audit.violations);
}

fn in_passing() -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient: true, message: Arc::from("busy") }
}

/// Runs each on a thread of its own, to the end.
fn together(bodies: Vec<Box<dyn FnOnce() + Send>>) {
    let threads: Vec<_> = bodies.into_iter().map(thread::spawn).collect();
    for thread in threads {
        thread.join().expect("no panic");
    }
}

#[test]
fn submit_claim_and_finish_keep_every_invariant() {
    check_random(
        || {
            let store = store(None);
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || {
                    create(&store, which);
                    delete(&store, which + 10, which);
                    create(&store, which + 2);
                })
            };
            let worker = {
                let store = Arc::clone(&store);
                Box::new(move || {
                    for outcome in [Outcome::Succeeded, in_passing(), Outcome::Succeeded] {
                        work_once(&store, 1, &outcome);
                    }
                    check(&store);
                })
            };
            together(vec![client(1), client(2), worker]);
            check(&store);
        },
        2_000,
    );
}

#[test]
fn a_quota_is_never_passed() {
    check_random(
        || {
            let store = store(Some(2));
            let accepted = shuttle::sync::Arc::new(shuttle::sync::atomic::AtomicUsize::new(0));
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let (store, accepted) = (Arc::clone(&store), accepted.clone());
                Box::new(move || {
                    for number in [which, which + 10] {
                        let taken = matches!(create(&store, number), Decided::Accepted(_));
                        accepted.fetch_add(usize::from(taken), std::sync::atomic::Ordering::SeqCst);
                    }
                })
            };
            together(vec![client(1), client(2), client(3)]);
            assert_eq!(accepted.load(std::sync::atomic::Ordering::SeqCst), 2);
            assert_eq!(store.servers(&Query::default()).servers.len(), 2);
            check(&store);
        },
        2_000,
    );
}

#[test]
fn deletes_and_the_call_they_stop_have_one_effect() {
    check_random(
        || {
            let store = store(None);
            create(&store, 1);
            let cancel = CancellationToken::new();
            let Work::Claim(claim) = store.try_claim(WorkerId(1), &cancel) else {
                panic!("there is work");
            };
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || {
                    delete(&store, which, 1);
                })
            };
            let call = {
                let store = Arc::clone(&store);
                Box::new(move || {
                    let Reply::Ready(settled) = store.finish(&claim, &Outcome::Succeeded) else {
                        panic!("memory answers at once");
                    };
                    // Settled first, then nobody tells this call to stop any more.
                    assert!(settled == Settled::Fenced || !cancel.is_cancelled());
                    while work_once(&store, 1, &Outcome::Succeeded).is_some() {}
                })
            };
            together(vec![client(10), client(11), call]);
            while work_once(&store, 2, &Outcome::Succeeded).is_some() {}
            let figures = store.figures();
            assert_eq!((figures.jobs, figures.servers), (0, 0));
            let counts = figures.counts;
            assert_eq!((counts.accepted, counts.succeeded + counts.cancelled), (2, 2));
            check(&store);
        },
        2_000,
    );
}

/// Takes work as an engine's worker does, until the store's wake is closed.
async fn work(store: &LocalStore, worker: u32) {
    loop {
        let woken = store.wake().waiting();
        if store.wake().is_closed() {
            return;
        }
        if work_once(store, worker, &Outcome::Succeeded).is_none() {
            woken.await;
            store.wake().up();
        }
    }
}

#[test]
fn no_job_is_left_with_all_workers_asleep() {
    check_random(
        || {
            let store = store(None);
            let worker = |which: u32| {
                let store = Arc::clone(&store);
                thread::spawn(move || future::block_on(work(&store, which)))
            };
            let workers = [worker(1), worker(2)];
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || {
                    let mut ends = Vec::new();
                    for number in [which, which + 1] {
                        create(&store, number);
                        let id =
                            guichet_core::ids::OperationId { server: server_id(number), number: 1 };
                        ends.push(store.watch(id).expect("it is known"));
                    }
                    // A job forgotten while all workers sleep is a deadlock, which is found.
                    for end in ends {
                        future::block_on(end).expect("it is told");
                    }
                })
            };
            together(vec![client(1), client(3)]);
            store.wake().close();
            for worker in workers {
                worker.join().expect("no panic");
            }
            assert_eq!(store.figures().counts.succeeded, 4);
            check(&store);
        },
        2_000,
    );
}

#[test]
fn a_reader_that_comes_while_the_last_one_leaves_misses_nothing() {
    check_random(
        || {
            let hub = Hub::default();
            let last = hub.subscribe();
            let leaver = thread::spawn(move || drop(last));
            let mut reader = hub.subscribe_lossless();
            hub.append((0..3).map(|number| LogEntry::Note(number.to_string().into())));
            let batch = reader.try_batch();
            assert_eq!((batch.records.len(), batch.missed), (3, 0));
            leaver.join().expect("no panic");
        },
        2_000,
    );
}

#[test]
fn a_reader_hears_everything_up_to_the_end() {
    check_random(
        || {
            let hub = Hub::default();
            let mut reader = hub.subscribe();
            let writer = |which: usize| -> Box<dyn FnOnce() + Send> {
                let hub = hub.clone();
                Box::new(move || {
                    for _ in 0..2 {
                        hub.note(LogEntry::Note(which.to_string().into()));
                    }
                })
            };
            let listener = thread::spawn(move || {
                future::block_on(async {
                    let mut heard = 0;
                    while let Some(batch) = reader.batch().await {
                        heard += batch.records.len();
                    }
                    heard
                })
            });
            together(vec![writer(1), writer(2)]);
            hub.close();
            assert_eq!(listener.join().expect("no panic"), 4);
        },
        2_000,
    );
}

/// A store with a writer of its own on a log that can be looked at.
fn journaled(log: &ModelLog) -> Arc<LocalStore> {
    let log = Box::new(log.clone());
    let lost = Box::new(|told: Result<(), &LogError>| assert_eq!(told, Ok(())));
    let opened =
        LocalStore::open(config(None), Arc::<ManualClock>::default(), Saved::default(), log, lost);
    Arc::new(opened.expect("an empty model opens"))
}

fn is_written(log: &ModelLog, number: u64) -> bool {
    log.model().saved().rows.iter().any(|row| row.server.id == server_id(number))
}

/// A wake-up of the writer that is lost would be a deadlock, which is found.
#[test]
fn every_answer_comes_and_what_it_says_is_written() {
    check_random(
        || {
            let log = ModelLog::default();
            let store = journaled(&log);
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let (store, log) = (Arc::clone(&store), log.clone());
                Box::new(move || {
                    assert!(matches!(create(&store, which), Decided::Accepted(_)));
                    assert!(is_written(&log, which), "answered before it was written");
                    assert!(
                        store.server(server_id(which)).is_some(),
                        "answered before it is shown"
                    );
                    assert!(matches!(delete(&store, which + 10, which), Decided::Accepted(_)));
                })
            };
            let worker = {
                let (store, log) = (Arc::clone(&store), log.clone());
                Box::new(move || {
                    let cancel = CancellationToken::new();
                    if let Work::Claim(claim) = store.try_claim(WorkerId(1), &cancel) {
                        let id = claim.operation.server;
                        let rows = log.model().saved().rows;
                        let known = rows.iter().any(|row| row.server.id == id);
                        assert!(known, "started before its record was written");
                        drop(store.finish(&claim, &Outcome::Succeeded));
                    }
                })
            };
            let reader = {
                let (store, log) = (Arc::clone(&store), log.clone());
                Box::new(move || {
                    for server in store.servers(&Query::default()).servers {
                        let rows = log.model().saved().rows;
                        let known = rows.iter().any(|row| row.server.id == server.id);
                        assert!(known, "shown before it was written");
                    }
                })
            };
            together(vec![client(1), client(2), worker, reader]);
            match store.close() {
                Reply::Ready(closed) => closed.expect("the model takes everything"),
                Reply::Pending(closed) => {
                    future::block_on(closed).expect("told").expect("the model takes everything");
                }
            }
            check(&store);
            assert_eq!(store.figures().journal.expect("there is one").backlog, 0);
        },
        3_000,
    );
}

/// What the lock is for: the same decision, split into a look and an act.
fn create_in_two_steps(store: &LocalStore, number: u64, quota: u64) {
    let (usage, _) = store.usage(ProjectId(0)).expect("the project");
    if usage.instances < quota {
        create(store, number);
    }
}

#[test]
#[should_panic(expected = "2 servers under a quota of 1")]
fn a_step_split_in_two_is_found_out() {
    check_random(
        || {
            // The store itself has no quota: only the look before the act keeps it.
            let store = store(None);
            let client = |which: u64| -> Box<dyn FnOnce() + Send> {
                let store = Arc::clone(&store);
                Box::new(move || create_in_two_steps(&store, which, 1))
            };
            together(vec![client(1), client(2)]);
            let servers = store.figures().servers;
            assert!(servers <= 1, "{servers} servers under a quota of 1");
        },
        2_000,
    );
}
