//! One batch as the steps of one transaction: one statement for all rows of a table.

use std::collections::BTreeMap;

use guichet_core::fleet::{Changes, Slot};
use guichet_core::limits;
use guichet_core::table::Images;
use guichet_core::time::Timestamp;

use super::columns::{Column, Columns};
use super::names;
use super::session::Step;
use super::statements as sql;
use crate::journal::log::Batch;
use crate::journal::rows::beside::Beside;
use crate::journal::rows::encode;
use crate::journal::rows::kind::Kind;
use crate::journal::rows::names::Maps;
use crate::journal::rows::tables::{self, Table, Type};
use crate::journal::rows::touched::Touched;
use crate::journal::rows::values::{integer, operation_row, operation_rows, server_row};
use crate::records::RecordChange;

/// Why a batch could not be put into words: a value has no JSON.
type Unsaid = serde_json::Error;

/// The steps of a batch, and which rows they touch: every step that writes or deletes rows that a
/// start reads says so there.
pub(super) type Steps = (Vec<Step>, Touched);

/// The steps of a batch, in order, and which rows they touch.
pub(super) fn steps(maps: &Maps, batch: &Batch) -> Result<Steps, Unsaid> {
    let changes = &batch.changes;
    let mut touched = Touched::default();
    let mut steps = names::added(maps, &batch.names)?;
    touched.beside.names = !batch.names.is_empty();
    // A row that is written again in the same batch is overwritten.
    let is_gone = |slot: &Slot| !changes.rows.contains_key(slot);
    steps.extend(forget(&encode::forgotten(changes), is_gone, &mut touched));
    steps.extend(servers(maps, changes, &mut touched)?);
    steps.extend(operations(maps, changes, &mut touched)?);
    steps.extend(usage(maps, changes));
    if !changes.keys.is_empty() {
        let mut columns = columns(&tables::KEY, 1);
        let mut text = Vec::new();
        for row in &changes.keys {
            encode::put_key(&mut columns, maps, row, &mut text)?;
        }
        steps.push(Step { sql: &sql::PUT_KEYS, columns: columns.finish() });
        let columns = until(batch.at, limits::JOURNAL_KEYS_DROPPED as i64);
        steps.push(Step { sql: sql::DROP_KEYS, columns });
        touched.beside.keys = true;
    }
    let put_and_drop = (&**sql::PUT_CREDENTIALS, &**sql::DROP_CREDENTIALS);
    steps.extend(beside(maps, &changes.credentials, put_and_drop, &mut touched)?);
    let put_and_drop = (&**sql::PUT_KEY_PAIRS, &**sql::DROP_KEY_PAIRS);
    steps.extend(beside(maps, &changes.key_pairs, put_and_drop, &mut touched)?);
    let put_and_drop = (&**sql::PUT_GROUPS, &**sql::DROP_GROUPS);
    steps.extend(beside(maps, &changes.groups, put_and_drop, &mut touched)?);
    if !batch.records.is_empty() {
        steps.extend(records(&batch.records, &mut touched));
        steps.push(expire(batch.at, limits::JOURNAL_KEYS_DROPPED as i64, &mut touched));
    }
    Ok((steps, touched))
}

fn columns(table: &Table, skipped: usize) -> Columns {
    Columns::new(table.columns.iter().skip(skipped).map(|(_, of)| *of))
}

/// Deletes what is known of slots: their operations, and their rows where `is_gone`.
pub(super) fn forget(
    slots: &[Slot],
    is_gone: impl Fn(&Slot) -> bool,
    touched: &mut Touched,
) -> Vec<Step> {
    if slots.is_empty() {
        return Vec::new();
    }
    touched.forgotten.extend(slots.iter().map(|slot| server_row(*slot)));
    touched.servers.extend(slots.iter().map(|slot| server_row(*slot)));
    let rows = || slots.iter().map(|slot| operation_rows(*slot));
    let columns = vec![
        Column::numbers(rows().map(|(first, _)| first)),
        Column::numbers(rows().map(|(_, last)| last)),
    ];
    let gone = slots.iter().filter(|slot| is_gone(slot)).map(|slot| server_row(*slot));
    vec![
        Step { sql: sql::FORGET_OPERATIONS, columns },
        Step { sql: sql::FORGET_SERVERS, columns: vec![Column::numbers(gone)] },
    ]
}

fn servers(maps: &Maps, changes: &Changes, touched: &mut Touched) -> Result<Option<Step>, Unsaid> {
    if changes.rows.is_empty() {
        return Ok(None);
    }
    let (mut columns, mut text) = (columns(&tables::SERVER, 0), Vec::new());
    for row in encode::servers(changes) {
        touched.servers.push(server_row(row.0));
        encode::put_row(&mut columns, maps, row, &mut text)?;
    }
    Ok(Some(Step { sql: &sql::PUT_SERVERS, columns: columns.finish() }))
}

