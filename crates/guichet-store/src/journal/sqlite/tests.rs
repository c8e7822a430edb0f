//! Tests that need to see inside: old files, full disks.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use guichet_core::fleet::{Changes, RowImage, Slot};
use guichet_core::ids::{ClientId, FlavorId, HostId, ImageId, ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::project::{Project, Quota, Usage};
use guichet_core::server::{Server, Size};
use guichet_core::state::{PowerState, VmState};
use guichet_core::time::VIRTUAL_START;
use rusqlite::Connection;

use super::{Names, Opened, backup, connect, files, open, restore, schema, verify};
use crate::journal::copy::{Side, copy as copy_all};
use crate::journal::log::{Batch, Log, LogError};
use crate::journal::rows::names::Maps;
use crate::records::NewName;

fn server(slot: Slot) -> Arc<Server> {
    Arc::new(Server {
        id: ServerId::from_bits(u128::from(slot) + 1),
        project: ProjectId(0),
        size: Size { vcpus: 1, ram_mib: 512 },
        flavor: FlavorId(0),
        image: ImageId(0),
        host: Some(HostId(0)),
        vm_state: VmState::Active,
        task_state: None,
        power_state: PowerState::Running,
        ever_started: true,
        fence: 1,
        operations: 0,
        created: VIRTUAL_START,
        updated: VIRTUAL_START,
        launched: None,
        expires: None,
        second: None,
        created_by: ClientId(0),
        details: None,
        name: "a name that is long enough to fill a page some day".into(),
        fault: None,
        active: None,
    })
}

fn batch(slots: std::ops::Range<Slot>) -> Batch {
    let mut changes = Changes::default();
    for slot in slots.clone() {
        changes.rows.insert(slot, RowImage { server: server(slot), arrival: None });
    }
    let usage = Usage::default().plus(Size { vcpus: 1, ram_mib: 512 }, u64::from(slots.end));
    changes.usage.insert(ProjectId(0), usage);
    Batch { changes, records: Vec::new(), names: Vec::new(), at: VIRTUAL_START }
}

fn project() -> Project {
    Project { id: ProjectId(0), name: Arc::from("blue"), quota: Quota::default(), weight: 1 }
}

fn open_here(dir: &Path) -> Opened {
    let projects = [project()];
    open(dir, &Names { projects: &projects, ..Names::default() }).expect("it opens")
}

/// What each step after the first is undone by.
const UNDO: [&str; 5] = [
    "DROP VIEW active_servers; DROP VIEW unfinished_operations; DROP VIEW usage_by_project; \
     DROP VIEW failures; DROP TABLE kept;",
    "ALTER TABLE server DROP COLUMN live_args; ALTER TABLE server DROP COLUMN second; \
     ALTER TABLE server DROP COLUMN expires_us; ALTER TABLE operation DROP COLUMN args;",
    "DROP TABLE application_credential;",
    "DROP TABLE key_pair;",
    "DROP TABLE server_group;",
];

/// A file as an earlier version left it: written by this one, and the later steps undone.
fn earlier(file: &Path, version: i64) {
    files::make_file(file).expect("made");
    let connection = connect::writer(file).expect("a database");
    connect::settle(&connection, file).expect("settings");
    schema::migrate(&connection, 0, schema::VERSION).expect("made");
    connection
        .execute_batch("INSERT INTO project (id, name, weight) VALUES (0, 'blue', 1)")
        .unwrap();
    let maps = Maps::read(&Names::default(), |kind| {
        super::names::known(&connection, kind)
            .map_err(|error| super::OpenError::sqlite(file, &error))
    });
    super::write::write(&connection, &maps.expect("maps"), &batch(0..10)).expect("written");
    for undo in UNDO[version as usize - 1..].iter().rev() {
        connection.execute_batch(undo).expect("undone");
    }
    connection.execute_batch(&format!("PRAGMA user_version = {version}")).expect("set");
}

#[test]
fn a_file_of_each_version_before_opens() {
    for version in 1..schema::VERSION {
        opens(version);
    }
}

fn opens(version: i64) {
    let dir = tempfile::tempdir().expect("a directory");
    let file = files::database(dir.path());
    earlier(&file, version);
    let verified = verify(dir.path()).expect("verified");
    assert!(verified.audit.holds(), "{:?}", verified.audit.violations);
    assert_eq!((verified.version, verified.servers), (version, 10));
    let copy = dir.path().join("copy");
    backup(dir.path(), &copy).expect("copied");
    restore(&copy, &dir.path().join("to")).expect("restored");
    let (from, to) = (dir.path().to_owned(), dir.path().join("moved"));
    let sides = (Side::Directory(from), Side::Directory(to));
    copy_all(&sides.0, &sides.1, &mut |_| ControlFlow::Continue(())).expect("moved");
    for data in [dir.path(), &dir.path().join("to"), &dir.path().join("moved")] {
        let opened = open_here(data);
        assert_eq!(opened.saved.rows.len(), 10);
        assert_eq!(opened.starts, 1);
        let connection = opened.log.connection.as_ref().expect("open");
        assert_eq!(schema::version(connection, &file).expect("known"), schema::VERSION);
        drop(opened);
        let verified = verify(data).expect("verified");
        assert!(verified.audit.holds(), "{:?}", verified.audit.violations);
        assert_eq!(verified.version, schema::VERSION);
    }
}

#[test]
fn versions_are_in_order() {
    for (step, version) in schema::STEPS.iter().zip(1..) {
        assert_eq!(step.version, version);
    }
}

/// A step that fails leaves the version before.
#[test]
fn a_step_is_all_or_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = files::database(dir.path());
    earlier(&file, 1);
    let connection = Connection::open(&file).expect("a database");
    connection.execute_batch("CREATE VIEW failures AS SELECT 1").expect("made");
    schema::migrate(&connection, 1, 2).expect_err("the name is taken");
    assert_eq!(schema::version(&connection, &file).expect("known"), 1);
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'kept'";
    let count: i64 = connection.query_row(tables, [], |row| row.get(0)).expect("counted");
    assert_eq!(count, 0);
}

