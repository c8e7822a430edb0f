//! The façade: everything one can ask of the service.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::audit::Audit;
use guichet_core::edit::EditRequest;
use guichet_core::event::Event;
use guichet_core::ids::{ClientId, HostId, OperationId, ProjectId, RequestId, ServerId};
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Quota, Usage};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Answer, Request, RequestBody};
use guichet_core::server::{Operation, Server};
use guichet_core::state::Status;
use guichet_core::time::Clock;
use guichet_driver::Driver;
use guichet_store::hub::{Hub, LogEntry, Refused, Subscription};
use guichet_store::journal::RecordChange;
use guichet_store::local::LocalStore;
use guichet_store::{Completion, Decided, DeletedPage, Figures, Page, Query, Store};
use smallvec::SmallVec;
use tokio_util::sync::CancellationToken;

use crate::admission::{self, Admission, Caller, NewServer, RebootKind};
use crate::config::{Catalogue, ConfigError, EngineConfig};
use crate::models::WorkerPool;
use crate::worker::Shared;

/// A request was taken in: now, or when it was first sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// The request that was accepted first.
    pub request: RequestId,
    /// Its operations, one a server.
    pub operations: SmallVec<[OperationId; 1]>,
    /// Whether it had been taken in before.
    pub repeated: bool,
}

impl Ack {
    fn new(answer: Answer, repeated: bool) -> Self {
        Self { request: answer.request, operations: answer.operations, repeated }
    }

    /// The first (for all but a create of several the only) operation.
    pub fn operation(&self) -> OperationId {
        self.operations[0]
    }

    /// The server of the first operation.
    pub fn server(&self) -> ServerId {
        self.operation().server
    }
}

/// What a graceful stop came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drained {
    /// Operations left waiting.
    pub left_queued: usize,
    /// Operations left running; their driver calls were abandoned.
    pub left_running: usize,
    /// Whether the journal, if there is one, has written the last outcomes. If not, those
    /// operations run again at the next start; whatever was acknowledged is written either way.
    pub is_recorded: bool,
}

impl Drained {
    /// Whether everything that was accepted is over.
    pub const fn is_complete(self) -> bool {
        self.left_queued == 0 && self.left_running == 0
    }
}

/// Why a manager could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The system gave no thread.
    #[error("could not start a worker thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// Takes requests from any number of clients at once. Cheap to clone: all clones are the same
/// manager.
#[derive(Debug, Clone)]
pub struct ServerManager {
    shared: Arc<Shared>,
    workers: Arc<WorkerPool>,
}

impl ServerManager {
    /// Starts a manager with its fleet in memory. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// A configuration that cannot work, or no threads to be had.
    pub fn start(
        config: &EngineConfig,
        driver: Arc<dyn Driver>,
        clock: WorldClock,
    ) -> Result<Self, StartError> {
        config.check(&clock)?;
        let fleet = config.fleet(driver.expected_service());
        let store = Arc::new(LocalStore::new(fleet, Arc::new(clock.clone())));
        Self::start_on(store, config, driver, clock)
    }

