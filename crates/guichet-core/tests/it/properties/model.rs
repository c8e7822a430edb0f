//! What the model knows of servers and operations: it learns from events alone and holds each
//! event against what section 4 of the design says must come next.

use std::collections::BTreeMap;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::{Event, EventKind};
use guichet_core::ids::{ClientId, HostId, OperationId, ProjectId, RequestId, ServerId, WorkerId};
use guichet_core::limits;
use guichet_core::request::Answer;
use guichet_core::rows::Claim;
use guichet_core::server::{Failure, Size};
use guichet_core::state::{PowerState, State, VmState};
use guichet_core::time::Timestamp;

use super::steps::Setup;
use crate::support::{is_over_at_once, tasks};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Queued,
    Running,
    Over(EventKind),
}

#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) action: Action,
    pub(super) request: RequestId,
    pub(super) phase: Phase,
    pub(super) attempt: u32,
    pub(super) accepted: Timestamp,
    pub(super) started: Option<Timestamp>,
    pub(super) worker: Option<WorkerId>,
    /// It waits for another attempt, or in the place of one that did.
    pub(super) restarted: bool,
}

/// Why a queued operation may have to wait although all permits are free.
#[derive(Debug, Clone, Copy)]
pub(super) enum Hold {
    Until(Timestamp),
    /// Until this call is back, or that time.
    Behind(OperationId, Timestamp),
}

#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) project: ProjectId,
    pub(super) size: Size,
    pub(super) host: Option<HostId>,
    /// What it holds beside that while it is resized.
    pub(super) second: Option<(Size, HostId)>,
    pub(super) state: State,
    pub(super) ever_started: bool,
    pub(super) fence: u32,
    pub(super) operations: u32,
    pub(super) active: Option<OperationId>,
    pub(super) hold: Option<Hold>,
    /// Whether its machine runs.
    pub(super) power: PowerState,
    /// Whether it ever ran.
    pub(super) launched: bool,
    /// When its state ends.
    pub(super) expires: Option<Timestamp>,
}

impl Server {
    /// What it holds on hosts: sizes by host.
    pub(super) fn held(&self) -> impl Iterator<Item = (Size, Option<HostId>)> {
        let second = self.second.map(|(size, host)| (size, Some(host)));
        std::iter::once((self.size, self.host)).chain(second)
    }
}

impl Server {
    fn switch(&mut self) {
        let (size, host) = self.second.expect("a resize holds two");
        let first = (self.size, self.host.expect("a resized server has a host"));
        (self.size, self.host, self.second) = (size, Some(host), Some(first));
    }
}

/// What is remembered under a key: what was asked, what was answered, until when.
pub(super) type Remembered = (String, Answer, Timestamp);

#[derive(Debug)]
pub(super) struct Model {
    pub(super) setup: Setup,
    pub(super) servers: BTreeMap<ServerId, Server>,
    pub(super) operations: BTreeMap<OperationId, Operation>,
    pub(super) keys: BTreeMap<(ProjectId, u8), Remembered>,
    /// Claims that had no outcome yet: who holds permits.
    pub(super) out: Vec<Claim>,
    /// Claims that had one.
    pub(super) back: Vec<Claim>,
    pub(super) sequence: u64,
    pub(super) totals: BTreeMap<EventKind, u64>,
}

/// What an event must be like, beside what it says itself.
pub(super) struct Context {
    pub(super) now: Timestamp,
    /// Whose step this is, when it is a worker's.
    pub(super) worker: Option<WorkerId>,
    /// Whose request this is, when it is a client's.
    pub(super) client: Option<ClientId>,
}

impl Model {
    pub(super) fn new(setup: &Setup) -> Self {
        Self {
            setup: setup.clone(),
            servers: BTreeMap::new(),
            operations: BTreeMap::new(),
            keys: BTreeMap::new(),
            out: Vec::new(),
            back: Vec::new(),
            sequence: 0,
            totals: BTreeMap::new(),
        }
    }

    pub(super) fn existing(&self) -> impl Iterator<Item = (ServerId, &Server)> {
        let exists = |server: &Server| server.state.vm_state != VmState::Deleted;
        self.servers
            .iter()
            .filter(move |(_, server)| exists(server))
            .map(|(id, server)| (*id, server))
    }

    pub(super) fn queued(&self) -> impl Iterator<Item = (OperationId, &Operation)> {
        self.operations
            .iter()
            .filter(|(_, operation)| operation.phase == Phase::Queued)
            .map(|(id, operation)| (*id, operation))
    }

    pub(super) fn free_on(&self, host: usize) -> (u32, u32) {
        let (vcpus, units) = self.setup.hosts[host];
        let held = self.existing().flat_map(|(_, server)| server.held());
        let on_it = held.filter(|(_, on)| on.is_some_and(|id| id.index() == host));
        on_it.fold((vcpus, units * 512), |free, (size, _)| {
            (free.0 - size.vcpus, free.1 - size.ram_mib)
        })
    }