#[test]
fn a_full_disk() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open_here(dir.path());
    opened.log.write(&batch(0..10)).expect("written");
    let pages = |log: &super::SqliteLog, most: i64| {
        let connection = log.connection.as_ref().expect("open");
        let sql = format!("PRAGMA max_page_count = {most}");
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("set")
    };
    // No more than there are.
    pages(&opened.log, 1);
    for _ in 0..3 {
        let error = opened.log.write(&batch(0..2_000)).expect_err("full");
        assert!(matches!(error, LogError::Full(_)), "{error:?}");
        opened.log.tidy().expect("tidy");
    }
    // What fits is written.
    opened.log.write(&batch(0..11)).expect("written");
    let count = "SELECT count(*) FROM server";
    let reader = connect::reader(&files::database(dir.path())).expect("a database");
    assert_eq!(reader.query_row(count, [], |row| row.get::<_, i64>(0)).expect("counted"), 11);
    pages(&opened.log, 1_000_000);
    opened.log.write(&batch(0..2_000)).expect("written");
    drop(reader);
    drop(opened);
    assert_eq!(open_here(dir.path()).saved.rows.len(), 2_000);
}

/// A batch is written again once there is space: what it adds is added once.
#[test]
fn names_of_a_batch_for_which_there_is_no_space() {
    let dir = tempfile::tempdir().expect("a directory");
    let flavors =
        |names: &[&str]| -> Vec<Arc<str>> { names.iter().copied().map(Arc::from).collect() };
    let blue = [project()];
    let before = Names { projects: &blue, flavors: flavors(&["small"]), ..Names::default() };
    let mut opened = open(dir.path(), &before).expect("it opens");
    let most = |log: &super::SqliteLog, pages: i64| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        let connection = log.connection.as_ref().expect("open");
        connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("set")
    };
    let red = Project { id: ProjectId(1), name: Arc::from("red"), ..project() };
    let mut batch = batch(0..2_000);
    for image in batch.changes.rows.values_mut() {
        let server = Arc::make_mut(&mut image.server);
        (server.project, server.flavor) = (red.id, FlavorId(1));
    }
    batch.names = vec![NewName::Flavor(Arc::from("large")), NewName::Project(red.clone())];
    most(&opened.log, 1);
    for _ in 0..3 {
        let error = opened.log.write(&batch).expect_err("full");
        assert!(matches!(error, LogError::Full(_)), "{error:?}");
    }
    most(&opened.log, 1_000_000);
    opened.log.write(&batch).expect("written");
    let reader = connect::reader(&files::database(dir.path())).expect("a database");
    let read = |sql: &str| -> Vec<String> {
        let mut statement = reader.prepare(sql).expect("a query");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("texts")
    };
    let names = "SELECT name FROM name WHERE kind = 'flavor' ORDER BY place";
    assert_eq!(read(names), ["small", "large"]);
    assert_eq!(read("SELECT name FROM project ORDER BY id"), ["blue", "red"]);
    drop(reader);
    drop(opened);
    let projects = [Project { id: ProjectId(0), ..red }, Project { id: ProjectId(1), ..project() }];
    let flavors = flavors(&["large", "small"]);
    let after = open(dir.path(), &Names { projects: &projects, flavors, ..Names::default() });
    let rows = after.expect("it opens").saved.rows;
    let places = |row: &guichet_core::fleet::SavedRow| (row.server.project, row.server.flavor);
    assert!(rows.iter().all(|row| places(row) == (ProjectId(0), FlavorId(0))));
    assert_eq!(rows.len(), 2_000);
}

