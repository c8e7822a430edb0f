//! The row of a cell: who leads.

use guichet_core::cell::is_name;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::classify::Trouble;
use super::node::{Credential, Leader, Member, Node, Roster};
use super::place::{FIRST, Place, schema_of};
use super::session::Session;
use super::statements as sql;
use crate::journal::rows::error::OpenError;

/// The number of a cell's row, which is alone in its table: each cell has a schema of its own.
pub(super) const CELL: i32 = 0;

/// Waits for the cell's lock for [`guichet_core::limits::LOCK_WAIT`]; whether it was had.
pub(super) async fn lock(session: &Session, place: &Place) -> Result<bool, Trouble> {
    match session.query(sql::LOCK, &[&place.lock]).await {
        Ok(_) => Ok(true),
        Err(Trouble::Later(_)) => Ok(false),
        Err(trouble) => Err(trouble),
    }
}

/// Makes this node the leader: the epoch that begins, and the number of the last batch.
pub(super) async fn raise(
    session: &Session,
    place: &Place,
    node: &Node,
) -> Result<(i64, i64), Trouble> {
    let Node { name, address, credential } = node;
    let parameters: [&(dyn ToSql + Sync); 5] =
        [&CELL, name, address, &credential.text(), &&*place.name];
    let rows = session.query(sql::RAISE, &parameters).await?;
    let row = rows.first().ok_or_else(no_row)?;
    let raised = (row.try_get(0)?, row.try_get(1)?);
    session.query(sql::FORGET_NODES, &[address]).await?;
    Ok(raised)
}

/// Refuses a schema that another cell of the configuration was led in.
pub(super) async fn check_name(
    session: &Session,
    place: &Place,
) -> Result<Result<(), OpenError>, Trouble> {
    let rows = session.query(sql::CELL_NAME, &[&CELL]).await?;
    let found: Option<String> = rows.first().map(|row| row.try_get(0)).transpose()?;
    let found = found.unwrap_or_default();
    if found.is_empty() || found == *place.name {
        return Ok(Ok(()));
    }
    let (schema, wanted) = (place.schema.to_string(), place.name.to_string());
    Ok(Err(OpenError::OtherCell { place: place.to_string(), schema, found, wanted }))
}

/// Refuses a database with servers of a cell that is not declared: its projects would be somewhere else, and
/// empty. What a cell has that was renamed by hand is nobody's any more.
pub(super) async fn check_others(
    session: &Session,
    place: &Place,
) -> Result<Result<(), OpenError>, Trouble> {
    let Some(declared) = &place.declared else { return Ok(Ok(())) };
    for name in all(session).await? {
        let schema = schema_of(&name);
        if declared.contains(&schema) {
            continue;
        }
        let found = session.ask(&sql::servers_of(&schema)).await?;
        let servers: Option<i64> = found.first().map(|row| row.try_get(0)).transpose()?;
        if let Some(servers @ 1..) = servers {
            let place = place.to_string();
            return Ok(Err(OpenError::UndeclaredCell { place, schema, name, servers }));
        }
    }
    Ok(Ok(()))
}

/// The names of the cells that were led in this database: each has the schema that is [called](schema_of) after
/// it. The first is called nothing.
pub(super) async fn all(session: &Session) -> Result<Vec<String>, Trouble> {
    let mut names = Vec::new();
    for row in session.query(sql::CELL_SCHEMAS, &[]).await? {
        let schema: String = row.try_get(0)?;
        let Some(name) = schema.strip_prefix(FIRST) else { continue };
        let name = name.strip_prefix('_').unwrap_or(name);
        if name.is_empty() || is_name(name) && is_called(session, &schema, name).await? {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// Whether what was led in a schema is the cell that the schema is called after. What was moved away has
/// another name, or none; and so has what may not be read, or is somebody else's.
async fn is_called(session: &Session, schema: &str, name: &str) -> Result<bool, Trouble> {
    let rows = match session.ask(&sql::cell_name(schema)).await {
        Err(Trouble::Refused(_) | Trouble::Broken(_)) => return Ok(false),
        rows => rows?,
    };
    let found: Option<String> = rows.first().map(|row| row.try_get(0)).transpose()?;
    Ok(found.as_deref() == Some(name))
}

fn no_row() -> Trouble {
    Trouble::Broken("no row of the cell".to_owned())
}

/// What a question answers that is answered yes or no.
fn is_so(rows: &[Row]) -> Result<bool, Trouble> {
    let answer: Option<bool> = rows.first().map(|row| row.try_get(0)).transpose()?;
    Ok(answer == Some(true))
}

/// This node follows. A schema of an earlier version has no place for it.
pub(super) async fn follow(session: &Session, node: &Node) -> Result<(), Trouble> {
    if is_so(&session.query(sql::HAS_NODES, &[]).await?)? {
        session.query(sql::SEEN, &[&node.address, &node.name]).await?;
    }
    Ok(())
}

/// Who leads the cell of a schema, and who follows; none if nobody ever led it.
pub(super) async fn roster(session: &Session, place: &Place) -> Result<Option<Roster>, Trouble> {
    let member = |row: &Row| {
        let (name, address) = (row.try_get("name")?, row.try_get("address")?);
        Ok::<_, Trouble>(Member { name, address })
    };
    let schema = &place.schema;
    let there = session.ask(&format!("SELECT to_regclass('{schema}.node') IS NOT NULL")).await?;
    if !is_so(&there)? {
        return Ok(None);
    }
    let rows = session.ask(&sql::roster(schema, place.lock, CELL)).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let followers = session.ask(&sql::followers(schema)).await?;
    let followers: Vec<Member> = followers.iter().map(member).collect::<Result<_, _>>()?;
    let (leader, is_led): (_, bool) = (member(row)?, row.try_get("is_led")?);
    // One that has just come to lead is about to take itself out of those that follow.
    let follows = |member: &Member| !is_led || member.address != leader.address;
    Ok(Some(Roster {
        epoch: row.try_get("epoch")?,
        followers: followers.into_iter().filter(follows).collect(),
        leader,
        is_led,
        led_since_us: row.try_get("led_since_us")?,
        batch: row.try_get("batch")?,
    }))
}

/// The number of the last batch; none if the epoch is over.
pub(super) async fn confirm(
    session: &Session,
    epoch: i64,
    own: &Credential,
) -> Result<Option<i64>, Trouble> {
    let rows = session.query(sql::CONFIRM, &[&CELL, &epoch, &own.text()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// The present epoch.
pub(super) async fn epoch(session: &Session) -> Result<Option<i64>, Trouble> {
    let rows = session.query(sql::EPOCH, &[&CELL]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// The present epoch; none if another node began it.
pub(super) async fn own_epoch(session: &Session, own: &Credential) -> Result<Option<i64>, Trouble> {
    let rows = session.query(sql::OWN_EPOCH, &[&CELL, &own.text()]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// Who leads, or led last.
pub(super) async fn leader(session: &Session) -> Result<Option<Leader>, Trouble> {
    if !is_so(&session.query(sql::HAS_CELLS, &[]).await?)? {
        return Ok(None);
    }
    let rows = session.query(sql::LEADER, &[&CELL]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (epoch, name, address) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let credential = Credential::new(row.try_get(3)?);
    Ok(Some(Leader { epoch, node: Node { name, address, credential } }))
}
