//! A client of the unlocked manager: it reads the rows of its request one cell a step, has the
//! production rules decide on what it has read (which touches nothing that is shared, so it is
//! no step), and writes what came of it one cell a step.

use guichet_core::action::Action;
use guichet_core::decide::decide;
use guichet_core::refusal::RefusalKind;
use guichet_core::rows::Decision;

use super::book::{Book, Number};
use super::cells::{Cells, Write, Writes, writes};
use super::snapshot::{Read, Seen, Snapshot};
use super::world::{AT, Planned, World};

/// How far a client is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Client {
    /// Requests that were answered.
    answered: u8,
    doing: Doing,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
enum Doing {
    /// Between two requests.
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

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Did {
    /// Read a cell.
    Read {
        /// Which.
        read: Read,
        /// The server found there, or the room read.
        found: Option<Number>,
        /// The number found there, for cells that hold one.
        count: u16,
    },
    /// Wrote a cell.
    Wrote {
        /// What.
        write: Write,
        /// What was in that place of the list before.
        over: Option<Number>,
    },
}

/// One step of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stepped {
    pub(crate) did: Did,
    /// The answer, if this step was the last one of its request.
    pub(crate) answered: Option<Answered>,
}

impl Client {
    /// Whether it is in the middle of a request.
    pub(crate) fn is_busy(&self) -> bool {
        self.doing != Doing::Nothing
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
        book: &mut Book,
        cells: &mut Cells,
    ) -> Option<Stepped> {
        let planned = program.get(usize::from(self.answered))?;
        let (did, answered) = match std::mem::take(&mut self.doing) {
            Doing::Nothing => self.read(world, planned, book, cells, 0, Snapshot::default()),
            Doing::Reading { next, seen } => self.read(world, planned, book, cells, next, seen),
            Doing::Writing { left } => self.write(book, cells, left)?,
        };
        if answered.is_some() {
            self.answered += 1;
        }
        Some(Stepped { did, answered })
    }

    /// A whole request, as one step.
    pub(crate) fn request(
        &mut self,
        world: &World,
        program: &[Planned],
        book: &mut Book,
        cells: &mut Cells,
    ) -> Option<Answered> {
        loop {
            if let Some(answered) = self.step(world, program, book, cells)?.answered {
                return Some(answered);
            }
        }
    }

    fn read(
        &mut self,
        world: &World,
        planned: &Planned,
        book: &mut Book,
        cells: &mut Cells,
        next: u8,
        mut seen: Snapshot,
    ) -> (Did, Option<Answered>) {
        let read = planned.reads[usize::from(next)];
        seen.read(cells, book, read);
        let did = found(cells, &seen, read);
        let mut next = next + 1;
        loop {
            match planned.reads.get(usize::from(next)) {
                Some(read) if seen.needs(book, *read) => break,
                Some(_) => next += 1,
                None => return (did, self.decide(world, planned, book, cells, &seen)),
            }
        }
        self.doing = Doing::Reading { next, seen };
        (did, None)
    }

    /// Decides on what was seen; the answer, if there is nothing to write.
    fn decide(
        &mut self,
        world: &World,
        planned: &Planned,
        book: &mut Book,
        cells: &mut Cells,
        seen: &Snapshot,
    ) -> Option<Answered> {
        let request = &planned.request;
        match decide(&Seen::new(world, book, seen), request, AT) {
            Decision::Accepted(effects) => {
                let mut left = writes(book, seen, &effects);
                left.reverse();
                let nothing_to_write = left.is_empty();
                if !nothing_to_write {
                    self.doing = Doing::Writing { left };
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
        book: &mut Book,
        cells: &mut Cells,
        mut left: Writes,
    ) -> Option<(Did, Option<Answered>)> {
        let write = left.pop()?;
        let over = cells.write(book, write);
        let answered = left.is_empty().then_some(Answered::Accepted);
        if answered.is_none() {
            self.doing = Doing::Writing { left };
        }
        Some((Did::Wrote { write, over }, answered))
    }
}

/// What a read has found.
fn found(cells: &Cells, seen: &Snapshot, read: Read) -> Did {
    let (found, count) = match read {
        Read::Usage => (Some(cells.usage), 0),
        Read::Server(_) => (seen.server.map(|(_, image)| image), 0),
        Read::Length => (None, seen.length),
        Read::HostOfServer | Read::Host(_) => (seen.last_room(), 0),
        Read::Queue => (None, seen.waiting),
    };
    Did::Read { read, found, count }
}