#[test]
fn settings_are_what_they_must_be() {
    let dir = tempfile::tempdir().expect("a directory");
    let opened = open_here(dir.path());
    let connection = opened.log.connection.as_ref().expect("open");
    let number = |name: &str| -> i64 {
        connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).expect("known")
    };
    assert_eq!(number("synchronous"), 2);
    assert_eq!(number("wal_autocheckpoint"), 0);
    assert_eq!(number("page_size") + 24, super::log::FRAME as i64);
    assert_eq!(number("cache_size"), -i64::from(limits::JOURNAL_CACHE_KIB));
    assert_eq!(number("application_id"), schema::APPLICATION_ID);
}

/// A log that is too long is looked at before a batch is refused for it.
#[test]
fn a_log_that_was_too_long() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open_here(dir.path());
    opened.log.wal_bytes = limits::JOURNAL_WAL_STOP + 1;
    opened.log.write(&batch(0..10)).expect("written");
    assert!(opened.log.wal_bytes() < limits::JOURNAL_WAL_MAX);
}

/// A name table that is not one.
#[test]
fn broken_names() {
    for sql in [
        "INSERT INTO name (kind, place, name) VALUES ('host', -1, 'a')",
        "INSERT INTO name (kind, place, name) VALUES ('host', 4000000000, 'a')",
        "INSERT INTO project (id, name, weight) VALUES (-1, 'a', 1)",
        "UPDATE setting SET value = 'many' WHERE name = 'starts'",
        "DROP TABLE name",
    ] {
        let dir = tempfile::tempdir().expect("a directory");
        drop(open_here(dir.path()));
        let shell = Connection::open(files::database(dir.path())).expect("a database");
        shell.execute_batch(sql).expect("changed");
        drop(shell);
        let error = open(dir.path(), &Names::default()).map(|_| ()).expect_err(sql);
        let text = error.to_string();
        assert!(text.contains("damaged"), "{sql}: {text}");
    }
}
