//! A fleet with a time of its own. Every step is audited.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::{Action, ActionArgs, Obstacle};
use guichet_core::audit::audit;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::event::Event;
use guichet_core::fleet::{Fleet, FleetConfig};
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, OperationId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::project::{Host, Project, Quota};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Act, Answer, Create, IdempotencyKey, Request, RequestBody};
use guichet_core::rows::{Claim, Decision, Effects, Outcome, Rows};
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Failure, Server, Size};
use guichet_core::state::{TaskState, VmState};
use guichet_core::time::{Timestamp, VIRTUAL_START};

pub(crate) const BLUE: ProjectId = ProjectId(0);
pub(crate) const RED: ProjectId = ProjectId(1);
pub(crate) const SMALL: Size = Size { vcpus: 1, ram_mib: 512 };
pub(crate) const WORKER: WorkerId = WorkerId(7);

/// The bounds most tests do not meet.
pub(crate) const WIDE: Bounds =
    Bounds { queue: 100, service: 100, per_host: 100, per_project: 100, active: usize::MAX };

pub(crate) fn project(id: u32, quota: Quota) -> Project {
    Project { id: ProjectId(id), name: Arc::from(format!("project-{id}")), quota, weight: 1 }
}

pub(crate) fn host(id: u32, vcpus: u32, ram_mib: u32) -> Host {
    Host {
        id: HostId(id),
        name: Arc::from(format!("host-{id}")),
        capacity: Size { vcpus, ram_mib },
    }
}

/// Hosts with room for so many small servers each.
pub(crate) fn hosts(capacities: &[u32]) -> Vec<Host> {
    let host = |(id, capacity): (usize, &u32)| host(id as u32, *capacity, 512 * *capacity);
    capacities.iter().enumerate().map(host).collect()
}

/// Two projects without quota on two large hosts.
pub(crate) fn config() -> FleetConfig {
    FleetConfig {
        projects: vec![project(0, Quota::default()), project(1, Quota::default())],
        hosts: hosts(&[50, 50]),
        bounds: WIDE,
        servers_max: 100,
        workers: 4,
        expected_service: Duration::from_millis(10),
        times: Default::default(),
        networks: Vec::new(),
        chance: Chance::new(1),
    }
}

pub(crate) struct World {
    pub(crate) fleet: Fleet,
    pub(crate) now: Timestamp,
    /// All events so far.
    pub(crate) events: Vec<Event>,
    drawn: u64,
}

impl World {
    pub(crate) fn new(config: FleetConfig) -> Self {
        Self { fleet: Fleet::new(config), now: VIRTUAL_START, events: Vec::new(), drawn: 0 }
    }

    pub(crate) fn pass(&mut self, by: Duration) {
        self.now = self.now.after(by);
    }

    fn draw(&mut self) -> u128 {
        self.drawn += 1;
        Chance::new(2).wide(Purpose::Ids, 0, self.drawn, 0)
    }

    pub(crate) fn server_id(&mut self) -> ServerId {
        ServerId::from_bits(self.draw())
    }

    /// So many servers, of which `min_count` are enough.
    pub(crate) fn servers(&mut self, count: usize, min_count: usize, size: Size) -> RequestBody {
        let server = |n| (self.server_id(), Arc::from(format!("server-{n}")));
        RequestBody::Create(Create {
            details: Vec::new(),
            hosts: None,
            most_in_group: None,
            body_digest: None,
            ports: Vec::new(),
            servers: (0..count).map(server).collect(),
            min_count,
            size,
            flavor: FlavorId(0),
            image: ImageId(0),
        })
    }

    pub(crate) fn request(
        &mut self,
        project: ProjectId,
        key: Option<&str>,
        body: RequestBody,
    ) -> Request {
        Request {
            privileged: false,
            id: RequestId::from_bits(self.draw()),
            client: ClientId(3),
            project,
            key: key.map(|key| IdempotencyKey(Arc::from(key))),
            body,
        }
    }

    pub(crate) fn send(&mut self, request: &Request) -> Decision {
        let decision = self.fleet.submit(request, self.now);
        if let Decision::Accepted(effects) = &decision {
            self.events.extend_from_slice(&effects.events);
        }
        self.check();
        decision
    }

    /// Asks for one small server.
    pub(crate) fn ask_create(&mut self, project: ProjectId) -> Decision {
        let body = self.servers(1, 1, SMALL);
        let request = self.request(project, None, body);
        self.send(&request)
    }

    pub(crate) fn change_of(
        &mut self,
        project: ProjectId,
        action: Action,
        server: ServerId,
    ) -> Decision {
        let request = self.request(project, None, act(action, server, 2));
        self.send(&request)
    }

    /// Asks for a change of one of the blue project's servers.
    pub(crate) fn change(&mut self, action: Action, server: ServerId) -> Decision {
        self.change_of(BLUE, action, server)
    }

    /// A server of the blue project whose create is queued.
    pub(crate) fn queued(&mut self) -> ServerId {
        accepted(self.ask_create(BLUE)).operations[0].server
    }

