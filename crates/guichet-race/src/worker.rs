//! The worker that runs what is queued: each job is started and settled in one whole step.

use guichet_core::rows::{Effects, Outcome};
use guichet_core::settle::{settle, start};

use crate::cells::Cells;
use crate::effects::writes;
use crate::interner::{Interner, Number};
use crate::snapshot::{SeenRows, Snapshot};
use crate::world::{AT, CHANCE, WORKER, World};

/// What a worker access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RanJob {
    /// Which job it took.
    pub(crate) job: Number,
    /// The server afterwards; none if there was nothing left to do.
    pub(crate) server: Option<Number>,
}

/// A worker takes the first job, starts it and settles it as done: one whole step. None if no job
/// is queued.
pub(crate) fn run_job(cells: &mut Cells, world: &World, interner: &mut Interner) -> Option<RanJob> {
    let job = (!cells.queue.is_empty()).then(|| cells.queue.remove(0))?;
    let operation = interner.jobs.get(job).operation;
    let seen = Snapshot::whole(cells, interner, operation.server);
    let started = start(&SeenRows::new(world, interner, &seen), operation, WORKER, AT);
    let Some((effects, claim)) = started else {
        return Some(RanJob { job, server: None });
    };
    write_all(cells, interner, &seen, &effects);
    let seen = Snapshot::whole(cells, interner, operation.server);
    let rows = SeenRows::new(world, interner, &seen);
    let effects = settle(&rows, &claim, &Outcome::Succeeded, CHANCE, AT);
    write_all(cells, interner, &seen, &effects);
    let server = cells.find(interner, operation.server).map(|(_, image)| image);
    Some(RanJob { job, server })
}

/// Makes effects true in one step.
fn write_all(cells: &mut Cells, interner: &mut Interner, seen: &Snapshot, effects: &Effects) {
    for write in writes(interner, seen, effects) {
        cells.write(interner, write);
    }
}
