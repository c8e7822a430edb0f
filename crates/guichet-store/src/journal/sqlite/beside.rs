//! What all rows beside servers have in common in the file: how they are read, and that what they
//! name has a name.

use std::sync::Arc;

use guichet_core::audit::{Audit, check_table};
use guichet_core::table::{Table, TableRow};
use rusqlite::{Connection, Row};

use super::error::{OpenError, Report};
use super::kind::Kind;
use super::names::Maps;

/// Reads all rows of one kind, in the order in which they were written.
pub(super) fn load<R>(
    connection: &Connection,
    select: &str,
    failed: &dyn Fn(rusqlite::Error) -> OpenError,
    report: Report<'_>,
    read: impl Fn(&Row<'_>) -> Result<R, OpenError>,
) -> Result<Vec<Arc<R>>, OpenError> {
    let mut statement = connection.prepare(select).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        match read(row) {
            Ok(row) => found.push(Arc::new(row)),
            Err(error) => report(error)?,
        }
    }
    Ok(found)
}

/// What must hold between the rows of one kind: what holds of those in memory, and that what each
/// of them names (`named`) has a name.
pub(super) fn check<R: TableRow, const N: usize>(
    audit: &mut Audit,
    maps: &Maps,
    rows: &[Arc<R>],
    named: impl Fn(&R) -> [(Kind, u32); N],
) {
    check_table(audit, &Table::from_iter(rows.iter().cloned()));
    for row in rows {
        for (kind, number) in named(row) {
            audit.check(maps.has_name(kind, number), || {
                format!("{} {}: there is no {kind} {number}", R::WHAT, row.id())
            });
        }
    }
}
