//! What a decision really looks at, beside what `reads` says it does.

use std::cell::RefCell;
use std::net::Ipv4Addr;
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::decide::decide;
use guichet_core::details::Details;
use guichet_core::fleet::{Fleet, FleetConfig};
use guichet_core::group::{MemberHosts, ServerGroup};
use guichet_core::ids::{
    GroupId, HostId, NetworkId, OperationId, ProjectId, RequestId, ServerId, UserId,
};
use guichet_core::project::{FreeCapacity, Project, Usage};
use guichet_core::request::{IdempotencyKey, Request, RequestBody, reads};
use guichet_core::rows::{Decision, KeyCapacity, KeyRow, QueueFull, Rows, ServerCapacity};
use guichet_core::server::{Server, Size};
use guichet_core::time::Timestamp;

use crate::support::{BLUE, RED, SMALL, World, accepted, act, config, hosts};

/// A row that was looked at.
#[derive(Debug, Clone, PartialEq)]
enum Row {
    Server(ServerId),
    Project(ProjectId),
    Host(HostId),
    Hosts(Size),
    Key(ProjectId, IdempotencyKey),
    Keys(ProjectId),
    Queue(ProjectId),
    Network(NetworkId),
    KeyPair(UserId, String),
    Group(GroupId),
}

/// The rows of a fleet, and which of them were read.
pub(crate) struct Recorder<'a> {
    fleet: &'a Fleet,
    seen: RefCell<Vec<Row>>,
}

impl<'a> Recorder<'a> {
    fn new(fleet: &'a Fleet) -> Self {
        Self { fleet, seen: RefCell::new(Vec::new()) }
    }

    fn note(&self, row: Row) {
        self.seen.borrow_mut().push(row);
    }
}

impl Rows for Recorder<'_> {
    fn server(&self, id: ServerId) -> Option<&Server> {
        self.note(Row::Server(id));
        self.fleet.server(id)
    }

    fn attempts(&self, operation: OperationId) -> Option<u32> {
        self.note(Row::Server(operation.server));
        self.fleet.attempts(operation)
    }

    fn project(&self, id: ProjectId) -> Option<&Project> {
        self.note(Row::Project(id));
        self.fleet.project(id)
    }

    fn usage(&self, id: ProjectId) -> Usage {
        self.note(Row::Project(id));
        self.fleet.usage(id)
    }

    fn host(&self, id: HostId) -> Option<FreeCapacity> {
        self.note(Row::Host(id));
        self.fleet.host(id)
    }

    fn hosts(&self, need: Size) -> impl Iterator<Item = FreeCapacity> {
        self.note(Row::Hosts(need));
        self.fleet.hosts(need)
    }

    fn free_addresses(&self, network: NetworkId) -> impl Iterator<Item = Ipv4Addr> {
        self.note(Row::Network(network));
        self.fleet.free_addresses(network)
    }

    fn is_free(&self, network: NetworkId, address: Ipv4Addr) -> bool {
        self.note(Row::Network(network));
        self.fleet.is_free(network, address)
    }

    fn has_key_pair(&self, user: UserId, name: &str) -> bool {
        self.note(Row::KeyPair(user, name.to_owned()));
        self.fleet.has_key_pair(user, name)
    }

    fn group(&self, id: GroupId) -> Option<&ServerGroup> {
        self.note(Row::Group(id));
        self.fleet.group(id)
    }

    fn members(&self, group: GroupId) -> impl Iterator<Item = (ServerId, &MemberHosts)> {
        self.note(Row::Group(group));
        Rows::members(self.fleet, group)
    }

    /// A count, not a row.
    fn next_port(&self) -> u64 {
        self.fleet.next_port()
    }

    fn key(&self, project: ProjectId, key: &IdempotencyKey, at: Timestamp) -> Option<&KeyRow> {
        self.note(Row::Key(project, key.clone()));
        self.fleet.key(project, key, at)
    }

    fn key_capacity(&self, project: ProjectId, at: Timestamp) -> KeyCapacity {
        self.note(Row::Keys(project));
        self.fleet.key_capacity(project, at)
    }

    fn check_queue(
        &self,
        project: ProjectId,
        count: usize,
        at: Timestamp,
    ) -> Result<(), QueueFull> {
        self.note(Row::Queue(project));
        self.fleet.check_queue(project, count, at)
    }

    /// One count for the whole service, not a row.
    fn server_capacity(&self) -> ServerCapacity {
        self.fleet.server_capacity()
    }

    /// Chance, not a row.
    fn retry_spread(&self, request: RequestId) -> f64 {
        self.fleet.retry_spread(request)
    }
}