fn operations(
    maps: &Maps,
    changes: &Changes,
    touched: &mut Touched,
) -> Result<Option<Step>, Unsaid> {
    let mut rows = encode::operations(changes);
    if rows.is_empty() {
        return Ok(None);
    }
    // Of 33 operations of one server the last takes the place of the first, and one statement writes
    // a row once.
    let place = |(slot, operation): &(Slot, &guichet_core::server::Operation)| {
        operation_row(*slot, operation.number)
    };
    let last: BTreeMap<i64, usize> =
        rows.iter().enumerate().map(|(index, row)| (place(row), index)).collect();
    if last.len() < rows.len() {
        rows = last.into_values().map(|index| rows[index]).collect();
    }
    let (mut columns, mut text) = (columns(&tables::OPERATION, 0), Vec::new());
    for row in rows {
        touched.operations.push(place(&row));
        encode::put_operation(&mut columns, maps, row, &mut text)?;
    }
    Ok(Some(Step { sql: &sql::PUT_OPERATIONS, columns: columns.finish() }))
}

fn usage(maps: &Maps, changes: &Changes) -> Option<Step> {
    let usage = &changes.usage;
    (!usage.is_empty()).then(|| {
        let projects = usage.keys().map(|id| i64::from(maps.to_file(Kind::Project, id.0)));
        let columns = vec![
            Column::numbers(projects),
            Column::numbers(usage.values().map(|usage| integer(usage.instances))),
            Column::numbers(usage.values().map(|usage| integer(usage.cores))),
            Column::numbers(usage.values().map(|usage| integer(usage.ram_mib))),
        ];
        Step { sql: sql::SET_USAGE, columns }
    })
}

/// Rows beside servers as they are now: those that are no more go first, for their names may be taken
/// by others.
fn beside<R: Beside>(
    maps: &Maps,
    images: &Images<R>,
    (put, drop): (&'static str, &'static str),
    touched: &mut Touched,
) -> Result<Vec<Step>, Unsaid> {
    if !images.is_empty() {
        let ids = images.keys().map(ToString::to_string).collect();
        touched.beside.tables.insert(R::TABLE.name.to_owned(), ids);
    }
    let gone = images.iter().filter(|(_, row)| row.is_none());
    let gone: Vec<String> = gone.map(|(id, _)| id.to_string()).collect();
    let mut steps = Vec::new();
    if !gone.is_empty() {
        let ids = Column::texts(gone.iter().map(|id| &**id));
        steps.push(Step { sql: drop, columns: vec![ids] });
    }
    if gone.len() < images.len() {
        let mut columns = columns(R::TABLE, 1);
        for row in images.values().flatten() {
            row.put(&mut columns, maps)?;
        }
        steps.push(Step { sql: put, columns: columns.finish() });
    }
    Ok(steps)
}

/// Records beside the fleet: of several changes of one the last counts.
fn records(changes: &[RecordChange], touched: &mut Touched) -> Vec<Step> {
    let last: BTreeMap<(&str, &str), &RecordChange> =
        changes.iter().map(|change| ((change.kind, &*change.id), change)).collect();
    let ids = last.keys().map(|(kind, id)| ((*kind).to_owned(), (*id).to_owned()));
    touched.beside.records.extend(ids);
    let (gone, put): (Vec<_>, Vec<_>) =
        last.into_iter().partition(|(_, change)| change.body.is_none());
    let keys = |of: &[((&str, &str), &RecordChange)]| {
        [
            Column::texts(of.iter().map(|(key, _)| key.0)),
            Column::texts(of.iter().map(|(key, _)| key.1)),
        ]
    };
    let mut steps = Vec::new();
    if !gone.is_empty() {
        steps.push(Step { sql: sql::DROP_RECORDS, columns: keys(&gone).into() });
    }
    if !put.is_empty() {
        let mut columns: Vec<Column> = keys(&put).into();
        columns.push(Column::texts(
            put.iter().map(|(_, change)| change.body.as_deref().unwrap_or("")),
        ));
        let mut expires = Column::new(Type::Number);
        put.iter().for_each(|(_, change)| expires.push(change.expires.into()));
        columns.push(expires);
        steps.push(Step { sql: sql::PUT_RECORDS, columns });
    }
    steps
}

/// Drops records whose time is over, at most so many.
pub(super) fn expire(at: Timestamp, most: i64, touched: &mut Touched) -> Step {
    touched.expired(at);
    Step { sql: sql::EXPIRE_RECORDS, columns: until(at, most) }
}

/// A time and how many at most, each as an array of one.
fn until(at: Timestamp, most: i64) -> Vec<Column> {
    vec![Column::numbers([integer(at.micros())]), Column::numbers([most])]
}
