//! Documents: what users and administrators write beside the fleet while the cloud runs, such as
//! flavors and images. Each is a record (see `records.rs`), read from memory, and has a number by
//! which rows of servers name it. Numbers begin behind all that can be declared and are never given
//! twice, so a server goes on knowing what it was made of after that was deleted.
//!
//! A change is decided on the documents as they are, made durable, and then shown. Changes of one
//! kind are made one after the other: whoever makes one holds the kind's only permit until the
//! record is written, and it comes back by being dropped, also with the request. Readers wait for
//! nobody.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_store::journal::StoredRecord;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::records::{self, Finally, Records};

/// The first number of a document. What is declared has smaller ones: see
/// [`limits::HOSTS_MAX`](guichet_core::limits::HOSTS_MAX) and the like.
pub(crate) const FIRST: u32 = 1 << 20;

/// One kind of document.
pub(crate) trait Document: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The kind of its records.
    const KIND: &'static str;
}

type Rows<T> = BTreeMap<u32, Arc<T>>;

/// What becomes of a document.
pub(crate) enum Change<T> {
    /// It is as this from now on; a number that nothing has makes a new one.
    Put(u32, T),
    /// It is not there any more.
    Remove(u32),
}

/// All documents of one kind.
#[derive(Debug)]
pub(crate) struct Documents<T> {
    /// Held for a look-up or for one insertion, never across a wait. A panic inside leaves it
    /// whole.
    rows: RwLock<Rows<T>>,
    writer: Semaphore,
}

impl<T: Document> Documents<T> {
    /// The documents among the records of an earlier process.
    pub(crate) fn read(found: &[StoredRecord]) -> Self {
        let document = |found: &StoredRecord| {
            let number: u32 = found.id.parse().ok().filter(|number| *number >= FIRST)?;
            Some((number, Arc::new(records::body::<T>(found)?)))
        };
        let rows: Rows<T> = records::of_kind(found, T::KIND, document).collect();
        Self { rows: RwLock::new(rows), writer: Semaphore::new(1) }
    }

    /// The document of this number.
    pub(crate) fn get(&self, number: u32) -> Option<Arc<T>> {
        self.look(|rows| rows.get(&number).cloned())
    }

    /// The first document of which this holds.
    pub(crate) fn find(&self, mut holds: impl FnMut(u32, &T) -> bool) -> Option<(u32, Arc<T>)> {
        self.look(|rows| {
            let found = rows.iter().find(|(number, document)| holds(**number, document));
            found.map(|(number, document)| (*number, Arc::clone(document)))
        })
    }

    /// All of them, by number.
    pub(crate) fn all(&self) -> Vec<(u32, Arc<T>)> {
        self.look(|rows| rows.iter().map(|(number, row)| (*number, Arc::clone(row))).collect())
    }

    /// Keeps them as they are until the permit is dropped: no change is between being written down
    /// and being shown.
    pub(crate) async fn hold(&self) -> Option<SemaphorePermit<'_>> {
        self.writer.acquire().await.ok()
    }

    /// All of them as records.
    pub(crate) fn records(&self) -> Vec<StoredRecord> {
        let all = self.all();
        let written = all.iter().map(|(number, document)| {
            records::stored(records::written(T::KIND, id(*number), &**document, None))
        });
        written.flatten().collect()
    }

    fn look<R>(&self, read: impl FnOnce(&Rows<T>) -> R) -> R {
        read(&self.rows.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes changes that are decided on the documents as they are: they are durable when this
    /// returns. Gives what was decided beside them.
    ///
    /// # Errors
    /// What was decided against it, or that nothing can be recorded at present: nothing changed.
    pub(crate) async fn change<R, E: From<Refusal>>(
        &self,
        records: &Records,
        decide: impl FnOnce(&Rows<T>) -> Result<(Vec<Change<T>>, R), E>,
    ) -> Result<R, E> {
        let permit = self.writer.acquire().await;
        let (changes, decided) = self.look(decide)?;
        for change in changes {
            let record = match &change {
                Change::Put(number, document) => {
                    records::written(T::KIND, id(*number), document, None)
                }
                Change::Remove(number) => records::removed(T::KIND, id(*number)),
            };
            // A longer one would not be read again.
            if record.body.as_ref().is_some_and(|body| body.len() > limits::RECORD_BODY_MAX) {
                let problem = format!("longer than {} bytes", limits::RECORD_BODY_MAX);
                return Err(Refusal::Invalid { field: T::KIND, problem }.into());
            }
            // If the request goes away before the answer the record is written all the same.
            let applying = Finally::new(|| self.apply(change));
            if let Err(refusal) = records.write(record).await {
                applying.leave();
                return Err(refusal.into());
            }
        }
        drop(permit);
        Ok(decided)
    }

    fn apply(&self, change: Change<T>) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        match change {
            Change::Put(number, document) => drop(rows.insert(number, Arc::new(document))),
            Change::Remove(number) => drop(rows.remove(&number)),
        }
    }
}

/// A document's number as people are shown it: from 1.
pub(crate) const fn shown(number: u32) -> u32 {
    number - FIRST + 1
}

/// The number of the document that people are shown this number of.
pub(crate) const fn of_shown(shown: u32) -> u32 {
    shown.saturating_add(FIRST - 1)
}

/// The number of a new document: no other one has it.
pub(crate) fn next<T>(rows: &Rows<T>) -> u32 {
    let behind = rows.last_key_value().map_or(Some(FIRST), |(last, _)| last.checked_add(1));
    // A file that somebody wrote may have the last number there is.
    behind.or_else(|| (FIRST..=u32::MAX).find(|it| !rows.contains_key(it))).unwrap_or(FIRST)
}

fn id(number: u32) -> Arc<str> {
    Arc::from(number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_is_nobodys() {
        let rows =
            |numbers: &[u32]| numbers.iter().map(|it| (*it, Arc::new(()))).collect::<Rows<()>>();
        assert_eq!(next(&rows(&[])), FIRST);
        assert_eq!(next(&rows(&[FIRST + 7])), FIRST + 8);
        assert_eq!(next(&rows(&[FIRST, u32::MAX])), FIRST + 1);
    }
}
