//! Where the row of each server is, by id.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::Slot;
use crate::ids::{IdHash, ServerId};

/// The places of rows. The ids are read from the rows, by the `id_at` that is handed in, which whoever looks
/// for a row reads next: so an entry costs 4 bytes and not 20.
#[derive(Debug, Clone)]
pub(super) struct ById(HashTable<Slot>);

fn hash(id: ServerId) -> u64 {
    IdHash::default().hash_one(id)
}

impl ById {
    /// With room for so many.
    pub(super) fn with_room(servers: usize) -> Self {
        Self(HashTable::with_capacity(servers))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(
        &self,
        id: ServerId,
        id_at: impl Fn(Slot) -> Option<ServerId>,
    ) -> Option<Slot> {
        self.0.find(hash(id), |slot| id_at(*slot) == Some(id)).copied()
    }

    /// Adds a server that is not there, and whose row is.
    pub(super) fn insert(
        &mut self,
        id: ServerId,
        slot: Slot,
        id_at: impl Fn(Slot) -> Option<ServerId>,
    ) {
        // Every place that is here has a row.
        let hash_of = |slot: &Slot| id_at(*slot).map_or(0, hash);
        self.0.insert_unique(hash(id), slot, hash_of);
    }

    /// Takes a server out, whose row is still there.
    pub(super) fn remove(
        &mut self,
        id: ServerId,
        id_at: impl Fn(Slot) -> Option<ServerId>,
    ) -> Option<Slot> {
        let found = self.0.find_entry(hash(id), |slot| id_at(*slot) == Some(id));
        found.ok().map(|entry| entry.remove().0)
    }
}
