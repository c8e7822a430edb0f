//! The tables, as steps from each version of the schema to the next.
//!
//! A step is never changed once it was shipped. All that are missing are one transaction, taken by
//! whoever has the cell's lock, under a lock of their own: a cell is not the only one of a database.

use super::classify::Trouble;
use super::place::Place;
use super::session::Session;
use crate::journal::rows::error::OpenError;

/// All steps, in order: the first leads to version 1.
const STEPS: &[&str] = &[
    include_str!("schema/1_fleet.sql"),
    include_str!("schema/2_changes.sql"),
    include_str!("schema/3_nodes.sql"),
    include_str!("schema/4_cells.sql"),
];

/// The version that this program writes.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Says whose the schema is: the application id of a data file, "Guic" in ASCII.
const OWNER: i64 = 0x4775_6963;

/// Whose the schema is and which version it has; 0 if there is none.
pub(super) async fn version(
    session: &Session,
    place: &Place,
) -> Result<Result<i64, OpenError>, Trouble> {
    let foreign = |what: String| {
        let (place, schema) = (place.to_string(), place.schema.to_string());
        Ok(Err(OpenError::ForeignDatabase { place, schema, what }))
    };
    let ask = "SELECT count(c.oid), to_regclass('setting') IS NOT NULL FROM pg_namespace n
         LEFT JOIN pg_class c ON c.relnamespace = n.oid WHERE n.nspname = $1";
    let rows = session.query(ask, &[&&*place.schema]).await?;
    let count = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
    let counted: Result<Option<(i64, bool)>, tokio_postgres::Error> =
        rows.first().map(count).transpose();
    match counted? {
        None | Some((0, _)) => return Ok(Ok(0)),
        Some((tables, false)) => return foreign(format!("it has {tables} tables and no setting")),
        Some((_, true)) => {}
    }
    let ask = "SELECT name, value FROM setting WHERE name IN ('owner', 'version')";
    let (mut owner, mut found) = (0, 0);
    for row in session.query(ask, &[]).await? {
        let (name, value): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        *(if name == "owner" { &mut owner } else { &mut found }) = value;
    }
    if owner != OWNER {
        return foreign(format!("its owner is {owner:#x}"));
    }
    if found > VERSION {
        let place = place.to_string();
        return Ok(Err(OpenError::NewerDatabase { place, found, known: VERSION }));
    }
    Ok(Ok(found))
}

/// The steps that a schema of version `from` has not seen, as part of a transaction; none if it has seen
/// all.
pub(super) fn missing(from: i64, place: &Place) -> Option<String> {
    let missing = STEPS.iter().skip(usize::try_from(from).unwrap_or(0));
    let missing: Vec<&str> = missing.copied().collect();
    if missing.is_empty() {
        return None;
    }
    let schema = &place.schema;
    Some(format!(
        "SELECT pg_advisory_xact_lock(1198877027, -1); CREATE SCHEMA IF NOT EXISTS {schema};
         {} INSERT INTO setting (name, value) VALUES ('owner', {OWNER}), ('version', {VERSION})
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        missing.join("\n")
    ))
}

/// Takes the steps that the schema has not seen.
pub(super) async fn migrate(session: &Session, from: i64, place: &Place) -> Result<(), Trouble> {
    let Some(missing) = missing(from, place) else {
        return Ok(());
    };
    let taken = session.run(&format!("BEGIN; {missing}; COMMIT")).await;
    if taken.is_err() && !session.is_gone() {
        session.run("ROLLBACK").await?;
    }
    taken
}