/// Decides on a recorder; everything that was read must have been named.
pub(crate) fn check_reads(fleet: &Fleet, request: &Request, at: Timestamp) -> Decision {
    let recorder = Recorder::new(fleet);
    let decision = decide(&recorder, request, at);
    let named = reads(request);
    for row in recorder.seen.into_inner() {
        let is_named = match &row {
            Row::Server(id) => named.servers.contains(id),
            Row::Project(id) => named.project == *id,
            Row::Host(id) => {
                let server = named.servers.first().and_then(|id| fleet.get(*id));
                let mut held = server.into_iter().flat_map(|server| server.allocations());
                let is_its_own = held.any(|held| held.host == Some(*id));
                // The hosts of a group's members.
                named.host_of_server && is_its_own || named.group.is_some()
            }
            Row::Hosts(need) => {
                let server = named.servers.first().and_then(|id| fleet.get(*id));
                let own = server.filter(|_| named.hosts_for_server).map(|server| server.size);
                named.hosts == Some(*need) || own == Some(*need)
            }
            Row::Key(project, key) => named.key == Some((*project, key.clone())),
            Row::Keys(project) => named.key.as_ref().is_some_and(|(of, _)| of == project),
            Row::Network(network) => named.networks.contains(network),
            Row::KeyPair(user, name) => {
                named.key_pair.as_ref().is_some_and(|(of, known)| of == user && **known == **name)
            }
            Row::Group(id) => {
                let server = named.servers.first().and_then(|id| fleet.get(*id));
                let of_server = server.and_then(|server| server.group());
                named.group == Some(*id) || (named.hosts.is_some() && of_server == Some(*id))
            }
            Row::Queue(project) => named.queue && named.project == *project,
        };
        assert!(is_named, "{row:?} is read for {request:?} but not named by {named:?}");
    }
    decision
}

#[test]
fn every_row_that_is_read_is_named() {
    for capacities in [&[50, 50][..], &[0]] {
        let mut world = World::new(FleetConfig { hosts: hosts(capacities), ..config() });
        let nobody = world.server_id();
        let settled = world.queued();
        world.run_all();
        let running = world.queued();
        world.try_claim();
        let queued = world.queued();
        let mut with_key = world.servers(1, 1, SMALL);
        if let RequestBody::Create(create) = &mut with_key {
            let key_name = Some(Arc::from("none"));
            create.details = vec![Arc::new(Details { key_name, ..Details::default() })];
        }
        let mut in_group = world.servers(1, 1, SMALL);
        if let RequestBody::Create(create) = &mut in_group {
            let group = Some(GroupId::from_bits(1));
            create.details = vec![Arc::new(Details { group, ..Details::default() })];
        }
        let mut asks = vec![world.servers(3, 1, SMALL), with_key, in_group];
        for server in [settled, running, queued, nobody] {
            asks.extend(Action::ALL.iter().map(|action| act(*action, server, 2)));
        }
        for body in asks {
            for (project, key) in [(BLUE, None), (BLUE, Some("k")), (RED, Some("k"))] {
                let request = world.request(project, key, body.clone());
                check_reads(&world.fleet, &request, world.now);
            }
        }
        let body = world.servers(1, 1, SMALL);
        let keyed = world.request(BLUE, Some("k"), body);
        accepted(world.send(&keyed));
        check_reads(&world.fleet, &keyed, world.now);
    }
}
