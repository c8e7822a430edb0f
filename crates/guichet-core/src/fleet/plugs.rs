//! Which server has a port, by the port's id.
//!
//! An entry has the first half word of the id alone, which few ports share, and the place of the server's
//! row, which has the whole: so a port costs 8 bytes and what a block has left.

use uuid::Uuid;

use super::Slot;
use super::ordered::{Age, Ordered};
use crate::details::Port;

/// The ports of servers that are shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Plugs(Ordered<u32>);

/// The first four bytes of an id.
fn head(port: Uuid) -> u32 {
    (port.as_u128() >> 96) as u32
}

impl Plugs {
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The server of this place, of this age, has these ports from here on.
    pub(super) fn put(
        &mut self,
        ports: &[Port],
        slot: Slot,
        age: Age,
        age_of: impl Fn(Slot) -> Age + Copy,
    ) {
        ports.iter().for_each(|port| self.0.insert(head(port.id), slot, age, age_of));
    }

    /// It has them no more.
    pub(super) fn take(
        &mut self,
        ports: &[Port],
        slot: Slot,
        age: Age,
        age_of: impl Fn(Slot) -> Age + Copy,
    ) {
        ports.iter().for_each(|port| self.0.remove(&head(port.id), slot, age, age_of));
    }

    /// The places of the servers that may have a port: seldom more than one.
    pub(super) fn near(&self, port: Uuid) -> impl Iterator<Item = Slot> {
        let head = head(port);
        let from = self.0.partition(|other, _| *other < head);
        self.0.up(from).take_while(move |(other, _)| *other == head).map(|(_, slot)| *slot)
    }
}
