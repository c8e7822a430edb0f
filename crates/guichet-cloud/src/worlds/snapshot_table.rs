//! The snapshots that a world has, and what all of them may hold.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guichet_core::limits;
use guichet_core::time::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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

/// A snapshot that is in a file and could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableSnapshot {
    /// Its name.
    pub name: SnapshotName,
    /// What is wrong with it.
    pub problem: String,
}

/// The snapshots of one world.
#[derive(Debug)]
pub(super) struct Snapshots {
    /// Held by the one request that imports a document for it.
    importing: Arc<Semaphore>,
    /// Held for a look-up or to put one in, never across a wait.
    table: Mutex<BTreeMap<SnapshotName, NamedSnapshot>>,
    /// What is wrong with those that could not be read, of [`limits::SNAPSHOTS_PER_WORLD_MAX`] at most.
    /// Held as the table is, and never beside it.
    unreadable: Mutex<BTreeMap<SnapshotName, String>>,
}

impl Default for Snapshots {
    fn default() -> Self {
        Self {
            importing: Arc::new(Semaphore::new(1)),
            table: Mutex::default(),
            unreadable: Mutex::default(),
        }
    }
}

impl Snapshots {
    pub(super) fn table(&self) -> MutexGuard<'_, BTreeMap<SnapshotName, NamedSnapshot>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn unreadable(&self) -> MutexGuard<'_, BTreeMap<SnapshotName, String>> {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that one could not be read. Past so many it is in the log alone.
    pub(super) fn set_unreadable(&self, name: SnapshotName, problem: String) {
        let mut unreadable = self.unreadable();
        if unreadable.len() < limits::SNAPSHOTS_PER_WORLD_MAX {
            unreadable.insert(name, problem);
        }
    }

    /// The one of this name, or that it could not be read; none if there is none.
    pub(super) fn find(&self, name: &SnapshotName) -> Option<Result<NamedSnapshot, WorldError>> {
        if let Some(named) = self.table().get(name) {
            return Some(Ok(named.clone()));
        }
        let problem = self.unreadable().get(name).cloned()?;
        Some(Err(WorldError::SnapshotUnreadable { name: name.to_string(), problem }))
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
    /// A permit for each KiB that a snapshot holds beside its rows. They are given back as those are.
    kib: Arc<Semaphore>,
    /// Held by whoever takes one, or begins from one, until that is done: no two need the memory and
    /// the threads for that at once.
    turn: Arc<Semaphore>,
    /// Each held by whoever imports a document, from before its first byte is read until it is a
    /// snapshot or none.
    imports: Arc<Semaphore>,
}

/// The turn of whoever takes a snapshot or begins from one. It goes with the work, which is done to its
/// end also if nobody waits for it any more.
pub(super) type Turn = Option<OwnedSemaphorePermit>;

/// The right to read one document for a world. It goes with the document.
#[derive(Debug)]
pub struct Importing {
    /// One of those that are read at once.
    _any: OwnedSemaphorePermit,
    /// The world's own.
    _own: OwnedSemaphorePermit,
}

impl Default for Held {
    fn default() -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            rows: semaphore(limits::SNAPSHOT_SERVERS_MAX),
            kib: semaphore(limits::SNAPSHOT_BYTES_MAX / KIB),
            turn: semaphore(1),
            imports: semaphore(limits::SNAPSHOT_IMPORTS_MAX),
        }
    }
}

impl Held {
    /// Waits for its turn.
    pub(super) async fn turn(&self) -> Turn {
        // It is never closed.
        Arc::clone(&self.turn).acquire_owned().await.ok()
    }

    /// Waits for the right to read a document for a world: a world reads one at a time, so that whoever
    /// sends it slowly holds up nobody but that world.
    pub(super) async fn importing(&self, of_world: &Snapshots) -> Option<Importing> {
        let _own = Arc::clone(&of_world.importing).acquire_owned().await.ok()?;
        let _any = Arc::clone(&self.imports).acquire_owned().await.ok()?;
        Some(Importing { _any, _own })
    }

    /// A snapshot that counts.
    pub(super) fn counted(&self, mut snapshot: Snapshot) -> Result<Arc<Snapshot>, WorldError> {
        let (found, most) = (snapshot.rows(), limits::SNAPSHOT_SERVERS_MAX);
        let rows = taken(&self.rows, found).ok_or(WorldError::SnapshotsFull { found, most })?;
        let (found_kib, most_kib) =
            (snapshot.bytes().div_ceil(KIB), limits::SNAPSHOT_BYTES_MAX / KIB);
        let heavy = WorldError::SnapshotsHeavy { found_kib, most_kib };
        let kib = taken(&self.kib, found_kib).ok_or(heavy)?;
        snapshot.charge = Some([rows, kib]);
        Ok(Arc::new(snapshot))
    }
}

const KIB: usize = 1024;

/// So many permits, if they are there.
fn taken(of: &Arc<Semaphore>, count: usize) -> Option<OwnedSemaphorePermit> {
    let count = u32::try_from(count).ok()?;
    Arc::clone(of).try_acquire_many_owned(count).ok()
}

#[cfg(test)]
mod tests;
