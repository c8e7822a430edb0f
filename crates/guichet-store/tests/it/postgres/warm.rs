//! Nodes that follow: what they have read when they come to lead is what is in the database, and if it
//! cannot be they read everything.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::fleet::Changes;
use guichet_core::limits;
use guichet_scratch::Server;
use guichet_store::journal::postgres::Opened;
use guichet_store::journal::sqlite::{Names, OpenError};
use guichet_store::journal::{Batch, Log, NewName, RecordChange};

use super::followed::Follower;
use super::open;
use crate::sqlite::support::{World, all_names, projects};

/// A database that is led, and has so many servers.
fn led(url: &str, names: &Names<'_>, servers: usize) -> (Opened, World) {
    let (mut leader, mut world) = (open(url, names).expect("it opens"), World::new());
    world.fill(&mut leader.log, servers);
    (leader, world)
}

/// The leader is gone: who followed leads, and another one after it, which reads everything. What both
/// have is the same. Whether the first had read ahead, and the second.
fn take_over(leader: Opened, follower: Follower, url: &str, names: &Names<'_>) -> (bool, Opened) {
    drop(leader);
    let Opened { log, saved, found, newest, is_warm, .. } = follower.open(names);
    drop(log);
    let cold = open(url, names).expect("it opens");
    assert!(!cold.is_warm, "nobody read ahead for it");
    assert_eq!(format!("{saved:?}"), format!("{:?}", cold.saved));
    assert_eq!((found, newest), (cold.found.clone(), cold.newest));
    (is_warm, cold)
}

