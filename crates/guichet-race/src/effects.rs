//! What a decision comes to, as writes of one cell each.

use guichet_core::rows::Effects;

use crate::cells::{Write, Writes};
use crate::interner::Interner;
use crate::snapshot::Snapshot;

/// The writes that make effects true, one cell each: rows, length, usage, capacities, queue. New
/// servers go behind the length that was seen, known ones where they were seen.
pub(crate) fn writes(interner: &mut Interner, seen: &Snapshot, effects: &Effects) -> Writes {
    let mut writes = Writes::new();
    let mut length = seen.length;
    for server in &effects.servers {
        let known = seen.server.filter(|(_, image)| interner.servers.get(*image).id == server.id);
        let slot = match known {
            Some((slot, _)) => slot,
            None => {
                length += 1;
                length - 1
            }
        };
        writes.push(Write::Row { slot, server: interner.servers.intern(server.clone()) });
    }
    if length > seen.length {
        writes.push(Write::Length(length));
    }
    if let Some((_, usage)) = effects.usage {
        writes.push(Write::Usage(interner.usages.intern(usage)));
    }
    writes.extend(
        effects.hosts.iter().map(|capacity| Write::Capacity(interner.capacities.intern(*capacity))),
    );
    writes.extend(effects.jobs.iter().map(|job| Write::Queue(interner.changes.intern(*job))));
    writes
}
