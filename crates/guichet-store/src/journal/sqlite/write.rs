//! One batch as one transaction. Rows go in the order of their ids, so that each page is met
//! once; statements are prepared once, and nothing is allocated for a row.

use guichet_core::fleet::{Changes, Slot};
use guichet_core::limits;
use guichet_core::rows::KeyRow;
use guichet_core::table::Images;
use guichet_core::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::names;
use super::statements as sql;
use super::values::Bound;
use crate::journal::log::Batch;
use crate::journal::rows::beside::Beside;
use crate::journal::rows::encode;
use crate::journal::rows::kind::Kind;
use crate::journal::rows::names::Maps;
use crate::journal::rows::values::{Values, integer, operation_rows, server_row};
use crate::records::RecordChange;

/// Writes a batch; the caller rolls back what was begun if this fails.
pub(super) fn write(connection: &Connection, maps: &Maps, batch: &Batch) -> rusqlite::Result<()> {
    connection.prepare_cached(sql::BEGIN)?.raw_execute()?;
    let changes = &batch.changes;
    names::write_added(maps, connection, &batch.names)?;
    forget(connection, changes)?;
    write_servers(connection, maps, changes)?;
    write_operations(connection, maps, changes)?;
    write_usage(connection, maps, changes)?;
    if !changes.keys.is_empty() {
        write_keys(connection, maps, &changes.keys)?;
        drop_keys(connection, batch.at)?;
    }
    write_beside(connection, maps, &changes.credentials)?;
    write_beside(connection, maps, &changes.key_pairs)?;
    write_beside(connection, maps, &changes.groups)?;
    if !batch.records.is_empty() {
        write_records(connection, &batch.records)?;
        drop_expired(connection, batch.at, limits::JOURNAL_KEYS_DROPPED as i64)?;
    }
    connection.prepare_cached(sql::COMMIT)?.raw_execute()?;
    Ok(())
}

fn forget(connection: &Connection, changes: &Changes) -> rusqlite::Result<()> {
    for slot in encode::forgotten(changes) {
        // A row that is written again in the same batch is overwritten.
        forget_slot(connection, slot, !changes.rows.contains_key(&slot))?;
    }
    Ok(())
}

/// Deletes what is known of a slot.
pub(super) fn forget_slot(connection: &Connection, slot: Slot, row: bool) -> rusqlite::Result<()> {
    if row {
        connection.prepare_cached(sql::FORGET_SERVER)?.execute([server_row(slot)])?;
    }
    let (first, last) = operation_rows(slot);
    connection.prepare_cached(sql::FORGET_OPERATIONS)?.execute([first, last])?;
    Ok(())
}

fn write_servers(connection: &Connection, maps: &Maps, changes: &Changes) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(&sql::REPLACE_SERVER)?;
    let mut text = Vec::new();
    for row in encode::servers(changes) {
        let mut values = Bound::of(&mut statement);
        encode::put_row(&mut values, maps, row, &mut text)?;
        values.run()?;
    }
    Ok(())
}

fn write_operations(
    connection: &Connection,
    maps: &Maps,
    changes: &Changes,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(&sql::REPLACE_OPERATION)?;
    let mut text = Vec::new();
    for row in encode::operations(changes) {
        let mut values = Bound::of(&mut statement);
        encode::put_operation(&mut values, maps, row, &mut text)?;
        values.run()?;
    }
    Ok(())
}

fn write_usage(connection: &Connection, maps: &Maps, changes: &Changes) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql::SET_USAGE)?;
    for (project, usage) in &changes.usage {
        statement.execute(params![
            maps.to_file(Kind::Project, project.0),
            integer(usage.instances),
            integer(usage.cores),
            integer(usage.ram_mib),
        ])?;
    }
    Ok(())
}

fn write_keys(connection: &Connection, maps: &Maps, keys: &[KeyRow]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(&sql::REPLACE_KEY)?;
    let mut text = Vec::new();
    for row in keys {
        let mut values = Bound::of(&mut statement);
        // No id: the next one.
        values.put_nothing(1)?;
        encode::put_key(&mut values, maps, row, &mut text)?;
        values.run()?;
    }
    Ok(())
}

/// Writes rows beside servers as they are now: those that are no more go first, for their names may
/// be taken by others.
fn write_beside<R: Beside>(
    connection: &Connection,
    maps: &Maps,
    images: &Images<R>,
) -> rusqlite::Result<()> {
    // Most batches have none.
    if images.is_empty() {
        return Ok(());
    }
    let mut drop = connection.prepare_cached(&sql::drop_row(R::TABLE))?;
    for (id, _) in images.iter().filter(|(_, row)| row.is_none()) {
        drop.execute([id.to_string()])?;
    }
    let mut statement = connection.prepare_cached(&sql::replace(R::TABLE))?;
    for row in images.values().flatten() {
        let mut values = Bound::of(&mut statement);
        // No id: the next one.
        values.put_nothing(1)?;
        row.put(&mut values, maps)?;
        values.run()?;
    }
    Ok(())
}

/// Drops keys that expired: the oldest, which come first, for all are remembered equally long.
fn drop_keys(connection: &Connection, at: Timestamp) -> rusqlite::Result<()> {
    let mut last = None;
    {
        let mut oldest = connection.prepare_cached(sql::OLDEST_KEYS)?;
        let mut rows = oldest.query([limits::JOURNAL_KEYS_DROPPED as i64])?;
        while let Some(row) = rows.next()? {
            if row.get::<_, i64>(1)? > integer(at.micros()) {
                break;
            }
            last = Some(row.get::<_, i64>(0)?);
        }
    }
    if let Some(last) = last {
        connection.prepare_cached(sql::DROP_KEYS)?.execute([last])?;
    }
    Ok(())
}

fn write_records(connection: &Connection, records: &[RecordChange]) -> rusqlite::Result<()> {
    for record in records {
        let key = params![record.kind, &*record.id];
        let Some(body) = &record.body else {
            connection.prepare_cached(sql::DROP_RECORD)?.execute(key)?;
            continue;
        };
        let expires = record.expires.map(|at| integer(at.micros()));
        let values = params![record.kind, &*record.id, &**body, expires];
        connection.prepare_cached(sql::PUT_RECORD)?.execute(values)?;
    }
    Ok(())
}

/// Drops records whose time is over, at most so many.
pub(super) fn drop_expired(
    connection: &Connection,
    at: Timestamp,
    most: i64,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql::EXPIRE_RECORDS)?;
    statement.execute([integer(at.micros()), most])?;
    Ok(())
}

/// Counts one more opening of the file, and returns how many there were.
pub(super) fn count_start(connection: &Connection) -> rusqlite::Result<u64> {
    let known = connection
        .query_row("SELECT value FROM setting WHERE name = 'starts'", [], |row| row.get(0))
        .optional()?;
    let starts: i64 = known.unwrap_or(0_i64).max(0).saturating_add(1);
    connection
        .execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('starts', ?1)", [starts])?;
    Ok(starts.unsigned_abs())
}