    pub(super) fn on_host(&self, host: HostId) -> usize {
        let on_it = |claim: &&Claim| claim.server.host == Some(host);
        self.out.iter().filter(on_it).count()
    }

    pub(super) fn of_project(&self, project: ProjectId) -> usize {
        let of_it = |claim: &&Claim| claim.server.project == project;
        self.out.iter().filter(of_it).count()
    }

    /// Takes in one event; the server of an accepted create is there already.
    pub(super) fn take(&mut self, event: &Event, context: &Context) {
        self.sequence += 1;
        assert_eq!(event.sequence, self.sequence, "the sequence is dense");
        assert_eq!(event.at, context.now);
        *self.totals.entry(event.kind).or_default() += 1;
        match event.kind {
            EventKind::Accepted => self.accept(event, context),
            _ => self.go_on(event, context),
        }
        let server = self.servers.get_mut(&event.operation.server).expect("known");
        assert_ne!(server.state.vm_state, VmState::Deleted, "a deleted server came back");
        assert_eq!(event.project, server.project);
        let is_new = event.kind == EventKind::Accepted && event.action == Action::Create;
        let from = (!is_new).then_some(server.state);
        assert_eq!(event.from, from, "the chain of states is broken: {event:?}");
        let expected = expected_state(event, server.state, server.power);
        assert_eq!(event.to, expected, "{event:?}");
        if event.kind == EventKind::Succeeded {
            server.launched |= event.action == Action::Create;
            server.power = power_after(event.action, server.state.vm_state, server.power);
        }
        let before = server.state.vm_state;
        server.state = event.to;
        self.settle_allocations(event, before);
        self.check_figures(event);
    }

    fn accept(&mut self, event: &Event, context: &Context) {
        let server = self.servers.get_mut(&event.operation.server).expect("known");
        assert_eq!(server.active, None, "one live operation a server");
        server.operations += 1;
        server.active = Some(event.operation);
        assert_eq!(event.operation.number, server.operations);
        assert_eq!(Some(event.client), context.client);
        let operation = Operation {
            action: event.action,
            request: event.request,
            phase: Phase::Queued,
            attempt: 0,
            accepted: context.now,
            started: None,
            worker: None,
            restarted: false,
        };
        let before = self.operations.insert(event.operation, operation);
        assert!(before.is_none(), "accepted twice: {event:?}");
    }

    /// Anything after acceptance.
    fn go_on(&mut self, event: &Event, context: &Context) {
        let server = self.servers.get_mut(&event.operation.server).expect("known");
        assert_eq!(server.active, Some(event.operation), "not the live one: {event:?}");
        let operation = self.operations.get_mut(&event.operation).expect("accepted");
        assert_eq!(operation.action, event.action);
        assert_eq!(operation.request, event.request);
        let running = operation.phase == Phase::Running;
        match event.kind {
            EventKind::Started => {
                assert_eq!(operation.phase, Phase::Queued);
                operation.phase = Phase::Running;
                operation.attempt += 1;
                operation.started = operation.started.or(Some(context.now));
                operation.worker = context.worker;
                assert!(operation.attempt <= limits::ATTEMPTS_MAX);
                server.ever_started = true;
                server.fence += 1;
            }
            EventKind::Requeued => {
                assert!(running && operation.attempt < limits::ATTEMPTS_MAX);
                operation.phase = Phase::Queued;
                operation.restarted = true;
            }
            kind => {
                let at_once = event.action == Action::Delete && !server.ever_started
                    || event.failure == Some(Failure::NoValidHost)
                    || is_over_at_once(event.action);
                let may = kind == EventKind::Cancelled || running || at_once;
                assert!(may, "over without having run: {event:?}");
                operation.phase = Phase::Over(kind);
                server.active = None;
            }
        }
    }

    /// What the end of an action does to what a server holds, and when the state it is in ends.
    /// `before` is the stable state it was in.
    fn settle_allocations(&mut self, event: &Event, before: VmState) {
        use Action::{
            AbortMigration, ConfirmResize, Evacuate, LiveMigrate, Migrate, ResetActive, ResetError,
            Resize, RevertResize, ShelveOffload, SoftDelete, Unshelve,
        };
        let time = self.setup.confirm_after;
        let server = self.servers.get_mut(&event.operation.server).expect("known");
        match (event.kind, event.action) {
            (EventKind::Succeeded, Resize | Migrate) => server.switch(),
            (EventKind::Failed, Resize | Migrate | LiveMigrate | Evacuate)
            | (
                EventKind::Succeeded,
                ConfirmResize | SoftDelete | ResetActive | ResetError | AbortMigration,
            ) => {
                server.second = None;
            }
            (EventKind::Succeeded, RevertResize | LiveMigrate | Evacuate) => {
                server.switch();
                server.second = None;
            }
            (EventKind::Succeeded, ShelveOffload) => server.host = None,
            (EventKind::Failed, Unshelve) if before == VmState::ShelvedOffloaded => {
                server.host = None;
            }
            _ => {}
        }
        // A delete that failed may have left two; they last until the server is well again.
        let is_over = matches!(event.kind, EventKind::Succeeded | EventKind::Failed);
        let may_hold_two =
            matches!(event.to.vm_state, VmState::Resized | VmState::Error | VmState::Deleted);
        if is_over && !may_hold_two {
            server.second = None;
        }
        let ends =
            matches!(event.to.vm_state, VmState::Resized | VmState::Shelved | VmState::SoftDeleted);
        // Only an arrival begins it: what was cancelled leaves it to what cancelled it.
        let arrives = ends && event.to.task_state.is_none();
        server.expires = time.filter(|_| arrives).map(|time| event.at.after(time));
    }

