//! Makes each step on the fleet and on the model, and compares them.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::{Action, ActionArgs};
use guichet_core::chance::{Chance, Purpose};
use guichet_core::event::EventKind;
use guichet_core::fleet::{Fleet, FleetConfig, StateTimes};
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, NetworkId, OperationId, ProjectId, RequestId, ServerId,
    WorkerId,
};
use guichet_core::limits;
use guichet_core::network::{Network, PortRequest};
use guichet_core::request::{Act, Create, IdempotencyKey, Request, RequestBody};
use guichet_core::rows::{Claim, Decision, Effects, JobChange, Outcome};
use guichet_core::server::Size;
use guichet_core::state::VmState;
use guichet_core::time::{Timestamp, VIRTUAL_START};

use super::model::{Context, Hold, Model, Phase, Server};
use super::steps::{End, Setup, Step};
use super::verdict::{Verdict, asked};
use crate::reads::check_reads;
use crate::support::{act, digest, failure, host, is_over_at_once, project};

pub(super) struct Runner {
    pub(super) fleet: Fleet,
    pub(super) model: Model,
    pub(super) now: Timestamp,
    drawn: u64,
    /// What was sent last: project, key, what.
    last: Option<(ProjectId, Option<u8>, RequestBody)>,
}

fn network(count: u32) -> Network {
    let first = Ipv4Addr::new(10, 0, 0, 2);
    Network { id: NetworkId(0), name: Arc::from("private"), first, count }
}

fn outcome(end: End) -> Outcome {
    match end {
        End::Success => Outcome::Succeeded,
        End::Transient => failure(true),
        End::Permanent => failure(false),
    }
}

/// What a fleet of this setup is made of.
pub(super) fn config(setup: &Setup) -> FleetConfig {
    let with_weight = |(id, (quota, weight)): (usize, &_)| guichet_core::project::Project {
        weight: *weight,
        ..project(id as u32, *quota)
    };
    let sized = |(id, (vcpus, units)): (usize, &(u32, u32))| host(id as u32, *vcpus, units * 512);
    FleetConfig {
        projects: setup.quotas.iter().enumerate().map(with_weight).collect(),
        hosts: setup.hosts.iter().enumerate().map(sized).collect(),
        bounds: setup.bounds,
        servers_max: setup.servers_max,
        workers: 2,
        expected_service: Duration::from_secs(1),
        times: StateTimes {
            resized: setup.confirm_after,
            shelved: setup.confirm_after,
            soft_deleted: setup.confirm_after,
        },
        networks: setup.addresses.map(network).into_iter().collect(),
        chance: Chance::new(5),
    }
}

impl Runner {
    pub(super) fn new(setup: &Setup) -> Self {
        let fleet = Fleet::new(config(setup));
        Self { fleet, model: Model::new(setup), now: VIRTUAL_START, drawn: 0, last: None }
    }

    fn draw(&mut self) -> u128 {
        self.drawn += 1;
        Chance::new(6).wide(Purpose::Ids, 0, self.drawn, 0)
    }

    pub(super) fn step(&mut self, step: &Step) {
        match step {
            Step::Create { .. } | Step::Act { .. } => {
                let (project, key, body) = self.read(step);
                self.send(project, key, body);
            }
            Step::SendAgain => self.send_again(),
            Step::Claim => {
                self.claim();
            }
            Step::Finish { pick, end } => {
                if !self.model.out.is_empty() {
                    let index = pick % self.model.out.len();
                    self.finish(index, &outcome(*end));
                }
            }
            Step::FinishAgain { pick, end } => self.finish_again(*pick, &outcome(*end)),
            Step::Pass { millis } => {
                self.now = self.now.after(Duration::from_millis(*millis));
                self.expire();
            }
        }
        self.check();
    }

    /// A step as a request.
    fn read(&mut self, step: &Step) -> (ProjectId, Option<u8>, RequestBody) {
        let projects = self.model.setup.quotas.len();
        match step {
            Step::Create { project, count, min_count, vcpus, name, key } => {
                let ports = self.ports(*count);
                let mut server = |n| {
                    let id = ServerId::from_bits(self.draw());
                    (id, Arc::from(format!("{name}-{n}")))
                };
                let body = RequestBody::Create(Create {
                    details: Vec::new(),
                    hosts: None,
                    most_in_group: None,
                    body_digest: None,
                    ports,
                    servers: (0..*count).map(&mut server).collect(),
                    min_count: *min_count,
                    size: Size { vcpus: *vcpus, ram_mib: vcpus.saturating_sub(1) * 512 },
                    flavor: FlavorId(*vcpus),
                    image: ImageId(0),
                });
                (ProjectId((project % projects) as u32), *key, body)
            }
            Step::Act { action, pick, stranger, key, vcpus } => {
                let (server, owner) = self.pick_server(*pick);
                let stranger = stranger.map(|other| ProjectId((other % projects) as u32));
                let body = act(*action, server, *vcpus);
                (stranger.unwrap_or(owner), *key, body)
            }
            other => panic!("not a request: {other:?}"),
        }
    }

