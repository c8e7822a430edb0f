//! What the journal costs. Run alone, in a release build:
//! `cargo test --release -p guichet-store --test it sqlite::figures -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use guichet_core::action::Action;
use guichet_store::journal::Log;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use super::support::{World, open};

/// Processor time of this thread, in user mode and in the kernel.
fn cpu() -> (Duration, Duration) {
    let usage = getrusage(UsageWho::RUSAGE_THREAD).expect("it is known");
    let of = |time: nix::sys::time::TimeVal| {
        Duration::from_micros(time.num_microseconds().unsigned_abs())
    };
    (of(usage.user_time()), of(usage.system_time()))
}

#[expect(clippy::disallowed_methods, reason = "how long it takes here is the question")]
fn now() -> Instant {
    Instant::now()
}

/// Writes what changed; adds what only that cost.
fn write(world: &mut World, log: &mut dyn Log, cost: &mut [Duration; 3], rows: &mut usize) {
    let batch = world.batch();
    *rows += batch.changes.len();
    let (user, system) = cpu();
    let start = now();
    log.write(&batch).expect("it is written");
    log.tidy().expect("tidy");
    let (user_after, system_after) = cpu();
    cost[0] += user_after - user;
    cost[1] += system_after - system;
    cost[2] += start.elapsed();
    world.publish(&batch);
}

/// Lives of servers: create, settle, delete, settle; each step of all of them in one batch, so
/// that every row is written as often as it can be.
fn lives(existing: usize, batches: usize, at_once: usize, with_details: bool) {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.fill(&mut opened.log, existing);
    let mut cost = [Duration::ZERO; 3];
    let (mut rows, mut commits) = (0, 0);
    // Enough lives first that each forgets one.
    let warm = 10_000_usize.div_ceil(at_once) + 10;
    for round in 0..warm + batches {
        if round == warm {
            (cost, rows, commits) = ([Duration::ZERO; 3], 0, 0);
        }
        let first = world.servers.len();
        for _ in 0..at_once.div_ceil(100) {
            world.create(at_once.min(100), None, with_details);
        }
        write(&mut world, &mut opened.log, &mut cost, &mut rows);
        while world.claim() {}
        while !world.claims.is_empty() {
            world.finish(0, 0);
        }
        write(&mut world, &mut opened.log, &mut cost, &mut rows);
        for pick in first..world.servers.len() {
            world.change(Action::Delete, pick, None);
        }
        write(&mut world, &mut opened.log, &mut cost, &mut rows);
        while world.claim() {}
        while !world.claims.is_empty() {
            world.finish(0, 0);
        }
        write(&mut world, &mut opened.log, &mut cost, &mut rows);
        world.servers.truncate(first);
        commits += 4;
    }
    let lives = (batches * at_once.div_ceil(100) * at_once.min(100)) as u32;
    let [user, system, wall] = cost;
    println!(
        "{existing} exist, {at_once} at once, details {with_details}: {lives} lives in {commits} \
         commits, {rows} rows; each life {:?} user + {:?} system, {:?} wall; each commit {:?} wall",
        user / lives,
        system / lives,
        wall / lives,
        wall / commits
    );
}

#[test]
#[ignore = "measures"]
fn cost_of_a_life() {
    lives(0, 50, 200, false);
    lives(100_000, 50, 200, false);
    lives(0, 50, 200, true);
    lives(0, 20, 1_000, false);
}

fn load(servers: usize) {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.fill(&mut opened.log, servers);
    opened.log.close().expect("closed");
    drop(opened);
    let bytes = std::fs::metadata(dir.path().join("guichet.db")).expect("a file").len();
    let start = now();
    let opened = open(dir.path());
    let took = start.elapsed();
    assert_eq!(opened.saved.rows.len(), servers);
    println!(
        "{servers} servers: {bytes} bytes, {} a server; opened in {took:?}",
        bytes / servers as u64
    );
    let start = now();
    let verified = {
        drop(opened);
        guichet_store::journal::sqlite::verify(dir.path()).expect("verified")
    };
    println!("verified {} facts in {:?}", verified.audit.checked, start.elapsed());
    assert!(verified.audit.holds(), "{:?}", verified.audit.violations);
}

#[test]
#[ignore = "measures"]
fn time_to_load() {
    load(100_000);
    load(1_000_000);
}
