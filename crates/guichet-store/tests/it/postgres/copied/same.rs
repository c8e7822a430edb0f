//! What is copied is what was there.

use std::sync::Arc;
use std::time::Duration;

use guichet_scratch::Server;
use guichet_store::journal::{Log, RecordChange};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tempfile::TempDir;

use super::{copy_all, database, directory, is_sound, rows};
use crate::any::{Database, Journal};
use crate::round_trip::{Step, config, run, step};
use crate::sqlite::support::World;

/// Texts that one of the two has to write in another way, and records with and without an end.
fn write_records(log: &mut dyn Log, world: &mut World) {
    let soon = world.now.after(Duration::from_secs(60));
    let texts = ["{}", "a\0b", "\u{F0000}", "\u{F0000}0\u{F0000}1", "na\u{ef}ve \u{2603}", ""];
    let mut batch = world.batch();
    batch.records = texts
        .iter()
        .enumerate()
        .map(|(n, text)| RecordChange {
            kind: "token",
            id: Arc::from(format!("{n}-{text}")),
            body: Some(Arc::from(*text)),
            expires: (n % 2 == 0).then_some(soon),
        })
        .collect();
    log.write(&batch).expect("written");
    world.publish(&batch);
}

fn there_and_back(server: &Server, steps: &[Step]) {
    let from = crate::any::directory();
    let mut world = run(steps, &from);
    write_records(&mut *from.open().log, &mut world);
    let one = server.database().expect("a database");
    let other = server.database().expect("a database");
    let to = crate::any::directory();
    is_sound(copy_all(&directory(from.path()), &database(&one)));
    is_sound(copy_all(&database(&one), &database(&other)));
    let copied = is_sound(copy_all(&database(&other), &directory(to.path())));
    assert_eq!(rows(to.path()), rows(from.path()), "nothing became another value");
    let records = copied.tables.iter().find(|table| table.table == "kept").expect("records");
    assert_eq!(records.rows, 6);
    for journal in [&to as &dyn Journal, &Database(Arc::from(one)), &Database(Arc::from(other))] {
        let opened = journal.open();
        world.mirror.check(&opened.saved);
    }
    goes_on(server, &to, world);
}

/// A copy takes what comes next: numbers that a database gives out go on behind those that there are.
fn goes_on(server: &Server, to: &TempDir, mut world: World) {
    let url = server.database().expect("a database");
    is_sound(copy_all(&directory(to.path()), &database(&url)));
    let journal = Database(Arc::from(url));
    let mut opened = journal.open();
    for n in 0..3 {
        world.create(2, Some(1_000 + n), true);
        world.make_credential(1, &format!("more-{n}"));
        world.make_key_pair(1, &format!("more-{n}"));
        world.make_group(1, n as u32);
        world.write(&mut *opened.log);
    }
    write_records(&mut *opened.log, &mut world);
    drop(opened);
    let verified = journal.verify();
    assert!(verified.audit.holds(), "{:#?}", verified.audit.violations);
    world.mirror.check(&journal.open().saved);
}

#[test]
fn what_is_copied_is_what_was_there() {
    let Some(server) = Server::start("what_is_copied_is_what_was_there") else { return };
    let mut runner = TestRunner::new(config(8));
    let steps = prop::collection::vec(step(), 20..120);
    let ran = runner.run(&steps, |steps| {
        there_and_back(&server, &steps);
        Ok(())
    });
    ran.expect("whatever happens");
}
