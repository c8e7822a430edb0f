//! The SQL of copies.

use std::sync::LazyLock;

use super::super::statements as common;
use crate::journal::rows::tables::{self, Table};

/// What is done to a table of a copy.
#[derive(Debug)]
pub(super) struct Statements {
    /// Reads a page of its rows.
    pub(super) page: &'static str,
    /// Writes rows, whose numbers no others have.
    pub(super) insert: &'static str,
    /// Has the numbers that the database gives out go on behind those that there are. Where it gives
    /// out none (a server's number is its place) nothing is changed.
    pub(super) go_on: &'static str,
}

struct Texts {
    page: String,
    insert: String,
    go_on: String,
}

/// In the order of [`tables::ALL`].
static TEXTS: LazyLock<Vec<Texts>> = LazyLock::new(|| {
    let texts = |table: &&Table| {
        let name = table.name;
        Texts {
            page: common::page(table),
            insert: common::insert(table, 0),
            go_on: format!(
                "SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id))
                 FROM {name} HAVING max(id) IS NOT NULL"
            ),
        }
    };
    tables::ALL.iter().map(texts).collect()
});

/// The statements of a table that is copied.
pub(super) fn of(table: &Table) -> Statements {
    let mut known = tables::ALL.iter().zip(&*TEXTS);
    let found = known.find(|(known, _)| known.name == table.name);
    let (_, Texts { page, insert, go_on }) = found.expect("what is copied is one of all tables");
    Statements { page, insert, go_on }
}

/// Whether somebody wrote anything.
pub(super) const HAS_DATA: &str = "SELECT EXISTS (SELECT FROM cell)
    OR EXISTS (SELECT FROM project) OR EXISTS (SELECT FROM server) OR EXISTS (SELECT FROM kept)";

/// The row of a cell that nobody leads yet. Epochs of a new life of the data begin at the second in
/// which it was made, and less than one begins a second: so no two lives have one in common, and a
/// node that was away since an earlier life takes itself for the leader of none of this one's.
pub(super) const BEGIN_LIFE: &str = "INSERT INTO cell (id, epoch, batch, node, address, led_since,
     name)
     VALUES ($1, greatest($2::bigint + 1, extract(epoch FROM now())::bigint), 0, 'copy', '', now(), $3)";
