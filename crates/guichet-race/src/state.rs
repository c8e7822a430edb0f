//! A state of a race that is explored step by step: the shared rows, and how far each client is.
//! Which steps are possible depends on the manager: without a lock any client may go on at any
//! time; with one a request is a single step; with a semaphore of N permits, a request (or a
//! worker's step) may begin only while fewer than N are under way.

use std::fmt;

use smallvec::SmallVec;

use crate::anomaly::{Harm, judge};
use crate::cells::Cells;
use crate::client::{Answered, Client, Stepped};
use crate::interner::Interner;
use crate::opening::open;
use crate::worker::{RanJob, run_job};
use crate::world::World;

/// Who takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Actor {
    /// A client, counted from 1.
    Client(u8),
    /// The worker that runs what is queued.
    Worker,
}

impl fmt::Display for Actor {
    /// As in a schedule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(number) => write!(f, "{number}"),
            Self::Worker => f.write_str("w"),
        }
    }
}

/// Why somebody can take no step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The worker, when nothing is queued.
    NoJob,
    /// A client that has had all its answers.
    NoRequest,
    /// All permits are taken, or the lock is.
    NoPermit,
}

/// What keeps requests apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// Nothing: each read and write is whole, the sequence is not.
    Unlocked,
    /// One lock, held from the first read to the last write.
    Locked,
    /// A semaphore around the same, with so many permits; a worker takes one too.
    Semaphore(u64),
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    /// One read or write.
    Cell(Stepped),
    /// A whole request of a client, in one step.
    Request(Answered),
    /// A job, started and settled.
    Job(RanJob),
}

/// The shared rows, and how far each client is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) cells: Cells,
    pub(crate) clients: SmallVec<[Client; 3]>,
}

impl State {
    /// The beginning of a race, with the interner that its numbers are from.
    pub(crate) fn open(world: &World) -> (Interner, Self) {
        let (interner, cells) = open(world);
        let clients = world.programs.iter().map(|_| Client::default()).collect();
        (interner, Self { cells, clients })
    }

    /// How many are in the middle of a request.
    fn busy(&self) -> u64 {
        self.clients.iter().filter(|client| client.is_busy()).count() as u64
    }

    /// Whether nobody is in the middle of a request: then the rows can be judged.
    pub(crate) fn at_rest(&self) -> bool {
        self.clients.iter().all(|client| !client.is_busy())
    }

    /// What is wrong with the rows; nothing while somebody is in the middle of a request.
    pub(crate) fn harms(&self, world: &World, interner: &Interner) -> Vec<Harm> {
        if self.at_rest() { judge(world, interner, &self.cells) } else { Vec::new() }
    }

    /// Everybody who may be able to take a step, in a fixed order.
    pub(crate) fn actors(&self) -> impl Iterator<Item = Actor> + use<> {
        let clients = self.clients.len() as u8;
        (1..=clients).map(Actor::Client).chain([Actor::Worker])
    }

    /// Whether this one can take a step now.
    pub(crate) fn can(&self, world: &World, manager: Manager, actor: Actor) -> bool {
        let has_permit = match manager {
            Manager::Semaphore(permits) => self.busy() < permits,
            Manager::Unlocked | Manager::Locked => true,
        };
        match actor {
            Actor::Worker => has_permit && !self.cells.queue.is_empty(),
            Actor::Client(number) => {
                let index = usize::from(number).wrapping_sub(1);
                match (self.clients.get(index), world.programs.get(index)) {
                    (Some(client), Some(program)) => {
                        !client.is_done(program) && (has_permit || client.is_busy())
                    }
                    _ => false,
                }
            }
        }
    }

    /// What stands in the way of a step that cannot be taken.
    pub(crate) fn obstacle(&self, world: &World, actor: Actor) -> Obstacle {
        let idle = match actor {
            Actor::Worker => self.cells.queue.is_empty(),
            Actor::Client(number) => {
                let index = usize::from(number).wrapping_sub(1);
                let (client, program) = (self.clients.get(index), world.programs.get(index));
                client.zip(program).is_none_or(|(client, program)| client.is_done(program))
            }
        };
        match (idle, actor) {
            (true, Actor::Worker) => Obstacle::NoJob,
            (true, Actor::Client(_)) => Obstacle::NoRequest,
            (false, _) => Obstacle::NoPermit,
        }
    }

    /// Takes one step; none if this one can take none.
    pub(crate) fn step(
        &mut self,
        world: &World,
        interner: &mut Interner,
        manager: Manager,
        actor: Actor,
    ) -> Option<Moved> {
        if !self.can(world, manager, actor) {
            return None;
        }
        let Actor::Client(number) = actor else {
            return run_job(&mut self.cells, world, interner).map(Moved::Job);
        };
        let index = usize::from(number) - 1;
        let (client, program) = (&mut self.clients[index], &world.programs[index]);
        if manager == Manager::Locked {
            return client.request(world, program, interner, &mut self.cells).map(Moved::Request);
        }
        client.step(world, program, interner, &mut self.cells).map(Moved::Cell)
    }
}
