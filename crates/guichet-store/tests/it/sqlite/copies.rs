//! Backups and what is made of them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};

use guichet_core::limits;
use guichet_store::journal::Log;
use guichet_store::journal::sqlite::{OpenError, backup, restore, verify};

use super::support::{World, open};

#[test]
fn a_backup_is_one_file_of_one_instant() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.fill(&mut opened.log, 100);
    world.create(5, Some(1), true);
    world.write(&mut opened.log);
    let copy = dir.path().join("copy");
    let report = backup(dir.path(), &copy).expect("copied");
    assert_eq!((report.servers, &report.file), (105, &copy));
    assert_eq!(fs::metadata(&copy).expect("there").permissions().mode() & 0o777, 0o600);
    let left_over: Vec<_> = fs::read_dir(dir.path())
        .expect("listed")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("copy") && name != "copy")
        .collect();
    assert!(left_over.is_empty(), "{left_over:?}");
    assert!(matches!(backup(dir.path(), &copy), Err(OpenError::Exists { .. })));

    let to = dir.path().join("restored");
    let restored = restore(&copy, &to).expect("restored");
    assert_eq!(restored.bytes, report.bytes);
    let verified = verify(&to).expect("verified");
    assert!(verified.audit.holds(), "{:?}", verified.audit.violations);
    assert_eq!((verified.servers, verified.unfinished, verified.keys), (105, 5, 1));
    world.mirror.check(&open(&to).saved);
    assert!(matches!(restore(&copy, &to), Err(OpenError::Exists { .. })));
    let owner = open(&to);
    assert!(matches!(restore(&copy, &to), Err(OpenError::InUse { .. })));
    drop(owner);
}

#[test]
fn what_cannot_be_copied() {
    let dir = tempfile::tempdir().expect("a directory");
    let copy = dir.path().join("copy");
    assert!(matches!(backup(dir.path(), &copy), Err(OpenError::Missing { .. })));
    assert!(matches!(verify(dir.path()), Err(OpenError::Missing { .. })));
    let missing = restore(&copy, dir.path()).unwrap_err();
    assert!(matches!(missing, OpenError::BackupMissing { .. }), "{missing}");
    assert!(missing.to_string().contains("name the file that"), "no directory: {missing}");
    fs::write(&copy, "").expect("written");
    assert!(matches!(restore(&copy, dir.path()), Err(OpenError::NoBackup { .. })));
    let data = dir.path().join("data");
    drop(open(&data));
    let error = backup(&data, &dir.path().join("none/copy")).expect_err("no such place");
    assert!(matches!(error, OpenError::Directory { .. }), "{error:?}");
    // A log left behind must not be taken for the backup's own.
    let to = dir.path().join("to");
    fs::create_dir(&to).expect("made");
    fs::write(to.join("guichet.db-wal"), "old").expect("written");
    backup(&data, &dir.path().join("good")).expect("copied");
    assert!(matches!(restore(&dir.path().join("good"), &to), Err(OpenError::Exists { .. })));
}

/// Backups while batches are written: each is a state that there was between two of them.
#[test]
fn a_backup_while_it_is_written_to() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().join("data");
    let mut opened = open(&data);
    let mut world = World::new();
    world.fill(&mut opened.log, 200);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                world.create(2, None, false);
                world.write(&mut opened.log);
            }
        });
        for n in 0..8 {
            let copy = dir.path().join(format!("copy-{n}"));
            let report = backup(&data, &copy).expect("copied");
            assert!(report.servers >= 200 && report.servers.is_multiple_of(2));
            let to = dir.path().join(format!("to-{n}"));
            restore(&copy, &to).expect("restored");
            let verified = verify(&to).expect("verified");
            assert!(verified.audit.holds(), "{:?}", verified.audit.violations);
        }
        stop.store(true, Ordering::Relaxed);
        writer.join().expect("it wrote");
    });
    assert!(opened.log.wal_bytes() < limits::JOURNAL_WAL_MAX);
    opened.log.close().expect("closed");
    drop(opened);
    world.mirror.check(&open(&data).saved);
    // Also of a directory that nobody serves.
    backup(&data, &dir.path().join("cold")).expect("copied");
}