    fn check_figures(&self, event: &Event) {
        let operation = &self.operations[&event.operation];
        assert_eq!(event.attempt, operation.attempt);
        assert_eq!(event.worker, operation.worker);
        let over = matches!(operation.phase, Phase::Over(_));
        let to = |until: Option<Timestamp>, from: Option<Timestamp>| -> Option<Duration> {
            Some(until?.since(from?))
        };
        let started = operation.started.or(over.then_some(event.at));
        assert_eq!(event.wait, to(started, Some(operation.accepted)), "{event:?}");
        let finished = over.then_some(event.at);
        assert_eq!(event.service, to(finished, operation.started), "{event:?}");
        let failed = event.kind == EventKind::Failed;
        assert_eq!(event.failure.is_some(), failed, "{event:?}");
    }
}

/// Where an event leads, by the table in the design.
fn expected_state(event: &Event, before: State, power: PowerState) -> State {
    use Action::{
        AbortMigration, ChangePassword, ConfirmResize, CrashDump, Create, CreateBackup,
        CreateImage, Delete, Evacuate, LiveMigrate, Migrate, Pause, RebootHard, RebootSoft,
        Rebuild, Rescue, ResetActive, ResetError, Resize, Restore, Resume, RevertResize, Shelve,
        ShelveOffload, SoftDelete, Start, Stop, Suspend, Unpause, Unrescue, Unshelve,
    };
    let state = |vm_state, task_state| State { vm_state, task_state };
    let same = before.vm_state;
    let over = match (event.kind, event.action) {
        (EventKind::Accepted, Create) => {
            return state(VmState::Building, Some(tasks(Create).0));
        }
        (EventKind::Accepted, action) => return state(same, Some(tasks(action).0)),
        (EventKind::Started, action) => return state(same, Some(tasks(action).1)),
        (EventKind::Requeued, _) => return before,
        (EventKind::Cancelled, _) => same,
        (EventKind::Failed, Create | RebootSoft | RebootHard | Delete | SoftDelete)
        | (EventKind::Failed, Rebuild | Evacuate | Unrescue | ChangePassword) => VmState::Error,
        (EventKind::Failed, _) => same,
        (EventKind::Succeeded, action) => match action {
            Stop => VmState::Stopped,
            Delete => VmState::Deleted,
            SoftDelete => VmState::SoftDeleted,
            Resize | Migrate => VmState::Resized,
            Pause => VmState::Paused,
            Suspend => VmState::Suspended,
            Rescue => VmState::Rescued,
            Shelve => VmState::Shelved,
            ShelveOffload => VmState::ShelvedOffloaded,
            ResetError => VmState::Error,
            Rebuild | Evacuate if same == VmState::Stopped => VmState::Stopped,
            ConfirmResize | RevertResize if power == PowerState::Shutdown => VmState::Stopped,
            CreateImage | CreateBackup | ChangePassword | LiveMigrate | CrashDump
            | AbortMigration => same,
            Create | RebootSoft | RebootHard | Start | Unpause | Resume | Rebuild | Evacuate
            | Unrescue | Unshelve | Restore | ConfirmResize | RevertResize | ResetActive => {
                VmState::Active
            }
        },
    };
    state(over, None)
}

/// Whether a machine runs once an action on it succeeded.
fn power_after(action: Action, before: VmState, power: PowerState) -> PowerState {
    match action {
        Action::Stop | Action::Suspend | Action::Shelve | Action::SoftDelete => {
            PowerState::Shutdown
        }
        Action::Pause => PowerState::Paused,
        Action::Delete | Action::ShelveOffload => PowerState::None,
        Action::Rebuild | Action::Evacuate if before == VmState::Stopped => PowerState::Shutdown,
        Action::Create
        | Action::RebootSoft
        | Action::RebootHard
        | Action::Start
        | Action::Unpause
        | Action::Resume
        | Action::Rebuild
        | Action::Evacuate
        | Action::Rescue
        | Action::Unrescue
        | Action::Unshelve
        | Action::Restore => PowerState::Running,
        _ => power,
    }
}