    /// Starts a manager over a store, which was made for the same configuration.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_on(
        store: Arc<dyn Store>,
        config: &EngineConfig,
        driver: Arc<dyn Driver>,
        clock: WorldClock,
    ) -> Result<Self, StartError> {
        config.check(&clock)?;
        let shared = Arc::new(Shared {
            store,
            driver,
            admission: Admission::new(config, clock.clone()),
            clock,
            abandon: CancellationToken::new(),
        });
        let workers = Arc::new(WorkerPool::start(config.model, config.workers, &shared)?);
        // What the store held already was accepted by a process before.
        workers.accepted();
        Ok(Self { shared, workers })
    }

    /// Asks for a new server, or several.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn create(&self, caller: Caller, new: &NewServer<'_>) -> Result<Ack, Refusal> {
        let admission = &self.shared.admission;
        let request = admission::create_request(&admission.catalogue, &admission.ids, caller, new)?;
        self.submit(&request).await
    }

    /// Asks for a reboot.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn reboot(
        &self,
        caller: Caller,
        server: ServerId,
        kind: RebootKind,
    ) -> Result<Ack, Refusal> {
        let action = match kind {
            RebootKind::Soft => Action::RebootSoft,
            RebootKind::Hard => Action::RebootHard,
        };
        self.change(caller, action, server).await
    }

    /// Asks for power on.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn start_server(&self, caller: Caller, server: ServerId) -> Result<Ack, Refusal> {
        self.change(caller, Action::Start, server).await
    }

    /// Asks for power off.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn stop_server(&self, caller: Caller, server: ServerId) -> Result<Ack, Refusal> {
        self.change(caller, Action::Stop, server).await
    }

    /// Asks for removal, whatever is being done to the server.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn delete(&self, caller: Caller, server: ServerId) -> Result<Ack, Refusal> {
        self.change(caller, Action::Delete, server).await
    }

    async fn change(
        &self,
        caller: Caller,
        action: Action,
        server: ServerId,
    ) -> Result<Ack, Refusal> {
        let (id, _) = self.shared.admission.ids.next(caller.client, 0);
        let request = Request {
            privileged: false,
            id,
            client: caller.client,
            project: caller.project,
            key: None,
            body: RequestBody::act(action, server),
        };
        self.submit(&request).await
    }

    /// Changes what a server carries for its owner: name, description, metadata, tags, lock.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn edit(&self, request: &EditRequest) -> Result<Arc<Server>, Refusal> {
        let _inside = self.shared.admission.door.enter()?;
        match self.shared.store.edit(request).wait().await {
            Some(edited) => edited,
            None => Err(gone()),
        }
    }

    /// Keeps a row beside the fleet, or forgets one; it is durable when this returns. A manager
    /// whose fleet is in memory keeps nothing.
    ///
    /// # Errors
    /// A refusal: it cannot be recorded at present.
    pub async fn put_record(&self, row: RecordChange) -> Result<(), Refusal> {
        match self.shared.store.put_record(row).wait().await {
            Some(kept) => kept,
            None => Err(gone()),
        }
    }

    /// Draws the ids of a request and of the servers it may create.
    pub fn draw_ids(&self, client: ClientId, servers: usize) -> (RequestId, Vec<ServerId>) {
        self.shared.admission.ids.next(client, servers)
    }

    /// The general form, which all others come to: a request complete with its ids.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn submit(&self, request: &Request) -> Result<Ack, Refusal> {
        self.submit_with(request, None).await
    }

    /// [`submit`](Self::submit), and a completion for each operation of the answer that is known.
    ///
    /// # Errors
    /// A refusal: nothing was changed.
    pub async fn submit_watched(
        &self,
        request: &Request,
        ends: &mut Vec<Completion>,
    ) -> Result<Ack, Refusal> {
        self.submit_with(request, Some(ends)).await
    }

    async fn submit_with(
        &self,
        request: &Request,
        watch: Option<&mut Vec<Completion>>,
    ) -> Result<Ack, Refusal> {
        let decided = match self.shared.admission.admit(request) {
            Ok(_inside) => self.shared.store.submit(request, watch).wait().await,
            Err(refusal) => Some(Decided::Refused(refusal)),
        };
        match decided {
            Some(Decided::Accepted(answer)) => {
                self.workers.accepted();
                Ok(Ack::new(answer, false))
            }
            Some(Decided::Repeated(answer)) => Ok(Ack::new(answer, true)),
            Some(Decided::Refused(refusal)) => {
                self.note_refused(request, &refusal);
                Err(refusal)
            }
            None => Err(gone()),
        }
    }

    fn note_refused(&self, request: &Request, refusal: &Refusal) {
        let hub = self.shared.store.hub();
        if hub.is_read() {
            hub.note(LogEntry::Refused(Refused {
                at: self.shared.clock.now(),
                request: request.id,
                client: request.client,
                project: request.project,
                action: request.action(),
                server: request.server(),
                kind: refusal.kind(),
            }));
        }
    }

    /// A project's server; another project's is not there.
    pub fn server(&self, project: ProjectId, id: ServerId) -> Option<Arc<Server>> {
        self.shared.store.server(id).filter(|server| server.project == project)
    }

    /// A server of any project.
    pub fn any_server(&self, id: ServerId) -> Option<Arc<Server>> {
        self.shared.store.server(id)
    }

    /// A server of any project, also one that was deleted and is still remembered.
    pub fn remembered(&self, id: ServerId) -> Option<Arc<Server>> {
        self.shared.store.remembered(id)
    }

    /// A page of servers.
    pub fn servers(&self, query: &Query) -> Page {
        self.shared.store.servers(query)
    }

    /// A page of servers of all projects that were deleted and are still remembered, the last
    /// deleted first, before the deletion of number `before`.
    pub fn deleted_servers(&self, before: Option<u64>) -> DeletedPage {
        self.shared.store.deleted(before)
    }

    /// A page of the servers that are ACTIVE.
    pub fn active_servers(&self, query: &Query) -> Page {
        self.servers(&Query { status: Some(Status::Active), ..query.clone() })
    }

    /// An operation, if it is still remembered.
    pub fn operation(&self, id: OperationId) -> Option<Operation> {
        self.shared.store.operation(id)
    }

    /// A server's operations, oldest first.
    pub fn operations(&self, server: ServerId) -> Vec<Operation> {
        self.shared.store.operations(server)
    }

    /// How many jobs are ahead of an operation that is ready to start.
    pub fn position(&self, id: OperationId) -> Option<usize> {
        self.shared.store.position(id)
    }

    /// Waits for the end of an operation; `None` if it is not (or not any more) known.
    pub async fn finished(&self, id: OperationId) -> Option<Operation> {
        self.shared.store.watch(id)?.await.ok()
    }

    /// What a project uses and may use.
    pub fn usage(&self, project: ProjectId) -> Option<(Usage, Quota)> {
        self.shared.store.usage(project)
    }

    /// What is free on each host, in the order of their ids. Not one instant if there are more
    /// than [`limits::ROWS_PER_LOCK_MAX`].
    pub fn capacities(&self) -> Vec<FreeCapacity> {
        let mut capacities: Vec<FreeCapacity> = Vec::new();
        loop {
            let first = HostId(capacities.len() as u32);
            let mut more = self.shared.store.capacities(first, limits::ROWS_PER_LOCK_MAX);
            let is_last = more.len() < limits::ROWS_PER_LOCK_MAX;
            capacities.append(&mut more);
            if is_last {
                return capacities;
            }
        }
    }

    /// What happens from here on. A slow reader is told how many events it missed.
    pub fn subscribe(&self) -> Events {
        Events { subscription: self.hub().subscribe(), ready: Vec::new().into_iter() }
    }

    /// Where all records go: for logs and histories.
    pub fn hub(&self) -> &Hub {
        self.shared.store.hub()
    }

    /// How it is doing.
    pub fn figures(&self) -> Figures {
        self.shared.store.figures()
    }

    /// Flavors and images.
    pub fn catalogue(&self) -> &Catalogue {
        &self.shared.admission.catalogue
    }

    /// The world's clock.
    pub fn clock(&self) -> WorldClock {
        self.shared.clock.clone()
    }

    /// Hands a row over to be kept or forgotten, and does not wait: it is not known when, or
    /// whether, it is durable.
    pub fn put_record_unawaited(&self, row: RecordChange) {
        drop(self.shared.store.put_record(row));
    }

    /// Waits until all that was decided so far is durable, and shown to readers.
    pub async fn durable(&self) {
        // A store that went away has nothing more to wait for.
        let _ = self.shared.store.durable().wait().await;
    }

    /// Checks every invariant; stops everything else while it looks.
    pub fn audit(&self) -> Audit {
        self.shared.store.audit()
    }

    /// Stops: takes nothing more, finishes what is queued and running, and after `patience`
    /// leaves the rest as it is and says so. Workers and readers have ended when it returns.
    pub async fn drain(&self, patience: Duration) -> Drained {
        let door = &self.shared.admission.door;
        door.shut();
        let quiet = async {
            loop {
                let told = door.quiet.notified();
                if door.is_empty() && self.figures().jobs == 0 {
                    return;
                }
                told.await;
            }
        };
        // Running out of patience is no error: what is left is counted below.
        let _ = tokio::time::timeout(patience, quiet).await;
        // Whoever was let in is being answered, and counts among what is left. No driver has a
        // say in how long that takes; a disk that takes nothing has, and is not waited for:
        // whoever waits for it is told so when the store closes.
        while tokio::time::timeout(limits::JOURNAL_RETRY, door.emptied()).await.is_err() {
            if self.figures().is_stalled() {
                break;
            }
        }
        self.shared.store.wake().close();
        self.shared.abandon.cancel();
        self.workers.stopped().await;
        let load = self.figures().load;
        let closed = self.shared.store.close().wait().await;
        self.hub().close();
        Drained {
            left_queued: load.waiting + load.requeued,
            left_running: load.in_flight,
            is_recorded: matches!(closed, Some(Ok(()))),
        }
    }
}

/// The store went away before it answered: come back when it is there again.
const fn gone() -> Refusal {
    Refusal::Draining { retry_after: Duration::from_secs(1) }
}

/// What a subscriber hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// Something happened.
    Event(Event),
    /// It was too slow: this many records were dropped.
    Missed(u64),
}

/// A stream of events.
#[derive(Debug)]
pub struct Events {
    subscription: Subscription,
    ready: std::vec::IntoIter<LogEntry>,
}

impl Events {
    /// The next event; `None` once the manager has stopped.
    pub async fn next(&mut self) -> Option<Received> {
        loop {
            for record in self.ready.by_ref() {
                if let LogEntry::Event(event) = record {
                    return Some(Received::Event(event));
                }
            }
            let batch = self.subscription.batch().await?;
            self.ready = batch.records.into_iter();
            if batch.missed > 0 {
                return Some(Received::Missed(batch.missed));
            }
        }
    }
}
