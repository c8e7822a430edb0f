//! The SQL of what is written and read.

use std::sync::LazyLock;

use guichet_core::limits;

use super::columns::sql_name;
use crate::journal::rows::tables::{self, Table};

/// What a session needs. Its end is what gives the lock to another node, so PostgreSQL is to end it
/// soon if nothing is heard from here. Plans are made once, and by indexes: a table that is small when
/// a plan is made is not small for ever.
pub(super) fn session(schema: &str) -> String {
    let silence_ms = limits::SESSION_SILENCE.as_millis();
    let lock_ms = limits::LOCK_WAIT.as_millis();
    format!(
        "SET search_path = {schema};
         SET client_min_messages = warning;
         SET idle_session_timeout = {silence_ms};
         SET idle_in_transaction_session_timeout = {silence_ms};
         SET lock_timeout = {lock_ms};
         SET statement_timeout = 0;
         SET tcp_keepalives_idle = 1;
         SET tcp_keepalives_interval = 1;
         SET tcp_keepalives_count = 3;
         SET tcp_user_timeout = {silence_ms};
         SET enable_seqscan = off;
         SET plan_cache_mode = force_generic_plan"
    )
}

pub(super) const SETTINGS: &str = "SELECT current_setting('server_version_num')::int AS version,
    current_setting('server_encoding') AS server_encoding, current_setting('fsync') AS fsync,
    current_setting('full_page_writes') AS full_page_writes,
    current_setting('synchronous_commit') AS synchronous_commit,
    current_setting('synchronous_standby_names') AS synchronous_standby_names";

/// One moment for all that is read.
pub(super) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const WRITE_BATCH: &str = "SELECT write_batch($1, $2, $3, $4, $5, $6)";

/// Takes the cell's lock, or waits for it (`lock_timeout`). It is the session's, and has a number of
/// its own beside the cell's: "Guic" in ASCII.
pub(super) const LOCK: &str = "SELECT pg_advisory_lock(1198877027, $1)";

/// The next epoch, for this node.
pub(super) const RAISE: &str =
    "INSERT INTO cell AS c (id, epoch, batch, node, address, credential, led_since, name)
     VALUES ($1, 1, 0, $2, $3, $4, now(), $5) ON CONFLICT (id) DO UPDATE
     SET epoch = c.epoch + 1, node = excluded.node, address = excluded.address,
     credential = excluded.credential, led_since = now(), name = excluded.name
     RETURNING epoch, batch";
/// Which cell of its cloud it is, if somebody led it.
pub(super) const CELL_NAME: &str = "SELECT name FROM cell WHERE id = $1";
/// The schemas of this database that may be a cell's.
pub(super) const CELL_SCHEMAS: &str = "SELECT n.nspname FROM pg_namespace n JOIN pg_class c
    ON c.relnamespace = n.oid AND c.relname = 'cell'
    WHERE n.nspname = 'guichet' OR n.nspname LIKE 'guichet\\_%' ORDER BY n.nspname";
/// Which cell it is, of any schema; an earlier version has no name for it.
pub(super) fn cell_name(schema: &str) -> String {
    format!("SELECT coalesce(to_jsonb(c) ->> 'name', '') FROM {schema}.cell c")
}

/// How many servers the cell of any schema has.
pub(super) fn servers_of(schema: &str) -> String {
    format!("SELECT count(*) FROM {schema}.active_servers")
}

/// What was written last, if the epoch is still the same. Written, so that it is committed after all
/// that was on its way when a connection was lost.
pub(super) const CONFIRM: &str = "UPDATE cell SET epoch = epoch
    WHERE id = $1 AND epoch = $2 AND credential = $3 RETURNING batch";

/// Who leads. A schema of an earlier version has no credential.
pub(super) const LEADER: &str = "SELECT epoch, node, address,
    coalesce(to_jsonb(cell) ->> 'credential', '') FROM cell WHERE id = $1";
/// The same and more, of the cell of any schema.
pub(super) fn roster(schema: &str, lock: i32, cell: i32) -> String {
    format!(
        "SELECT epoch, node AS name, address, batch, EXISTS (SELECT FROM pg_locks l
         JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
         WHERE l.locktype = 'advisory' AND l.classid = 1198877027 AND l.objid = {lock}
         AND l.granted) AS is_led,
         (extract(epoch FROM led_since) * 1000000)::bigint AS led_since_us
         FROM {schema}.cell WHERE id = {cell}"
    )
}

