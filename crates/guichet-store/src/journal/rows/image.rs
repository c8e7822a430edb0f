//! All rows of a database in the memory of a node that follows, decoded, and which of them are to be
//! read again. When nothing is to be read any more, and nobody writes, it is what is in the database:
//! [`Image::finish`] gives what reading everything would.
//!
//! Rows are read in pages and one by one, at any time and in any order, while others write. So a row
//! here may be older than its batch or newer, but then it is in [`Image::pending`] or is put there by a
//! batch that is still to be looked at. What must hold between rows is looked at in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guichet_core::credential::ApplicationCredential;
use guichet_core::fleet::{Saved, Slot};
use guichet_core::group::ServerGroup;
use guichet_core::key_pair::KeyPair;
use guichet_core::rows::KeyRow;
use guichet_core::server::Operation;
use guichet_core::time::Timestamp;

use super::beside::Beside;
use super::cells::Cells;
use super::decode;
use super::error::OpenError;
use super::load::{self, Loaded, Loader, ReadServer, SLOTS_MAX};
use super::names::Maps;
use super::numbers::Numbers;
use super::operations;
use super::row::Row;
use super::tables;
use super::touched::Touched;
use super::values::{OPERATIONS, operation_row};
use crate::records::StoredRecord;

/// The rows. See the module's own text.
#[derive(Debug)]
pub(crate) struct Image {
    maps: Maps,
    places: Vec<Place>,
    keys: BTreeMap<i64, KeyRow>,
    /// The newest key that was read.
    last_key: i64,
    credentials: Rows<ApplicationCredential>,
    key_pairs: Rows<KeyPair>,
    groups: Rows<ServerGroup>,
    records: BTreeMap<RecordId, (i64, Body)>,
    /// Rows that are to be read again.
    pub(crate) pending: Pending,
}

/// What is in one place.
#[derive(Debug, Default)]
struct Place {
    server: Option<ReadServer>,
    /// Operations that are over. Each stands in the row that its number says.
    finished: Vec<Operation>,
}

/// Kind and id of a record.
pub(crate) type RecordId = (String, String);

/// A record's body, and when it is over.
type Body = (String, Option<Timestamp>);

/// Rows beside servers with their rows, by their ids as text.
type Rows<R> = BTreeMap<String, (i64, Arc<R>)>;

/// Which rows are to be read again.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(crate) servers: BTreeSet<i64>,
    pub(crate) operations: BTreeSet<i64>,
    /// Whether there are newer keys, and the oldest are gone.
    pub(crate) keys: bool,
    pub(crate) credentials: BTreeSet<String>,
    pub(crate) key_pairs: BTreeSet<String>,
    pub(crate) groups: BTreeSet<String>,
    pub(crate) records: BTreeSet<RecordId>,
    /// Records that are over by then are to be read again as well.
    expired: Option<Timestamp>,
}

impl Pending {
    /// Whether there is nothing to read.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { servers, operations, keys, credentials, key_pairs, groups, records, .. } = self;
        servers.is_empty()
            && operations.is_empty()
            && !keys
            && [credentials, key_pairs, groups].into_iter().all(BTreeSet::is_empty)
            && records.is_empty()
    }
}

impl Image {
    /// Nothing was read yet.
    pub(crate) fn new(maps: Maps) -> Self {
        Self {
            maps,
            places: Vec::new(),
            keys: BTreeMap::new(),
            last_key: i64::MIN,
            credentials: Rows::new(),
            key_pairs: Rows::new(),
            groups: Rows::new(),
            records: BTreeMap::new(),
            pending: Pending::default(),
        }
    }

