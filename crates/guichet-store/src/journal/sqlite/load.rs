//! All rows of a file, read once in the order of their ids: servers and their operations go down
//! two trees side by side, for a server's operations lie together.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use guichet_core::fleet::{Saved, SavedRow, Slot};
use guichet_core::ids::{IdHash, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::request::{Answer, Fingerprint, IdempotencyKey};
use guichet_core::rows::KeyRow;
use guichet_core::server::{Operation, Server};
use guichet_core::time::Timestamp;
use rusqlite::{Connection, Row};

use super::cells::Cells;
use super::credentials;
use super::decode;
use super::error::{OpenError, Report};
use super::groups;
use super::key_pairs;
use super::kind::Kind;
use super::names::Maps;
use super::numbers::Numbers;
use super::operations::Operations;
use super::statements as sql;
use super::values::operation_rows;
use crate::records::StoredRecord;

/// Slots of servers that there may be: those that exist, those remembered, and the one that is
/// about to be forgotten.
const SLOTS_MAX: i64 = (limits::SERVERS_MAX + limits::DELETED_SERVERS_MAX + 1) as i64;

const _: () = assert!(SLOTS_MAX < Slot::MAX as i64, "a slot is a number of 32 bits");

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) saved: Saved,
    pub(super) found: Vec<StoredRecord>,
    /// The newest stamp of any row.
    pub(super) newest: Option<Timestamp>,
    /// Remembered servers that use names which are not declared any more.
    pub(super) dropped: Vec<Slot>,
}

/// Reads everything; changes nothing. A file of an earlier version lacks columns and tables.
pub(super) fn load(
    connection: &Connection,
    file: &Path,
    version: i64,
    maps: &Maps,
    report: Report<'_>,
) -> Result<Loaded, OpenError> {
    let mut loader = Loader {
        maps,
        loaded: Loaded::default(),
        ids: HashSet::default(),
        used: BTreeMap::new(),
        failed: &|error| OpenError::sqlite(file, &error),
        report,
    };
    loader.servers(connection, version)?;
    loader.keys(connection)?;
    if version >= 2 {
        loader.records(connection)?;
    }
    if version >= sql::CREDENTIALS {
        loader.loaded.saved.credentials =
            credentials::load(connection, maps, loader.failed, loader.report)?;
    }
    if version >= sql::KEY_PAIRS {
        loader.loaded.saved.key_pairs =
            key_pairs::load(connection, maps, loader.failed, loader.report)?;
    }
    if version >= sql::GROUPS {
        loader.loaded.saved.groups = groups::load(connection, maps, loader.failed, loader.report)?;
    }
    if let Some(((kind, number), servers)) = loader.used.pop_first() {
        let name = maps.name(kind, number).unwrap_or("?").to_owned();
        return Err(OpenError::NameMissing { kind, name, servers });
    }
    Ok(loader.loaded)
}

struct Loader<'a> {
    maps: &'a Maps,
    loaded: Loaded,
    ids: HashSet<ServerId, IdHash>,
    /// How many servers that exist use a name which is not declared any more.
    used: BTreeMap<(Kind, u32), u64>,
    failed: &'a dyn Fn(rusqlite::Error) -> OpenError,
    report: Report<'a>,
}

