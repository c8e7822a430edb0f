//! A client of the unlocked manager: it reads the rows of its request one cell a step, has the
//! production rules decide on what it has read (which touches nothing that is shared, so it is
//! no step), and writes what came of it one cell a step.

use guichet_core::action::Action;
use guichet_core::decide::decide;
use guichet_core::refusal::RefusalKind;
use guichet_core::rows::Decision;

use crate::cells::{Cells, Write, Writes};
use crate::effects::writes;
use crate::interner::{Interner, Number};
use crate::reads::Read;
use crate::snapshot::{SeenRows, Snapshot};
use crate::world::{AT, Planned, World};

/// How far a client is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Client {
    /// Requests that were answered.
    answered: u8,
    phase: Phase,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
enum Phase {
    /// It is between two requests.
    #[default]
    Nothing,
    /// In the middle of its reads.
    Reading { next: u8, seen: Snapshot },
    /// In the middle of its writes; the next one is the last of these.
    Writing { left: Writes },
}

/// How a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    Accepted,
    Repeated,
    Refused(RefusalKind),
}

/// What one step access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It read a cell.
    Read {
        /// The cell that was read.
        read: Read,
        /// The server found there, or the capacity read.
        found: Option<Number>,
        /// The number found there, for cells that hold one.
        count: u16,
    },
    /// It wrote a cell.
    Wrote {
        /// The write that was made.
        write: Write,
        /// What was in that slot of the list before.
        over: Option<Number>,
    },
}

/// One step of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stepped {
    pub(crate) access: Access,
    /// The answer, if this step was the last one of its request.
    pub(crate) answered: Option<Answered>,
}

impl Client {
    /// Whether it is in the middle of a request.
    pub(crate) fn is_busy(&self) -> bool {
        self.phase != Phase::Nothing
    }

    /// Whether nothing is left to ask.
    pub(crate) fn is_done(&self, program: &[Planned]) -> bool {
        !self.is_busy() && usize::from(self.answered) >= program.len()
    }

    /// Which of its requests it is at, from 0.
    pub(crate) fn at(&self) -> usize {
        usize::from(self.answered)
    }

    /// The next step; none if nothing is left to ask.
    pub(crate) fn step(
        &mut self,
        world: &World,
        program: &[Planned],
        interner: &mut Interner,
        cells: &mut Cells,
    ) -> Option<Stepped> {
        let planned = program.get(usize::from(self.answered))?;
        let (access, answered) = match std::mem::take(&mut self.phase) {
            Phase::Nothing => self.read(world, planned, interner, cells, 0, Snapshot::default()),
            Phase::Reading { next, seen } => self.read(world, planned, interner, cells, next, seen),
            Phase::Writing { left } => self.write(interner, cells, left)?,
        };
        if answered.is_some() {
            self.answered += 1;
        }
        Some(Stepped { access, answered })
    }

    /// A whole request, as one step.
    pub(crate) fn request(
        &mut self,
        world: &World,
        program: &[Planned],
        interner: &mut Interner,
        cells: &mut Cells,
    ) -> Option<Answered> {
        loop {
            if let Some(answered) = self.step(world, program, interner, cells)?.answered {
                return Some(answered);
            }
        }
    }

    fn read(
        &mut self,
        world: &World,
        planned: &Planned,
        interner: &mut Interner,
        cells: &mut Cells,
        next: u8,
        mut seen: Snapshot,
    ) -> (Access, Option<Answered>) {
        let read = planned.reads[usize::from(next)];
        seen.read(cells, interner, read);
        let access = found(cells, &seen, read);
        let mut next = next + 1;
        loop {
            match planned.reads.get(usize::from(next)) {
                Some(read) if seen.needs(interner, *read) => break,
                Some(_) => next += 1,
                None => return (access, self.decide(world, planned, interner, cells, &seen)),
            }
        }
        self.phase = Phase::Reading { next, seen };
        (access, None)
    }

    /// Decides on what was seen; the answer, if there is nothing to write.
    fn decide(
        &mut self,
        world: &World,
        planned: &Planned,
        interner: &mut Interner,
        cells: &mut Cells,
        seen: &Snapshot,
    ) -> Option<Answered> {
        let request = &planned.request;
        match decide(&SeenRows::new(world, interner, seen), request, AT) {
            Decision::Accepted(effects) => {
                let mut left = writes(interner, seen, &effects);
                left.reverse();
                let nothing_to_write = left.is_empty();
                if !nothing_to_write {
                    self.phase = Phase::Writing { left };
                }
                match (request.action(), request.server()) {
                    (Action::Create, Some(server)) => cells.note(server).created = true,
                    (Action::Delete, Some(server)) => cells.note(server).deletes += 1,
                    _ => {}
                }
                nothing_to_write.then_some(Answered::Accepted)
            }
            Decision::Repeated(_) => Some(Answered::Repeated),
            Decision::Refused(refusal) => Some(Answered::Refused(refusal.kind())),
        }
    }

    fn write(
        &mut self,
        interner: &mut Interner,
        cells: &mut Cells,
        mut left: Writes,
    ) -> Option<(Access, Option<Answered>)> {
        let write = left.pop()?;
        let over = cells.write(interner, write);
        let answered = left.is_empty().then_some(Answered::Accepted);
        if answered.is_none() {
            self.phase = Phase::Writing { left };
        }
        Some((Access::Wrote { write, over }, answered))
    }
}

/// What a read has found.
fn found(cells: &Cells, seen: &Snapshot, read: Read) -> Access {
    let (found, count) = match read {
        Read::Usage => (Some(cells.usage), 0),
        Read::Server(_) => (seen.server.map(|(_, image)| image), 0),
        Read::Length => (None, seen.length),
        Read::HostOfServer | Read::Host(_) => (seen.last_capacity(), 0),
        Read::Queue => (None, seen.waiting),
    };
    Access::Read { read, found, count }
}