    /// Has what a batch changed be read again. Whether that can be: if names were added it cannot, for
    /// rows may have been read without them.
    pub(crate) fn touch(&mut self, touched: Touched) -> bool {
        let Touched { servers, forgotten, operations, beside } = touched;
        for row in forgotten {
            // What was written since is named by its batch, if not by this one.
            if let Some(place) = usize::try_from(row - 1).ok().and_then(|n| self.places.get_mut(n))
            {
                place.finished.clear();
            }
        }
        self.pending.servers.extend(servers);
        self.pending.operations.extend(operations);
        self.pending.keys |= beside.keys;
        for (table, ids) in beside.tables {
            match table {
                table if table == tables::CREDENTIAL.name => self.pending.credentials.extend(ids),
                table if table == tables::KEY_PAIR.name => self.pending.key_pairs.extend(ids),
                table if table == tables::GROUP.name => self.pending.groups.extend(ids),
                _ => return false,
            }
        }
        self.pending.records.extend(beside.records);
        let expired = beside.expired_us.map(Timestamp::from_micros);
        self.pending.expired = self.pending.expired.max(expired);
        !beside.names
    }

    /// Has records be read again that may have been deleted since their time is over. It looks at all.
    pub(crate) fn look_at_expired(&mut self) {
        let Some(at) = self.pending.expired.take() else { return };
        let is_over = |body: &Body| body.1.is_some_and(|expires| expires <= at);
        let over = self.records.iter().filter(|(_, (_, body))| is_over(body));
        self.pending.records.extend(over.map(|(id, _)| id.clone()));
    }

    /// The last key that was read.
    pub(crate) const fn last_key(&self) -> i64 {
        self.last_key
    }

    /// How many servers there are.
    pub(crate) fn servers(&self) -> usize {
        self.places.iter().filter(|place| place.server.is_some()).count()
    }

    fn place(&mut self, slot: Slot) -> &mut Place {
        let index = slot as usize;
        if index >= self.places.len() {
            self.places.resize_with(index + 1, Place::default);
        }
        &mut self.places[index]
    }

    /// Takes a server.
    pub(crate) fn server(&mut self, row: &dyn Row) -> Result<(), OpenError> {
        let mut cells = Cells::of(row, &tables::SERVER)?;
        let slot = load::slot_of(&cells)?;
        let mut numbers = Numbers::new(&self.maps);
        let (server, arrival) = decode::server(&mut cells, &mut numbers)?;
        let missing = numbers.missing;
        let read = ReadServer { server: Arc::new(server), arrival, missing };
        self.place(slot).server = Some(read);
        Ok(())
    }

    /// Forgets servers.
    pub(crate) fn no_servers(&mut self, rows: &[i64]) {
        for row in rows {
            if let Some(place) = usize::try_from(row - 1).ok().and_then(|n| self.places.get_mut(n))
            {
                place.server = None;
            }
        }
    }

    /// Takes an operation that is over.
    pub(crate) fn operation(&mut self, row: &dyn Row) -> Result<(), OpenError> {
        let mut cells = Cells::of(row, &tables::OPERATION)?;
        let (row, slot) = (cells.id, cells.id.div_euclid(OPERATIONS));
        if !(0..SLOTS_MAX).contains(&slot) {
            return Err(cells.wrong("there are not so many places"));
        }
        let (slot, operation) = (slot as Slot, decode::operation(&mut cells, &self.maps)?);
        if operation_row(slot, operation.number) != row {
            return Err(cells.blame("number", "it is not the number of this row"));
        }
        let finished = &mut self.place(slot).finished;
        finished.retain(|other| operation_row(slot, other.number) != row);
        // Most servers see one operation, and room for more is not filled.
        finished.reserve_exact(1);
        finished.push(operation);
        Ok(())
    }

    /// Forgets operations.
    pub(crate) fn no_operations(&mut self, rows: &[i64]) {
        for row in rows {
            let slot = Slot::try_from(row.div_euclid(OPERATIONS)).unwrap_or(Slot::MAX);
            if let Some(place) = self.places.get_mut(slot as usize) {
                place.finished.retain(|operation| operation_row(slot, operation.number) != *row);
            }
        }
    }

    /// Takes a key that is newer than all before.
    pub(crate) fn key(&mut self, row: &dyn Row) -> Result<(), OpenError> {
        let (id, key) = load::key(row, &self.maps)?;
        self.last_key = self.last_key.max(id);
        if let Some(key) = key {
            self.keys.insert(id, key);
        }
        Ok(())
    }

