//! Rows beside the fleet, keys, quotas, and what operators see.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;
use guichet_core::time::{Timestamp, VIRTUAL_START};
use guichet_store::journal::{Log, LogError, RecordChange, StoredRecord};
use rusqlite::Connection;

use super::support::{World, open};

fn record(id: &str, body: Option<&str>, expires: Option<Timestamp>) -> RecordChange {
    RecordChange { kind: "token", id: Arc::from(id), body: body.map(Arc::from), expires }
}

#[test]
fn records_are_written_replaced_and_dropped() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    let soon = VIRTUAL_START.after(Duration::from_secs(60));
    let mut batch = world.batch();
    batch.records = vec![
        record("a", Some("{}"), None),
        record("b", Some("{}"), Some(soon)),
        record("c", Some("{}"), Some(soon)),
        record("a", Some(r#"{"x":1}"#), None),
        record("c", None, None),
        record("never was", None, None),
    ];
    opened.log.write(&batch).expect("written");
    drop(opened);
    let found = |id: &str, body: &str, expires| StoredRecord {
        kind: "token".to_owned(),
        id: id.to_owned(),
        body: body.to_owned(),
        expires,
    };
    let mut opened = open(dir.path());
    let expected = [found("a", r#"{"x":1}"#, None), found("b", "{}", Some(soon))];
    assert_eq!(opened.found, expected);

    // The file's newest stamp is past the token's end.
    world.pass(Duration::from_secs(120));
    world.create(1, None, false);
    world.write(&mut opened.log);
    drop(opened);
    assert_eq!(open(dir.path()).found, expected[..1]);
    assert_eq!(count(dir.path(), "SELECT count(*) FROM kept"), 1);
}

fn count(dir: &std::path::Path, sql: &str) -> i64 {
    let file = Connection::open(dir.join("guichet.db")).expect("a database");
    file.query_row(sql, [], |row| row.get(0)).expect("a number")
}

#[test]
fn expired_keys_leave_the_file() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    for n in 0..600 {
        world.create(1, Some(n), false);
    }
    world.write(&mut opened.log);
    world.pass(limits::KEY_TTL);
    world.create(1, Some(1_000), false);
    world.write(&mut opened.log);
    let left = 601 - limits::JOURNAL_KEYS_DROPPED as i64;
    assert_eq!(count(dir.path(), "SELECT count(*) FROM request_key"), left);
    for n in 0..5 {
        world.create(1, Some(2_000 + n), false);
        world.write(&mut opened.log);
    }
    assert_eq!(count(dir.path(), "SELECT count(*) FROM request_key"), 6);
}

#[test]
fn operators_can_read_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.fill(&mut opened.log, 12);
    world.create(1, None, false);
    world.write(&mut opened.log);
    while world.claim() {}
    world.finish(0, 2);
    world.create(2, None, false);
    world.write(&mut opened.log);
    assert_eq!(
        count(dir.path(), "SELECT count(*) FROM active_servers WHERE host LIKE 'host-_'"),
        15
    );
    assert_eq!(count(dir.path(), "SELECT count(*) FROM unfinished_operations"), 2);
    assert_eq!(count(dir.path(), "SELECT sum(instances) FROM usage_by_project"), 15);
    assert_eq!(count(dir.path(), "SELECT min(instances_max) FROM usage_by_project"), 2_000_000);
    assert_eq!(count(dir.path(), "SELECT count(*) FROM failures WHERE failure = 'driver'"), 1);
    let year = "SELECT substr(created, 1, 4) FROM active_servers LIMIT 1";
    assert_eq!(count(dir.path(), &format!("SELECT CAST(({year}) AS INTEGER)")), 2026);
}

#[test]
fn somebody_holds_the_database() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.create(1, None, false);
    let batch = world.batch();
    let shell = Connection::open(dir.path().join("guichet.db")).expect("a database");
    shell.execute_batch("BEGIN IMMEDIATE").expect("begun");
    let error = opened.log.write(&batch).expect_err("held");
    let LogError::Full(text) = &error else {
        panic!("{error:?}");
    };
    assert!(text.contains("another program holds the database"), "{text}");
    shell.execute_batch("ROLLBACK").expect("over");
    opened.log.write(&batch).expect("written");
    drop(opened);
    world.mirror.check(&open(dir.path()).saved);
}

/// The log goes back into the file, and while somebody reads what it was, it grows and says so.
#[test]
fn the_log_is_put_back() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    let wal = dir.path().join("guichet.db-wal");
    let length = || std::fs::metadata(&wal).expect("a log").len();
    let most = limits::JOURNAL_WAL_MAX;
    let grow = |world: &mut World, log: &mut guichet_store::journal::sqlite::SqliteLog| {
        for n in 0..30 {
            let mut batch = world.batch();
            // Pages that do not change are not written.
            let body = Arc::<str>::from(format!("\"{}\"", format!("{n:08}").repeat(1 << 17)));
            batch.records.push(RecordChange { body: Some(body), ..record("large", None, None) });
            log.write(&batch).expect("written");
            log.tidy().expect("tidy");
        }
    };
    grow(&mut world, &mut opened.log);
    assert!(length() < most * 2, "{} bytes", length());
    assert!(opened.log.wal_bytes() < most);
    let reader = Connection::open(dir.path().join("guichet.db")).expect("a database");
    reader.execute_batch("BEGIN; SELECT count(*) FROM server").expect("begun");
    grow(&mut world, &mut opened.log);
    assert!(opened.log.wal_bytes() > most, "{} bytes", opened.log.wal_bytes());
    reader.execute_batch("ROLLBACK").expect("over");
    opened.log.tidy().expect("tidy");
    assert_eq!(opened.log.wal_bytes(), 0);
    opened.log.close().expect("closed");
    assert!(!wal.exists() || length() == 0);
}