    /// A port for each of some new servers, if there is a network.
    fn ports(&mut self, servers: usize) -> Vec<Vec<PortRequest>> {
        let count = self.model.setup.addresses.map_or(0, |_| servers);
        let mut port = || PortRequest {
            id: RequestId::from_bits(self.draw()).0,
            network: NetworkId(0),
            fixed: None,
        };
        (0..count).map(|_| vec![port()]).collect()
    }

    /// Mostly one that exists, sometimes one that is gone, or never was.
    fn pick_server(&mut self, pick: usize) -> (ServerId, ProjectId) {
        let gone = pick.is_multiple_of(8);
        let of_kind = |server: &Server| (server.state.vm_state == VmState::Deleted) == gone;
        let servers: Vec<_> = self
            .model
            .servers
            .iter()
            .filter(|(_, server)| of_kind(server))
            .map(|(id, server)| (*id, server.project))
            .collect();
        match servers.len() {
            0 => (ServerId::from_bits(self.draw()), ProjectId(0)),
            count => servers[pick / 8 % count],
        }
    }

    fn send_again(&mut self) {
        let Some((project, key, mut body)) = self.last.clone() else {
            return;
        };
        if let RequestBody::Create(create) = &mut body {
            for (id, _) in &mut create.servers {
                *id = ServerId::from_bits(self.draw());
            }
        }
        self.send(project, key, body);
    }

    pub(super) fn send(&mut self, project: ProjectId, key: Option<u8>, body: RequestBody) {
        self.last = Some((project, key, body.clone()));
        let expected = self.model.verdict(project, key, &body, self.now);
        let request = Request {
            privileged: false,
            id: RequestId::from_bits(self.draw()),
            client: ClientId(self.drawn as u32),
            project,
            key: key.map(|key| IdempotencyKey(Arc::from(format!("key-{key}")))),
            body,
        };
        check_reads(&self.fleet, &request, self.now);
        let changes = matches!(expected, Verdict::Accepted(_));
        let before = (!changes).then(|| digest(&self.fleet));
        let decision = self.fleet.submit(&request, self.now);
        assert_eq!(Verdict::of(&decision), expected, "{request:?}");
        match decision {
            Decision::Accepted(effects) => self.accepted(&request, key, &effects),
            Decision::Refused(refusal) => {
                let wait = refusal.retry_after().unwrap_or(Duration::from_secs(1));
                assert!(wait >= Duration::from_secs(1) && wait <= Duration::from_secs(75));
            }
            Decision::Repeated(_) => {}
        }
        if let Some(before) = before {
            before.assert_same(&self.fleet);
        }
    }

    fn accepted(&mut self, request: &Request, key: Option<u8>, effects: &Effects) {
        let answer = effects.answer.clone().expect("an answer");
        assert_eq!(answer.request, request.id);
        let context = Context { now: self.now, worker: None, client: Some(request.client) };
        let mut replaced = None;
        match &request.body {
            RequestBody::Create(create) => {
                for (operation, (id, _)) in answer.operations.iter().zip(&create.servers) {
                    assert_eq!((operation.server, operation.number), (*id, 1));
                    self.place(request.project, *id, create.size);
                }
            }
            RequestBody::Act(Act { action, server, args }) => {
                let known = &self.model.servers[server];
                match args.as_deref() {
                    Some(ActionArgs::Resize { size, .. }) => {
                        self.place_second(*server, *size, None);
                    }
                    Some(ActionArgs::Move { .. }) => {
                        self.place_second(*server, known.size, known.host);
                    }
                    _ if *action == Action::Unshelve && known.host.is_none() => {
                        self.place_again(*server, known.size);
                    }
                    _ => {}
                }
                let active = self.model.servers[server].active;
                replaced = active.map(|id| self.model.operations[&id].clone());
                self.hold(*server, active, effects, is_over_at_once(*action));
            }
        }
        for event in &effects.events {
            if event.operation.number > 1 || event.action == Action::Create {
                assert!(event.kind == EventKind::Cancelled || event.request == request.id);
            }
            self.model.take(event, &context);
        }
        let new = self.model.operations.get_mut(&answer.operations[0]);
        if let (Some(new), Some(old)) = (new, replaced) {
            // It stands in the other's place, which may be one of the re-queued.
            new.restarted = old.phase == Phase::Queued && old.restarted;
        }
        if let Some(key) = key {
            let expires = self.now.after(Duration::from_secs(24 * 3_600));
            let remembered = (asked(&request.body), answer, expires);
            self.model.keys.insert((request.project, key), remembered);
        }
    }

