//! Everything that must hold of a file that nobody is writing to.

use std::collections::BTreeMap;
use std::path::Path;

use guichet_core::audit::Audit;
use guichet_core::ids::ProjectId;
use guichet_core::project::Usage;
use rusqlite::Connection;

use super::load::load;
use super::{backup, connect, files, names, schema};
use crate::journal::rows::check::Verified;
use crate::journal::rows::error::OpenError;
use crate::journal::rows::names::{Maps, Names};

/// Checks a data directory that no process has: its pages, every row, and what must hold between
/// rows. The file is not changed. If the process that wrote it was killed there is a log beside
/// it, which is read too; SQLite then needs to write an index of it (`guichet.db-shm`), and for
/// that the directory must be writable.
///
/// # Errors
/// See [`OpenError`]: the file could not be looked at. What was found in it is no error.
pub fn verify(dir: &Path) -> Result<Verified, OpenError> {
    let file = files::database(dir);
    if !files::exists(&file)? {
        return Err(OpenError::Missing { file });
    }
    let _lock = files::Lock::take(dir)?;
    of(&connect::locked(&file)?, &file)
}

/// Checks a file through a connection that only reads.
pub(super) fn of(connection: &Connection, file: &Path) -> Result<Verified, OpenError> {
    let failed = |error: rusqlite::Error| OpenError::sqlite(file, &error);
    // With the log beside it: after a crash most may be there.
    let bytes = files::length(file)? + files::length(&files::beside(file, "-wal"))?;
    let mut audit = Audit::default();
    let version = match schema::version(connection, file) {
        Err(OpenError::Damaged { what, .. }) => {
            audit.check(false, || what);
            return Ok(Verified::nothing(audit, 0, bytes));
        }
        other => other?,
    };
    let damages = backup::damages(connection, "integrity_check");
    let damages = damages.unwrap_or_else(|error| vec![error.to_string()]);
    audit.check(damages.is_empty(), || damages.join("; "));
    let mut verified = Verified::nothing(audit, version, bytes);
    if version == 0 || !damages.is_empty() {
        return Ok(verified);
    }
    let maps =
        Maps::read(&Names::default(), |kind| names::known(connection, kind).map_err(failed))?;
    let loaded = verified.load(|report| load(connection, file, version, &maps, report))?;
    let usage = read_usage(connection).map_err(failed)?;
    verified.take(&maps, &loaded, &usage);
    Ok(verified)
}

fn read_usage(connection: &Connection) -> rusqlite::Result<BTreeMap<ProjectId, Usage>> {
    let mut statement = connection.prepare("SELECT id, instances, cores, ram_mib FROM project")?;
    let rows = statement.query_map([], |row| {
        let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
        let usage = Usage { instances: number(1)?, cores: number(2)?, ram_mib: number(3)? };
        Ok((ProjectId(row.get(0)?), usage))
    })?;
    rows.collect()
}
