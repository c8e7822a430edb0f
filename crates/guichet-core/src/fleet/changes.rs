//! What changed since it was last taken, as row images: what a journal writes. Changes of one
//! row fall together, so a slow journal writes each row once.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use crate::credential::ApplicationCredential;
use crate::group::ServerGroup;
use crate::ids::{HostId, IdHasher, ProjectId};
use crate::key_pair::KeyPair;
use crate::project::{FreeCapacity, Usage};
use crate::rows::KeyRow;
use crate::server::{Operation, Server};
use crate::table::Images as TableImages;

/// A place in the table of rows. A server keeps its own as long as it is remembered.
pub type Slot = u32;

/// A server's row as it is now.
#[derive(Debug, Clone)]
pub struct RowImage {
    /// The server; also one that was deleted and is remembered.
    pub server: Arc<Server>,
    /// The place of its live operation in the order of pushes, by which it can be put back.
    pub arrival: Option<u64>,
}

/// A row that is not kept any more. Its place may be taken by another server in the same changes:
/// forget first, write rows then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// Which place is free.
    pub slot: Slot,
    /// So many of [`Changes::finished`] were there when it was forgotten: those of this place
    /// among them are forgotten too.
    pub finished: usize,
}

/// Rows by their place.
pub type Images = HashMap<Slot, RowImage, BuildHasherDefault<IdHasher>>;

/// What changed. See the module's own text.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Rows that are no more, in order.
    pub forgotten: Vec<Forgotten>,
    /// Servers as they are now.
    pub rows: Images,
    /// Operations that became final, in order, with the place of their server.
    pub finished: Vec<(Slot, Operation)>,
    /// What projects' servers take now.
    pub usage: BTreeMap<ProjectId, Usage>,
    /// What is left on hosts now: the sums of their servers say the same, so it is shown and
    /// not written.
    pub capacities: BTreeMap<HostId, FreeCapacity>,
    /// Keys to remember, in order.
    pub keys: Vec<KeyRow>,
    /// Application credentials as they are now.
    pub credentials: TableImages<ApplicationCredential>,
    /// Key pairs as they are now.
    pub key_pairs: TableImages<KeyPair>,
    /// Server groups as they are now.
    pub groups: TableImages<ServerGroup>,
}

impl Changes {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.finished.is_empty()
            && self.forgotten.is_empty()
            && self.usage.is_empty()
            && self.keys.is_empty()
            && self.credentials.is_empty()
            && self.key_pairs.is_empty()
            && self.groups.is_empty()
    }

    /// Rows that are to be written, of all kinds.
    pub fn len(&self) -> usize {
        self.rows.len()
            + self.finished.len()
            + self.forgotten.len()
            + self.keys.len()
            + self.credentials.len()
            + self.key_pairs.len()
            + self.groups.len()
    }

    /// Forgets everything, and keeps the room for as much again.
    pub fn clear(&mut self) {
        self.forgotten.clear();
        self.rows.clear();
        self.finished.clear();
        self.usage.clear();
        self.capacities.clear();
        self.keys.clear();
        self.credentials.clear();
        self.key_pairs.clear();
        self.groups.clear();
    }

    /// The operations to write: those of forgotten rows are left out.
    pub fn written_operations(&self) -> impl Iterator<Item = &(Slot, Operation)> {
        let forgotten: HashMap<Slot, usize> =
            self.forgotten.iter().map(|row| (row.slot, row.finished)).collect();
        self.finished.iter().enumerate().filter_map(move |(place, finished)| {
            let is_gone = forgotten.get(&finished.0).is_some_and(|before| place < *before);
            (!is_gone).then_some(finished)
        })
    }
}