    /// A new server; whether it has a host must follow from the room there was.
    fn place(&mut self, project: ProjectId, id: ServerId, size: Size) {
        let placed = self.fleet.get(id).expect("a new server").host;
        let fits = |host: usize| {
            let (vcpus, ram_mib) = self.model.free_on(host);
            size.vcpus <= vcpus && size.ram_mib <= ram_mib
        };
        match placed {
            Some(host) => assert!(fits(host.index()), "no room on host {host}"),
            None => {
                let all = 0..self.model.setup.hosts.len();
                assert!(!all.into_iter().any(fits), "a host had room");
            }
        }
        let server = Server {
            project,
            size,
            host: placed,
            state: guichet_core::state::State { vm_state: VmState::Building, task_state: None },
            ever_started: false,
            fence: 0,
            operations: 0,
            second: None,
            active: None,
            hold: None,
            power: guichet_core::state::PowerState::None,
            launched: false,
            expires: None,
        };
        let before = self.model.servers.insert(id, server);
        assert!(before.is_none(), "{id} is there twice");
    }

    /// Whether a server of that size has capacity on a host.
    fn fits(&self, host: usize, size: Size) -> bool {
        let (vcpus, ram_mib) = self.model.free_on(host);
        size.vcpus <= vcpus && size.ram_mib <= ram_mib
    }

    /// Whether a server of that size has capacity on any host but this.
    fn fits_anywhere(&self, size: Size, but: Option<HostId>) -> bool {
        let mut hosts = 0..self.model.setup.hosts.len();
        hosts.any(|host| but.is_none_or(|but| but.index() != host) && self.fits(host, size))
    }

    /// A second allocation, on a host other than `but`; whether there is one must follow from the
    /// capacity there was.
    fn place_second(&mut self, id: ServerId, size: Size, but: Option<HostId>) {
        let server = self.fleet.get(id).expect("it exists");
        if server.active.is_none() {
            assert!(!self.fits_anywhere(size, but), "a host had capacity");
            return;
        }
        let second = server.second.as_deref().expect("it takes one");
        let host = second.host.expect("on a host");
        assert!(second.size == size && self.fits(host.index(), size), "no capacity on {host}");
        assert_ne!(Some(host), but, "it is there already");
        self.model.servers.get_mut(&id).expect("known").second = Some((size, host));
    }

    /// A host for a server that had given its own up.
    fn place_again(&mut self, id: ServerId, size: Size) {
        match self.fleet.get(id).expect("it exists").host {
            None => assert!(!self.fits_anywhere(size, None), "a host had capacity"),
            Some(host) => {
                assert!(self.fits(host.index(), size), "no capacity on {host}");
                self.model.servers.get_mut(&id).expect("known").host = Some(host);
            }
        }
    }

    /// Ends the states whose time is over.
    pub(super) fn expire(&mut self) {
        for _ in 0..1_000 {
            let due = self.fleet.next_expiry();
            let Some(effects) = self.fleet.expire(self.now) else {
                assert!(due.is_none_or(|due| due > self.now), "a state outlasts its time");
                return;
            };
            let id = effects.servers[0].id;
            let expires = self.model.servers[&id].expires.expect("its state ends");
            assert!(expires <= self.now, "a state ends early");
            if effects.events.is_empty() {
                // Refused, by a full queue: tried again later.
                let later = self.now.after(limits::EXPIRY_RETRY);
                self.model.servers.get_mut(&id).expect("known").expires = Some(later);
            }
            let client = self.fleet.get(id).map(|server| server.created_by);
            let context = Context { now: self.now, worker: None, client };
            for event in &effects.events {
                let expected = match event.from.expect("it was there").vm_state {
                    VmState::Resized => Action::ConfirmResize,
                    VmState::Shelved => Action::ShelveOffload,
                    _ => Action::Delete,
                };
                assert_eq!(event.action, expected);
                self.model.take(event, &context);
            }
            self.check();
        }
        panic!("states end for ever");
    }

    /// What the new operation of a server waits for, if it took the place of `old`.
    fn hold(&mut self, id: ServerId, old: Option<OperationId>, effects: &Effects, is_over: bool) {
        let server = self.model.servers.get_mut(&id).expect("known");
        let phase = old.map(|old| self.model.operations[&old].phase);
        match (old, phase) {
            (Some(old), Some(Phase::Running)) => {
                assert_eq!(effects.stops(), Some(old), "its call must be told to stop");
                let until = self.now.after(limits::CANCEL_GRACE);
                server.hold = Some(Hold::Behind(old, until));
            }
            _ => assert_eq!(effects.stops(), None),
        }
        if is_over {
            // Nothing is left that could wait.
            server.hold = None;
        }
    }

