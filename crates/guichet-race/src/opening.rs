//! The rows at the start of a race, made by the production rules, one whole step after the other.

use guichet_core::project::{FreeCapacity, Usage};
use smallvec::smallvec;

use crate::cells::Cells;
use crate::client::Client;
use crate::interner::Interner;
use crate::worker::run_job;
use crate::world::World;

/// The rows that a world starts from, with the interner that their numbers are from.
pub(crate) fn open(world: &World) -> (Interner, Cells) {
    let mut interner = Interner::default();
    let capacities = world.hosts.iter().map(|host| FreeCapacity {
        id: host.id,
        free_vcpus: host.capacity.vcpus,
        free_ram_mib: host.capacity.ram_mib,
    });
    let mut cells = Cells {
        slots: smallvec![],
        length: 0,
        usage: interner.usages.intern(Usage::default()),
        capacities: capacities.map(|capacity| interner.capacities.intern(capacity)).collect(),
        queue: smallvec![],
        noted: smallvec![],
    };
    let mut opener = Client::default();
    while opener.step(world, &world.opening, &mut interner, &mut cells).is_some() {}
    if world.start.is_active {
        run_job(&mut cells, world, &mut interner);
    }
    (interner, cells)
}
