//! All rows of a file, read once.

use std::path::Path;

use rusqlite::Connection;

use super::statements as sql;
use super::values::Found;
use crate::journal::rows::error::{OpenError, Report};
use crate::journal::rows::load::{Loaded, Loader};
use crate::journal::rows::names::Maps;
use crate::journal::rows::row::Stream;
use crate::journal::rows::tables::{self, Table};

/// Reads everything; changes nothing. A file of an earlier version lacks columns and tables.
pub(super) fn load(
    connection: &Connection,
    file: &Path,
    version: i64,
    maps: &Maps,
    report: Report<'_>,
) -> Result<Loaded, OpenError> {
    let file = File { connection, version, failed: &|error| OpenError::sqlite(file, &error) };
    let mut loader = Loader::new(maps, report);
    let most = connection.query_row("SELECT max(id) FROM server", [], |row| row.get(0));
    let most: Option<i64> = most.map_err(file.failed)?;
    file.each(&tables::SERVER, |servers| {
        file.each(&tables::OPERATION, |operations| loader.servers(most, servers, operations))
    })?;
    file.each(&tables::KEY, |rows| loader.keys(rows))?;
    if sql::has(version, &tables::RECORD) {
        file.each(&tables::RECORD, |rows| loader.records(rows))?;
    }
    if sql::has(version, &tables::CREDENTIAL) {
        file.each(&tables::CREDENTIAL, |rows| loader.beside(rows, |saved| &mut saved.credentials))?;
    }
    if sql::has(version, &tables::KEY_PAIR) {
        file.each(&tables::KEY_PAIR, |rows| loader.beside(rows, |saved| &mut saved.key_pairs))?;
    }
    if sql::has(version, &tables::GROUP) {
        file.each(&tables::GROUP, |rows| loader.beside(rows, |saved| &mut saved.groups))?;
    }
    loader.finish()
}

/// A file that is being read.
struct File<'a> {
    connection: &'a Connection,
    version: i64,
    failed: &'a dyn Fn(rusqlite::Error) -> OpenError,
}

impl File<'_> {
    /// Hands on all rows of a table.
    fn each(
        &self,
        table: &Table,
        take: impl FnOnce(&mut dyn Stream) -> Result<(), OpenError>,
    ) -> Result<(), OpenError> {
        let query = sql::select_at(self.version, table);
        let mut statement = self.connection.prepare(&query).map_err(self.failed)?;
        let rows = statement.query([]).map_err(self.failed)?;
        take(&mut Found { rows, failed: self.failed })
    }
}
