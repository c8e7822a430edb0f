//! The shared rows as cells, each of which can be read or written by itself: the list of servers
//! (its slots and its length), the project's usage, each host's free capacity, the queue.
//!
//! Each single read and write is whole, as under the interpreter lock of the lab sheet's Python;
//! a sequence of them is not. The list is the sheet's shared list: a new server goes into the
//! slot behind the last one, then the length says so. The queue is a thread-safe one, as in the
//! sheet: adding to it or taking from it is one whole step.

use guichet_core::ids::{OperationId, ServerId};
use guichet_core::rows::JobChange;
use guichet_core::server::Server;
use smallvec::SmallVec;

use crate::interner::{Interner, Number};
use crate::naming::index_of;

/// What observers note of a server; nobody decides by it.
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

/// The shared rows, and what observers have noted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Cells {
    pub(crate) slots: SmallVec<[Option<Number>; 8]>,
    pub(crate) length: u16,
    pub(crate) usage: Number,
    pub(crate) capacities: SmallVec<[Number; 8]>,
    pub(crate) queue: SmallVec<[Number; 8]>,
    pub(crate) noted: SmallVec<[Noted; 6]>,
}

/// Writes one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Write {
    /// A server's image into a slot of the list.
    Row {
        /// Which slot, from 0.
        slot: u16,
        /// The number of its image.
        server: Number,
    },
    /// The length of the list.
    Length(u16),
    /// What the project takes after it.
    Usage(Number),
    /// The free capacity of a host.
    Capacity(Number),
    /// A change to the queue.
    Queue(Number),
}

/// What is still to be written, in order.
pub(crate) type Writes = SmallVec<[Write; 6]>;

impl Cells {
    /// The slot and image of a server in the list; deleted ones too.
    pub(crate) fn find(&self, interner: &Interner, id: ServerId) -> Option<(u16, Number)> {
        let listed = self.slots.iter().take(usize::from(self.length));
        listed.zip(0..).find_map(|(image, slot)| {
            let image = (*image)?;
            (interner.servers.get(image).id == id).then_some((slot, image))
        })
    }

    /// The servers in the list that are not deleted.
    pub(crate) fn existing<'b>(&self, interner: &'b Interner) -> impl Iterator<Item = &'b Server> {
        let listed = self.slots.iter().take(usize::from(self.length)).flatten();
        listed.map(|image| &**interner.servers.get(*image)).filter(|server| !server.is_deleted())
    }

    /// What is noted of a server.
    pub(crate) fn note(&mut self, id: ServerId) -> &mut Noted {
        let index = index_of(id);
        if self.noted.len() <= index {
            self.noted.resize(index + 1, Noted::default());
        }
        &mut self.noted[index]
    }

    /// Writes one cell. What was there before, if it is a slot of the list.
    pub(crate) fn write(&mut self, interner: &mut Interner, write: Write) -> Option<Number> {
        match write {
            Write::Row { slot, server } => {
                let row = interner.servers.get(server);
                let noted = self.note(row.id);
                noted.back |= noted.gone && !row.is_deleted();
                noted.gone |= row.is_deleted();
                let slot = usize::from(slot);
                if self.slots.len() <= slot {
                    self.slots.resize(slot + 1, None);
                }
                return self.slots[slot].replace(server);
            }
            Write::Length(length) => self.length = length,
            Write::Usage(usage) => self.usage = usage,
            Write::Capacity(capacity) => {
                let host = interner.capacities.get(capacity).id.index();
                if let Some(cell) = self.capacities.get_mut(host) {
                    *cell = capacity;
                }
            }
            Write::Queue(change) => {
                let change = *interner.changes.get(change);
                self.change_queue(interner, change);
            }
        }
        None
    }

    fn change_queue(&mut self, interner: &mut Interner, change: JobChange) {
        match change {
            JobChange::Push(job) | JobChange::PushBehind { job, .. } => {
                self.queue.push(interner.jobs.intern(job));
            }
            JobChange::Replace { old, job } => {
                let job = interner.jobs.intern(job);
                match self.waiting_at(interner, old) {
                    Some(index) => self.queue[index] = job,
                    None => self.queue.push(job),
                }
            }
            JobChange::Remove(operation) => {
                if let Some(index) = self.waiting_at(interner, operation) {
                    self.queue.remove(index);
                }
            }
            // A worker takes its job off the queue when it starts, and each one succeeds.
            JobChange::Requeue { .. } | JobChange::Done(_) | JobChange::Stop(_) => {}
        }
    }

    fn waiting_at(&self, interner: &Interner, operation: OperationId) -> Option<usize> {
        self.queue.iter().position(|job| interner.jobs.get(*job).operation == operation)
    }
}
