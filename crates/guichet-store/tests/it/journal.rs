//! What the store promises with a journal, on a log in memory whose mood the tests set.

mod copies;
mod crash;
mod credentials;
mod groups;
mod key_pairs;
mod panics;
mod readers;
mod trouble;

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::fleet::{FleetConfig, Saved};
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, OperationId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::project::{Host, Project, Quota};
use guichet_core::request::{Create, IdempotencyKey, Request, RequestBody};
use guichet_core::rows::{Claim, Outcome};
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Failure, Size};
use guichet_store::contract::ManualClock;
use guichet_store::journal::model::ModelLog;
use guichet_store::local::LocalStore;
use guichet_store::{Decide, Decided, Lifecycle, NextJob, Reply, Settled, Work};
use tokio_util::sync::CancellationToken;

const SIZE: Size = Size { vcpus: 1, ram_mib: 512 };

fn config() -> FleetConfig {
    let project = |id: u32| Project {
        id: ProjectId(id),
        name: Arc::from(format!("project-{id}")),
        quota: Quota { instances: Some(200), ..Quota::default() },
        weight: 1,
    };
    let capacity = Size { vcpus: 1_000, ram_mib: 1_000_000 };
    FleetConfig {
        projects: (0..3).map(project).collect(),
        hosts: (0..2).map(|id| Host { id: HostId(id), name: "host".into(), capacity }).collect(),
        bounds: Bounds {
            queue: 4_000,
            service: 64,
            per_host: usize::MAX,
            per_project: usize::MAX,
            active: usize::MAX,
        },
        servers_max: 1_000,
        workers: 8,
        expected_service: Duration::from_millis(10),
        times: Default::default(),
        networks: Vec::new(),
        chance: Chance::new(1),
    }
}

/// A store on a log that can be looked at, and what is needed to open it again.
struct World {
    store: LocalStore,
    log: ModelLog,
    clock: Arc<ManualClock>,
}

impl World {
    fn new() -> Self {
        Self::open(ModelLog::default(), Arc::default(), Saved::default())
    }

    fn open(log: ModelLog, clock: Arc<ManualClock>, saved: Saved) -> Self {
        let clock_too: Arc<ManualClock> = Arc::clone(&clock);
        let store =
            LocalStore::open(config(), clock_too, saved, Box::new(log.clone()), Box::new(|_| {}));
        Self { store: store.expect("the model takes what changed"), log, clock }
    }

    /// What another process finds if this one ends now.
    fn crashed(&self) -> Self {
        let model = self.log.model();
        let log = ModelLog::of(model.clone());
        Self::open(log, Arc::clone(&self.clock), model.saved())
    }

    fn create(&self, number: u64, project: u32) -> Request {
        let servers = [(server_id(number), Arc::from(format!("server-{number}")))];
        let create = Create {
            servers: servers.into_iter().collect(),
            min_count: 1,
            size: SIZE,
            flavor: FlavorId(0),
            image: ImageId(0),
            details: Vec::new(),
            hosts: None,
            most_in_group: None,
            body_digest: None,
            ports: Vec::new(),
        };
        request(number, project, RequestBody::Create(create))
    }

    fn submit(&self, request: &Request) -> Reply<Decided> {
        self.store.submit(request, None)
    }

    fn accept(&self, request: &Request) -> OperationId {
        match answer(self.submit(request)) {
            Some(Decided::Accepted(answer)) => answer.operations[0],
            other => panic!("not accepted: {other:?}"),
        }
    }

    fn claim(&self, worker: u32) -> Option<Claim> {
        match self.store.try_claim(WorkerId(worker), &CancellationToken::new()) {
            NextJob::Claim(claim) => Some(claim),
            NextJob::Nothing { .. } => None,
        }
    }

    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Settled {
        answer(self.store.finish(claim, outcome)).expect("the store is there")
    }

    /// A server that is ACTIVE, durably.
    fn active(&self, number: u64, project: u32) -> ServerId {
        let id = self.accept(&self.create(number, project)).server;
        let claim = self.claim(1).expect("its record is durable");
        self.finish(&claim, &Outcome::Succeeded);
        self.durable();
        id
    }

    fn durable(&self) {
        answer(self.store.durable()).expect("the store is there");
    }

    fn audit(&self) {
        let audit = self.store.audit();
        assert!(audit.holds(), "{:#?}", audit.violations);
    }
}

fn server_id(number: u64) -> ServerId {
    ServerId::from_bits(u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

fn request(number: u64, project: u32, body: RequestBody) -> Request {
    Request {
        id: RequestId::from_bits(u128::from(number)),
        client: ClientId(7),
        project: ProjectId(project),
        privileged: false,
        key: None,
        body,
    }
}

fn change(number: u64, project: u32, action: Action, server: ServerId) -> Request {
    request(number, project, RequestBody::act(action, server))
}

fn keyed(request: Request, key: &str) -> Request {
    Request { key: Some(IdempotencyKey(Arc::from(key))), ..request }
}

fn answer<T>(reply: Reply<T>) -> Option<T> {
    match reply {
        Reply::Ready(value) => Some(value),
        Reply::Pending(receiver) => receiver.blocking_recv().ok(),
    }
}

/// A reply that must not be there yet.
fn pending<T: std::fmt::Debug>(reply: Reply<T>) -> tokio::sync::oneshot::Receiver<T> {
    match reply {
        Reply::Pending(mut receiver) => {
            let early = receiver.try_recv();
            assert!(early.is_err(), "answered before it was durable: {early:?}");
            receiver
        }
        Reply::Ready(value) => panic!("answered before it was durable: {value:?}"),
    }
}

/// Waits until something is so.
fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..30_000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    panic!("it did not come about: {what}");
}

fn in_passing() -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient: true, message: Arc::from("busy") }
}
