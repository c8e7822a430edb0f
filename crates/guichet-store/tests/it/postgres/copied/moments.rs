//! Backups of a database while it is written to.

use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use guichet_scratch::Server;
use guichet_store::journal::copy;
use guichet_store::journal::sqlite::{self, OpenError};

use super::super::{open, place};
use super::is_sound;
use crate::any::Journal;
use crate::sqlite::support::{World, all_names, projects};

/// Each is a state that there was between two batches, and can be restored to either kind of place.
#[test]
fn a_backup_of_a_database_is_one_moment() {
    let Some(server) = Server::start("a_backup_of_a_database_is_one_moment") else { return };
    let (dir, url) = (crate::any::directory(), server.database().expect("a database"));
    let names = projects();
    let mut opened = open(&url, &all_names(&names)).expect("it opens");
    let mut world = World::new();
    world.fill(&mut opened.log, 100);
    let (stop, batches) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                world.create(2, None, false);
                world.write(&mut opened.log);
                batches.fetch_add(1, Ordering::Relaxed);
            }
        });
        for n in 0..4 {
            let dest = dir.path().join(format!("copy-{n}"));
            let before = batches.load(Ordering::Relaxed);
            let report = copy::backup(&place(&url), &dest, &mut |_| {
                // Written to while it is read, at every step.
                let at = batches.load(Ordering::Relaxed);
                while batches.load(Ordering::Relaxed) == at && !writer.is_finished() {
                    std::thread::yield_now();
                }
                ControlFlow::Continue(())
            });
            let report = report.expect("copied");
            assert!(report.servers >= 100 + 2 * before as u64, "{report:?}");
            assert!(report.servers.is_multiple_of(2), "{report:?}");
            let mode = std::fs::metadata(&dest).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            let there = copy::backup(&place(&url), &dest, &mut |_| ControlFlow::Continue(()));
            assert!(matches!(there, Err(OpenError::Exists { .. })), "{there:?}");
            let to = dir.path().join(format!("to-{n}"));
            sqlite::restore(&dest, &to).expect("restored");
            let verified = sqlite::verify(&to).expect("verified");
            assert!(verified.audit.holds(), "{:#?}", verified.audit.violations);
            assert_eq!(verified.servers, report.servers);
            let other = server.database().expect("a database");
            let restored = copy::restore(&dest, &place(&other), &mut |_| ControlFlow::Continue(()));
            assert_eq!(is_sound(restored).verified.servers, report.servers);
        }
        stop.store(true, Ordering::Relaxed);
        writer.join().expect("it wrote");
    });
    drop(opened);
    let last = crate::any::Database(url.as_str().into());
    world.mirror.check(&last.open().saved);
}

/// What is begun and given up leaves no file.
#[test]
fn a_backup_that_is_interrupted_leaves_no_file() {
    let Some(server) = Server::start("a_backup_that_is_interrupted_leaves_no_file") else { return };
    let (dir, url) = (crate::any::directory(), server.database().expect("a database"));
    let dest = dir.path().join("copy");
    let interrupt = || copy::backup(&place(&url), &dest, &mut |_| ControlFlow::Break(()));
    assert!(matches!(interrupt(), Err(OpenError::EmptyDatabase { .. })));
    let names = projects();
    drop(open(&url, &all_names(&names)).expect("it opens"));
    assert!(matches!(interrupt(), Err(OpenError::Interrupted)));
    assert_eq!(super::files(dir.path()), Vec::<String>::new());
}
