//! The row of a cell: who leads.

use super::classify::Trouble;
use super::node::{Leader, Node};
use super::session::Session;
use super::statements as sql;

/// The number of the one cell that there is.
pub(super) const CELL: i32 = 0;

/// Waits for the cell's lock for [`guichet_core::limits::LOCK_WAIT`]; whether it was had.
pub(super) async fn lock(session: &Session) -> Result<bool, Trouble> {
    match session.query(sql::LOCK, &[&CELL]).await {
        Ok(_) => Ok(true),
        Err(Trouble::Later(_)) => Ok(false),
        Err(trouble) => Err(trouble),
    }
}

/// Makes this node the leader: the epoch that begins, and the number of the last batch.
pub(super) async fn raise(session: &Session, node: &Node) -> Result<(i64, i64), Trouble> {
    let rows = session.query(sql::RAISE, &[&CELL, &&*node.name, &&*node.address]).await?;
    let row = rows.first().ok_or_else(|| Trouble::Broken("no row of the cell".to_owned()))?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// The number of the last batch; none if the epoch is over.
pub(super) async fn confirm(session: &Session, epoch: i64) -> Result<Option<i64>, Trouble> {
    let rows = session.query(sql::CONFIRM, &[&CELL, &epoch]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// The present epoch.
pub(super) async fn epoch(session: &Session) -> Result<Option<i64>, Trouble> {
    let rows = session.query(sql::EPOCH, &[&CELL]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// Who leads, or led last.
pub(super) async fn leader(session: &Session) -> Result<Option<Leader>, Trouble> {
    let rows = session.query(sql::HAS_CELLS, &[]).await?;
    let has_cells = rows.first().map(|row| row.try_get(0)).transpose()?;
    if has_cells != Some(true) {
        return Ok(None);
    }
    let rows = session.query(sql::LEADER, &[&CELL]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (epoch, name, address) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(Some(Leader { epoch, node: Node { name, address } }))
}
