//! What all rows beside servers have in common: how they are put and read, and that what they
//! name has a name.

use std::sync::Arc;

use guichet_core::audit::{Audit, check_table};
use guichet_core::table::{Table as Rows, TableRow};

use super::error::{OpenError, Report};
use super::kind::Kind;
use super::names::Maps;
use super::row::{Row, Stream};
use super::tables::Table;
use super::values::Values;

/// A kind of row beside servers. Its id is in the second column of its table, where no two rows
/// have the same.
pub(crate) trait Beside: TableRow + Sized {
    /// Where they are.
    const TABLE: &'static Table;

    /// Puts the cells of one, but for its number in the table.
    ///
    /// # Errors
    /// What the database says of a cell.
    fn put<V: Values>(&self, values: &mut V, maps: &Maps) -> Result<(), V::Error>;

    /// Reads one.
    ///
    /// # Errors
    /// [`OpenError::Corrupt`].
    fn read(row: &dyn Row, maps: &Maps) -> Result<Self, OpenError>;
}

/// Reads all rows of one kind, in the order in which they were written.
pub(crate) fn load<R: Beside>(
    rows: &mut dyn Stream,
    maps: &Maps,
    report: Report<'_>,
) -> Result<Vec<Arc<R>>, OpenError> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        match R::read(row, maps) {
            Ok(row) => found.push(Arc::new(row)),
            Err(error) => report(error)?,
        }
    }
    Ok(found)
}

/// What must hold between the rows of one kind: what holds of those in memory, and that what each
/// of them names (`named`) has a name.
pub(crate) fn check<R: TableRow, const N: usize>(
    audit: &mut Audit,
    maps: &Maps,
    rows: &[Arc<R>],
    named: impl Fn(&R) -> [(Kind, u32); N],
) {
    check_table(audit, &Rows::from_iter(rows.iter().cloned()));
    for row in rows {
        for (kind, number) in named(row) {
            audit.check(maps.has_name(kind, number), || {
                format!("{} {}: there is no {kind} {number}", R::WHAT, row.id())
            });
        }
    }
}
