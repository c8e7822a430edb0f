//! Rows beside servers in a fleet: as they are, and as readers are shown them.

use std::sync::Arc;

use crate::table::{Images, RowChange, Table, TableRow};

/// A table of rows. With a journal there is a second one, of what is durable. It shares the rows
/// with the first, so it costs an entry of each index; rows beside servers are few.
#[derive(Debug, Clone)]
pub(super) struct Beside<R: TableRow> {
    present: Table<R>,
    /// What readers are shown, if not the present rows.
    published: Option<Table<R>>,
}

impl<R: TableRow> Default for Beside<R> {
    fn default() -> Self {
        Self { present: Table::default(), published: None }
    }
}

impl<R: TableRow + Clone> Beside<R> {
    /// From here on readers are shown what is published, and not before that.
    pub(super) fn publish_later(&mut self) {
        if self.published.is_none() {
            self.published = Some(self.present.clone());
        }
    }

    /// Makes a change true.
    pub(super) fn apply(&mut self, change: &RowChange<R>) {
        self.present.set(change.id, change.row.clone());
    }

    /// Rows are durable as they are here.
    pub(super) fn publish(&mut self, images: &Images<R>) {
        if let Some(published) = &mut self.published {
            for (id, row) in images {
                published.set(*id, row.clone());
            }
        }
    }

    /// Puts rows back that a journal has.
    pub(super) fn restore(&mut self, rows: Vec<Arc<R>>) {
        self.present = rows.into_iter().collect();
        if let Some(published) = &mut self.published {
            published.clone_from(&self.present);
        }
    }

    /// The rows as they are: what rules see.
    pub(super) const fn present(&self) -> &Table<R> {
        &self.present
    }

    /// The rows that readers are shown.
    pub(super) fn shown(&self) -> &Table<R> {
        self.published.as_ref().unwrap_or(&self.present)
    }
}
