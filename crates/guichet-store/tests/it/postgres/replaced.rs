//! A leader that was replaced.

use guichet_scratch::Server;
use guichet_store::journal::{Log, LogError};

use super::lead;
use crate::any::{Journal, database};
use crate::sqlite::support::{World, all_names, projects};

/// Another node leads meanwhile: what the one before writes is not taken, and its term is over.
#[test]
fn who_was_replaced_writes_nothing() {
    let Some(server) = Server::start("who_was_replaced_writes_nothing") else { return };
    let url = server.database().expect("a database");
    let name = url.rsplit('/').next().expect("a name").to_owned();
    let first = lead(&url, "a").expect("it leads");
    let term = first.term();
    assert!(term.holds());
    let names = projects();
    let mut first =
        guichet_store::journal::postgres::open(first, &all_names(&names)).expect("open");
    let mut world = World::new();
    world.fill(&mut first.log, 10);
    // As another node does, but for the lock: an operator may have ended the session.
    server.sql(&name, "UPDATE guichet.cell SET epoch = epoch + 1").expect("raised");
    world.create(5, None, false);
    let batch = world.batch();
    let refused = first.log.write(&batch);
    assert!(matches!(refused, Err(LogError::Replaced(_))), "{refused:?}");
    assert!(!term.holds() && term.over().is_cancelled());
    drop(first);
    let servers = server.sql(&name, "SELECT count(*) FROM guichet.server").expect("counted");
    assert_eq!(servers, "10");
}

/// One that follows leads as soon as the session of the one before has ended, with all that was
/// written, in a later epoch.
#[test]
fn who_follows_goes_on_from_all_that_was_written() {
    let Some(server) = Server::start("who_follows_goes_on_from_all_that_was_written") else {
        return;
    };
    let journal = database(&server);
    let mut first = journal.open();
    let mut world = World::new();
    world.fill(&mut *first.log, 10);
    std::thread::scope(|scope| {
        let follower = scope.spawn(|| journal.open());
        world.fill(&mut *first.log, 20);
        assert!(!follower.is_finished(), "two lead at once");
        let starts = first.starts;
        first.log.close().expect("closed");
        let second = follower.join().expect("it leads");
        assert_eq!(second.starts, starts + 1);
        world.mirror.check(&second.saved);
    });
}
