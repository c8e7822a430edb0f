//! Values by number: a state of the race is made of small numbers, so that millions of states are
//! cheap to copy, compare and keep. Two values have the same number exactly when they are equal,
//! so nothing of a row is left out of a comparison.

use std::num::NonZeroU16;
use std::sync::Arc;

use guichet_core::project::{FreeCapacity, Usage};
use guichet_core::rows::{Job, JobChange};
use guichet_core::server::Server;

/// A value's number in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Number(NonZeroU16);

/// The values of one kind, each of which is there once.
#[derive(Debug, Clone)]
pub(crate) struct Table<T>(Vec<T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> Table<T> {
    /// The value's number; a new one if it was never seen.
    pub(crate) fn intern(&mut self, value: T) -> Number {
        let index = self.0.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.0.push(value);
            self.0.len() - 1
        });
        let number = u16::try_from(index + 1).ok().and_then(NonZeroU16::new);
        Number(number.expect("limits.rs: a race has far fewer different values than 65,535"))
    }

    /// The value of a number that this table gave out.
    pub(crate) fn get(&self, number: Number) -> &T {
        &self.0[usize::from(number.0.get()) - 1]
    }
}

/// All values of a race.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    /// Images of servers, as rows hold them.
    pub(crate) servers: Table<Arc<Server>>,
    /// What the project takes.
    pub(crate) usages: Table<Usage>,
    /// What is free on hosts.
    pub(crate) capacities: Table<FreeCapacity>,
    /// Jobs in the queue.
    pub(crate) jobs: Table<Job>,
    /// Changes to the queue.
    pub(crate) changes: Table<JobChange>,
}