/// The nodes that follow there, but for those that have not shown themselves lately.
pub(super) fn followers(schema: &str) -> String {
    let fresh_ms = limits::FOLLOWER_FRESH.as_millis();
    format!(
        "SELECT name, address FROM {schema}.node
         WHERE seen_at > now() - {fresh_ms} * interval '1 millisecond' ORDER BY name, address"
    )
}

/// This node follows. None of those that were not seen for a day is ever asked for again.
pub(super) const SEEN: &str = "INSERT INTO node (address, name, seen_at) VALUES ($1, $2, now())
    ON CONFLICT (address) DO UPDATE SET name = excluded.name, seen_at = now()";
pub(super) const FORGET_NODES: &str =
    "DELETE FROM node WHERE address = $1 OR seen_at < now() - interval '1 day'";
pub(super) const HAS_NODES: &str = "SELECT to_regclass('node') IS NOT NULL";
pub(super) const HAS_CELLS: &str = "SELECT to_regclass('cell') IS NOT NULL";
/// The epoch, if the same node still leads: a standby that is promoted without the last commits lets another
/// one begin an epoch of the same number.
pub(super) const OWN_EPOCH: &str = "SELECT epoch FROM cell WHERE id = $1 AND credential = $2";
pub(super) const EPOCH: &str = "SELECT epoch FROM cell WHERE id = $1";

pub(super) const KNOWN_PROJECTS: &str = "SELECT id, name FROM project ORDER BY id";
pub(super) const KNOWN_NAMES: &str = "SELECT place, name FROM name WHERE kind = $1 ORDER BY place";
pub(super) const USAGE: &str = "SELECT id, instances, cores, ram_mib FROM project";
pub(super) const LAST_SERVER: &str = "SELECT max(id) FROM server";

/// A name of the database; one that has its place already keeps it.
pub(super) const PUT_NAMES: &str = "INSERT INTO name (kind, place, name)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[]) ON CONFLICT DO NOTHING";

/// Projects of the database, with their quotas as they are declared now.
pub(super) const PUT_PROJECTS: &str =
    "INSERT INTO project (id, name, instances_max, cores_max, ram_mib_max, weight)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[],
     $6::bigint[]) ON CONFLICT (id) DO UPDATE SET instances_max = excluded.instances_max,
     cores_max = excluded.cores_max, ram_mib_max = excluded.ram_mib_max,
     weight = excluded.weight";

pub(super) const SET_USAGE: &str = "UPDATE project AS p
    SET instances = u.instances, cores = u.cores, ram_mib = u.ram_mib
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
    AS u (id, instances, cores, ram_mib) WHERE p.id = u.id";

pub(super) const FORGET_SERVERS: &str = "DELETE FROM server WHERE id = ANY ($1::bigint[])";
pub(super) const FORGET_OPERATIONS: &str = "DELETE FROM operation AS o
    USING unnest($1::bigint[], $2::bigint[]) AS f (first, last)
    WHERE o.id BETWEEN f.first AND f.last";

/// Drops keys that expired: the oldest, which come first, for all are remembered equally long. One
/// that lasts longer than those behind it holds them up: what is gone is always what is before some
/// key, and a node that follows asks which is the first.
pub(super) const DROP_KEYS: &str = "DELETE FROM request_key WHERE id IN (SELECT id FROM
    (SELECT id, max(expires_us) OVER (ORDER BY id) AS latest_us FROM
    (SELECT id, expires_us FROM request_key ORDER BY id LIMIT ($2::bigint[])[1]) AS oldest)
    AS in_order WHERE latest_us <= ($1::bigint[])[1])";
pub(super) const FIRST_KEY: &str = "SELECT min(id) FROM request_key";

/// Which history the database has: another one since a standby took its place, or an earlier state.
pub(super) const TIMELINE: &str = "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";

/// What the newest batch is that says what it changed.
pub(super) const NEWEST_CHANGE: &str =
    "SELECT batch, written FROM change ORDER BY batch DESC LIMIT 1";
/// What batches changed, from one that is known on.
pub(super) const CHANGES: &str = "SELECT batch, written, rows, beside FROM change
    WHERE batch >= $1 ORDER BY batch LIMIT $2";

pub(super) const PUT_RECORDS: &str = "INSERT INTO kept (kind, key, body, expires_us)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body, expires_us = excluded.expires_us";
pub(super) const DROP_RECORDS: &str = "DELETE FROM kept AS k
    USING unnest($1::text[], $2::text[]) AS d (kind, key) WHERE k.kind = d.kind AND k.key = d.key";
