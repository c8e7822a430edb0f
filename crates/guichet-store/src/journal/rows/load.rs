//! All rows, read once in the order of their ids: servers and their operations go down
//! two trees side by side, for a server's operations lie together.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use guichet_core::fleet::{Saved, SavedRow, Slot};
use guichet_core::ids::{IdHash, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::request::{Answer, Fingerprint, IdempotencyKey};
use guichet_core::rows::KeyRow;
use guichet_core::server::{Operation, Server};
use guichet_core::time::Timestamp;

use super::beside::{self, Beside};
use super::cells::Cells;
use super::decode;
use super::error::{OpenError, Report};
use super::kind::Kind;
use super::names::Maps;
use super::numbers::{Missing, Numbers};
use super::operations::Operations;
use super::row::{Row, Stream};
use super::tables;
use super::values::{operation_rows, server_row};
use crate::records::StoredRecord;

/// Slots of servers that there may be: those that exist, those remembered, and the one that is
/// about to be forgotten.
pub(crate) const SLOTS_MAX: i64 = (limits::SERVERS_MAX + limits::DELETED_SERVERS_MAX + 1) as i64;

const _: () = assert!(SLOTS_MAX < Slot::MAX as i64, "a slot is a number of 32 bits");

/// What there is.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) saved: Saved,
    pub(crate) found: Vec<StoredRecord>,
    /// The newest stamp of any row.
    pub(crate) newest: Option<Timestamp>,
    /// Remembered servers that use names which are not declared any more.
    pub(crate) dropped: Vec<Slot>,
}

/// Takes the rows of one table after another.
pub(crate) struct Loader<'a> {
    maps: &'a Maps,
    loaded: Loaded,
    ids: HashSet<ServerId, IdHash>,
    /// How many servers that exist use a name which is not declared any more.
    used: BTreeMap<(Kind, u32), u64>,
    report: Report<'a>,
}

impl<'a> Loader<'a> {
    /// Nothing is loaded yet.
    pub(crate) fn new(maps: &'a Maps, report: Report<'a>) -> Self {
        let loaded = Loaded::default();
        Self { maps, loaded, ids: HashSet::default(), used: BTreeMap::new(), report }
    }

    /// Takes all servers and the operations that are over, side by side. `most`: the largest id of a
    /// server.
    pub(crate) fn servers(
        &mut self,
        most: Option<i64>,
        servers: &mut dyn Stream,
        operations: &mut dyn Stream,
    ) -> Result<(), OpenError> {
        let capacity = most.unwrap_or(0).clamp(0, SLOTS_MAX) as usize;
        self.reserve(capacity);
        let mut operations = Operations { rows: operations, ahead: None };
        operations.advance(self.maps, self.report)?;
        while let Some(row) = servers.next()? {
            if let Err(error) = self.server(row, &mut operations) {
                (self.report)(error)?;
            }
        }
        operations.orphans(i64::MAX, self.maps, self.report)
    }

    fn server(&mut self, row: &dyn Row, operations: &mut Operations<'_>) -> Result<(), OpenError> {
        let mut cells = Cells::of(row, &tables::SERVER)?;
        let slot = slot_of(&cells)?;
        operations.orphans(operation_rows(slot).0, self.maps, self.report)?;
        let mut numbers = Numbers::new(self.maps);
        let (server, arrival) = decode::server(&mut cells, &mut numbers)?;
        let finished = operations.of(slot, &server, self.maps, self.report)?;
        let missing = numbers.missing;
        self.place(slot, ReadServer { server: Arc::new(server), arrival, missing }, finished)
    }

    /// Makes room for so many servers.
    pub(crate) fn reserve(&mut self, servers: usize) {
        self.ids.reserve(servers);
        self.loaded.saved.rows.reserve(servers);
    }

    /// Takes a server with its operations that are over, oldest first.
    pub(crate) fn place(
        &mut self,
        slot: Slot,
        ReadServer { server, arrival, missing }: ReadServer,
        finished: Vec<Operation>,
    ) -> Result<(), OpenError> {
        if !self.ids.insert(server.id) {
            let (table, column) = (tables::SERVER.name, "uuid");
            let (row, problem) = (server_row(slot), format!("{} is there twice", server.id));
            return Err(OpenError::Corrupt { table, row, column, problem });
        }
        self.stamps(&server, &finished);
        if missing.is_empty() {
            self.loaded.saved.rows.push(SavedRow { slot, server, arrival, finished });
        } else if server.is_deleted() {
            self.loaded.dropped.push(slot);
        } else {
            for missing in missing {
                *self.used.entry(missing).or_default() += 1;
            }
        }
        Ok(())
    }