    /// A server of the blue project that is ACTIVE.
    pub(crate) fn active(&mut self) -> ServerId {
        let server = self.queued();
        self.run_all();
        assert_eq!(self.state(server), (VmState::Active, None));
        server
    }

    /// A server of the blue project in SHUTOFF.
    pub(crate) fn stopped(&mut self) -> ServerId {
        let server = self.active();
        accepted(self.change(Action::Stop, server));
        self.run_all();
        server
    }

    pub(crate) fn try_claim(&mut self) -> Option<Claim> {
        let claimed = self.fleet.claim(WORKER, self.now);
        self.check();
        let (effects, claim) = claimed?;
        self.events.extend_from_slice(&effects.events);
        Some(claim)
    }

    pub(crate) fn claim(&mut self) -> Claim {
        self.try_claim().expect("something to start")
    }

    pub(crate) fn finish(&mut self, claim: &Claim, outcome: &Outcome) -> Effects {
        let effects = self.fleet.finish(claim, outcome, self.now);
        self.events.extend_from_slice(&effects.events);
        self.check();
        effects
    }

    pub(crate) fn succeed(&mut self, claim: &Claim) {
        self.finish(claim, &Outcome::Succeeded);
    }

    /// Runs everything that waits, with success; time passes as far as it must.
    pub(crate) fn run_all(&mut self) {
        for _ in 0..1_000 {
            while let Some(claim) = self.try_claim() {
                self.succeed(&claim);
            }
            match self.fleet.scheduler().next_timer() {
                Some(at) => self.now = at,
                None => return,
            }
        }
        panic!("something waits for ever");
    }

    pub(crate) fn server(&self, id: ServerId) -> &Server {
        self.fleet.get(id).expect("the server exists")
    }

    pub(crate) fn state(&self, id: ServerId) -> (VmState, Option<TaskState>) {
        let server = self.server(id);
        (server.vm_state, server.task_state)
    }

    pub(crate) fn instances(&self, project: ProjectId) -> u64 {
        self.fleet.usage(project).instances
    }

    /// What is free on each host, in virtual processors.
    pub(crate) fn capacities(&self) -> Vec<u32> {
        let capacities = self.fleet.hosts_with_capacity();
        capacities.map(|(_, capacity)| capacity.free_vcpus).collect()
    }

    pub(crate) fn check(&self) {
        let audit = audit(&self.fleet);
        assert!(audit.holds(), "{:#?}", audit.violations);
    }
}

/// All of a fleet, to see whether it changed.
#[derive(PartialEq)]
pub(crate) struct Digest(String);

pub(crate) fn digest(fleet: &Fleet) -> Digest {
    Digest(format!("{fleet:?}"))
}

impl Digest {
    /// Fails with the place of the first difference if the fleet is not what it was.
    pub(crate) fn assert_same(&self, fleet: &Fleet) {
        let after = digest(fleet);
        if *self == after {
            return;
        }
        let pairs = self.0.bytes().zip(after.0.bytes());
        let same = pairs.take_while(|(one, two)| one == two).count();
        let near = |text: &str| -> String {
            text.chars().skip(same.saturating_sub(200)).take(400).collect()
        };
        panic!("changed:\n{}\n{}", near(&self.0), near(&after.0));
    }
}

pub(crate) fn accepted(decision: Decision) -> Answer {
    match decision {
        Decision::Accepted(effects) => effects.answer.expect("what is accepted is answered"),
        other => panic!("not accepted: {other:?}"),
    }
}

pub(crate) fn repeated(decision: Decision) -> Answer {
    match decision {
        Decision::Repeated(answer) => answer,
        other => panic!("not repeated: {other:?}"),
    }
}

pub(crate) fn refused(decision: Decision) -> Refusal {
    match decision {
        Decision::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) fn failure(transient: bool) -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient, message: Arc::from("the disk is on fire") }
}

pub(crate) fn first(answer: &Answer) -> OperationId {
    answer.operations[0]
}

