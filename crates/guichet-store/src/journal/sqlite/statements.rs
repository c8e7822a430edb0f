//! The SQL of what is written and read.

use std::sync::LazyLock;

use crate::journal::rows::tables::{self, Table};

/// Reads all rows of a table in the order of their ids.
pub(super) fn select(table: &Table) -> String {
    format!("SELECT {} FROM {} ORDER BY id", table.list(), table.name)
}

/// Writes a row, in the place of one with the same id. As nothing else is indexed in most tables,
/// that is one step down one tree.
pub(super) fn replace(table: &Table) -> String {
    let parameters = vec!["?"; table.columns.len()].join(", ");
    format!("INSERT OR REPLACE INTO {} ({}) VALUES ({parameters})", table.name, table.list())
}

/// Writes a row, whose number no other one has.
pub(super) fn insert(table: &Table) -> String {
    let parameters = vec!["?"; table.columns.len()].join(", ");
    format!("INSERT INTO {} ({}) VALUES ({parameters})", table.name, table.list())
}

/// Deletes a row beside servers, by its id.
pub(super) fn drop_row(table: &Table) -> String {
    let id = table.names().nth(1).unwrap_or("id");
    format!("DELETE FROM {} WHERE {id} = ?1", table.name)
}

pub(super) static REPLACE_SERVER: LazyLock<String> = LazyLock::new(|| replace(&tables::SERVER));
pub(super) static REPLACE_OPERATION: LazyLock<String> =
    LazyLock::new(|| replace(&tables::OPERATION));
pub(super) static REPLACE_KEY: LazyLock<String> = LazyLock::new(|| replace(&tables::KEY));

pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";
pub(super) const FORGET_SERVER: &str = "DELETE FROM server WHERE id = ?1";
pub(super) const FORGET_OPERATIONS: &str = "DELETE FROM operation WHERE id BETWEEN ?1 AND ?2";
pub(super) const SET_USAGE: &str =
    "UPDATE project SET instances = ?2, cores = ?3, ram_mib = ?4 WHERE id = ?1";
pub(super) const OLDEST_KEYS: &str = "SELECT id, expires_us FROM request_key ORDER BY id LIMIT ?1";
pub(super) const DROP_KEYS: &str = "DELETE FROM request_key WHERE id <= ?1";
pub(super) const PUT_RECORD: &str = "INSERT INTO kept (kind, key, body, expires_us)
    VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, key)
    DO UPDATE SET body = excluded.body, expires_us = excluded.expires_us";
pub(super) const DROP_RECORD: &str = "DELETE FROM kept WHERE kind = ?1 AND key = ?2";
pub(super) const EXPIRE_RECORDS: &str = "DELETE FROM kept
    WHERE id IN (SELECT id FROM kept WHERE expires_us <= ?1 LIMIT ?2)";

/// The version of the file from which on it has a table.
fn since(table: &Table) -> i64 {
    match table.name {
        "kept" => 2,
        "application_credential" => 4,
        "key_pair" => 5,
        "server_group" => 6,
        _ => 1,
    }
}

/// Whether a file of this version has a table.
pub(super) fn has(version: i64, table: &Table) -> bool {
    version >= since(table)
}

/// The version of the file from which on servers and operations have the columns of
/// `3_actions.sql`.
const ACTIONS: i64 = 3;

/// A query of all rows for a file of this version: columns that it has not yet are empty.
pub(super) fn select_at(version: i64, table: &Table) -> String {
    let query = select(table);
    if version >= ACTIONS {
        return query;
    }
    query
        .replace(r#", "live_args", "second", "expires_us" FROM"#, ", NULL, NULL, NULL FROM")
        .replace(r#", "args" FROM"#, ", NULL FROM")
}
