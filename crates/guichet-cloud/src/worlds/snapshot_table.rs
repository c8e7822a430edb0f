//! The snapshots that a world has, and what all of them may hold.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guichet_core::limits;
use guichet_core::time::Timestamp;
use tokio::sync::Semaphore;

use super::error::WorldError;
use crate::snapshot::Snapshot;

/// What a snapshot is called in its world: letters, digits, `.`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotName(Arc<str>);

impl SnapshotName {
    /// The name that a text is.
    ///
    /// # Errors
    /// [`WorldError::SnapshotName`].
    pub fn new(text: &str) -> Result<Self, WorldError> {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let is_inside = |byte: u8| is_letter(byte) || matches!(byte, b'.' | b'_' | b'-');
        let is_name = text.len() <= limits::SNAPSHOT_NAME_MAX
            && text.bytes().next().is_some_and(is_letter)
            && text.bytes().all(is_inside);
        if !is_name {
            // What is longer than a name need not be said again in full.
            let found = text.chars().take(limits::SNAPSHOT_NAME_MAX + 1).collect();
            return Err(WorldError::SnapshotName { found });
        }
        Ok(Self(Arc::from(text)))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SnapshotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A snapshot that a world has.
#[derive(Debug, Clone)]
pub struct NamedSnapshot {
    /// Its name.
    pub name: SnapshotName,
    /// It.
    pub snapshot: Arc<Snapshot>,
    /// When it was taken or imported, by the process's time.
    pub taken: Timestamp,
}

/// The snapshots of one world.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    /// Held for a look-up or to put one in, never across a wait.
    table: Mutex<BTreeMap<SnapshotName, NamedSnapshot>>,
}

impl Snapshots {
    pub(super) fn table(&self) -> MutexGuard<'_, BTreeMap<SnapshotName, NamedSnapshot>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether one of this name may be put in.
    pub(super) fn check(&self, name: &SnapshotName, replaces: bool) -> Result<(), WorldError> {
        let table = self.table();
        let most = limits::SNAPSHOTS_PER_WORLD_MAX;
        match table.contains_key(name) {
            true if !replaces => Err(WorldError::SnapshotExists { name: name.to_string() }),
            false if table.len() >= most => Err(WorldError::TooManySnapshots { most }),
            _ => Ok(()),
        }
    }
}

/// What all snapshots of a service share.
#[derive(Debug)]
pub(super) struct Held {
    /// A permit for each row of a server. A snapshot holds its own until it is dropped.
    rows: Arc<Semaphore>,
    /// Held by whoever takes one, or begins from one, until that is done: no two need the memory and
    /// the threads for that at once.
    pub(super) turn: Semaphore,
    /// Held by whoever reads a document, from before its first byte is read.
    pub(super) imports: Semaphore,
}

impl Default for Held {
    fn default() -> Self {
        let rows = Arc::new(Semaphore::new(limits::SNAPSHOT_SERVERS_MAX));
        Self { rows, turn: Semaphore::new(1), imports: Semaphore::new(1) }
    }
}

impl Held {
    /// A snapshot that counts.
    pub(super) fn counted(&self, mut snapshot: Snapshot) -> Result<Arc<Snapshot>, WorldError> {
        let (found, most) = (snapshot.rows(), limits::SNAPSHOT_SERVERS_MAX);
        let full = WorldError::SnapshotsFull { found, most };
        let Ok(count) = u32::try_from(found) else { return Err(full) };
        let charge = Arc::clone(&self.rows).try_acquire_many_owned(count);
        snapshot.charge = Some(charge.map_err(|_| full)?);
        Ok(Arc::new(snapshot))
    }
}
