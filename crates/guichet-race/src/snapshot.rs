//! What one client has read so far, kept privately: the rows that the production rules then
//! decide on, however old they are by then.

use guichet_core::ids::{HostId, ProjectId, RequestId, ServerId};
use guichet_core::project::{FreeCapacity, Project, Usage};
use guichet_core::request::IdempotencyKey;
use guichet_core::rows::{KeyCapacity, KeyRow, QueueFull, Rows, ServerCapacity};
use guichet_core::server::{Server, Size};
use guichet_core::time::Timestamp;
use smallvec::SmallVec;

use crate::cells::Cells;
use crate::interner::{Interner, Number};
use crate::reads::Read;
use crate::world::World;

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Snapshot {
    /// The server that was looked up: its slot of the list and its image.
    pub(crate) server: Option<(u16, Number)>,
    pub(crate) length: u16,
    pub(crate) waiting: u16,
    usage: Option<Number>,
    capacities: SmallVec<[Number; 8]>,
}

impl Snapshot {
    /// All that concerns one server, read in one step: what a worker sees.
    pub(crate) fn whole(cells: &Cells, interner: &Interner, server: ServerId) -> Self {
        Self {
            server: cells.find(interner, server),
            length: cells.length,
            waiting: cells.queue.len() as u16,
            usage: Some(cells.usage),
            capacities: cells.capacities.iter().copied().collect(),
        }
    }

    /// Whether this read would read anything: a server that is nowhere has no host to look at.
    pub(crate) fn needs(&self, interner: &Interner, read: Read) -> bool {
        read != Read::HostOfServer || self.host_of_server(interner).is_some()
    }

    fn host_of_server(&self, interner: &Interner) -> Option<HostId> {
        let (_, image) = self.server?;
        let server = interner.servers.get(image);
        server.host.filter(|_| !server.is_deleted())
    }

    /// Reads one cell.
    pub(crate) fn read(&mut self, cells: &Cells, interner: &Interner, read: Read) {
        match read {
            Read::Usage => self.usage = Some(cells.usage),
            Read::Server(id) => self.server = cells.find(interner, id),
            Read::Length => self.length = cells.length,
            Read::HostOfServer => {
                if let Some(host) = self.host_of_server(interner) {
                    self.capacities.extend(cells.capacities.get(host.index()).copied());
                }
            }
            Read::Host(host) => self.capacities.extend(cells.capacities.get(host).copied()),
            Read::Queue => self.waiting = cells.queue.len() as u16,
        }
    }

    /// The free capacity that was read last.
    pub(crate) fn last_capacity(&self) -> Option<Number> {
        self.capacities.last().copied()
    }
}

/// A snapshot as the rows that rules read.
#[derive(Debug)]
pub(crate) struct SeenRows<'a> {
    world: &'a World,
    interner: &'a Interner,
    snapshot: &'a Snapshot,
}

impl<'a> SeenRows<'a> {
    pub(crate) const fn new(
        world: &'a World,
        interner: &'a Interner,
        snapshot: &'a Snapshot,
    ) -> Self {
        Self { world, interner, snapshot }
    }

    fn capacities(&self) -> impl Iterator<Item = FreeCapacity> {
        self.snapshot.capacities.iter().map(|capacity| *self.interner.capacities.get(*capacity))
    }
}

impl Rows for SeenRows<'_> {
    fn server(&self, id: ServerId) -> Option<&Server> {
        let (_, image) = self.snapshot.server?;
        let server = &**self.interner.servers.get(image);
        (server.id == id && !server.is_deleted()).then_some(server)
    }

    fn project(&self, id: ProjectId) -> Option<&Project> {
        Some(&self.world.project).filter(|project| project.id == id)
    }

    fn usage(&self, _: ProjectId) -> Usage {
        self.snapshot.usage.map(|usage| *self.interner.usages.get(usage)).unwrap_or_default()
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

    /// The queue of a race takes everything that its clients can ask for.
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
