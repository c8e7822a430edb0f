//! A store on the bench: requests with ids of their own, and short words for what checks do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::fleet::{Counts, FleetConfig};
use guichet_core::ids::{
    ClientId, FlavorId, ImageId, OperationId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::project::Usage;
use guichet_core::refusal::Refusal;
use guichet_core::request::{Answer, Create, IdempotencyKey, Request, RequestBody};
use guichet_core::rows::{Claim, Outcome};
use guichet_core::scheduler::Load;
use guichet_core::server::Server;
use guichet_core::state::Status;
use guichet_core::time::Timestamp;
use tokio_util::sync::CancellationToken;

use super::clock::ManualClock;
use super::fixtures::{SIZE, Setup, answer, config, eventually};
use crate::decide::Decided;
use crate::read::Query;
use crate::store::Store;
use crate::work::{NextJob, Settled};

/// Everything that can be seen of a store, but for its past.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Snapshot {
    pub(super) servers: Vec<Arc<Server>>,
    pub(super) usage: Vec<Option<Usage>>,
    pub(super) counts: Counts,
    pub(super) load: Load,
    pub(super) jobs: usize,
}

pub(super) struct Bench {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<ManualClock>,
    projects: u32,
    /// Ids given so far. Relaxed: only uniqueness matters.
    ids: AtomicU64,
}

impl Bench {
    pub(super) fn new(setup: Setup<'_>, config: FleetConfig) -> Self {
        let clock = Arc::new(ManualClock::new());
        let projects = config.projects.len() as u32;
        let store = setup(config, Arc::clone(&clock));
        Self { store, clock, projects, ids: AtomicU64::new(0) }
    }

    /// With the usual configuration.
    pub(super) fn usual(setup: Setup<'_>) -> Self {
        Self::new(setup, config())
    }

    fn bits(&self) -> u128 {
        let n = self.ids.fetch_add(1, Ordering::Relaxed) + 1;
        // Spread over all bits, as drawn ids are.
        u128::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
    }

    /// A request for one server.
    pub(super) fn create(&self, project: u32) -> Request {
        self.create_many(project, 1, 1)
    }

    /// A request for several servers.
    pub(super) fn create_many(&self, project: u32, count: usize, min_count: usize) -> Request {
        let servers = (0..count)
            .map(|which| (ServerId::from_bits(self.bits()), Arc::from(format!("s-{which}"))));
        let create = Create {
            details: Vec::new(),
            hosts: None,
            most_in_group: None,
            body_digest: None,
            ports: Vec::new(),
            servers: servers.collect(),
            min_count,
            size: SIZE,
            flavor: FlavorId(0),
            image: ImageId(0),
        };
        self.request(project, RequestBody::Create(create))
    }

    /// A request to do something to a server.
    pub(super) fn change(&self, project: u32, action: Action, server: ServerId) -> Request {
        self.request(project, RequestBody::act(action, server))
    }

    fn request(&self, project: u32, body: RequestBody) -> Request {
        Request {
            privileged: false,
            id: RequestId::from_bits(self.bits()),
            client: ClientId(7),
            project: ProjectId(project),
            key: None,
            body,
        }
    }

    /// A request for one server under a key.
    pub(super) fn keyed(&self, project: u32, key: &str) -> Request {
        Request { key: Some(IdempotencyKey(Arc::from(key))), ..self.create(project) }
    }

    pub(super) fn submit(&self, request: &Request) -> Decided {
        answer(self.store.submit(request, None))
    }

    pub(super) fn accept(&self, request: &Request) -> Answer {
        match self.submit(request) {
            Decided::Accepted(answer) => answer,
            other => panic!("not accepted: {other:?}"),
        }
    }

    pub(super) fn repeat(&self, request: &Request) -> Answer {
        match self.submit(request) {
            Decided::Repeated(answer) => answer,
            other => panic!("not repeated: {other:?}"),
        }
    }

    pub(super) fn refuse(&self, request: &Request) -> Refusal {
        match self.submit(request) {
            Decided::Refused(refusal) => refusal,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Accepts a change and gives its operation.
    pub(super) fn ask(&self, project: u32, action: Action, server: ServerId) -> OperationId {
        self.accept(&self.change(project, action, server)).operations[0]
    }

    pub(super) fn try_claim(&self, worker: u32, cancel: &CancellationToken) -> Option<Claim> {
        match self.store.try_claim(WorkerId(worker), cancel) {
            NextJob::Claim(claim) => {
                self.durable();
                Some(claim)
            }
            NextJob::Nothing { .. } => None,
        }
    }

    pub(super) fn claim_with(&self, worker: u32, cancel: &CancellationToken) -> Claim {
        eventually("there is work", || self.try_claim(worker, cancel))
    }

    pub(super) fn claim(&self, worker: u32) -> Claim {
        self.claim_with(worker, &CancellationToken::new())
    }

    /// Checks that there is nothing to claim; says when there may be.
    pub(super) fn no_work(&self) -> Option<Timestamp> {
        match self.store.try_claim(WorkerId(60), &CancellationToken::new()) {
            NextJob::Nothing { until } => until,
            NextJob::Claim(claim) => panic!("work where none can be: {claim:?}"),
        }
    }

    pub(super) fn finish(&self, claim: &Claim, outcome: &Outcome) -> Settled {
        let settled = answer(self.store.finish(claim, outcome));
        self.durable();
        settled
    }

    /// Waits until what was done is what readers see: a claim and an outcome are not waited for
    /// by who brings them.
    pub(super) fn durable(&self) {
        answer(self.store.durable());
    }

    pub(super) fn succeed(&self, claim: &Claim) {
        assert_eq!(self.finish(claim, &Outcome::Succeeded), Settled::Final);
    }

    /// Claims and does everything, in fair order, pauses included.
    pub(super) fn run_everything(&self) {
        while self.store.figures().jobs > 0 {
            match self.try_claim(1, &CancellationToken::new()) {
                Some(claim) => self.succeed(&claim),
                None => self.clock.advance(Duration::from_secs(1)),
            }
        }
    }

    /// A server that is ACTIVE.
    pub(super) fn active(&self, project: u32) -> ServerId {
        let id = self.accept(&self.create(project)).operations[0].server;
        self.succeed(&self.claim(1));
        self.shows(id, Some(Status::Active));
        id
    }

    /// Waits until readers see the server in this status; `None`: not at all.
    pub(super) fn shows(&self, id: ServerId, status: Option<Status>) {
        eventually(&format!("server {id} shows {status:?}"), || {
            let seen = self.store.server(id).map(|server| server.status());
            (seen == status).then_some(())
        });
    }

    /// All servers, page by page.
    pub(super) fn servers(&self) -> Vec<Arc<Server>> {
        let mut servers = Vec::new();
        let mut query = Query { limit: Some(1_000), ..Query::default() };
        loop {
            let page = self.store.servers(&query);
            servers.extend(page.servers);
            match page.next {
                next @ Some(_) => query.after = next,
                None => return servers,
            }
        }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let figures = self.store.figures();
        let usage = (0..self.projects).map(|p| Some(self.store.usage(ProjectId(p))?.0));
        Snapshot {
            servers: self.servers(),
            usage: usage.collect(),
            counts: figures.counts,
            load: figures.load,
            jobs: figures.jobs,
        }
    }

    pub(super) fn audit(&self) {
        let audit = self.store.audit();
        assert!(audit.holds(), "{:#?}", audit.violations);
    }
}
