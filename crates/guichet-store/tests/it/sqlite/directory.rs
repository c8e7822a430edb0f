//! Who may open a data directory, and what the files in it may be.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use guichet_core::chance::{Chance, Purpose};
use guichet_store::journal::Log;
use guichet_store::journal::sqlite::{self, Names, OpenError, backup, restore, verify};
use rusqlite::Connection;

use super::support::{World, open};

/// A number below `most` for the `n`-th draw.
fn draw(seed: u64, n: &mut u64, most: usize) -> usize {
    *n += 1;
    Chance::new(seed).bits(Purpose::Ids, 0, *n, 0) as usize % most.max(1)
}

fn fails(dir: &Path) -> OpenError {
    sqlite::open(dir, &Names::default()).expect_err("it must not open")
}

#[test]
fn a_directory_has_one_owner() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("new/data");
    let mut opened = open(&data);
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in ["guichet.db", "guichet.lock", "guichet.db-wal", "guichet.db-shm"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
    for error in [fails(&data), verify(&data).expect_err("in use")] {
        let OpenError::InUse { pid, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(*pid, Some(std::process::id()));
        assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    }
    opened.log.close().expect("closed");
    let batch = World::new().batch();
    opened.log.write(&batch).expect_err("it is closed");
    drop(opened);
    assert_eq!(open(&data).starts, 2);
}

#[test]
fn a_place_that_cannot_be_written_to() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("file");
    fs::write(&file, "text").expect("written");
    for place in [file.clone(), file.join("below"), "/proc/guichet".into()] {
        let error = fails(&place);
        assert!(matches!(error, OpenError::Directory { .. }), "{error:?}");
    }
    let data = dir.path().join("data");
    fs::create_dir(&data).expect("made");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o500)).expect("set");
    // Who may do everything is not held up by permissions.
    match sqlite::open(&data, &Names::default()) {
        Err(error) => assert!(matches!(error, OpenError::Directory { .. }), "{error:?}"),
        Ok(_) => assert!(fs::write(data.join("probe"), "").is_ok()),
    }
}

#[test]
fn what_others_may_write_to_is_refused_before_it_is_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    drop(open(&data));
    let permit = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    };
    for mode in [0o770, 0o702, 0o1777] {
        permit(&data, mode);
        let error = fails(&data);
        assert!(matches!(error, OpenError::Unsafe { .. }), "{error:?}");
        assert!(error.to_string().contains("chmod go-w"), "{error}");
    }
    permit(&data, 0o755);
    permit(&data.join("guichet.db"), 0o666);
    assert!(matches!(fails(&data), OpenError::Unsafe { .. }));
    permit(&data.join("guichet.db"), 0o600);
    drop(open(&data));
}

#[test]
fn links_in_a_directory_are_not_followed() {
    let dir = tempfile::tempdir().expect("a directory");
    let victim = dir.path().join("victim");
    for name in ["guichet.lock", "guichet.db", "guichet.db-wal", "guichet.db-shm"] {
        let data = dir.path().join(format!("data-of-{name}"));
        fs::create_dir(&data).expect("made");
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).expect("set");
        fs::write(&victim, "precious").expect("written");
        std::os::unix::fs::symlink(&victim, data.join(name)).expect("linked");
        let error = fails(&data);
        assert!(matches!(error, OpenError::Unsafe { .. }), "{name}: {error:?}");
        assert_eq!(fs::read_to_string(&victim).expect("there"), "precious", "{name}");
    }
}

#[test]
fn files_of_others() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("guichet.db");
    let other = Connection::open(&file).expect("a database");
    other.execute_batch("CREATE TABLE a (b)").expect("made");
    assert!(matches!(fails(dir.path()), OpenError::Foreign { .. }));
    other.execute_batch("PRAGMA application_id = 77").expect("set");
    let before = fs::read(&file).expect("read");
    let error = fails(dir.path());
    assert!(error.to_string().contains("is not a Guichet data file"), "{error}");
    assert_eq!(fs::read(&file).expect("read"), before);
    drop(other);
    fs::write(&file, "this is a text and no database".repeat(100)).expect("written");
    assert!(matches!(fails(dir.path()), OpenError::Damaged { .. }));
    assert!(matches!(backup(dir.path(), &dir.path().join("copy")), Err(OpenError::Damaged { .. })));
    assert!(matches!(restore(&file, &dir.path().join("to")), Err(OpenError::NoBackup { .. })));
    assert!(!dir.path().join("to/guichet.db").exists());
}