impl Loader<'_> {
    fn servers(&mut self, connection: &Connection, version: i64) -> Result<(), OpenError> {
        let failed = self.failed;
        let most = connection.query_row("SELECT max(id) FROM server", [], |row| row.get(0));
        let most: Option<i64> = most.map_err(failed)?;
        let capacity = most.unwrap_or(0).clamp(0, SLOTS_MAX) as usize;
        self.ids.reserve(capacity);
        self.loaded.saved.rows.reserve(capacity);
        let mut statement =
            connection.prepare(&sql::select_at(version, sql::SELECT_OPERATIONS)).map_err(failed)?;
        let mut operations =
            Operations { rows: statement.query([]).map_err(failed)?, ahead: None, failed };
        let mut statement =
            connection.prepare(&sql::select_at(version, sql::SELECT_SERVERS)).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        operations.advance(self.maps, self.report)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if let Err(error) = self.server(row, &mut operations) {
                (self.report)(error)?;
            }
        }
        operations.orphans(i64::MAX, self.maps, self.report)
    }

    fn server(&mut self, row: &Row<'_>, operations: &mut Operations<'_>) -> Result<(), OpenError> {
        let mut cells = Cells::of(row, "server", sql::SERVER)?;
        if !(1..=SLOTS_MAX).contains(&cells.id) {
            return Err(cells.wrong("there are not so many places"));
        }
        let slot = (cells.id - 1) as Slot;
        operations.orphans(operation_rows(slot).0, self.maps, self.report)?;
        let mut numbers = Numbers::new(self.maps);
        let (server, arrival) = decode::server(&mut cells, &mut numbers)?;
        let finished = operations.of(&cells, slot, &server, self.maps, self.report)?;
        if !self.ids.insert(server.id) {
            return Err(cells.blame("uuid", format!("{} is there twice", server.id)));
        }
        self.stamps(&server, &finished);
        if numbers.missing.is_empty() {
            let server = Arc::new(server);
            self.loaded.saved.rows.push(SavedRow { slot, server, arrival, finished });
        } else if server.is_deleted() {
            self.loaded.dropped.push(slot);
        } else {
            for missing in numbers.missing {
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
        let operations = finished.iter().chain(&server.active).filter_map(of).max();
        let stamps = [Some(server.created), Some(server.updated), server.launched, fault];
        self.loaded.newest = stamps.into_iter().fold(self.loaded.newest.max(operations), Ord::max);
    }

    fn keys(&mut self, connection: &Connection) -> Result<(), OpenError> {
        let failed = self.failed;
        let mut statement = connection.prepare(sql::SELECT_KEYS).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            match self.key(row) {
                Ok(Some(key)) => self.loaded.saved.keys.push(key),
                Ok(None) => {}
                Err(error) => (self.report)(error)?,
            }
        }
        Ok(())
    }

    fn key(&mut self, row: &Row<'_>) -> Result<Option<KeyRow>, OpenError> {
        let mut cells = Cells::of(row, "request_key", sql::KEY)?;
        let mut numbers = Numbers::new(self.maps);
        let project = ProjectId(numbers.cell(&mut cells, Kind::Project)?);
        if !numbers.missing.is_empty() {
            // It stays in the file: its project may be declared again before it expires.
            return Ok(None);
        }
        let key = IdempotencyKey(Arc::from(cells.text()?));
        let fingerprint = cells.bytes()?.try_into();
        let fingerprint = Fingerprint(fingerprint.map_err(|_| cells.wrong("not of 32 bytes"))?);
        let answer = cells.text()?;
        let answer: Answer = cells.json(answer)?;
        if answer.operations.is_empty() {
            return Err(cells.wrong("an answer without operations"));
        }
        let expires = cells.time()?;
        Ok(Some(KeyRow { project, key, fingerprint, answer, expires }))
    }

    fn records(&mut self, connection: &Connection) -> Result<(), OpenError> {
        const COLUMNS: &[&str] = &["id", "kind", "key", "body", "expires_us"];
        let failed = self.failed;
        let query = "SELECT id, kind, key, body, expires_us FROM kept ORDER BY id";
        let mut statement = connection.prepare(query).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let found = Cells::of(row, "kept", COLUMNS).and_then(|mut cells| {
                let (kind, id) = (cells.text()?.to_owned(), cells.text()?.to_owned());
                let body = cells.text()?.to_owned();
                Ok(StoredRecord { kind, id, body, expires: cells.maybe_time()? })
            });
            match found {
                Ok(found) => self.loaded.found.push(found),
                Err(error) => (self.report)(error)?,
            }
        }
        let newest = self.loaded.newest;
        let is_good =
            |found: &StoredRecord| found.expires.is_none_or(|at| newest.is_none_or(|n| at > n));
        self.loaded.found.retain(is_good);
        Ok(())
    }
}
