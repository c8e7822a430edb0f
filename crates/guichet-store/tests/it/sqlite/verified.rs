//! Rows broken by hand: each is found, and nothing is changed by looking.

use std::fs;

use guichet_core::action::Action;
use guichet_store::journal::Log;
use guichet_store::journal::sqlite::{self, OpenError, verify};
use rusqlite::Connection;

use super::support::{World, all_names, open, projects};

/// What is broken, the violation that shows it, and whether a start is refused for it.
const BREAKS: &[(&str, &str, bool)] = &[
    ("UPDATE server SET uuid = (SELECT uuid FROM server WHERE id = 1) WHERE id = 2", "twice", true),
    ("UPDATE server SET uuid = 'none' WHERE id = 2", "column uuid", true),
    ("UPDATE server SET vm_state = 'flying' WHERE id = 1", "column vm_state", true),
    ("UPDATE server SET vm_state = 'building' WHERE id = 1", "building, and nothing", true),
    ("UPDATE server SET task_state = 'deleting' WHERE id = 1", "column task_state", true),
    ("UPDATE server SET live_state = 'failed' WHERE id = 9", "column live_state", true),
    ("UPDATE server SET live_state = 'running' WHERE id = 9", "never started", true),
    ("UPDATE server SET live_number = 7 WHERE id = 9", "column live_number", true),
    ("UPDATE server SET live_request = NULL WHERE id = 9", "column live_request", true),
    ("UPDATE server SET task_state = NULL WHERE id = 9", "column task_state", true),
    ("UPDATE server SET vm_state = 'deleted' WHERE id = 9", "deleted server", true),
    ("UPDATE server SET created_us = -1 WHERE id = 1", "column created_us", true),
    ("UPDATE server SET vcpus = 5000000000 WHERE id = 1", "column vcpus", true),
    ("UPDATE server SET touched = 2 WHERE id = 1", "column touched", true),
    ("UPDATE server SET details = '{' WHERE id = 9", "column details", true),
    ("UPDATE server SET fault_kind = 'driver' WHERE id = 1", "column fault_kind", true),
    ("UPDATE server SET id = 2000000 WHERE id = 1", "column id", true),
    ("UPDATE server SET id = 0 WHERE id = 1", "column id", true),
    ("UPDATE server SET host = 77 WHERE id = 1", "there is no host 77", true),
    ("UPDATE server SET operations = 3 WHERE id = 1", "of its operations 1 to 3", false),
    ("UPDATE server SET vcpus = 2 WHERE id = 1", "its servers sum to", false),
    ("DELETE FROM server WHERE id = 8", "its server is not there", true),
    ("DELETE FROM operation WHERE server = 1", "of its operations 1 to 1", false),
    ("UPDATE operation SET state = 'queued' WHERE server = 1", "column state", true),
    ("UPDATE operation SET state = 'failed' WHERE server = 1", "operation 1: None", false),
    ("UPDATE operation SET number = 2 WHERE server = 1", "column number", true),
    ("UPDATE operation SET server = 2 WHERE server = 1", "column server", true),
    ("UPDATE operation SET finished_us = 1 WHERE server = 1", "ended before it began", false),
    ("UPDATE operation SET action = '' WHERE server = 1", "column action", true),
    ("UPDATE project SET cores = cores + 1 WHERE id = 0", "its servers sum to", false),
    ("UPDATE request_key SET fingerprint = x'00'", "column fingerprint", true),
    ("UPDATE request_key SET answer = '[]'", "column answer", true),
    ("UPDATE request_key SET answer = replace(answer, ':1}', ':9}')", "never was", false),
    ("UPDATE request_key SET project = 9", "there is no project 9", true),
    ("UPDATE application_credential SET credential = 'x' WHERE id = 1", "column credential", true),
    ("UPDATE application_credential SET roles = '[]' WHERE id = 1", "column roles", true),
    ("UPDATE application_credential SET roles = '[1]' WHERE id = 1", "column roles", true),
    ("UPDATE application_credential SET unrestricted = 7", "column unrestricted", true),
    ("UPDATE application_credential SET created_us = 0", "column created_us", true),
    ("UPDATE application_credential SET user = -1", "column user", true),
    ("UPDATE application_credential SET name = 'same'", "another one is named 'same'", false),
    ("UPDATE application_credential SET user = 88", "there is no user 88", false),
    ("UPDATE application_credential SET project = 88", "there is no project 88", false),
    ("UPDATE key_pair SET uuid = 'none' WHERE name = 'one'", "column uuid", true),
    ("UPDATE key_pair SET kind = 'pgp' WHERE name = 'one'", "column kind", true),
    ("UPDATE key_pair SET created_us = 0 WHERE name = 'one'", "column created_us", true),
    ("UPDATE key_pair SET name = 'two'", "another one is named 'two'", false),
    ("UPDATE key_pair SET user = 88", "there is no user 88", false),
    ("UPDATE server_group SET uuid = 'none' WHERE project = 0", "column uuid", true),
    ("UPDATE server_group SET policy = 'near' WHERE project = 0", "column policy", true),
    ("UPDATE server_group SET max_per_host = 0 WHERE project = 0", "column max_per_host", true),
    ("UPDATE server_group SET policy = 'affinity' WHERE project = 0", "column max_per_host", true),
    ("UPDATE server_group SET project = 88 WHERE project = 0", "there is no project 88", false),
    ("INSERT INTO kept (kind, key, body, expires_us) VALUES ('a', 'b', '{}', -5)", "kept", true),
    ("DELETE FROM setting", "", false),
];