pub(super) const EXPIRE_RECORDS: &str = "DELETE FROM kept WHERE id IN (SELECT id FROM kept
    WHERE expires_us <= ($1::bigint[])[1] ORDER BY expires_us LIMIT ($2::bigint[])[1])";

/// Writes rows, in the place of those with the same id.
fn put(table: &Table) -> String {
    write(table, 0, "id")
}

/// Writes rows beside servers: the database numbers them.
fn put_beside(table: &Table) -> String {
    write(table, 1, table.names().nth(1).unwrap_or("id"))
}

/// Writes new rows, without the first `skipped` columns.
pub(super) fn insert(table: &Table, skipped: usize) -> String {
    let columns = &table.columns[skipped..];
    let arrays: Vec<String> =
        columns.iter().zip(1..).map(|((_, of), n)| format!("${n}::{}[]", sql_name(*of))).collect();
    format!(
        "INSERT INTO {} ({}) SELECT * FROM unnest({})",
        table.name,
        table.quoted().skip(skipped).collect::<Vec<_>>().join(", "),
        arrays.join(", ")
    )
}

/// The same, in the place of those that have the same in `unique`.
fn write(table: &Table, skipped: usize, unique: &str) -> String {
    // What no two have the same stays as it is: it comes first.
    let set = table.quoted().skip(skipped + 1);
    let set: Vec<String> = set.map(|name| format!("{name} = excluded.{name}")).collect();
    let insert = insert(table, skipped);
    format!("{insert} ON CONFLICT ({unique}) DO UPDATE SET {}", set.join(", "))
}

/// Writes idempotency keys: each is new, and gets the next number.
fn put_keys(table: &Table) -> String {
    insert(table, 1)
}

/// Deletes rows beside servers, by their ids as text.
fn drop_beside(table: &Table) -> String {
    let (id, of) = table.columns[1];
    format!("DELETE FROM {} WHERE {id} = ANY ($1::text[]::{}[])", table.name, sql_name(of))
}

/// Reads rows of a table behind one, in the order of their ids, so many at most.
pub(super) fn page(table: &Table) -> String {
    format!("SELECT {} FROM {} WHERE id > $1 ORDER BY id LIMIT $2", table.list(), table.name)
}

/// Reads rows of a table by their numbers.
fn those(table: &Table) -> String {
    format!("SELECT {} FROM {} WHERE id = ANY ($1::bigint[])", table.list(), table.name)
}

/// Reads rows beside servers by their ids as text.
fn those_beside(table: &Table) -> String {
    let ((id, of), all, name) = (table.columns[1], table.list(), table.name);
    format!("SELECT {all} FROM {name} WHERE {id} = ANY ($1::text[]::{}[])", sql_name(of))
}

/// Reads records by their kinds and ids.
fn those_records(table: &Table) -> String {
    let columns: Vec<String> = table.quoted().map(|name| format!("k.{name}")).collect();
    format!(
        "SELECT {} FROM unnest($1::text[], $2::text[]) AS d (kind, key) JOIN {} AS k
         ON k.kind = d.kind AND k.key = d.key",
        columns.join(", "),
        table.name
    )
}

macro_rules! texts {
    ($( $name:ident = $make:ident($table:ident); )*) => {
        $( pub(super) static $name: LazyLock<String> =
            LazyLock::new(|| $make(&tables::$table)); )*
    };
}

texts! {
    PUT_SERVERS = put(SERVER);
    PUT_OPERATIONS = put(OPERATION);
    PUT_KEYS = put_keys(KEY);
    PUT_CREDENTIALS = put_beside(CREDENTIAL);
    PUT_KEY_PAIRS = put_beside(KEY_PAIR);
    PUT_GROUPS = put_beside(GROUP);
    DROP_CREDENTIALS = drop_beside(CREDENTIAL);
    DROP_KEY_PAIRS = drop_beside(KEY_PAIR);
    DROP_GROUPS = drop_beside(GROUP);
    PAGE_OF_SERVERS = page(SERVER);
    PAGE_OF_OPERATIONS = page(OPERATION);
    PAGE_OF_KEYS = page(KEY);
    PAGE_OF_CREDENTIALS = page(CREDENTIAL);
    PAGE_OF_KEY_PAIRS = page(KEY_PAIR);
    PAGE_OF_GROUPS = page(GROUP);
    PAGE_OF_RECORDS = page(RECORD);
    SERVERS = those(SERVER);
    OPERATIONS = those(OPERATION);
    CREDENTIALS = those_beside(CREDENTIAL);
    KEY_PAIRS = those_beside(KEY_PAIR);
    GROUPS = those_beside(GROUP);
    RECORDS = those_records(RECORD);
}