    /// Forgets the keys before this one; all if there is none.
    pub(crate) fn no_keys_before(&mut self, first: Option<i64>) {
        self.keys = first.map(|first| self.keys.split_off(&first)).unwrap_or_default();
    }

    /// Takes an application credential.
    pub(crate) fn credential(&mut self, row: &dyn Row) -> Result<(), OpenError> {
        put(&mut self.credentials, row, &self.maps)
    }

    /// Takes a key pair.
    pub(crate) fn key_pair(&mut self, row: &dyn Row) -> Result<(), OpenError> {
        put(&mut self.key_pairs, row, &self.maps)
    }

    /// Takes a server group.
    pub(crate) fn group(&mut self, row: &dyn Row) -> Result<(), OpenError> {
        put(&mut self.groups, row, &self.maps)
    }

    /// Takes a record.
    pub(crate) fn record(&mut self, row: &dyn Row) -> Result<(), OpenError> {
        let (row, StoredRecord { kind, id, body, expires }) = load::record(row)?;
        self.records.insert((kind, id), (row, (body, expires)));
        Ok(())
    }

    /// Forgets application credentials.
    pub(crate) fn no_credentials(&mut self, ids: &[String]) {
        ids.iter().for_each(|id| drop(self.credentials.remove(id)));
    }

    /// Forgets key pairs.
    pub(crate) fn no_key_pairs(&mut self, ids: &[String]) {
        ids.iter().for_each(|id| drop(self.key_pairs.remove(id)));
    }

    /// Forgets server groups.
    pub(crate) fn no_groups(&mut self, ids: &[String]) {
        ids.iter().for_each(|id| drop(self.groups.remove(id)));
    }

    /// Forgets records.
    pub(crate) fn no_records(&mut self, ids: &[RecordId]) {
        ids.iter().for_each(|id| drop(self.records.remove(id)));
    }

    /// What reading everything would give.
    ///
    /// # Errors
    /// Something does not hold between rows: whoever reads everything is told what.
    pub(crate) fn finish(self) -> Result<(Maps, Loaded), OpenError> {
        let Self { maps, places, keys, credentials, key_pairs, groups, records, .. } = self;
        let report = &mut Err;
        let mut loader = Loader::new(&maps, report);
        loader.reserve(places.len());
        for (place, slot) in places.into_iter().zip(0..) {
            let Place { server, mut finished } = place;
            let row = |operation: &Operation| operation_row(slot, operation.number);
            let Some(read) = server else {
                match finished.first() {
                    Some(operation) => return Err(operations::orphan(row(operation))),
                    None => continue,
                }
            };
            for operation in &finished {
                operations::check(slot, &read.server, row(operation), operation)?;
            }
            finished.sort_unstable_by_key(|operation| operation.number);
            loader.place(slot, read, finished)?;
        }
        let found = records.into_iter().map(|((kind, id), (row, (body, expires)))| {
            (row, StoredRecord { kind, id, body, expires })
        });
        let rest = Saved {
            rows: Vec::new(),
            keys: keys.into_values().collect(),
            credentials: in_order(credentials.into_values()),
            key_pairs: in_order(key_pairs.into_values()),
            groups: in_order(groups.into_values()),
        };
        loader.rest(rest, in_order(found));
        let loaded = loader.finish()?;
        Ok((maps, loaded))
    }
}

fn put<R: Beside>(rows: &mut Rows<R>, row: &dyn Row, maps: &Maps) -> Result<(), OpenError> {
    let id = Cells::of(row, R::TABLE)?.id;
    let read = R::read(row, maps)?;
    rows.insert(read.id().to_string(), (id, Arc::new(read)));
    Ok(())
}

/// Rows in the order in which they were written.
fn in_order<R>(rows: impl Iterator<Item = (i64, R)>) -> Vec<R> {
    let mut rows: Vec<(i64, R)> = rows.collect();
    rows.sort_unstable_by_key(|(row, _)| *row);
    rows.into_iter().map(|(_, row)| row).collect()
}