#[test]
fn broken_rows_are_found() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.fill(&mut opened.log, 8);
    world.create(4, Some(1), true);
    world.change(Action::Delete, 7, None);
    assert!(world.make_credential(0, "one") && world.make_credential(0, "two"));
    assert!(world.make_key_pair(0, "one") && world.make_key_pair(0, "two"));
    assert!(world.make_group(0, 2) && world.make_group(1, 0));
    world.write(&mut opened.log);
    opened.log.close().expect("closed");
    drop(opened);
    let whole = fs::read(dir.path().join("guichet.db")).expect("read");
    for (sql, violation, refused) in BREAKS {
        let data = tempfile::tempdir().expect("a directory");
        let file = data.path().join("guichet.db");
        fs::write(&file, &whole).expect("written");
        let shell = Connection::open(&file).expect("a database");
        let changed = shell.execute(sql, []).expect("changed");
        assert!(changed > 0, "{sql}");
        drop(shell);
        let before = fs::read(&file).expect("read");
        let verified = verify(data.path()).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(fs::read(&file).expect("read"), before);
        let mut found = verified.audit.violations.iter();
        let is_found = violation.is_empty() || found.any(|text| text.contains(violation));
        assert!(is_found, "{sql}: {:#?}", verified.audit.violations);
        match sqlite::open(data.path(), &all_names(&projects())) {
            Ok(_) => assert!(!refused, "{sql}: it opened"),
            Err(error) => {
                assert!(matches!(error, OpenError::Corrupt { .. }), "{sql}: {error:?}");
                assert!(refused, "{sql}: {error}");
            }
        }
    }
}

#[test]
fn a_good_file() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.fill(&mut opened.log, 8);
    world.create(3, Some(1), true);
    world.make_credential(0, "ci");
    world.make_key_pair(0, "mine");
    world.make_group(0, 2);
    world.write(&mut opened.log);
    drop(opened);
    let names = || -> Vec<_> {
        let mut names: Vec<_> = fs::read_dir(dir.path())
            .expect("listed")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    };
    let before = names();
    let verified = verify(dir.path()).expect("verified");
    assert!(verified.audit.holds(), "{:?}", verified.audit.violations);
    assert_eq!((verified.servers, verified.operations, verified.unfinished), (11, 8, 3));
    assert_eq!((verified.version, verified.keys, verified.deleted), (6, 1, 0));
    assert_eq!((verified.credentials, verified.key_pairs, verified.groups), (1, 1, 1));
    assert_eq!(names(), before);
}
