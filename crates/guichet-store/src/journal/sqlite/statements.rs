//! The SQL of rows that are both written and read: one list of columns each.

use std::borrow::Cow;

/// Columns and their parameters, as the two statements need them.
macro_rules! table {
    ($columns:ident, $replace:ident, $select:ident, $table:literal, $first:literal
     $(, $column:literal)*) => {
        /// The columns, in the order of both statements.
        pub(super) const $columns: &[&str] = &[$first $(, $column)*];
        /// Writes a row, in the place of one with the same id. As nothing else is indexed, that
        /// is one step down one tree.
        pub(super) const $replace: &str = concat!(
            "INSERT OR REPLACE INTO ", $table, " (", $first $(, ", ", $column)*, ") VALUES (?",
            $( table!(@parameter $column), )* ")"
        );
        /// Reads all rows in the order of their ids.
        pub(super) const $select: &str = concat!(
            "SELECT ", $first $(, ", ", $column)*, " FROM ", $table, " ORDER BY id"
        );
    };
    (@parameter $column:literal) => { ", ?" };
}

table!(
    SERVER,
    REPLACE_SERVER,
    SELECT_SERVERS,
    "server",
    "id",
    "uuid",
    "project",
    "name",
    "flavor",
    "image",
    "host",
    "vcpus",
    "ram_mib",
    "vm_state",
    "task_state",
    "power_state",
    "touched",
    "fence",
    "operations",
    "created_us",
    "updated_us",
    "launched_us",
    "created_by",
    "details",
    "fault_kind",
    "fault_message",
    "fault_us",
    "live_number",
    "live_request",
    "live_client",
    "live_action",
    "live_state",
    "live_attempt",
    "live_worker",
    "live_accepted_us",
    "live_started_us",
    "live_not_before_us",
    "live_turn",
    "live_args",
    "second",
    "expires_us"
);

table!(
    OPERATION,
    REPLACE_OPERATION,
    SELECT_OPERATIONS,
    "operation",
    "id",
    "server",
    "number",
    "request",
    "client",
    "action",
    "state",
    "attempt",
    "worker",
    "accepted_us",
    "started_us",
    "finished_us",
    "failure",
    "args"
);

table!(
    KEY,
    REPLACE_KEY,
    SELECT_KEYS,
    "request_key",
    "id",
    "project",
    "key",
    "fingerprint",
    "answer",
    "expires_us"
);

table!(
    CREDENTIAL,
    REPLACE_CREDENTIAL,
    SELECT_CREDENTIALS,
    "application_credential",
    "id",
    "credential",
    "user",
    "project",
    "name",
    "description",
    "roles",
    "secret",
    "unrestricted",
    "created_us",
    "expires_us"
);

table!(
    KEY_PAIR,
    REPLACE_KEY_PAIR,
    SELECT_KEY_PAIRS,
    "key_pair",
    "id",
    "uuid",
    "user",
    "name",
    "kind",
    "public_key",
    "fingerprint",
    "created_us"
);

table!(
    GROUP,
    REPLACE_GROUP,
    SELECT_GROUPS,
    "server_group",
    "id",
    "uuid",
    "project",
    "user",
    "name",
    "policy",
    "max_per_host",
    "created_us"
);

pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";
pub(super) const FORGET_SERVER: &str = "DELETE FROM server WHERE id = ?1";
pub(super) const FORGET_OPERATIONS: &str = "DELETE FROM operation WHERE id BETWEEN ?1 AND ?2";
pub(super) const SET_USAGE: &str =
    "UPDATE project SET instances = ?2, cores = ?3, ram_mib = ?4 WHERE id = ?1";
pub(super) const OLDEST_KEYS: &str = "SELECT id, expires_us FROM request_key ORDER BY id LIMIT ?1";
pub(super) const DROP_KEYS: &str = "DELETE FROM request_key WHERE id <= ?1";
pub(super) const DROP_CREDENTIAL: &str = "DELETE FROM application_credential WHERE credential = ?1";
pub(super) const DROP_KEY_PAIR: &str = "DELETE FROM key_pair WHERE uuid = ?1";
pub(super) const DROP_GROUP: &str = "DELETE FROM server_group WHERE uuid = ?1";
pub(super) const PUT_RECORD: &str = "INSERT INTO kept (kind, key, body, expires_us)
    VALUES (?1, ?2, ?3, ?4) ON CONFLICT (kind, key)
    DO UPDATE SET body = excluded.body, expires_us = excluded.expires_us";
pub(super) const DROP_RECORD: &str = "DELETE FROM kept WHERE kind = ?1 AND key = ?2";
pub(super) const EXPIRE_RECORDS: &str = "DELETE FROM kept
    WHERE id IN (SELECT id FROM kept WHERE expires_us <= ?1 LIMIT ?2)";

/// The version of the file from which on application credentials have a table.
pub(super) const CREDENTIALS: i64 = 4;

/// The version of the file from which on key pairs have a table.
pub(super) const KEY_PAIRS: i64 = 5;

/// The version of the file from which on server groups have a table.
pub(super) const GROUPS: i64 = 6;

/// The version of the file from which on servers and operations have the columns of
/// `3_actions.sql`.
const ACTIONS: i64 = 3;

/// A query of all rows for a file of this version: columns that it has not yet are empty.
pub(super) fn select_at(version: i64, query: &'static str) -> Cow<'static, str> {
    if version >= ACTIONS {
        return Cow::Borrowed(query);
    }
    let without = query
        .replace(", live_args, second, expires_us FROM", ", NULL, NULL, NULL FROM")
        .replace(", args FROM", ", NULL FROM");
    Cow::Owned(without)
}
