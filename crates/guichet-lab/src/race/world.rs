//! What a race begins from and what its clients ask for: the listed start fleets, the requests,
//! and both together as a [`Case`].

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::limits;
use guichet_core::project::{FreeCapacity, Host, Project, Quota, Usage};
use guichet_core::request::{Create, Request, RequestBody};
use guichet_core::server::Size;
use guichet_core::time::{Timestamp, VIRTUAL_START};
use smallvec::smallvec;

use super::book::Book;
use super::cells::Cells;
use super::client::Client;
use super::snapshot::{Read, plan};

/// When everything happens: no rule of a race depends on time.
pub(crate) const AT: Timestamp = VIRTUAL_START;
/// Nothing is drawn while deciding: each operation succeeds at its first attempt.
pub(crate) const CHANCE: Chance = Chance::new(0);
/// Who runs the jobs.
pub(crate) const WORKER: WorkerId = WorkerId(1);
/// What every server takes.
const SIZE: Size = Size { vcpus: 1, ram_mib: 512 };
const PROJECT: ProjectId = ProjectId(0);

/// What a client asks for. A create makes the next server in the order of the programs; the
/// others are about server A, the first there is or is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word {
    /// A new server.
    Create,
    /// A (soft) reboot of A.
    Reboot,
    /// A delete of A.
    Delete,
}

impl Word {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Create, Self::Reboot, Self::Delete];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Reboot => "reboot",
            Self::Delete => "delete",
        }
    }
}

/// A fleet to start from. It is made by the production rules, one whole step after the other.
#[derive(Debug, PartialEq, Eq)]
pub struct Start {
    /// Its name, in schedules too.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// For how many servers each host has room when empty.
    hosts: &'static [u32],
    /// How many servers the project may have.
    quota: Option<u64>,
    /// Whether server A was created.
    has_a: bool,
    /// Whether that create was carried out: A is ACTIVE.
    pub(crate) is_active: bool,
}

/// The fleets that races start from.
pub const STARTS: [Start; 5] = [
    Start {
        name: "empty",
        about: "no server; one host with room for four",
        hosts: &[4],
        quota: None,
        has_a: false,
        is_active: false,
    },
    Start {
        name: "one-active",
        about: "server A is ACTIVE; its host has room for three more",
        hosts: &[4],
        quota: None,
        has_a: true,
        is_active: true,
    },
    Start {
        name: "one-waiting",
        about: "the create of server A was accepted and still waits for a worker",
        hosts: &[4],
        quota: None,
        has_a: true,
        is_active: false,
    },
    Start {
        name: "last-room",
        about: "server A is ACTIVE; its host has room for one more, a second host for one",
        hosts: &[2, 1],
        quota: None,
        has_a: true,
        is_active: true,
    },
    Start {
        name: "last-quota",
        about: "server A is ACTIVE; the project's quota allows one more",
        hosts: &[4],
        quota: Some(2),
        has_a: true,
        is_active: true,
    },
];

/// A start fleet and what each client asks for, in order: all that a schedule is a schedule of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Where it starts.
    pub start: &'static Start,
    /// Each client's requests.
    pub programs: Vec<Vec<Word>>,
}

impl fmt::Display for Case {
    /// As in a schedule: `empty:create+delete/create`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let programs: Vec<String> = self.programs.iter().map(|words| joined(words)).collect();
        write!(f, "{}:{}", self.start.name, programs.join("/"))
    }
}

/// The words of a program, as in a schedule.
pub(crate) fn joined(words: &[Word]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
    words.join("+")
}

impl FromStr for Word {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|word| word.as_str() == text).ok_or(())
    }
}

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
    /// Each client's requests.
    pub(crate) programs: Vec<Vec<Planned>>,
    pub(crate) opening: Vec<Planned>,
}

/// The name of server number `index`, from 0: A to Z, then by number.
pub(crate) fn name(index: usize) -> String {
    match u8::try_from(index) {
        Ok(letter @ 0..26) => char::from(b'A' + letter).to_string(),
        _ => format!("S{}", index + 1),
    }
}

/// The id of server number `index`.
pub(crate) fn id_of(index: usize) -> ServerId {
    ServerId::from_bits(index as u128)
}

/// Which server this is, from 0.
pub(crate) fn index_of(id: ServerId) -> usize {
    let (_, low) = id.0.as_u64_pair();
    // The upper bits of the lower half carry the UUID's variant.
    (low & 0xFFFF_FFFF) as usize
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
        let opening = if start.has_a { vec![writer.planned(0, Word::Create)] } else { Vec::new() };
        let programs = case.programs.iter().zip(1..);
        let programs = programs
            .map(|(words, client)| words.iter().map(|word| writer.planned(client, *word)).collect())
            .collect();
        let project = Project { id: PROJECT, name: Arc::from("race"), quota, weight: 1 };
        Self { start, project, hosts, programs, opening }
    }

    /// The rows at the start, made by whole steps.
    pub(crate) fn open(&self) -> (Book, Cells) {
        let mut book = Book::default();
        let capacities = self.hosts.iter().map(|host| FreeCapacity {
            id: host.id,
            free_vcpus: host.capacity.vcpus,
            free_ram_mib: host.capacity.ram_mib,
        });
        let mut cells = Cells {
            places: smallvec![],
            length: 0,
            usage: book.usages.number(Usage::default()),
            capacities: capacities.map(|capacity| book.capacities.number(capacity)).collect(),
            queue: smallvec![],
            noted: smallvec![],
        };
        let mut opener = Client::default();
        while opener.step(self, &self.opening, &mut book, &mut cells).is_some() {}
        if self.start.is_active {
            cells.run_job(self, &mut book);
        }
        (book, cells)
    }

    /// The most servers there may be: never reached.
    pub(crate) const fn servers_max(&self) -> usize {
        limits::SERVERS_MAX
    }

    /// How many servers fit in so much.
    pub(crate) const fn servers_in(&self, size: Size) -> u32 {
        size.vcpus / SIZE.vcpus
    }

    /// How many more servers a host has room for.
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
    fn planned(&mut self, client: u32, word: Word) -> Planned {
        self.requests += 1;
        let body = match word {
            Word::Create => {
                let index = self.servers;
                self.servers += 1;
                RequestBody::Create(Create {
                    details: Vec::new(),
                    body_digest: None,
                    ports: Vec::new(),
                    servers: smallvec![(id_of(index), Arc::from(name(index)))],
                    min_count: 1,
                    size: SIZE,
                    flavor: FlavorId(0),
                    image: ImageId(0),
                })
            }
            Word::Reboot => RequestBody::act(Action::RebootSoft, id_of(0)),
            Word::Delete => RequestBody::act(Action::Delete, id_of(0)),
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
