//! A step that panics under the lock ends the process.

use std::process::Command;
use std::sync::Arc;

use guichet_core::time::{Clock, Timestamp};
use guichet_store::Decide;
use guichet_store::local::LocalStore;

use super::{World, config};

/// A clock that cannot be read; the store reads it under its lock.
#[derive(Debug)]
struct Broken;

impl Clock for Broken {
    fn now(&self) -> Timestamp {
        panic!("this clock cannot be read");
    }
}

const INSIDE: &str = "GUICHET_TEST_PANIC_UNDER_THE_LOCK";

#[test]
fn a_panic_under_the_lock_ends_the_process() {
    if std::env::var_os(INSIDE).is_some() {
        let store = LocalStore::new(config(), Arc::new(Broken));
        drop(store.submit(&World::new().create(1, 0), None));
        // Reached if the panic was survived.
        std::process::exit(0);
    }
    let name = "journal::panics::a_panic_under_the_lock_ends_the_process";
    let mut child = Command::new(std::env::current_exe().expect("a test has a program"));
    let ran = child.args(["--exact", name, "--nocapture"]).env(INSIDE, "1").output();
    let ran = ran.expect("the program can be started");
    assert_eq!(ran.status.code(), Some(74), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("this clock cannot be read"));
}
