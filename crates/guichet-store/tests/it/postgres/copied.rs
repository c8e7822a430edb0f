//! Copies from a file into a database and back.

mod broken;
mod moments;
mod refused;
mod same;

use std::ops::ControlFlow;
use std::path::Path;

use guichet_scratch::Server;
use guichet_store::journal::copy::{self, Copied, Side};
use guichet_store::journal::sqlite::OpenError;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::place;

/// The directory of a side.
pub(super) fn directory(dir: &Path) -> Side {
    Side::Directory(dir.to_owned())
}

/// The database of a side.
pub(super) fn database(url: &str) -> Side {
    Side::Database(Box::new(place(url)))
}

/// Copies everything.
pub(super) fn copy_all(from: &Side, to: &Side) -> Result<Copied, OpenError> {
    copy::copy(from, to, &mut |_| ControlFlow::Continue(()))
}

/// A copy in which all holds.
pub(super) fn is_sound(copied: Result<Copied, OpenError>) -> Copied {
    let copied = copied.expect("copied");
    assert!(copied.verified.audit.holds(), "{:#?}", copied.verified.audit.violations);
    copied
}

/// What a database has of ours: a schema, or none.
pub(super) fn schema(server: &Server, url: &str) -> String {
    let database = url.rsplit('/').next().expect("a name");
    let sql = "SELECT coalesce(to_regnamespace('guichet')::text, 'none')";
    server.sql(database, sql).expect("asked")
}

/// The names of what is in a directory beside its lock.
pub(super) fn files(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("listed");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string());
    let mut names: Vec<String> = names.map(|name| name.expect("text")).collect();
    names.retain(|name| name != "guichet.lock");
    names.sort();
    names
}

/// All rows of a file, table by table, as they are written.
pub(super) fn rows(dir: &Path) -> Vec<(String, Vec<Vec<Value>>)> {
    let file = Connection::open(dir.join("guichet.db")).expect("a database");
    let sql =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'setting' ORDER BY 1";
    let mut names = file.prepare(sql).expect("a statement");
    let names = names.query_map([], |row| row.get::<_, String>(0)).expect("names");
    let of_table = |name: String| {
        let query = format!("SELECT * FROM {name} ORDER BY id");
        let mut all = file.prepare(&query).expect("a statement");
        let width = all.column_count();
        let cells = |row: &rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect();
        let rows = all.query_map([], cells).expect("rows").map(|row| row.expect("a row"));
        (name, rows.collect())
    };
    names.map(|name| of_table(name.expect("a name"))).collect()
}
