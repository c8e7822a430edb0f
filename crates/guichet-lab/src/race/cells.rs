//! The shared rows as cells, each of which can be read or written by itself: the list of servers
//! (its places and its length), the project's usage, each host's room, the queue.
//!
//! Each single read and write is whole, as under the interpreter lock of the lab sheet's Python;
//! a sequence of them is not. The list is the sheet's shared list: a new server goes into the
//! place behind the last one, then the length says so. The queue is a thread-safe one, as in the
//! sheet: adding to it or taking from it is one whole step.

use guichet_core::ids::{OperationId, ServerId};
use guichet_core::rows::{Effects, JobChange, Outcome};
use guichet_core::server::Server;
use guichet_core::settle::{settle, start};
use smallvec::SmallVec;

use super::book::{Book, Number};
use super::snapshot::{Seen, Snapshot};
use super::world::{AT, CHANCE, WORKER, World, index_of};

/// What those who look on note of a server; nobody decides by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Noted {
    /// Its create was accepted.
    pub(crate) created: bool,
    /// How many deletes of it were accepted, each as the first one.
    pub(crate) deletes: u8,
    /// It was gone at some time.
    pub(crate) gone: bool,
    /// It was written back after that.
    pub(crate) back: bool,
}

/// The shared rows, and what those who look on have noted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Cells {
    pub(crate) places: SmallVec<[Option<Number>; 8]>,
    pub(crate) length: u16,
    pub(crate) usage: Number,
    pub(crate) capacities: SmallVec<[Number; 8]>,
    pub(crate) queue: SmallVec<[Number; 8]>,
    pub(crate) noted: SmallVec<[Noted; 6]>,
}

/// Writes one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Write {
    /// A server's image into a place of the list.
    Row {
        /// Which place, from 0.
        place: u16,
        /// The image.
        server: Number,
    },
    /// The length of the list.
    Length(u16),
    /// The project's usage.
    Usage(Number),
    /// The room of a host.
    Room(Number),
    /// A change to the queue.
    Queue(Number),
}

/// What is still to be written, in order.
pub(crate) type Writes = SmallVec<[Write; 6]>;

/// What a worker did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RanJob {
    /// Which job it took.
    pub(crate) job: Number,
    /// The server afterwards; none if there was nothing left to do.
    pub(crate) server: Option<Number>,
}

impl Cells {
    /// The place and image of a server in the list; deleted ones too.
    pub(crate) fn find(&self, book: &Book, id: ServerId) -> Option<(u16, Number)> {
        let listed = self.places.iter().take(usize::from(self.length));
        listed.zip(0..).find_map(|(image, place)| {
            let image = (*image)?;
            (book.servers.get(image).id == id).then_some((place, image))
        })
    }

    /// The servers in the list that are not deleted.
    pub(crate) fn existing<'b>(&self, book: &'b Book) -> impl Iterator<Item = &'b Server> {
        let listed = self.places.iter().take(usize::from(self.length)).flatten();
        listed.map(|image| &**book.servers.get(*image)).filter(|server| !server.is_deleted())
    }

    /// What is noted of a server.
    pub(crate) fn note(&mut self, id: ServerId) -> &mut Noted {
        let index = index_of(id);
        if self.noted.len() <= index {
            self.noted.resize(index + 1, Noted::default());
        }
        &mut self.noted[index]
    }

    /// Writes one cell. What was there before, if it is a place of the list.
    pub(crate) fn write(&mut self, book: &mut Book, write: Write) -> Option<Number> {
        match write {
            Write::Row { place, server } => {
                let row = book.servers.get(server);
                let noted = self.note(row.id);
                noted.back |= noted.gone && !row.is_deleted();
                noted.gone |= row.is_deleted();
                let place = usize::from(place);
                if self.places.len() <= place {
                    self.places.resize(place + 1, None);
                }
                return self.places[place].replace(server);
            }
            Write::Length(length) => self.length = length,
            Write::Usage(usage) => self.usage = usage,
            Write::Room(capacity) => {
                let host = book.capacities.get(capacity).id.index();
                if let Some(cell) = self.capacities.get_mut(host) {
                    *cell = capacity;
                }
            }
            Write::Queue(change) => {
                let change = *book.changes.get(change);
                self.change_queue(book, change);
            }
        }
        None
    }

    fn change_queue(&mut self, book: &mut Book, change: JobChange) {
        match change {
            JobChange::Push(job) | JobChange::PushBehind { job, .. } => {
                self.queue.push(book.jobs.number(job));
            }
            JobChange::Replace { old, job } => {
                let job = book.jobs.number(job);
                match self.waiting_at(book, old) {
                    Some(place) => self.queue[place] = job,
                    None => self.queue.push(job),
                }
            }
            JobChange::Remove(operation) => {
                if let Some(place) = self.waiting_at(book, operation) {
                    self.queue.remove(place);
                }
            }
            // A worker takes its job off the queue when it starts, and each one succeeds.
            JobChange::Requeue { .. } | JobChange::Done(_) => {}
        }
    }

    fn waiting_at(&self, book: &Book, operation: OperationId) -> Option<usize> {
        self.queue.iter().position(|job| book.jobs.get(*job).operation == operation)
    }

    /// A worker takes the first job, starts it and settles it as done: one whole step.
    pub(crate) fn run_job(&mut self, world: &World, book: &mut Book) -> Option<RanJob> {
        let job = (!self.queue.is_empty()).then(|| self.queue.remove(0))?;
        let operation = book.jobs.get(job).operation;
        let seen = Snapshot::whole(self, book, operation.server);
        let started = start(&Seen::new(world, book, &seen), operation, WORKER, AT);
        let Some((effects, claim)) = started else {
            return Some(RanJob { job, server: None });
        };
        self.write_all(book, &seen, &effects);
        let seen = Snapshot::whole(self, book, operation.server);
        let rows = Seen::new(world, book, &seen);
        let effects = settle(&rows, &claim, &Outcome::Succeeded, CHANCE, AT);
        self.write_all(book, &seen, &effects);
        let server = self.find(book, operation.server).map(|(_, image)| image);
        Some(RanJob { job, server })
    }

    /// Makes effects true in one step.
    fn write_all(&mut self, book: &mut Book, seen: &Snapshot, effects: &Effects) {
        for write in writes(book, seen, effects) {
            self.write(book, write);
        }
    }
}

/// The writes that make effects true, one cell each: rows, length, usage, rooms, queue. New
/// servers go behind the length that was seen, known ones where they were seen.
pub(crate) fn writes(book: &mut Book, seen: &Snapshot, effects: &Effects) -> Writes {
    let mut writes = Writes::new();
    let mut length = seen.length;
    for server in &effects.servers {
        let known = seen.server.filter(|(_, image)| book.servers.get(*image).id == server.id);
        let place = match known {
            Some((place, _)) => place,
            None => {
                length += 1;
                length - 1
            }
        };
        writes.push(Write::Row { place, server: book.servers.number(server.clone()) });
    }
    if length > seen.length {
        writes.push(Write::Length(length));
    }
    if let Some((_, usage)) = effects.usage {
        writes.push(Write::Usage(book.usages.number(usage)));
    }
    writes.extend(
        effects.hosts.iter().map(|capacity| Write::Room(book.capacities.number(*capacity))),
    );
    writes.extend(effects.jobs.iter().map(|job| Write::Queue(book.changes.number(*job))));
    writes
}
