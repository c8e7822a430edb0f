//! Key pairs in the file. All rows are read, also those of users that are not declared any more, as
//! application credentials are.

use std::sync::Arc;

use guichet_core::audit::Audit;
use guichet_core::ids::{KeyPairId, UserId};
use guichet_core::key_pair::{KeyKind, KeyPair};
use guichet_core::table::Images;
use rusqlite::{Connection, Row};

use super::beside;
use super::cells::Cells;
use super::error::{OpenError, Report};
use super::kind::Kind;
use super::names::Maps;
use super::statements as sql;
use super::values::Values;

/// Writes the rows as they are now: those that are no more go first, for their names may be taken
/// by others.
pub(super) fn write(
    connection: &Connection,
    maps: &Maps,
    images: &Images<KeyPair>,
) -> rusqlite::Result<()> {
    for (id, _) in images.iter().filter(|(_, row)| row.is_none()) {
        connection.prepare_cached(sql::DROP_KEY_PAIR)?.execute([id.to_string()])?;
    }
    for row in images.values().flatten() {
        let mut statement = connection.prepare_cached(sql::REPLACE_KEY_PAIR)?;
        let mut values = Values::of(&mut statement);
        // No id: the next one.
        values.put(rusqlite::types::Null)?;
        values.put_id(row.id.0)?;
        values.put(maps.to_file(Kind::User, row.user.0))?;
        values.put(&*row.name)?;
        values.put(row.kind.as_str())?;
        values.put(&*row.public_key)?;
        values.put(&*row.fingerprint)?;
        values.put_time(row.created)?;
        values.run()?;
    }
    Ok(())
}

/// Reads all rows, in the order in which they were written.
pub(super) fn load(
    connection: &Connection,
    maps: &Maps,
    failed: &dyn Fn(rusqlite::Error) -> OpenError,
    report: Report<'_>,
) -> Result<Vec<Arc<KeyPair>>, OpenError> {
    beside::load(connection, sql::SELECT_KEY_PAIRS, failed, report, |row| read(row, maps))
}

fn read(row: &Row<'_>, maps: &Maps) -> Result<KeyPair, OpenError> {
    let mut cells = Cells::of(row, "key_pair", sql::KEY_PAIR)?;
    Ok(KeyPair {
        id: KeyPairId(cells.uuid()?),
        user: UserId(maps.finished(Kind::User, cells.u32()?)),
        name: Arc::from(cells.text()?),
        kind: cells.parsed::<KeyKind>()?,
        public_key: Arc::from(cells.text()?),
        fingerprint: Arc::from(cells.text()?),
        created: cells.time()?,
    })
}

/// What must hold between the rows: what holds of those in memory, and that users have names.
pub(super) fn check(audit: &mut Audit, maps: &Maps, rows: &[Arc<KeyPair>]) {
    beside::check(audit, maps, rows, |row| [(Kind::User, row.user.0)]);
}