    pub(super) fn claim(&mut self) -> bool {
        self.expire();
        let load = self.fleet.scheduler().load();
        let worker = WorkerId(self.model.out.len() as u32 + 1);
        let Some((effects, claim)) = self.fleet.claim(worker, self.now) else {
            assert_eq!(self.fleet.scheduler().load(), load);
            self.check_nothing_could_start();
            return false;
        };
        let context = Context { now: self.now, worker: Some(worker), client: None };
        assert_eq!(effects.events.len(), 1);
        assert_eq!(effects.events[0].kind, EventKind::Started);
        self.model.take(&effects.events[0], &context);
        self.check_claim(&claim, worker);
        self.model.out.push(claim);
        true
    }

    fn check_claim(&mut self, claim: &Claim, worker: WorkerId) {
        let now = self.now;
        let server = self.model.servers.get_mut(&claim.operation.server).expect("known");
        let operation = &self.model.operations[&claim.operation];
        assert_eq!(claim.action, operation.action);
        assert_eq!((claim.attempt, claim.worker), (operation.attempt, worker));
        assert_eq!(claim.started, now);
        assert!(claim.deadline > now);
        assert_eq!(claim.server.fence, server.fence, "every call has a higher fence");
        assert_eq!(self.fleet.get(claim.operation.server), Some(&claim.server));
        if let Some(hold) = server.hold.take() {
            let over = match hold {
                Hold::Until(until) => until <= now,
                Hold::Behind(call, until) => {
                    until <= now || !self.model.out.iter().any(|out| out.operation == call)
                }
            };
            assert!(over, "started while it had to wait: {hold:?}");
        }
    }

    /// `claim` gave nothing: each operation that waits has a reason of its own.
    fn check_nothing_could_start(&self) {
        let bounds = self.model.setup.bounds;
        if self.model.out.len() >= bounds.service {
            return;
        }
        for (id, operation) in self.model.queued() {
            let server = &self.model.servers[&id.server];
            let held = server.hold.is_some_and(|hold| match hold {
                Hold::Until(until) => until > self.now,
                Hold::Behind(call, until) => {
                    until > self.now && self.model.out.iter().any(|out| out.operation == call)
                }
            });
            let host_full =
                server.host.is_some_and(|host| self.model.on_host(host) >= bounds.per_host);
            let project_full = self.model.of_project(server.project) >= bounds.per_project;
            assert!(held || host_full || project_full, "{id} could start: {operation:?}");
        }
    }

    pub(super) fn finish(&mut self, index: usize, outcome: &Outcome) {
        let claim = self.model.out.remove(index);
        let active = self.model.servers[&claim.operation.server].active;
        let counts = active == Some(claim.operation);
        let effects = self.fleet.finish(&claim, outcome, self.now);
        let context = Context { now: self.now, worker: None, client: None };
        assert_eq!(effects.events.len(), usize::from(counts), "one event, or fenced off");
        assert_eq!(effects.servers.len(), usize::from(counts));
        for event in &effects.events {
            assert_eq!(event.operation, claim.operation);
            self.model.take(event, &context);
            let last = claim.attempt == limits::ATTEMPTS_MAX;
            let expected = match outcome {
                Outcome::Succeeded => EventKind::Succeeded,
                Outcome::Failed { transient: true, .. } if !last => EventKind::Requeued,
                Outcome::Failed { .. } => EventKind::Failed,
            };
            assert_eq!(event.kind, expected);
        }
        if let Some(JobChange::Requeue { not_before, .. }) = effects.jobs.first() {
            self.requeued(&claim, *not_before);
        }
        self.model.back.push(claim);
    }

    fn requeued(&mut self, claim: &Claim, not_before: Timestamp) {
        let doubled = limits::BACKOFF_FIRST * 2_u32.pow(claim.attempt - 1);
        let middle = doubled.min(limits::BACKOFF_MAX);
        let pause = not_before.since(self.now);
        assert!(pause >= middle / 2 && pause <= middle * 3 / 2, "{pause:?}");
        let server = self.model.servers.get_mut(&claim.operation.server);
        server.expect("known").hold = Some(Hold::Until(not_before));
    }

    /// A late or second answer changes nothing at all.
    fn finish_again(&mut self, pick: usize, outcome: &Outcome) {
        if self.model.back.is_empty() {
            return;
        }
        let claim = &self.model.back[pick % self.model.back.len()];
        let before = digest(&self.fleet);
        let effects = self.fleet.finish(claim, outcome, self.now);
        assert!(effects.events.is_empty() && effects.servers.is_empty());
        before.assert_same(&self.fleet);
    }
}