/// Section 4 of the design, written a second time: whether `action` is allowed.
pub(crate) fn allowed(
    action: Action,
    vm_state: VmState,
    task_state: Option<TaskState>,
) -> Result<(), Obstacle> {
    use VmState::{Active, Error, Paused, Stopped, Suspended};
    let kept = matches!(vm_state, Active | Stopped | Paused | Suspended);
    let stable = match action {
        Action::Create | Action::Delete | Action::SoftDelete => return Ok(()),
        Action::ResetActive | Action::ResetError => return Ok(()),
        Action::AbortMigration => {
            return match task_state {
                Some(TaskState::Migrating) => Ok(()),
                Some(task) => Err(Obstacle::TaskState(task)),
                None => Err(Obstacle::NoTask),
            };
        }
        Action::RebootSoft | Action::Pause | Action::Suspend | Action::ChangePassword => {
            vm_state == Active
        }
        Action::RebootHard => kept || vm_state == Error,
        Action::Stop => matches!(vm_state, Active | Error),
        Action::Start => vm_state == Stopped,
        Action::Resize | Action::Migrate => matches!(vm_state, Active | Stopped),
        Action::ConfirmResize | Action::RevertResize => vm_state == VmState::Resized,
        Action::Unpause => vm_state == Paused,
        Action::Resume => vm_state == Suspended,
        Action::Rebuild | Action::Rescue | Action::Evacuate => {
            matches!(vm_state, Active | Stopped | Error)
        }
        Action::Unrescue => vm_state == VmState::Rescued,
        Action::Shelve | Action::CreateImage | Action::CreateBackup => kept,
        Action::ShelveOffload => vm_state == VmState::Shelved,
        Action::Unshelve => matches!(vm_state, VmState::Shelved | VmState::ShelvedOffloaded),
        Action::Restore => vm_state == VmState::SoftDeleted,
        Action::LiveMigrate => matches!(vm_state, Active | Paused),
        Action::CrashDump => matches!(vm_state, Active | Paused | Error | VmState::Rescued),
    };
    if !stable {
        return Err(Obstacle::VmState(vm_state));
    }
    match task_state {
        None => Ok(()),
        Some(task)
            if action == Action::RebootHard
                && matches!(
                    task.as_str(),
                    "rebooting"
                        | "rebooting_hard"
                        | "pausing"
                        | "unpausing"
                        | "suspending"
                        | "resuming"
                ) =>
        {
            Ok(())
        }
        Some(task) => Err(Obstacle::TaskState(task)),
    }
}

/// An action as a request has it; a resize is to the size of the flavor of that many processors.
pub(crate) fn act(action: Action, server: ServerId, vcpus: u32) -> RequestBody {
    let resize = ActionArgs::Resize { flavor: FlavorId(vcpus), size: Size { vcpus, ram_mib: 512 } };
    let args = match action {
        Action::Resize => Some(Arc::new(resize)),
        Action::Migrate | Action::LiveMigrate | Action::Evacuate => {
            Some(Arc::new(ActionArgs::Move { host: None }))
        }
        _ => None,
    };
    RequestBody::Act(Act { action, server, args })
}

/// Whether an action is over as soon as it is accepted, whatever the server is.
pub(crate) fn is_over_at_once(action: Action) -> bool {
    matches!(
        action,
        Action::ResetActive | Action::ResetError | Action::CrashDump | Action::AbortMigration
    )
}

/// What is shown while an action waits and while it runs.
pub(crate) fn tasks(action: Action) -> (TaskState, TaskState) {
    match action {
        Action::Create => (TaskState::Scheduling, TaskState::Spawning),
        Action::RebootSoft => (TaskState::Rebooting, TaskState::Rebooting),
        Action::RebootHard => (TaskState::RebootingHard, TaskState::RebootingHard),
        Action::Start => (TaskState::PoweringOn, TaskState::PoweringOn),
        Action::Stop => (TaskState::PoweringOff, TaskState::PoweringOff),
        Action::Delete => (TaskState::Deleting, TaskState::Deleting),
        Action::Resize => (TaskState::ResizePrep, TaskState::ResizeMigrating),
        Action::ConfirmResize => (TaskState::ResizeConfirming, TaskState::ResizeConfirming),
        Action::RevertResize => (TaskState::ResizeReverting, TaskState::ResizeReverting),
        Action::Migrate => (TaskState::ResizePrep, TaskState::ResizeMigrating),
        Action::Pause => (TaskState::Pausing, TaskState::Pausing),
        Action::Unpause => (TaskState::Unpausing, TaskState::Unpausing),
        Action::Suspend => (TaskState::Suspending, TaskState::Suspending),
        Action::Resume => (TaskState::Resuming, TaskState::Resuming),
        Action::Rebuild | Action::Evacuate => (TaskState::Rebuilding, TaskState::RebuildSpawning),
        Action::Rescue => (TaskState::Rescuing, TaskState::Rescuing),
        Action::Unrescue => (TaskState::Unrescuing, TaskState::Unrescuing),
        Action::Shelve => (TaskState::Shelving, TaskState::ShelvingImageUploading),
        Action::ShelveOffload => (TaskState::ShelvingOffloading, TaskState::ShelvingOffloading),
        Action::Unshelve => (TaskState::Unshelving, TaskState::Unshelving),
        Action::CreateImage => (TaskState::ImageSnapshotPending, TaskState::ImageUploading),
        Action::CreateBackup => (TaskState::ImageBackup, TaskState::ImageBackup),
        Action::ChangePassword => (TaskState::UpdatingPassword, TaskState::UpdatingPassword),
        Action::SoftDelete => (TaskState::SoftDeleting, TaskState::SoftDeleting),
        Action::Restore => (TaskState::Restoring, TaskState::Restoring),
        Action::LiveMigrate => (TaskState::Migrating, TaskState::Migrating),
        // Over at once: nobody sees it.
        Action::ResetActive | Action::ResetError | Action::CrashDump | Action::AbortMigration => {
            (TaskState::Scheduling, TaskState::Scheduling)
        }
    }
}