#[test]
fn a_later_version() {
    let dir = tempfile::tempdir().expect("a directory");
    drop(open(dir.path()));
    let later = Connection::open(dir.path().join("guichet.db")).expect("a database");
    later.execute_batch("PRAGMA user_version = 99").expect("set");
    drop(later);
    let error = fails(dir.path());
    assert!(matches!(error, OpenError::Newer { found: 99, known: 6, .. }), "{error:?}");
    assert!(error.to_string().contains("version 99"), "{error}");
}

#[test]
fn a_file_that_was_just_made() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("guichet.db"), "").expect("written");
    assert_eq!(open(dir.path()).starts, 1);
}

/// A file that was cut, or has wrong bytes: an error, or rows that hold; never a panic.
#[test]
fn torn_files() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.fill(&mut opened.log, 300);
    world.create(40, Some(1), true);
    world.write(&mut opened.log);
    opened.log.close().expect("closed");
    drop(opened);
    let whole = fs::read(dir.path().join("guichet.db")).expect("read");
    let (mut n, mut refused, mut found) = (0, 0, 0);
    for round in 0..300 {
        let mut bytes = whole.clone();
        if round % 4 == 0 {
            bytes.truncate(draw(5, &mut n, whole.len()));
        }
        for _ in 0..[0, 1, 8, 64][round % 4] {
            let place = draw(5, &mut n, bytes.len());
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << draw(5, &mut n, 8);
            }
        }
        let data = tempfile::tempdir().expect("a directory");
        fs::write(data.path().join("guichet.db"), &bytes).expect("written");
        let is_wrong = match verify(data.path()) {
            Ok(verified) => !verified.audit.holds(),
            Err(_) => true,
        };
        found += u32::from(is_wrong);
        match sqlite::open(data.path(), &super::support::all_names(&super::support::projects())) {
            Ok(opened) => assert!(opened.saved.rows.len() <= 340),
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
        }
    }
    assert!(refused > 100 && found > 100, "{refused} refused, {found} found");
}

/// A log that ends within a commit: all commits before it are there, and it is not.
#[test]
fn torn_logs() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    let mut known = vec![0];
    for _ in 0..20 {
        world.create(3, None, false);
        world.write(&mut opened.log);
        known.push(world.mirror.rows.len());
    }
    let read = |name: &str| fs::read(dir.path().join(name)).expect("read");
    let (file, log) = (read("guichet.db"), read("guichet.db-wal"));
    let mut n = 0;
    for _ in 0..60 {
        let data = tempfile::tempdir().expect("a directory");
        let cut = draw(6, &mut n, log.len());
        fs::write(data.path().join("guichet.db"), &file).expect("written");
        fs::write(data.path().join("guichet.db-wal"), &log[..cut]).expect("written");
        let verified = verify(data.path()).expect("verified");
        assert!(verified.audit.holds(), "{:?}", verified.audit.violations);
        assert_eq!(fs::read(data.path().join("guichet.db")).expect("read"), file);
        let wal = fs::read(data.path().join("guichet.db-wal")).expect("read");
        assert_eq!(wal, log[..cut]);
        let rows = open(data.path()).saved.rows.len();
        assert!(known.contains(&rows), "{rows} rows");
    }
    drop(opened);
}

#[test]
fn messages_say_what_to_do() {
    let error = OpenError::Directory {
        dir: "/data".into(),
        why: io::Error::from(io::ErrorKind::PermissionDenied),
    };
    let text = "/data cannot be written to (permission denied): \
                name a directory that this user may write to";
    assert_eq!(error.to_string(), text);
}
