//! A store in memory that keeps rows as a journal would, over any number of starts; and refuses
//! to, or takes its time, when told so.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_cloud::Cloud;
use guichet_cloud::config::Declared;
use guichet_core::audit::Audit;
use guichet_core::chance::Chance;
use guichet_core::charge::{Charge, Period};
use guichet_core::credential::{ApplicationCredential, CredentialRequest};
use guichet_core::edit::EditRequest;
use guichet_core::group::{GroupRequest, ServerGroup};
use guichet_core::ids::{
    CredentialId, GroupId, HostId, OperationId, ProjectId, ServerId, UserId, WorkerId,
};
use guichet_core::key_pair::{KeyPair, KeyPairRequest};
use guichet_core::observation::Observation;
use guichet_core::project::{FreeCapacity, Quota, Usage};
use guichet_core::refusal::Refusal;
use guichet_core::request::Request;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::{Operation, Server};
use guichet_core::time::Timestamp;
use guichet_driver::Driver;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_store::hub::Hub;
use guichet_store::journal::{LogError, NewName, RecordChange, StoredRecord};
use guichet_store::local::LocalStore;
use guichet_store::wake::Wake;
use guichet_store::{
    ChangePage, Completion, Credentials, Decide, Decided, Detail, Figures, Groups, KeyPairs,
    Lifecycle, NextJob, Page, Query, Read, Records, Reply, Settled, Store, Watch, Work,
};
use serde_json::Value;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::TestCloud;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Keep,
    /// The disk is full.
    Refuse,
    /// Rows wait until they are let go.
    Hold,
}

#[derive(Debug)]
struct Book {
    mode: Mode,
    rows: BTreeMap<(String, String), RecordChange>,
    held: Vec<(RecordChange, oneshot::Sender<Result<(), Refusal>>)>,
    /// Rows of the fleet are there at once, as in any store in memory; who asked for one waits.
    held_rows: Vec<HeldRow>,
    /// Ids and bodies of all rows ever asked for.
    seen: Vec<String>,
}

impl Book {
    fn keep(&mut self, row: RecordChange) {
        let key = (row.kind.to_owned(), row.id.to_string());
        match row.body {
            Some(_) => self.rows.insert(key, row),
            None => self.rows.remove(&key),
        };
    }
}

type HeldRow =
    (Arc<ApplicationCredential>, oneshot::Sender<Result<Arc<ApplicationCredential>, Refusal>>);

fn full() -> Refusal {
    Refusal::Unrecorded { why: Arc::from("the disk is full"), retry_after: Duration::from_secs(7) }
}

#[derive(Debug)]
pub(crate) struct Keeper {
    inner: LocalStore,
    book: Mutex<Book>,
    /// One permit for each row that is held.
    holding: Semaphore,
    starts: AtomicU64,
}

impl Keeper {
    pub(crate) fn new(declared: &Declared) -> Arc<Self> {
        let clock = WorldClock::real();
        let fleet = declared.engine_config().fleet(driver().expected_service());
        let book = Book {
            mode: Mode::Keep,
            rows: BTreeMap::new(),
            held: Vec::new(),
            held_rows: Vec::new(),
            seen: Vec::new(),
        };
        Arc::new(Self {
            inner: LocalStore::new(fleet, Arc::new(clock)),
            book: Mutex::new(book),
            holding: Semaphore::new(0),
            starts: AtomicU64::new(0),
        })
    }

    /// A process that finds what was kept, and the fleet.
    pub(crate) async fn start(self: &Arc<Self>, declared: Declared) -> TestCloud {
        let seed = self.starts.fetch_add(1, Ordering::Relaxed);
        let store = Arc::clone(self) as Arc<dyn Store>;
        let builder = Cloud::builder(declared).store(store, self.found());
        let opened = builder.driver(Arc::new(driver())).seed(seed).start().await.unwrap();
        TestCloud::of_cloud(opened.cloud)
    }

    pub(crate) fn found(&self) -> Vec<StoredRecord> {
        let found = |row: &RecordChange| StoredRecord {
            kind: row.kind.to_owned(),
            id: row.id.to_string(),
            body: row.body.as_deref().unwrap().to_owned(),
            expires: row.expires,
        };
        self.book.lock().unwrap().rows.values().map(found).collect()
    }

    /// How many rows of a kind there are; credentials are rows of the fleet, those of any of the
    /// first users count.
    pub(crate) fn count(&self, kind: &str) -> usize {
        if kind == "application_credential" {
            let of_user = |user| self.inner.credentials(UserId(user), None).len();
            return (0..10).map(of_user).sum();
        }
        self.found().iter().filter(|row| row.kind == kind).count()
    }

