//! How tables of figures look.

use comfy_table::{CellAlignment, Table};

/// Aligns the columns from the `first` on to the right: those with figures.
pub(crate) fn right(table: &mut Table, first: usize) {
    for column in table.column_iter_mut().skip(first) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}
