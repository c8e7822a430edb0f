//! Everything that must hold of a database, as it is at one moment; nodes may go on writing to it.

use std::collections::BTreeMap;

use guichet_core::audit::Audit;
use guichet_core::ids::ProjectId;
use guichet_core::project::Usage;

use super::classify::Trouble;
use super::link::Link;
use super::load::Source;
use super::place::{Place, schema_of};
use super::session::Session;
use super::stand::of_trouble;
use super::{cell, schema, statements as sql};
use crate::journal::rows::check::Verified;
use crate::journal::rows::error::OpenError;
use crate::journal::rows::names::Names;

/// Checks every row of a database, and what must hold between rows. Nothing is changed. The calling
/// thread waits.
///
/// # Errors
/// See [`OpenError`]: the database could not be looked at. What was found in it is no error.
pub fn verify(place: &Place) -> Result<Verified, OpenError> {
    let (_link, source) = connected(place)?;
    let place_there = place.clone();
    let version = source.ask(move |session| async move {
        session.run(sql::SNAPSHOT).await?;
        schema::version(&session, &place_there).await
    })??;
    if version == 0 {
        return Err(OpenError::EmptyDatabase { place: place.to_string() });
    }
    of(&source, version)
}

/// The names of the other cells that a database has beside that of the place; the first is called nothing.
/// The calling thread waits.
///
/// # Errors
/// See [`OpenError`]: the database could not be looked at.
pub fn other_cells(place: &Place) -> Result<Vec<String>, OpenError> {
    let (_link, source) = connected(place)?;
    let cells = source.ask(|session| async move { cell::all(&session).await })?;
    Ok(cells.into_iter().filter(|name| schema_of(name) != *place.schema).collect())
}

/// A session with a database, on a thread of its own.
fn connected(place: &Place) -> Result<(Link, Source), OpenError> {
    let failed = |what: String| OpenError::Database { place: place.to_string(), what };
    let link = Link::start().map_err(|error| failed(format!("no thread: {error}")))?;
    let tasks = link.tasks();
    let (place_there, tasks_there) = (place.clone(), tasks.clone());
    let connected = tasks.run(async move { Session::connect(&place_there, &tasks_there).await });
    let connected = connected.ok_or_else(|| failed("its thread has ended".to_owned()))?;
    let session = connected.map_err(|trouble| of_trouble(place, trouble))?;
    Ok((link, Source { place: place.clone(), tasks, session }))
}

/// Checks what a session sees of a database with data of this version.
pub(super) fn of(source: &Source, version: i64) -> Result<Verified, OpenError> {
    let bytes = source.ask(|session| async move { bytes(&session).await })?;
    let mut verified = Verified::nothing(Audit::default(), version, bytes);
    let maps = source.maps(&Names::default())?;
    let loaded = verified.load(|report| source.load(&maps, report))?;
    let usage = source.ask(|session| async move { usage(&session).await })?;
    verified.take(&maps, &loaded, &usage);
    Ok(verified)
}

async fn bytes(session: &Session) -> Result<u64, Trouble> {
    let sql = "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'";
    let rows = session.query(sql, &[]).await?;
    let bytes: Option<i64> = rows.first().map(|row| row.try_get(0)).transpose()?;
    Ok(bytes.unwrap_or(0).unsigned_abs())
}

async fn usage(session: &Session) -> Result<BTreeMap<ProjectId, Usage>, Trouble> {
    let rows = session.query(sql::USAGE, &[]).await?;
    let of_row = |row: &tokio_postgres::Row| {
        let number = |column: usize| row.try_get::<_, i64>(column).map(i64::unsigned_abs);
        let id = u32::try_from(number(0)?);
        let id = id.map_err(|_| Trouble::Broken("a project's number is too large".to_owned()))?;
        let usage = Usage { instances: number(1)?, cores: number(2)?, ram_mib: number(3)? };
        Ok((ProjectId(id), usage))
    };
    rows.iter().map(of_row).collect()
}
