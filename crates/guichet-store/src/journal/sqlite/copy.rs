//! A file as one side of a copy: a data directory's, or a backup.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::backup::{self, Draft};
use super::values::{Bound, Found};
use super::{connect, files, schema, statements as sql, verify};
use crate::journal::rows::check::Verified;
use crate::journal::rows::copied::{Origin, Tables, Target};
use crate::journal::rows::error::OpenError;
use crate::journal::rows::fields;
use crate::journal::rows::row::Stream;
use crate::journal::rows::tables::Table;

/// A file that is read, and that nobody writes to meanwhile.
#[derive(Debug)]
pub(crate) struct Source {
    connection: Connection,
    file: PathBuf,
    version: i64,
    /// Of its directory, if it is in one; after the connection, as an owner has them.
    _lock: Option<files::Lock>,
}

impl Source {
    /// The data of a directory, which this process owns until this is dropped.
    pub(crate) fn directory(dir: &Path) -> Result<Self, OpenError> {
        let file = files::database(dir);
        if !files::exists(&file)? {
            return Err(OpenError::Missing { file });
        }
        let lock = files::Lock::take(dir)?;
        Self::of(connect::locked(&file)?, file, Some(lock))
    }

    /// A backup.
    #[cfg(feature = "postgres")]
    pub(crate) fn backup(backup: &Path) -> Result<Self, OpenError> {
        backup::check_alone(backup)?;
        let checked = backup::check(backup, "integrity_check");
        checked.map_err(|error| backup::no_backup(backup, error))?;
        Self::of(connect::cold(backup)?, backup.to_owned(), None)
    }

    fn of(
        connection: Connection,
        file: PathBuf,
        lock: Option<files::Lock>,
    ) -> Result<Self, OpenError> {
        let version = schema::version(&connection, &file)?;
        backup::known(&file, version)?;
        Ok(Self { connection, file, version, _lock: lock })
    }

    fn failed(&self) -> impl Fn(rusqlite::Error) -> OpenError {
        |error| OpenError::sqlite(&self.file, &error)
    }
}

impl Tables for Source {
    fn each(
        &self,
        table: &'static Table,
        take: &mut dyn FnMut(&mut dyn Stream) -> Result<(), OpenError>,
    ) -> Result<(), OpenError> {
        if !sql::has(self.version, table) {
            return take(&mut Nothing);
        }
        let failed = self.failed();
        let query = sql::select_at(self.version, table);
        let mut statement = self.connection.prepare(&query).map_err(&failed)?;
        let rows = statement.query([]).map_err(&failed)?;
        take(&mut Found { rows, failed: &failed })
    }
}

impl Origin for Source {
    fn starts(&self) -> Result<i64, OpenError> {
        let sql = "SELECT value FROM setting WHERE name = 'starts'";
        let found = self.connection.query_row(sql, [], |row| row.get(0)).optional();
        Ok(found.map_err(self.failed())?.unwrap_or(0))
    }
}

/// The rows of a table that a file does not have yet.
struct Nothing;

impl Stream for Nothing {
    fn next(&mut self) -> Result<Option<&dyn crate::journal::rows::row::Row>, OpenError> {
        Ok(None)
    }
}

/// A file that is written, and has its name once it is whole.
#[derive(Debug)]
pub(crate) struct Sink {
    /// Writes, until there is nothing more to write.
    writer: Option<Connection>,
    /// Reads, from then on.
    written: Option<Source>,
    draft: Draft,
    dest: PathBuf,
    _lock: Option<files::Lock>,
}

impl Sink {
    /// A directory without data, which this process owns until this is dropped.
    pub(crate) fn directory(dir: &Path) -> Result<Self, OpenError> {
        let (lock, draft) = backup::empty(dir)?;
        Self::of(draft, files::database(dir), Some(lock))
    }

    /// A file that must not exist.
    #[cfg(feature = "postgres")]
    pub(crate) fn file(dest: &Path) -> Result<Self, OpenError> {
        Self::of(Draft::beside(dest)?, dest.to_owned(), None)
    }

    fn of(draft: Draft, dest: PathBuf, lock: Option<files::Lock>) -> Result<Self, OpenError> {
        let failed = |error: rusqlite::Error| OpenError::sqlite(&draft.file, &error);
        let writer = connect::draft(&draft.file)?;
        schema::migrate(&writer, 0, schema::VERSION).map_err(failed)?;
        writer.execute_batch(sql::BEGIN).map_err(failed)?;
        Ok(Self { writer: Some(writer), written: None, draft, dest, _lock: lock })
    }

    fn writer(&self) -> Result<&Connection, OpenError> {
        self.writer.as_ref().ok_or_else(|| self.unready("it was settled"))
    }

    fn unready(&self, what: &str) -> OpenError {
        OpenError::Sqlite { file: self.draft.file.clone(), what: what.to_owned() }
    }

    /// How long the file is, in bytes.
    #[cfg(feature = "postgres")]
    pub(crate) fn bytes(&self) -> Result<u64, OpenError> {
        files::length(&self.draft.file)
    }
}

impl Target for Sink {
    fn fill(&mut self, table: &'static Table, rows: &mut dyn Stream) -> Result<(), OpenError> {
        let failed = |error: rusqlite::Error| OpenError::sqlite(&self.draft.file, &error);
        let writer = self.writer()?;
        let mut statement = writer.prepare_cached(&sql::insert(table)).map_err(failed)?;
        while let Some(row) = rows.next()? {
            let mut values = Bound::of(&mut statement);
            fields::put(&mut values, &fields::read(row, table)?).map_err(failed)?;
            values.run().map_err(failed)?;
        }
        Ok(())
    }

    fn settle(&mut self, starts: i64) -> Result<&dyn Tables, OpenError> {
        let file = self.draft.file.clone();
        let failed = |error: rusqlite::Error| OpenError::sqlite(&file, &error);
        let put = "INSERT INTO setting (name, value) VALUES ('starts', ?1)";
        self.writer()?.execute(put, [starts]).map_err(failed)?;
        self.writer()?.execute_batch(sql::COMMIT).map_err(failed)?;
        if let Some(writer) = self.writer.take() {
            writer.close().map_err(|(_, error)| failed(error))?;
        }
        backup::check(&file, "integrity_check")?;
        Ok(self.written.insert(Source::of(connect::cold(&file)?, file, None)?))
    }

    fn verified(&self) -> Result<Verified, OpenError> {
        match &self.written {
            Some(written) => verify::of(&written.connection, &written.file),
            None => Err(self.unready("it was not settled")),
        }
    }

    fn finish(self: Box<Self>) -> Result<(), OpenError> {
        drop(self.written);
        self.draft.finish(&self.dest)
    }
}