    fn stamps(&mut self, server: &Server, finished: &[Operation]) {
        let of = |operation: &Operation| {
            operation.finished.max(operation.started).max(Some(operation.accepted))
        };
        let fault = server.fault.as_ref().map(|fault| fault.created);
        let operations = finished.iter().chain(server.active.as_deref()).filter_map(of).max();
        let stamps = [Some(server.created), Some(server.updated), server.launched, fault];
        self.loaded.newest = stamps.into_iter().fold(self.loaded.newest.max(operations), Ord::max);
    }

    /// Takes all idempotency keys.
    pub(crate) fn keys(&mut self, rows: &mut dyn Stream) -> Result<(), OpenError> {
        while let Some(row) = rows.next()? {
            match key(row, self.maps) {
                Ok((_, Some(key))) => self.loaded.saved.keys.push(key),
                Ok((_, None)) => {}
                Err(error) => (self.report)(error)?,
            }
        }
        Ok(())
    }

    /// Takes the rows of one kind beside servers.
    pub(crate) fn beside<R: Beside>(
        &mut self,
        rows: &mut dyn Stream,
        into: impl FnOnce(&mut Saved) -> &mut Vec<Arc<R>>,
    ) -> Result<(), OpenError> {
        *into(&mut self.loaded.saved) = beside::load(rows, self.maps, self.report)?;
        Ok(())
    }

    /// Takes all records beside the fleet: after the servers, whose newest stamp says which of them
    /// are over.
    pub(crate) fn records(&mut self, rows: &mut dyn Stream) -> Result<(), OpenError> {
        while let Some(row) = rows.next()? {
            match record(row) {
                Ok((_, found)) => self.loaded.found.push(found),
                Err(error) => (self.report)(error)?,
            }
        }
        self.drop_expired();
        Ok(())
    }

    /// Leaves out records that are over: see [`records`](Self::records).
    fn drop_expired(&mut self) {
        let newest = self.loaded.newest;
        let is_good =
            |found: &StoredRecord| found.expires.is_none_or(|at| newest.is_none_or(|n| at > n));
        self.loaded.found.retain(is_good);
    }

    /// Takes what there is beside servers, and records, as they were read before; after the servers.
    #[cfg(feature = "postgres")]
    pub(crate) fn rest(&mut self, rest: Saved, found: Vec<StoredRecord>) {
        let rows = std::mem::take(&mut self.loaded.saved.rows);
        self.loaded.saved = Saved { rows, ..rest };
        self.loaded.found = found;
        self.drop_expired();
    }

    /// All that was taken, if all that servers use is declared.
    pub(crate) fn finish(mut self) -> Result<Loaded, OpenError> {
        if let Some(((kind, number), servers)) = self.used.pop_first() {
            let name = self.maps.name(kind, number).unwrap_or("?").to_owned();
            return Err(OpenError::NameMissing { kind, name, servers });
        }
        Ok(self.loaded)
    }
}

/// A server as it was read.
#[derive(Debug, Clone)]
pub(crate) struct ReadServer {
    pub(crate) server: Arc<Server>,
    /// The number that its live operation has in the order of the queue.
    pub(crate) arrival: Option<u64>,
    /// Names that it uses and that are not declared any more.
    pub(crate) missing: Missing,
}

/// The place of a server's row.
pub(crate) fn slot_of(cells: &Cells<'_>) -> Result<Slot, OpenError> {
    if !(1..=SLOTS_MAX).contains(&cells.id) {
        return Err(cells.wrong("there are not so many places"));
    }
    Ok((cells.id - 1) as Slot)
}

/// An idempotency key with its row; none if its project is not declared any more.
pub(crate) fn key(row: &dyn Row, maps: &Maps) -> Result<(i64, Option<KeyRow>), OpenError> {
    let mut cells = Cells::of(row, &tables::KEY)?;
    let mut numbers = Numbers::new(maps);
    let project = ProjectId(numbers.cell(&mut cells, Kind::Project)?);
    if !numbers.missing.is_empty() {
        // It stays in the file: its project may be declared again before it expires.
        return Ok((cells.id, None));
    }
    let key = IdempotencyKey(Arc::from(cells.text()?));
    let fingerprint = cells.bytes()?.try_into();
    let fingerprint = Fingerprint(fingerprint.map_err(|_| cells.wrong("not of 32 bytes"))?);
    let answer = cells.text()?;
    let answer: Answer = cells.json(&answer)?;
    if answer.operations.is_empty() {
        return Err(cells.wrong("an answer without operations"));
    }
    let expires = cells.time()?;
    Ok((cells.id, Some(KeyRow { project, key, fingerprint, answer, expires })))
}

/// A record beside the fleet, with its row.
pub(crate) fn record(row: &dyn Row) -> Result<(i64, StoredRecord), OpenError> {
    let mut cells = Cells::of(row, &tables::RECORD)?;
    let (kind, id) = (cells.text()?.into_owned(), cells.text()?.into_owned());
    let body = cells.text()?.into_owned();
    Ok((cells.id, StoredRecord { kind, id, body, expires: cells.maybe_time()? }))
}