    /// Changes the rows of a kind.
    pub(crate) fn change(&self, kind: &str, change: impl Fn(&mut Value)) {
        for row in self.book.lock().unwrap().rows.values_mut().filter(|row| row.kind == kind) {
            let mut body = serde_json::from_str(row.body.as_deref().unwrap()).unwrap();
            change(&mut body);
            row.body = Some(Arc::from(body.to_string()));
        }
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.book.lock().unwrap().mode = mode;
    }

    /// Waits until one more row is held.
    pub(crate) async fn one_held(&self) {
        self.holding.acquire().await.unwrap().forget();
    }

    /// Keeps what is held, and answers.
    pub(crate) fn let_go(&self) {
        let mut book = self.book.lock().unwrap();
        for (row, told) in std::mem::take(&mut book.held) {
            book.keep(row);
            // Who asked may have gone.
            let _ = told.send(Ok(()));
        }
        for (row, told) in std::mem::take(&mut book.held_rows) {
            let _ = told.send(Ok(row));
        }
    }

    /// All that was ever to be kept, as one text.
    pub(crate) fn seen(&self) -> String {
        self.book.lock().unwrap().seen.join("\n")
    }
}

fn driver() -> Simulated {
    let profile = Profile::builtin("instant").unwrap();
    let names = Names { projects: Vec::new(), hosts: Vec::new() };
    Simulated::new(profile, names, WorldClock::real(), Chance::new(1))
}

impl Decide for Keeper {
    fn submit(&self, request: &Request, watch: Option<&mut dyn Watch>) -> Reply<Decided> {
        self.inner.submit(request, watch)
    }

    fn edit(&self, request: &EditRequest) -> Reply<Result<Arc<Server>, Refusal>> {
        self.inner.edit(request)
    }
}

impl Work for Keeper {
    fn observe(&self, observation: &Observation) {
        self.inner.observe(observation);
    }

    fn try_claim(&self, worker: WorkerId, cancel: &CancellationToken) -> NextJob {
        self.inner.try_claim(worker, cancel)
    }

    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Reply<Settled> {
        self.inner.finish(claim, outcome)
    }

    fn finish_and_claim(
        &self,
        claim: &Claim,
        outcome: &Outcome,
        cancel: &CancellationToken,
    ) -> (Settled, Option<NextJob>) {
        self.inner.finish_and_claim(claim, outcome, cancel)
    }

    fn wake(&self) -> &Wake {
        self.inner.wake()
    }
}

impl Read for Keeper {
    fn hub(&self) -> &Hub {
        self.inner.hub()
    }

    fn server(&self, id: ServerId) -> Option<Arc<Server>> {
        self.inner.server(id)
    }

    fn remembered(&self, id: ServerId) -> Option<Arc<Server>> {
        self.inner.remembered(id)
    }

    fn changed(&self, since: Timestamp, before: Option<u64>) -> Option<ChangePage> {
        self.inner.changed(since, before)
    }

    fn latest(&self, before: Option<u64>) -> ChangePage {
        self.inner.latest(before)
    }

    fn shown_since(&self, since: Timestamp) -> Timestamp {
        self.inner.shown_since(since)
    }

    fn servers(&self, query: &Query) -> Page {
        self.inner.servers(query)
    }

    fn deleted(&self, before: Option<u64>) -> ChangePage {
        self.inner.deleted(before)
    }

    fn operations(&self, server: ServerId) -> Vec<Operation> {
        self.inner.operations(server)
    }

    fn operation(&self, id: OperationId) -> Option<Operation> {
        self.inner.operation(id)
    }

    fn watch(&self, id: OperationId) -> Option<Completion> {
        self.inner.watch(id)
    }

    fn position(&self, id: OperationId) -> Option<usize> {
        self.inner.position(id)
    }

    fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)> {
        self.inner.usage(project)
    }

    fn capacities(&self, first: HostId, count: usize) -> Vec<FreeCapacity> {
        self.inner.capacities(first, count)
    }

    fn servers_on(&self, first: HostId, count: usize) -> Vec<usize> {
        self.inner.servers_on(first, count)
    }

    fn with_port(&self, port: Uuid) -> Option<Arc<Server>> {
        self.inner.with_port(port)
    }

    fn ports_of(&self, project: ProjectId) -> usize {
        self.inner.ports_of(project)
    }

    fn charges(&self, project: ProjectId, period: Period) -> Vec<Charge> {
        self.inner.charges(project, period)
    }

    fn figures(&self) -> Figures {
        self.inner.figures()
    }

    fn detail(&self) -> Detail {
        self.inner.detail()
    }

    fn next_up(&self, count: usize) -> Vec<(OperationId, Operation)> {
        self.inner.next_up(count)
    }

    fn in_flight(&self, count: usize) -> Vec<(OperationId, Operation)> {
        self.inner.in_flight(count)
    }
}