/// The same where the first had read ahead, and all that happened is there.
fn goes_on_warm(leader: Opened, follower: Follower, at: (&str, &Names<'_>), world: &World) {
    let (is_warm, cold) = take_over(leader, follower, at.0, at.1);
    assert!(is_warm);
    world.mirror.check(&cold.saved);
}

/// SQL in the database of a connection string.
fn sql(server: &Server, url: &str, sql: &str) -> String {
    server.sql(url.rsplit('/').next().expect("a name"), sql).expect("done")
}

fn something(world: &mut World, log: &mut dyn Log, number: usize) {
    let action = [Action::RebootHard, Action::Delete, Action::Stop][number % 3];
    world.change(action, number * 7, None);
    world.create(1 + number % 3, Some(number as u64), number.is_multiple_of(2));
    world.write(log);
    while world.claim() {}
    world.finish(number, (number % 2) as u8);
    world.write(log);
}

/// A leader goes on writing while all rows are read, page by page.
#[test]
fn a_batch_in_the_middle_of_reading_is_not_missed() {
    let Some(server) = Server::start("a_batch_in_the_middle_of_reading_is_not_missed") else {
        return;
    };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    // More than two pages.
    let (mut leader, mut world) = led(&url, &names, 2 * limits::DATABASE_PAGE as usize + 100);
    let follower = Follower::start(&url, &names);
    let mut batches = 0;
    while follower.times() == 0 {
        something(&mut world, &mut leader.log, batches);
        batches += 1;
    }
    assert!(batches > 0, "nothing was written meanwhile");
    something(&mut world, &mut leader.log, batches);
    goes_on_warm(leader, follower, (&url, &names), &world);
}

/// A follower that was away for more batches than are remembered reads everything anew; and no more are
/// remembered.
#[test]
fn who_missed_too_many_batches_reads_everything_anew() {
    let Some(server) = Server::start("who_missed_too_many_batches_reads_everything_anew") else {
        return;
    };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (mut leader, mut world) = led(&url, &names, 50);
    let follower = Follower::start(&url, &names);
    follower.warm(1);
    something(&mut world, &mut leader.log, 1);
    // Seen at once, as by somebody who comes back: one transaction.
    let most = limits::CHANGES_REMEMBERED;
    let missed = format!(
        "SET search_path = guichet; DO $$ BEGIN FOR n IN 1..{} LOOP
         PERFORM write_batch(0, epoch, batch + 1, '\\x000000'::bytea, NULL, {most}) FROM cell;
         END LOOP; END $$",
        most + 600
    );
    sql(&server, &url, &missed);
    follower.warm(2);
    let remembered = sql(&server, &url, "SELECT count(*) FROM guichet.change");
    let remembered: i64 = remembered.parse().expect("a number");
    assert!((most..=most + 257).contains(&remembered), "{remembered} batches are remembered");
    goes_on_warm(leader, follower, (&url, &names), &world);
}

/// A database that was put back to an earlier state, and has come as far again, is another one.
#[test]
fn a_batch_that_is_another_one_has_everything_read_anew() {
    let Some(server) = Server::start("a_batch_that_is_another_one_has_everything_read_anew") else {
        return;
    };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (leader, world) = led(&url, &names, 20);
    let follower = Follower::start(&url, &names);
    follower.warm(1);
    sql(&server, &url, "UPDATE guichet.change SET written = written - interval '1 s'");
    follower.warm(2);
    assert_eq!(follower.anew(), 1);
    goes_on_warm(leader, follower, (&url, &names), &world);
}

/// Names that are added give numbers to what was read without them.
#[test]
fn names_that_are_added_have_everything_read_anew() {
    let Some(server) = Server::start("names_that_are_added_have_everything_read_anew") else {
        return;
    };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (mut leader, mut world) = led(&url, &names, 20);
    // The follower declares it already, and the leader does not yet.
    let mut more = names.clone();
    more.users.push(Arc::from("user-new"));
    let follower = Follower::start(&url, &more);
    follower.warm(1);
    let mut batch = world.batch();
    batch.names =
        vec![NewName::User(Arc::from("user-other")), NewName::User(more.users[3].clone())];
    leader.log.write(&batch).expect("written");
    follower.warm(2);
    something(&mut world, &mut leader.log, 1);
    let (is_warm, cold) = take_over(leader, follower, &url, &more);
    assert!(is_warm);
    world.mirror.check(&cold.saved);
}

/// Records come, go and are over, and what is over is deleted by a time that no row has.
#[test]
fn records_come_and_go() {
    let Some(server) = Server::start("records_come_and_go") else { return };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (mut leader, mut world) = led(&url, &names, 5);
    let mut follower = Follower::start(&url, &names);
    let chance = Chance::new(3);
    for n in 0..400_u64 {
        let drawn = chance.wide(Purpose::Ids, 0, n, 0);
        let record = RecordChange {
            kind: ["token", "secret"][(drawn % 2) as usize],
            id: Arc::from(format!("id \u{0} {}", (drawn >> 8) % 60)),
            body: (!(drawn >> 16).is_multiple_of(4)).then(|| Arc::from(format!("{{\"n\":{n}}}"))),
            expires: (!(drawn >> 24).is_multiple_of(3))
                .then(|| world.now.after(Duration::from_millis(((drawn >> 32) % 300) as u64))),
        };
        world.now = world.now.after(Duration::from_millis(5));
        let (changes, at) = (Changes::default(), world.now);
        let batch = Batch { changes, records: vec![record], names: Vec::new(), at };
        leader.log.write(&batch).expect("written");
        if n % 100 == 99 {
            follower.warm(1);
            let (is_warm, cold) = take_over(leader, follower, &url, &names);
            assert!(is_warm);
            assert!(!cold.found.is_empty(), "all is gone");
            leader = cold;
            follower = Follower::start(&url, &names);
            something(&mut world, &mut leader.log, n as usize);
        }
    }
}

/// Keys expire, and the oldest are deleted as new ones come.
#[test]
fn keys_come_and_expire() {
    let Some(server) = Server::start("keys_come_and_expire") else { return };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (mut leader, mut world) = (open(&url, &names).expect("it opens"), World::new());
    let follower = Follower::start(&url, &names);
    let before = limits::JOURNAL_KEYS_DROPPED + 30;
    for key in 0..before {
        world.create(1, Some(key as u64), false);
        world.write(&mut leader.log);
    }
    follower.warm(1);
    world.pass(limits::KEY_TTL + Duration::from_secs(1));
    for key in before..before + 3 {
        world.create(1, Some(key as u64), false);
        world.write(&mut leader.log);
    }
    let (is_warm, cold) = take_over(leader, follower, &url, &names);
    assert!(is_warm);
    assert_eq!(cold.saved.keys.len(), 3, "expired keys are left");
}

/// A database of the version before says nothing of what changes: whoever takes it over reads
/// everything, and brings it to this version; who follows then reads ahead.
#[test]
fn an_earlier_version_is_read_as_a_whole_once() {
    let Some(server) = Server::start("an_earlier_version_is_read_as_a_whole_once") else { return };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (leader, mut world) = led(&url, &names, 20);
    let earlier = "SET search_path = guichet; DROP TABLE change; DROP FUNCTION
        write_batch(integer, bigint, bigint, bytea, text, bigint);
        DROP TABLE node; ALTER TABLE cell DROP COLUMN credential, DROP COLUMN name;
        UPDATE setting SET value = 1 WHERE name = 'version'";
    sql(&server, &url, earlier);
    let follower = Follower::start(&url, &names);
    drop(leader);
    let mut leader = follower.open(&names);
    assert!(!leader.is_warm, "nothing said what changes");
    world.mirror.check(&leader.saved);
    assert_eq!(sql(&server, &url, "SELECT value FROM guichet.setting WHERE name = 'version'"), "4");
    let follower = Follower::start(&url, &names);
    follower.warm(1);
    something(&mut world, &mut leader.log, 1);
    goes_on_warm(leader, follower, (&url, &names), &world);
}

/// What was read is of no use for another declaration.
#[test]
fn another_declaration_is_read_for() {
    let Some(server) = Server::start("another_declaration_is_read_for") else { return };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (leader, world) = led(&url, &names, 20);
    let mut other = names.clone();
    other.hosts.reverse();
    let follower = Follower::start(&url, &other);
    follower.warm(1);
    let (is_warm, cold) = take_over(leader, follower, &url, &names);
    assert!(!is_warm);
    world.mirror.check(&cold.saved);
}

/// What was read before a connection was lost is good afterwards, with what was written since.
#[test]
fn a_connection_that_is_lost_leaves_what_was_read() {
    let Some(server) = Server::start("a_connection_that_is_lost_leaves_what_was_read") else {
        return;
    };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (mut leader, mut world) = led(&url, &names, 20);
    let follower = Follower::start(&url, &names);
    follower.warm(1);
    let all_but_the_leader = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE
        application_name = 'guichet' AND pid NOT IN
        (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)";
    assert_eq!(sql(&server, &url, all_but_the_leader), "2");
    something(&mut world, &mut leader.log, 1);
    follower.warm(2);
    assert_eq!(follower.anew(), 0, "everything is read anew");
    something(&mut world, &mut leader.log, 2);
    goes_on_warm(leader, follower, (&url, &names), &world);
}

/// Another history: a row that was read may be gone with the machine that had it.
#[test]
fn another_history_has_everything_read_anew() {
    let Some(server) = Server::start("another_history_has_everything_read_anew") else { return };
    let url = server.database().expect("a database");
    let names = projects();
    let names = all_names(&names);
    let (leader, world) = led(&url, &names, 20);
    let follower = Follower::start(&url, &names);
    follower.warm(1);
    // It begins one by itself, as a standby that is promoted does.
    std::fs::write(server.dir().join("data/recovery.signal"), "").expect("written");
    let no_archive = ["restart", "-m", "immediate", "-o", "-c restore_command=false"];
    server.control(&no_archive).expect("restarted");
    // Whoever is faster leads, and may have read everything by then.
    let has_read = follower.warm_or_leads(2);
    assert!(!has_read || follower.anew() == 1, "what was read before is taken for good");
    let (is_warm, cold) = take_over(leader, follower, &url, &names);
    assert_eq!(is_warm, has_read);
    world.mirror.check(&cold.saved);
}

/// What is wrong with rows is said by whoever takes over, as if nobody had read ahead: of a row that
/// cannot be read, and of rows that do not fit together.
#[test]
fn a_damaged_row_is_named_at_the_takeover() {
    let Some(server) = Server::start("a_damaged_row_is_named_at_the_takeover") else { return };
    let names = projects();
    let names = all_names(&names);
    for (damage, can_be_read) in [
        ("fence = 4000000000", false),
        ("uuid = (SELECT uuid FROM guichet.server WHERE id = 3)", true),
    ] {
        let url = server.database().expect("a database");
        let (mut leader, mut world) = (open(&url, &names).expect("it opens"), World::new());
        world.fill(&mut leader.log, 20);
        sql(&server, &url, &format!("UPDATE guichet.server SET {damage} WHERE id = 7"));
        let follower = Follower::start(&url, &names);
        if can_be_read {
            follower.warm(1);
        }
        drop(leader);
        let found = follower.try_open(&names);
        assert!(
            matches!(&found, Err(OpenError::Corrupt { table: "server", row: 7, .. })),
            "{found:?}"
        );
    }
}
