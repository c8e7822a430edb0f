//! A store that holds requests back: what is inside the manager stays there until it is let go.

use std::sync::{Arc, Condvar, Mutex};

use guichet_core::audit::Audit;
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
use guichet_store::hub::Hub;
use guichet_store::journal::{LogError, NewName, RecordChange};
use guichet_store::local::LocalStore;
use guichet_store::wake::Wake;
use guichet_store::{
    ChangePage, Completion, Credentials, Decide, Decided, Detail, Figures, Groups, KeyPairs,
    Lifecycle, NextJob, Page, Query, Read, Records, Reply, Settled, Watch, Work,
};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

#[derive(Debug)]
pub(crate) struct Held {
    inner: LocalStore,
    let_go: Mutex<bool>,
    changed: Condvar,
    /// One permit for each request that has come in.
    pub(crate) inside: Semaphore,
}

impl Held {
    pub(crate) fn new(inner: LocalStore) -> Self {
        Self {
            inner,
            let_go: Mutex::new(false),
            changed: Condvar::new(),
            inside: Semaphore::new(0),
        }
    }

    pub(crate) fn let_go(&self) {
        *self.let_go.lock().expect("no panic") = true;
        self.changed.notify_all();
    }
}

impl Decide for Held {
    /// Blocks the caller's thread: only for tests.
    fn submit(&self, request: &Request, watch: Option<&mut dyn Watch>) -> Reply<Decided> {
        self.inside.add_permits(1);
        let held = self.let_go.lock().expect("no panic");
        let gone = self.changed.wait_while(held, |let_go| !*let_go);
        drop(gone.expect("no panic"));
        self.inner.submit(request, watch)
    }

    fn edit(&self, request: &EditRequest) -> Reply<Result<Arc<Server>, Refusal>> {
        self.inner.edit(request)
    }
}

impl Work for Held {
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

impl Read for Held {
    fn hub(&self) -> &Hub {
        self.inner.hub()
    }

    fn server(&self, id: ServerId) -> Option<Arc<Server>> {
        self.inner.server(id)
    }

    fn remembered(&self, id: ServerId) -> Option<Arc<Server>> {
        self.inner.remembered(id)
    }

    fn servers(&self, query: &Query) -> Page {
        self.inner.servers(query)
    }

    fn deleted(&self, before: Option<u64>) -> ChangePage {
        self.inner.deleted(before)
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

impl Groups for Held {
    fn change_group(&self, request: &GroupRequest) -> Reply<Result<Arc<ServerGroup>, Refusal>> {
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

impl KeyPairs for Held {
    fn change_key_pair(&self, request: &KeyPairRequest) -> Reply<Result<Arc<KeyPair>, Refusal>> {
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

impl Credentials for Held {
    fn change_credential(
        &self,
        request: &CredentialRequest,
    ) -> Reply<Result<Arc<ApplicationCredential>, Refusal>> {
        self.inner.change_credential(request)
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

impl Records for Held {
    fn put_record(&self, record: RecordChange) -> Reply<Result<(), Refusal>> {
        self.inner.put_record(record)
    }

    fn put_names(&self, names: Vec<NewName>) -> Reply<Result<(), Refusal>> {
        self.inner.put_names(names)
    }
}

impl Lifecycle for Held {
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
