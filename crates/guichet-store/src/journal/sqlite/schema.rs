//! The tables, as steps from each version of the file to the next.
//!
//! A step is never changed once it was shipped: a later one says what becomes of its tables.
//! Each is one transaction with its version number, so a start that is cut short goes on at the
//! next. Only integer primary keys, and no index on what batches write: a row is one entry of one
//! tree, and rows that change together lie together.

use std::path::Path;

use rusqlite::Connection;

use crate::journal::rows::error::OpenError;

/// Says in the file's header whose it is: "Guic" in ASCII.
pub(super) const APPLICATION_ID: i64 = 0x4775_6963;

/// One step: the version that is reached, and how.
pub(super) struct Step {
    pub(super) version: i64,
    pub(super) sql: &'static str,
}

/// All steps, in order.
pub(super) const STEPS: &[Step] = &[
    Step { version: 1, sql: include_str!("schema/1_fleet.sql") },
    Step { version: 2, sql: include_str!("schema/2_kept.sql") },
    Step { version: 3, sql: include_str!("schema/3_actions.sql") },
    Step { version: 4, sql: include_str!("schema/4_credentials.sql") },
    Step { version: 5, sql: include_str!("schema/5_key_pairs.sql") },
    Step { version: 6, sql: include_str!("schema/6_server_groups.sql") },
];

/// The version that this program writes.
pub(super) const VERSION: i64 = STEPS[STEPS.len() - 1].version;

/// Whose the file is and which version it has; 0 if it is empty.
pub(super) fn version(connection: &Connection, file: &Path) -> Result<i64, OpenError> {
    let ask = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let answer = |sql| ask(sql).map_err(|error| OpenError::sqlite(file, &error));
    let owner = answer("PRAGMA application_id")?;
    let found = answer("PRAGMA user_version")?;
    if owner != APPLICATION_ID {
        // What was made a moment before a crash is empty, and says nothing yet.
        let tables = answer("SELECT count(*) FROM sqlite_schema")?;
        if owner == 0 && found == 0 && tables == 0 {
            return Ok(0);
        }
        let what = format!("its application id is {owner:#x}");
        return Err(OpenError::Foreign { file: file.to_owned(), what });
    }
    if found > VERSION {
        return Err(OpenError::Newer { file: file.to_owned(), found, known: VERSION });
    }
    if found < 1 {
        let what = format!("its version is {found}");
        return Err(OpenError::Damaged { file: file.to_owned(), what });
    }
    Ok(found)
}

/// Takes the steps that a file of version `from` has not seen, up to version `to`.
pub(super) fn migrate(connection: &Connection, from: i64, to: i64) -> rusqlite::Result<()> {
    for step in STEPS.iter().filter(|step| step.version > from && step.version <= to) {
        let sql = format!(
            "BEGIN IMMEDIATE; {} PRAGMA application_id = {APPLICATION_ID}; \
             PRAGMA user_version = {}; COMMIT",
            step.sql, step.version
        );
        if let Err(error) = connection.execute_batch(&sql) {
            if !connection.is_autocommit() {
                connection.execute_batch("ROLLBACK")?;
            }
            return Err(error);
        }
    }
    Ok(())
}
