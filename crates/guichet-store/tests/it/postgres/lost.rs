//! A connection that is lost: each batch is written once, whatever became of its answer.

use guichet_scratch::Server;
use guichet_store::journal::sqlite::Verified;

use super::proxy::{Loss, Proxy};
use super::{open, verify};
use crate::sqlite::support::{World, all_names, projects};

fn batches(server: &Server, database: &str) -> i64 {
    let batch = server.sql(database, "SELECT batch FROM guichet.cell").expect("asked");
    batch.parse().expect("a number")
}

/// What is there is what was written, and once.
fn check(server: &Server, url: &str, world: &World) -> Verified {
    let opened = open(url, &all_names(&projects())).expect("it opens");
    world.mirror.check(&opened.saved);
    drop(opened);
    let database = url.rsplit('/').next().expect("a name");
    let twice = "SELECT count(*) - count(DISTINCT uuid) FROM guichet.server";
    assert_eq!(server.sql(database, twice).expect("counted"), "0");
    let verified = verify(url);
    assert!(verified.audit.holds(), "{:#?}", verified.audit.violations);
    verified
}

fn lose(name: &str, loss: Loss) {
    let Some(server) = Server::start(name) else { return };
    let url = server.database().expect("a database");
    let database = url.rsplit('/').next().expect("a name").to_owned();
    let proxy = Proxy::before(server.dir());
    let mut opened = open(&proxy.url(&database), &all_names(&projects())).expect("it opens");
    let mut world = World::new();
    world.fill(&mut opened.log, 10);
    let before = batches(&server, &database);
    for lost in 1..4 {
        proxy.lose_next(loss);
        world.create(7, Some(lost), true);
        world.write(&mut opened.log);
        assert_eq!(proxy.lost(), lost, "the connection was lost in the middle of the batch");
        assert_eq!(batches(&server, &database), before + lost as i64, "one batch was written");
    }
    world.fill(&mut opened.log, 10);
    drop(opened);
    check(&server, &url, &world);
}

#[test]
fn a_commit_whose_answer_is_lost_is_not_written_again() {
    lose("a_commit_whose_answer_is_lost_is_not_written_again", Loss::Answer);
}

#[test]
fn a_batch_that_never_arrived_is_written_again() {
    lose("a_batch_that_never_arrived_is_written_again", Loss::Question);
}

/// The server itself stops at once and starts again, several times in the middle of writing.
#[test]
fn a_restart_of_the_server_loses_nothing() {
    let Some(server) = Server::start("a_restart_of_the_server_loses_nothing") else { return };
    let url = server.database().expect("a database");
    let mut opened = open(&url, &all_names(&projects())).expect("it opens");
    let mut world = World::new();
    for _ in 0..3 {
        std::thread::scope(|scope| {
            let restart = scope.spawn(|| server.control(&["restart", "-m", "immediate"]));
            while !restart.is_finished() {
                world.create(3, None, true);
                world.write(&mut opened.log);
            }
            restart.join().expect("no panic").expect("restarted");
        });
    }
    world.fill(&mut opened.log, 10);
    drop(opened);
    check(&server, &url, &world);
}
