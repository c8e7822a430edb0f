//! Copies that do not come to their end, and copies that are not what they should be.

use std::ops::ControlFlow;
use std::path::Path;

use guichet_scratch::Server;
use guichet_store::journal::copy::{self, Doing, Side};
use guichet_store::journal::sqlite::{self, OpenError};
use rusqlite::Connection;

use super::super::proxy::{Loss, Proxy};
use super::{copy_all, database, directory, files, is_sound, rows, schema};
use crate::any::Journal;
use crate::postgres::place;
use crate::sqlite::support::World;

/// A copy that ends when it is asked for the `n`-th time whether to go on; whether it was asked so
/// often.
fn interrupted(from: &Side, to: &Side, n: usize) -> bool {
    let mut asked = 0;
    let copied = copy::copy(from, to, &mut |_| {
        asked += 1;
        if asked > n { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match copied {
        Err(OpenError::Interrupted) => true,
        copied => {
            is_sound(copied);
            false
        }
    }
}

/// Ended at each step once, it leaves nothing behind, and the next one comes to its end.
#[test]
fn a_copy_that_is_interrupted_leaves_nothing() {
    let Some(server) = Server::start("a_copy_that_is_interrupted_leaves_nothing") else { return };
    let from = crate::any::directory();
    let mut opened = from.open();
    World::new().fill(&mut *opened.log, 100);
    drop(opened);
    let (url, to) = (server.database().expect("a database"), crate::any::directory());
    let mut ended = 0;
    while interrupted(&directory(from.path()), &database(&url), ended) {
        assert_eq!(schema(&server, &url), "none");
        ended += 1;
    }
    let mut ended_back = 0;
    while interrupted(&database(&url), &directory(to.path()), ended_back) {
        assert!(files(to.path()).is_empty(), "{:?}", files(to.path()));
        ended_back += 1;
    }
    assert_eq!((ended, ended_back), (18, 18), "each of 9 tables is written and compared");
    assert_eq!(rows(to.path()), rows(from.path()));
}

/// The connection is lost in the moment of the commit: nobody says what became of it, and it is all or
/// nothing.
#[test]
fn a_commit_in_doubt_is_said_to_be() {
    let Some(server) = Server::start("a_commit_in_doubt_is_said_to_be") else { return };
    let from = crate::any::directory();
    let mut opened = from.open();
    World::new().fill(&mut *opened.log, 10);
    drop(opened);
    let proxy = Proxy::before(server.dir());
    for (loss, is_there) in [(Loss::Question, false), (Loss::Answer, true)] {
        let url = server.database().expect("a database");
        let through = proxy.url(url.rsplit('/').next().expect("a name"));
        let to = database(&through);
        let copied = copy::copy(&directory(from.path()), &to, &mut |progress| {
            if progress.doing == Doing::Comparing && progress.table == "kept" {
                proxy.lose_next(loss);
            }
            ControlFlow::Continue(())
        });
        assert!(matches!(copied, Err(OpenError::Undecided { .. })), "{loss:?}: {copied:?}");
        assert_eq!(schema(&server, &url) == "guichet", is_there, "{loss:?}");
        if is_there {
            assert_eq!(super::super::verify(&url).servers, 10);
        } else {
            is_sound(copy_all(&directory(from.path()), &database(&url)));
        }
    }
    assert_eq!(proxy.lost(), 2);
}

/// What a process that was killed left behind goes with the next copy, and nothing else does.
#[test]
fn what_was_left_behind_is_removed() {
    let (from, to) = (crate::any::directory(), crate::any::directory());
    drop(from.open());
    for name in ["guichet.db.4711.part", "guichet.db.x.part", "copy.4711.part"] {
        std::fs::write(to.path().join(name), "half").expect("written");
    }
    is_sound(copy_all(&directory(from.path()), &directory(to.path())));
    assert_eq!(files(to.path()), ["copy.4711.part", "guichet.db", "guichet.db.x.part"]);
}

fn change(file: &Path, sql: &str) {
    Connection::open(file).expect("a database").execute_batch(sql).expect("changed");
}

/// A row that is damaged on its way is found, and nothing is left.
#[test]
fn what_differs_is_found() {
    let from = crate::any::directory();
    let mut opened = from.open();
    World::new().fill(&mut *opened.log, 10);
    drop(opened);
    for (damage, named) in [
        ("UPDATE server SET name = 'x' WHERE id = 4", "table server, row 4, column name"),
        ("DELETE FROM server WHERE id = 10", "table server, row 10, which is missing"),
        ("UPDATE operation SET id = id + 320 WHERE server = 10", "row 289, column id"),
        ("INSERT INTO name VALUES (9999, 'x', 1, 'x')", "row 9999, which nobody wrote"),
    ] {
        let to = crate::any::directory();
        let mut is_damaged = false;
        let copied = copy::copy(&directory(from.path()), &directory(to.path()), &mut |progress| {
            if progress.doing == Doing::Comparing && !is_damaged {
                let draft = files(to.path()).pop().expect("a draft");
                change(&to.path().join(draft), damage);
                is_damaged = true;
            }
            ControlFlow::Continue(())
        });
        let text = copied.expect_err("it differs").to_string();
        assert!(text.contains(named), "{damage}: {text}");
        assert!(files(to.path()).is_empty(), "{:?}", files(to.path()));
    }
}

/// What cannot be in a column of a database is named; what can be and does not hold is copied, and
/// said.
#[test]
fn a_row_that_cannot_be_is_named() {
    let Some(server) = Server::start("a_row_that_cannot_be_is_named") else { return };
    let from = crate::any::directory();
    let mut opened = from.open();
    World::new().fill(&mut *opened.log, 10);
    opened.log.close().expect("closed");
    drop(opened);
    let file = from.path().join("guichet.db");
    let whole = std::fs::read(&file).expect("read");
    let url = server.database().expect("a database");
    for (damage, named) in [
        ("UPDATE server SET uuid = 'x' WHERE id = 4", "table server, row 4, column uuid"),
        ("UPDATE server SET touched = 7 WHERE id = 4", "table server, row 4, column touched"),
        (
            "UPDATE server SET name = CAST(x'ff' AS TEXT) WHERE id = 4",
            "row 4, column name: it is not UTF-8",
        ),
    ] {
        change(&file, damage);
        let text = copy_all(&directory(from.path()), &database(&url)).expect_err(damage);
        assert!(text.to_string().contains(named), "{damage}: {text}");
        assert_eq!(schema(&server, &url), "none");
        std::fs::write(&file, &whole).expect("written");
    }
    change(&file, "UPDATE server SET vm_state = 'singing' WHERE id = 4");
    let copied = copy_all(&directory(from.path()), &database(&url)).expect("copied");
    let violations = format!("{:?}", copied.verified.audit.violations);
    assert!(violations.contains("row 4, column vm_state"), "{violations}");
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let Some(server) = Server::start("what_is_no_backup_is_not_restored") else { return };
    let (dir, url) = (crate::any::directory(), server.database().expect("a database"));
    let restored = |name: &str| {
        copy::restore(&dir.path().join(name), &place(&url), &mut |_| ControlFlow::Continue(()))
    };
    let missing = restored("none");
    assert!(matches!(missing, Err(OpenError::BackupMissing { .. })), "{missing:?}");
    std::fs::write(dir.path().join("text"), "no backup at all").expect("written");
    let text = restored("text");
    assert!(matches!(text, Err(OpenError::NoBackup { .. })), "{text:?}");
    drop(dir.open());
    sqlite::backup(dir.path(), &dir.path().join("good")).expect("copied");
    std::fs::write(dir.path().join("good-wal"), "").expect("written");
    let not_alone = restored("good");
    assert!(matches!(not_alone, Err(OpenError::Exists { .. })), "{not_alone:?}");
    assert_eq!(schema(&server, &url), "none");
    std::fs::remove_file(dir.path().join("good-wal")).expect("removed");
    is_sound(restored("good"));
}
