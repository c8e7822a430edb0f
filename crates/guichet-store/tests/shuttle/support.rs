//! A small store, and what clients and workers do to it.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::fleet::FleetConfig;
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::project::{Host, Project, Quota};
use guichet_core::request::{Create, Request, RequestBody};
use guichet_core::rows::Outcome;
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Failure, Size};
use guichet_store::contract::ManualClock;
use guichet_store::local::LocalStore;
use guichet_store::{Decide, Decided, Lifecycle, NextJob, Reply, Settled, Work};
use shuttle::{future, thread};
use tokio_util::sync::CancellationToken;

pub(crate) fn config(instances: Option<u64>) -> FleetConfig {
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
        networks: Vec::new(),
        chance: Chance::new(0),
    }
}

pub(crate) fn store_with(clock: Arc<ManualClock>, instances: Option<u64>) -> Arc<LocalStore> {
    Arc::new(LocalStore::new(config(instances), clock))
}

pub(crate) fn store(instances: Option<u64>) -> Arc<LocalStore> {
    store_with(Arc::default(), instances)
}

pub(crate) fn server_id(number: u64) -> ServerId {
    ServerId::from_bits(u128::from(number) << 64 | u128::from(number))
}

fn request(number: u64, body: RequestBody) -> Request {
    Request {
        privileged: false,
        id: RequestId::from_bits(u128::from(number)),
        client: ClientId(0),
        project: ProjectId(0),
        key: None,
        body,
    }
}

pub(crate) fn submit(store: &LocalStore, number: u64, body: RequestBody) -> Decided {
    match store.submit(&request(number, body), None) {
        Reply::Ready(decided) => decided,
        Reply::Pending(receiver) => future::block_on(receiver).expect("the store is there"),
    }
}

pub(crate) fn create(store: &LocalStore, number: u64) -> Decided {
    submit(store, number, RequestBody::Create(new_server(number)))
}

/// The same of a store that may end: none if nothing is said.
pub(crate) fn try_create(store: &LocalStore, number: u64) -> Option<Decided> {
    match store.submit(&request(number, RequestBody::Create(new_server(number))), None) {
        Reply::Ready(decided) => Some(decided),
        Reply::Pending(receiver) => future::block_on(receiver).ok(),
    }
}

fn new_server(number: u64) -> Create {
    Create {
        details: Vec::new(),
        hosts: None,
        most_in_group: None,
        body_digest: None,
        ports: Vec::new(),
        servers: [(server_id(number), Arc::from("s"))].into_iter().collect(),
        min_count: 1,
        size: Size { vcpus: 1, ram_mib: 1 },
        flavor: FlavorId(0),
        image: ImageId(0),
    }
}

pub(crate) fn delete(store: &LocalStore, number: u64, server: u64) -> Decided {
    submit(store, number, RequestBody::act(Action::Delete, server_id(server)))
}

/// Does the next job, if there is one.
pub(crate) fn work_once(store: &LocalStore, worker: u32, outcome: &Outcome) -> Option<Settled> {
    let cancel = CancellationToken::new();
    match store.try_claim(WorkerId(worker), &cancel) {
        NextJob::Claim(claim) => match store.finish(&claim, outcome) {
            Reply::Ready(settled) => Some(settled),
            Reply::Pending(_) => panic!("memory answers at once"),
        },
        NextJob::Nothing { .. } => None,
    }
}

pub(crate) fn check(store: &LocalStore) {
    let audit = store.audit();
    assert!(audit.holds(), "{:?}", audit.violations);
}

pub(crate) fn in_passing() -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient: true, message: Arc::from("busy") }
}

/// Runs each on a thread of its own, to the end.
pub(crate) fn together(bodies: Vec<Box<dyn FnOnce() + Send>>) {
    let threads: Vec<_> = bodies.into_iter().map(thread::spawn).collect();
    for thread in threads {
        thread.join().expect("no panic");
    }
}
