//! A log in memory: for tests, what a file would hold and what can happen to one.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use guichet_core::credential::ApplicationCredential;
use guichet_core::fleet::{RowImage, Saved, SavedRow, Slot};
use guichet_core::group::ServerGroup;
use guichet_core::key_pair::KeyPair;
use guichet_core::limits;
use guichet_core::project::Usage;
use guichet_core::rows::KeyRow;
use guichet_core::server::Operation;
use guichet_core::table::Table;

use super::log::{Batch, Log, LogError};
use crate::records::{NewName, StoredRecord};

/// What the log does with the next batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// Takes the batch, as a disk does.
    #[default]
    Good,
    /// Does not return from writing it until the mood is another.
    Held,
    /// Refuses it for want of space.
    Full,
    /// Breaks, and forgets what it was given.
    Lost,
    /// Refuses it, since another node leads.
    Replaced,
    /// Panics while it is written.
    Mad,
}

/// Rows as a file would hold them.
#[derive(Debug, Clone, Default)]
pub struct Model {
    rows: BTreeMap<Slot, RowImage>,
    operations: BTreeMap<Slot, Vec<Operation>>,
    usage: BTreeMap<guichet_core::ids::ProjectId, Usage>,
    keys: Vec<KeyRow>,
    credentials: Table<ApplicationCredential>,
    key_pairs: Table<KeyPair>,
    groups: Table<ServerGroup>,
    records: BTreeMap<(String, String), StoredRecord>,
    names: Vec<NewName>,
    batches: usize,
}

impl Model {
    /// What a store is opened with.
    pub fn saved(&self) -> Saved {
        let rows = self.rows.iter().map(|(slot, row)| SavedRow {
            slot: *slot,
            server: Arc::clone(&row.server),
            arrival: row.arrival,
            finished: self.operations.get(slot).cloned().unwrap_or_default(),
        });
        let credentials = self.credentials.rows().cloned().collect();
        let key_pairs = self.key_pairs.rows().cloned().collect();
        let groups = self.groups.rows().cloned().collect();
        Saved { rows: rows.collect(), keys: self.keys.clone(), credentials, key_pairs, groups }
    }

    /// The records beside the fleet.
    pub fn found(&self) -> Vec<StoredRecord> {
        self.records.values().cloned().collect()
    }

    /// What the servers of each project use.
    pub const fn usage(&self) -> &BTreeMap<guichet_core::ids::ProjectId, Usage> {
        &self.usage
    }

    /// The names that were added, in order.
    pub fn names(&self) -> &[NewName] {
        &self.names
    }

    /// How many batches were written so far.
    pub const fn batches(&self) -> usize {
        self.batches
    }

    fn take(&mut self, batch: &Batch) {
        let changes = &batch.changes;
        for row in &changes.forgotten {
            self.rows.remove(&row.slot);
            self.operations.remove(&row.slot);
        }
        for (slot, image) in &changes.rows {
            self.rows.insert(*slot, image.clone());
        }
        for (slot, operation) in changes.written_operations() {
            let finished = self.operations.entry(*slot).or_default();
            finished.push(operation.clone());
            if finished.len() > limits::OPERATIONS_PER_SERVER_MAX {
                finished.remove(0);
            }
        }
        self.usage.extend(&changes.usage);
        self.keys.extend(changes.keys.iter().cloned());
        for (id, row) in &changes.credentials {
            self.credentials.set(*id, row.clone());
        }
        for (id, row) in &changes.key_pairs {
            self.key_pairs.set(*id, row.clone());
        }
        for (id, row) in &changes.groups {
            self.groups.set(*id, row.clone());
        }
        for record in &batch.records {
            let key = (record.kind.to_owned(), record.id.to_string());
            match &record.body {
                None => drop(self.records.remove(&key)),
                Some(body) => {
                    let (kind, id) = key.clone();
                    let found =
                        StoredRecord { kind, id, body: body.to_string(), expires: record.expires };
                    self.records.insert(key, found);
                }
            }
        }
        self.names.extend(batch.names.iter().cloned());
        self.batches += 1;
    }
}

#[derive(Debug, Default)]
struct Shared {
    model: Model,
    mood: Mood,
}

/// The log, and the means to look into it and to change its mood: clones are the same log.
#[derive(Debug, Clone, Default)]
pub struct ModelLog {
    /// Held for one batch or one look.
    shared: Arc<(Mutex<Shared>, Condvar)>,
}

impl ModelLog {
    /// A log that holds this already.
    pub fn of(model: Model) -> Self {
        let shared = Shared { model, mood: Mood::default() };
        Self { shared: Arc::new((Mutex::new(shared), Condvar::new())) }
    }

    /// What is in it now.
    pub fn model(&self) -> Model {
        self.shared().model.clone()
    }

    /// What it will do with batches from here on.
    pub fn set_mood(&self, mood: Mood) {
        self.shared().mood = mood;
        self.shared.1.notify_all();
    }

    /// Another node leads from now on: what it finds. Nothing is written any more.
    pub fn replace(&self) -> Model {
        let mut shared = self.shared();
        shared.mood = Mood::Replaced;
        let model = shared.model.clone();
        drop(shared);
        self.shared.1.notify_all();
        model
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for ModelLog {
    fn write(&mut self, batch: &Batch) -> Result<(), LogError> {
        let shared = self.shared();
        let held = |shared: &mut Shared| shared.mood == Mood::Held;
        let free = self.shared.1.wait_while(shared, held);
        let mut shared = free.unwrap_or_else(PoisonError::into_inner);
        match shared.mood {
            Mood::Good | Mood::Held => {
                shared.model.take(batch);
                Ok(())
            }
            Mood::Full => Err(LogError::Full("the disk is full".to_owned())),
            Mood::Mad => {
                drop(shared);
                panic!("the model says so")
            }
            Mood::Replaced => Err(LogError::Replaced("the model says so".to_owned())),
            Mood::Lost => Err(LogError::Lost("the model says so".to_owned())),
        }
    }
}
