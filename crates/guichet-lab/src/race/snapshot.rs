//! What one client has read so far, kept privately: the rows that the production rules then
//! decide on, however old they are by then.

use guichet_core::ids::{HostId, ProjectId, RequestId, ServerId};
use guichet_core::project::{FreeCapacity, Project, Usage};
use guichet_core::request::{IdempotencyKey, Request, reads};
use guichet_core::rows::{KeyCapacity, KeyRow, QueueFull, Rows, ServerCapacity};
use guichet_core::server::{Server, Size};
use guichet_core::time::Timestamp;
use smallvec::SmallVec;

use super::book::{Book, Number};
use super::cells::Cells;
use super::world::World;

/// Reads one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// What the project takes.
    Usage,
    /// A server's row, found by its id (one step, as a look-up in a dictionary is).
    Server(ServerId),
    /// How long the list of servers is.
    Length,
    /// The room on the host of the server that was looked up.
    HostOfServer,
    /// The room on one host, from 0.
    Host(usize),
    /// How many wait in the queue.
    Queue,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Snapshot {
    /// The server that was looked up: its place and its image.
    pub(crate) server: Option<(u16, Number)>,
    pub(crate) length: u16,
    pub(crate) waiting: u16,
    usage: Option<Number>,
    capacities: SmallVec<[Number; 8]>,
}

/// The reads of a request, one cell each, in the order that production's `reads` names.
pub(crate) fn plan(request: &Request, hosts: usize) -> Vec<Read> {
    let named = reads(request);
    let mut plan = vec![Read::Usage];
    plan.extend(named.servers.iter().map(|id| Read::Server(*id)));
    if named.host_of_server {
        plan.push(Read::HostOfServer);
    }
    if named.hosts.is_some() {
        plan.push(Read::Length);
        plan.extend((0..hosts).map(Read::Host));
    }
    if named.queue {
        plan.push(Read::Queue);
    }
    plan
}

impl Snapshot {
    /// All that concerns one server, read in one step: what a worker sees.
    pub(crate) fn whole(cells: &Cells, book: &Book, server: ServerId) -> Self {
        Self {
            server: cells.find(book, server),
            length: cells.length,
            waiting: cells.queue.len() as u16,
            usage: Some(cells.usage),
            capacities: cells.capacities.iter().copied().collect(),
        }
    }

    /// Whether this read would read anything: a server that is nowhere has no host to look at.
    pub(crate) fn needs(&self, book: &Book, read: Read) -> bool {
        read != Read::HostOfServer || self.host_of_server(book).is_some()
    }

    fn host_of_server(&self, book: &Book) -> Option<HostId> {
        let (_, image) = self.server?;
        let server = book.servers.get(image);
        server.host.filter(|_| !server.is_deleted())
    }

    /// Reads one cell.
    pub(crate) fn read(&mut self, cells: &Cells, book: &Book, read: Read) {
        match read {
            Read::Usage => self.usage = Some(cells.usage),
            Read::Server(id) => self.server = cells.find(book, id),
            Read::Length => self.length = cells.length,
            Read::HostOfServer => {
                if let Some(host) = self.host_of_server(book) {
                    self.capacities.extend(cells.capacities.get(host.index()).copied());
                }
            }
            Read::Host(host) => self.capacities.extend(cells.capacities.get(host).copied()),
            Read::Queue => self.waiting = cells.queue.len() as u16,
        }
    }

    /// The room that was read last.
    pub(crate) fn last_room(&self) -> Option<Number> {
        self.capacities.last().copied()
    }
}

/// A snapshot as the rows that rules read.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    world: &'a World,
    book: &'a Book,
    snapshot: &'a Snapshot,
}

impl<'a> Seen<'a> {
    pub(crate) const fn new(world: &'a World, book: &'a Book, snapshot: &'a Snapshot) -> Self {
        Self { world, book, snapshot }
    }

    fn capacities(&self) -> impl Iterator<Item = FreeCapacity> {
        self.snapshot.capacities.iter().map(|capacity| *self.book.capacities.get(*capacity))
    }
}

impl Rows for Seen<'_> {
    fn server(&self, id: ServerId) -> Option<&Server> {
        let (_, image) = self.snapshot.server?;
        let server = &**self.book.servers.get(image);
        (server.id == id && !server.is_deleted()).then_some(server)
    }

    fn project(&self, id: ProjectId) -> Option<&Project> {
        Some(&self.world.project).filter(|project| project.id == id)
    }

    fn usage(&self, _: ProjectId) -> Usage {
        self.snapshot.usage.map(|usage| *self.book.usages.get(usage)).unwrap_or_default()
    }

    fn host(&self, id: HostId) -> Option<FreeCapacity> {
        self.capacities().find(|capacity| capacity.id == id)
    }

    fn hosts(&self, _: Size) -> impl Iterator<Item = FreeCapacity> {
        self.capacities()
    }

    /// No request of a race has a key.
    fn key(&self, _: ProjectId, _: &IdempotencyKey, _: Timestamp) -> Option<&KeyRow> {
        None
    }

    fn key_capacity(&self, _: ProjectId, _: Timestamp) -> KeyCapacity {
        KeyCapacity { free: usize::MAX, next_expiry: None }
    }

    /// The queue of a race has room for everything that its clients can ask for.
    fn check_queue(&self, _: ProjectId, _: usize, _: Timestamp) -> Result<(), QueueFull> {
        Ok(())
    }

    fn server_capacity(&self) -> ServerCapacity {
        let limit = self.world.servers_max();
        ServerCapacity { free: limit.saturating_sub(usize::from(self.snapshot.length)), limit }
    }

    fn retry_spread(&self, _: RequestId) -> f64 {
        0.0
    }
}
