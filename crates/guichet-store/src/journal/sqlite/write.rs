//! One batch as one transaction. Rows go in the order of their ids, so that each page is met
//! once; statements are prepared once, and nothing is allocated for a row.

use guichet_core::action::ActionArgs;
use guichet_core::fleet::{Changes, RowImage, Slot};
use guichet_core::limits;
use guichet_core::rows::KeyRow;
use guichet_core::server::{Allocation, Operation, Server};
use guichet_core::time::Timestamp;
use rusqlite::types::Null;
use rusqlite::{Connection, OptionalExtension, params};

use super::credentials;
use super::decode;
use super::groups;
use super::key_pairs;
use super::kind::Kind;
use super::names::Maps;
use super::statements as sql;
use super::values::{Values, as_text, integer, operation_row, operation_rows, server_row, to_json};
use crate::journal::log::Batch;
use crate::records::RecordChange;

/// Writes a batch; the caller rolls back what was begun if this fails.
pub(super) fn write(connection: &Connection, maps: &Maps, batch: &Batch) -> rusqlite::Result<()> {
    connection.prepare_cached(sql::BEGIN)?.raw_execute()?;
    let changes = &batch.changes;
    maps.write_added(connection, &batch.names)?;
    forget(connection, changes)?;
    write_servers(connection, maps, changes)?;
    write_operations(connection, maps, changes)?;
    write_usage(connection, maps, changes)?;
    if !changes.keys.is_empty() {
        write_keys(connection, maps, &changes.keys)?;
        drop_keys(connection, batch.at)?;
    }
    credentials::write(connection, maps, &changes.credentials)?;
    key_pairs::write(connection, maps, &changes.key_pairs)?;
    groups::write(connection, maps, &changes.groups)?;
    if !batch.records.is_empty() {
        write_records(connection, &batch.records)?;
        drop_expired(connection, batch.at, limits::JOURNAL_KEYS_DROPPED as i64)?;
    }
    connection.prepare_cached(sql::COMMIT)?.raw_execute()?;
    Ok(())
}