impl Credentials for Keeper {
    fn change_credential(
        &self,
        request: &CredentialRequest,
    ) -> Reply<Result<Arc<ApplicationCredential>, Refusal>> {
        let mut book = self.book.lock().unwrap();
        if book.mode == Mode::Refuse {
            return Reply::Ready(Err(full()));
        }
        let answer = match self.inner.change_credential(request) {
            Reply::Ready(Ok(row)) => row,
            refused => return refused,
        };
        let secret = matches!(request, CredentialRequest::Create(_)).then(|| &*answer.secret.0);
        book.seen.push(format!("{answer:?} {}", secret.unwrap_or("-")));
        match book.mode {
            Mode::Hold => {
                let (told, reply) = oneshot::channel();
                book.held_rows.push((answer, told));
                self.holding.add_permits(1);
                Reply::Pending(reply)
            }
            Mode::Keep | Mode::Refuse => Reply::Ready(Ok(answer)),
        }
    }

    fn check_credential(&self, user: UserId, name: &str) -> Reply<Result<(), Refusal>> {
        self.inner.check_credential(user, name)
    }

    fn credential(&self, id: CredentialId) -> Option<Arc<ApplicationCredential>> {
        self.inner.credential(id)
    }

    fn credential_named(&self, user: UserId, name: &str) -> Option<Arc<ApplicationCredential>> {
        self.inner.credential_named(user, name)
    }

    fn credentials(
        &self,
        user: UserId,
        after: Option<&Arc<str>>,
    ) -> Vec<Arc<ApplicationCredential>> {
        self.inner.credentials(user, after)
    }
}

impl Groups for Keeper {
    fn change_group(&self, request: &GroupRequest) -> Reply<Result<Arc<ServerGroup>, Refusal>> {
        if self.book.lock().unwrap().mode == Mode::Refuse {
            return Reply::Ready(Err(full()));
        }
        self.inner.change_group(request)
    }

    fn group(&self, id: GroupId) -> Option<Arc<ServerGroup>> {
        self.inner.group(id)
    }

    fn groups(&self, project: Option<ProjectId>, after: Option<GroupId>) -> Vec<Arc<ServerGroup>> {
        self.inner.groups(project, after)
    }

    fn members(&self, group: GroupId) -> Vec<ServerId> {
        self.inner.members(group)
    }
}

impl KeyPairs for Keeper {
    fn change_key_pair(&self, request: &KeyPairRequest) -> Reply<Result<Arc<KeyPair>, Refusal>> {
        if self.book.lock().unwrap().mode == Mode::Refuse {
            return Reply::Ready(Err(full()));
        }
        self.inner.change_key_pair(request)
    }

    fn check_key_pair(&self, user: UserId, name: &str) -> Reply<Result<(), Refusal>> {
        self.inner.check_key_pair(user, name)
    }

    fn key_pair_named(&self, user: UserId, name: &str) -> Option<Arc<KeyPair>> {
        self.inner.key_pair_named(user, name)
    }

    fn key_pairs(&self, user: UserId, after: Option<&Arc<str>>) -> Vec<Arc<KeyPair>> {
        self.inner.key_pairs(user, after)
    }
}

impl Records for Keeper {
    fn put_names(&self, names: Vec<NewName>) -> Reply<Result<(), Refusal>> {
        self.inner.put_names(names)
    }

    fn put_record(&self, record: RecordChange) -> Reply<Result<(), Refusal>> {
        let mut book = self.book.lock().unwrap();
        book.seen.push(format!("{} {}", record.id, record.body.as_deref().unwrap_or("-")));
        match book.mode {
            Mode::Keep => {
                book.keep(record);
                Reply::Ready(Ok(()))
            }
            Mode::Refuse => Reply::Ready(Err(full())),
            Mode::Hold => {
                let (told, reply) = oneshot::channel();
                book.held.push((record, told));
                self.holding.add_permits(1);
                Reply::Pending(reply)
            }
        }
    }
}

impl Lifecycle for Keeper {
    fn durable(&self) -> Reply<()> {
        self.inner.durable()
    }

    fn close(&self) -> Reply<Result<(), LogError>> {
        self.inner.close()
    }

    fn set(&self, setting: guichet_core::setting::Setting) {
        self.inner.set(setting);
    }

    fn saved(&self) -> Reply<guichet_core::fleet::Saved> {
        self.inner.saved()
    }

    fn audit(&self) -> Audit {
        self.inner.audit()
    }
}
