//! A case ready to be run: its project, its hosts, and each client's requests with their reads.

use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::ids::{ClientId, FlavorId, HostId, ImageId, ProjectId, RequestId, WorkerId};
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Host, Project, Quota};
use guichet_core::request::{Create, Request, RequestBody};
use guichet_core::server::Size;
use guichet_core::time::{Timestamp, VIRTUAL_START};
use smallvec::smallvec;

use crate::case::{Case, RequestKind, Start};
use crate::naming::{id_of, name};
use crate::reads::{Read, plan};

/// When everything happens: no rule of a race depends on time.
pub(crate) const AT: Timestamp = VIRTUAL_START;
/// Nothing is drawn while deciding: each operation succeeds at its first attempt.
pub(crate) const CHANCE: Chance = Chance::new(0);
/// Who runs the jobs.
pub(crate) const WORKER: WorkerId = WorkerId(1);
/// What every server takes.
const SIZE: Size = Size { vcpus: 1, ram_mib: 512 };
const PROJECT: ProjectId = ProjectId(0);

/// A request with its reads.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) request: Request,
    pub(crate) reads: Vec<Read>,
}

/// A case ready to be run: everything that never changes in it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) start: &'static Start,
    pub(crate) project: Project,
    pub(crate) hosts: Vec<Host>,
    /// Each client's requests, in the order in which it sends them.
    pub(crate) programs: Vec<Vec<Planned>>,
    /// The requests that make the start fleet.
    pub(crate) opening: Vec<Planned>,
}

impl World {
    pub(crate) fn new(case: &Case) -> Self {
        let start = case.start;
        let hosts: Vec<Host> = start
            .hosts
            .iter()
            .zip(0..)
            .map(|(capacity, id)| Host {
                id: HostId(id),
                name: Arc::from(format!("host {}", id + 1)),
                capacity: Size { vcpus: SIZE.vcpus * capacity, ram_mib: SIZE.ram_mib * capacity },
            })
            .collect();
        let quota = Quota { instances: start.quota, ..Quota::default() };
        let mut writer = Writer { hosts: hosts.len(), requests: 0, servers: 0 };
        let opening =
            if start.has_a { vec![writer.planned(0, RequestKind::Create)] } else { Vec::new() };
        let programs = case.programs.iter().zip(1..);
        let programs = programs
            .map(|(program, client)| {
                program.iter().map(|kind| writer.planned(client, *kind)).collect()
            })
            .collect();
        let project = Project { id: PROJECT, name: Arc::from("race"), quota, weight: 1 };
        Self { start, project, hosts, programs, opening }
    }

    /// The most servers there may be: never reached.
    pub(crate) const fn servers_max(&self) -> usize {
        limits::SERVERS_MAX
    }

    /// How many servers fit in so much.
    pub(crate) const fn servers_in(&self, size: Size) -> u32 {
        size.vcpus / SIZE.vcpus
    }

    /// For how many more servers a host has capacity.
    pub(crate) const fn capacity_for(&self, capacity: &FreeCapacity) -> u32 {
        capacity.free_vcpus / SIZE.vcpus
    }
}

/// Makes requests with ids of their own.
struct Writer {
    hosts: usize,
    requests: u128,
    servers: usize,
}

impl Writer {
    fn planned(&mut self, client: u32, kind: RequestKind) -> Planned {
        self.requests += 1;
        let body = match kind {
            RequestKind::Create => {
                let index = self.servers;
                self.servers += 1;
                RequestBody::Create(Create {
                    details: Vec::new(),
                    hosts: None,
                    most_in_group: None,
                    body_digest: None,
                    ports: Vec::new(),
                    servers: smallvec![(id_of(index), Arc::from(name(index)))],
                    min_count: 1,
                    size: SIZE,
                    flavor: FlavorId(0),
                    image: ImageId(0),
                })
            }
            RequestKind::Reboot => RequestBody::act(Action::RebootSoft, id_of(0)),
            RequestKind::Delete => RequestBody::act(Action::Delete, id_of(0)),
        };
        let request = Request {
            privileged: false,
            id: RequestId::from_bits(self.requests),
            client: ClientId(client),
            project: PROJECT,
            key: None,
            body,
        };
        let reads = plan(&request, self.hosts);
        Planned { request, reads }
    }
}