fn forget(connection: &Connection, changes: &Changes) -> rusqlite::Result<()> {
    let mut slots: Vec<Slot> = changes.forgotten.iter().map(|row| row.slot).collect();
    slots.sort_unstable();
    slots.dedup();
    for slot in slots {
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
    let mut rows: Vec<(Slot, &RowImage)> =
        changes.rows.iter().map(|(slot, image)| (*slot, image)).collect();
    rows.sort_unstable_by_key(|(slot, _)| *slot);
    let mut statement = connection.prepare_cached(sql::REPLACE_SERVER)?;
    let mut text = Vec::new();
    for (slot, image) in rows {
        let mut values = Values::of(&mut statement);
        values.put(server_row(slot))?;
        put_server(&mut values, maps, &image.server, &mut text)?;
        match &image.server.active {
            Some(active) => put_live(&mut values, maps, active, image.arrival)?,
            None => (0..decode::ACTIVE_COLUMNS).try_for_each(|_| values.put(Null))?,
        }
        let args = image.server.active.as_ref().and_then(|active| active.args.as_deref());
        put_args(&mut values, maps, args, &mut text)?;
        put_second(&mut values, maps, image.server.second.as_deref(), &mut text)?;
        values.put_times([image.server.expires])?;
        values.run()?;
    }
    Ok(())
}

fn put_server(
    values: &mut Values<'_, '_>,
    maps: &Maps,
    server: &Server,
    text: &mut Vec<u8>,
) -> rusqlite::Result<()> {
    values.put_id(server.id.0)?;
    values.put(maps.to_file(Kind::Project, server.project.0))?;
    values.put(&*server.name)?;
    values.put(maps.to_file(Kind::Flavor, server.flavor.0))?;
    values.put(maps.to_file(Kind::Image, server.image.0))?;
    values.put(server.host.map(|host| maps.to_file(Kind::Host, host.0)))?;
    values.put(server.size.vcpus)?;
    values.put(server.size.ram_mib)?;
    values.put(server.vm_state.as_str())?;
    values.put(server.task_state.map(|state| state.as_str()))?;
    values.put(server.power_state.as_str())?;
    values.put(server.ever_started)?;
    values.put(server.fence)?;
    values.put(server.operations)?;
    values.put_time(server.created)?;
    values.put_time(server.updated)?;
    values.put_times([server.launched])?;
    values.put(maps.to_file(Kind::User, server.created_by.0))?;
    put_details(values, maps, server, text)?;
    match &server.fault {
        Some(fault) => {
            values.put(fault.kind.as_str())?;
            values.put(&*fault.message)?;
            values.put_time(fault.created)
        }
        None => (0..3).try_for_each(|_| values.put(Null)),
    }
}

fn put_details(
    values: &mut Values<'_, '_>,
    maps: &Maps,
    server: &Server,
    text: &mut Vec<u8>,
) -> rusqlite::Result<()> {
    let Some(details) = &server.details else {
        return values.put(Null);
    };
    text.clear();
    let is_same = |network: u32| maps.to_file(Kind::Network, network) == network;
    if details.ports.iter().all(|port| is_same(port.network)) {
        to_json(text, &**details)?;
    } else {
        let mut details = (**details).clone();
        for port in &mut details.ports {
            port.network = maps.to_file(Kind::Network, port.network);
        }
        to_json(text, &details)?;
    }
    values.put(as_text(text)?)
}

fn put_live(
    values: &mut Values<'_, '_>,
    maps: &Maps,
    active: &Operation,
    arrival: Option<u64>,
) -> rusqlite::Result<()> {
    values.put(active.number)?;
    values.put_id(active.request.0)?;
    values.put(maps.to_file(Kind::User, active.client.0))?;
    values.put(active.action.as_str())?;
    values.put(active.state.as_str())?;
    values.put(active.attempt)?;
    values.put(active.worker.0)?;
    values.put_time(active.accepted)?;
    values.put_times([active.started, active.not_before])?;
    values.put(arrival.map(integer))
}

/// What an action needs beside its server, with the file's numbers. Most need nothing.
fn put_args(
    values: &mut Values<'_, '_>,
    maps: &Maps,
    args: Option<&ActionArgs>,
    text: &mut Vec<u8>,
) -> rusqlite::Result<()> {
    let Some(args) = args else {
        return values.put(Null);
    };
    text.clear();
    let mut args = args.clone();
    if let Some(flavor) = args.flavor_mut() {
        flavor.0 = maps.to_file(Kind::Flavor, flavor.0);
    }
    if let Some(host) = args.host_mut() {
        host.0 = maps.to_file(Kind::Host, host.0);
    }
    to_json(text, &args)?;
    values.put(as_text(text)?)
}

/// What a server holds beside its present size, with the file's numbers. Most hold nothing.
fn put_second(
    values: &mut Values<'_, '_>,
    maps: &Maps,
    second: Option<&Allocation>,
    text: &mut Vec<u8>,
) -> rusqlite::Result<()> {
    let Some(second) = second else {
        return values.put(Null);
    };
    text.clear();
    let mut second = *second;
    second.flavor.0 = maps.to_file(Kind::Flavor, second.flavor.0);
    if let Some(host) = &mut second.host {
        host.0 = maps.to_file(Kind::Host, host.0);
    }
    to_json(text, &second)?;
    values.put(as_text(text)?)
}

fn write_operations(
    connection: &Connection,
    maps: &Maps,
    changes: &Changes,
) -> rusqlite::Result<()> {
    let mut operations: Vec<_> = changes.written_operations().collect();
    // By number, so that of 33 operations of one server the first is the one that goes.
    operations.sort_unstable_by_key(|(slot, operation)| (*slot, operation.number));
    let mut statement = connection.prepare_cached(sql::REPLACE_OPERATION)?;
    let mut text = Vec::new();
    for (slot, operation) in operations {
        let mut values = Values::of(&mut statement);
        values.put(operation_row(*slot, operation.number))?;
        values.put(server_row(*slot))?;
        values.put(operation.number)?;
        values.put_id(operation.request.0)?;
        values.put(maps.to_file(Kind::User, operation.client.0))?;
        values.put(operation.action.as_str())?;
        values.put(operation.state.as_str())?;
        values.put(operation.attempt)?;
        values.put(operation.worker.0)?;
        values.put_time(operation.accepted)?;
        values.put_times([operation.started, operation.finished])?;
        values.put(operation.failure.map(|failure| failure.as_str()))?;
        put_args(&mut values, maps, operation.args.as_deref(), &mut text)?;
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
    let mut statement = connection.prepare_cached(sql::REPLACE_KEY)?;
    let mut text = Vec::new();
    for row in keys {
        text.clear();
        to_json(&mut text, &row.answer)?;
        let mut values = Values::of(&mut statement);
        // No id: the next one.
        values.put(Null)?;
        values.put(maps.to_file(Kind::Project, row.project.0))?;
        values.put(&*row.key.0)?;
        values.put(&row.fingerprint.0[..])?;
        values.put(as_text(&text)?)?;
        values.put_time(row.expires)?;
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
