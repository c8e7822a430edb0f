//! What another process finds, and how it goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::ServerId;
use guichet_core::limits;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::{Failure, OperationState};
use guichet_core::state::{Status, VmState};
use guichet_store::contract::ManualClock;
use guichet_store::journal::model::ModelLog;
use guichet_store::local::LocalStore;
use guichet_store::{Decided, Read};

use super::{World, answer, change, config, in_passing, keyed, server_id};

#[test]
fn what_waited_waits_where_it_stood() {
    let world = World::new();
    let order: Vec<u64> = (1..=30).collect();
    for number in &order {
        world.accept(&world.create(*number, (*number % 3) as u32));
    }
    // A delete takes the place of a create that waits.
    world.accept(&change(100, 2, Action::Stop, world_active(&world)));
    let again = world.crashed();
    again.audit();
    let claims = |world: &World| -> Vec<(ServerId, Action)> {
        let next = || world.claim(1).map(|claim| (claim.operation.server, claim.action));
        std::iter::from_fn(next).collect()
    };
    assert_eq!(claims(&again), claims(&world));
    assert_eq!(again.store.figures().load.max_waiting, 0, "the bound counts what came since");
}

/// The first create that is claimed becomes ACTIVE.
fn world_active(world: &World) -> ServerId {
    loop {
        let claim = world.claim(1).expect("work");
        world.finish(&claim, &Outcome::Succeeded);
        world.durable();
        if claim.server.project.0 == 2 {
            return claim.operation.server;
        }
    }
}

#[test]
fn what_ran_runs_again_with_one_attempt_more_and_a_newer_fence() {
    let world = World::new();
    world.accept(&world.create(1, 0));
    let claim = world.claim(1).expect("work");
    world.durable();
    let again = world.crashed();
    again.audit();
    assert!(again.claim(1).is_none(), "after a pause");
    again.clock.advance(limits::BACKOFF_FIRST * 2);
    let second = again.claim(1).expect("it is queued again");
    assert_eq!((second.operation, second.attempt), (claim.operation, 2));
    assert!(second.server.fence > claim.server.fence);
    // The first process's answer is not waited for any more.
    again.finish(&second, &Outcome::Succeeded);
    again.durable();
    assert_eq!(again.store.server(server_id(1)).map(|s| s.status()), Some(Status::Active));
    again.audit();
}

#[test]
fn a_start_the_journal_does_not_know_of_counts_as_one() {
    let world = World::new();
    world.accept(&world.create(1, 0));
    // As it stands before the claim is written.
    let before = world.crashed();
    let unknown = world.claim(1).expect("work");
    before.accept(&change(2, 0, Action::Delete, server_id(1)));
    let delete = before.claim(1).expect("a driver may know the server: it is asked");
    assert_eq!(delete.action, Action::Delete);
    assert!(delete.server.fence > unknown.server.fence);
}

#[test]
fn spent_attempts_end_in_a_reason() {
    let mut world = World::new();
    world.accept(&world.create(1, 0));
    for attempt in 1..=limits::ATTEMPTS_MAX {
        world.clock.advance(Duration::from_secs(60));
        let claim = world.claim(1).expect("another attempt");
        assert_eq!(claim.attempt, attempt);
        world.durable();
        world = world.crashed();
        world.audit();
    }
    let server = world.store.server(server_id(1)).expect("it is still there");
    assert_eq!((server.vm_state, server.active.is_none()), (VmState::Error, true));
    assert_eq!(server.fault.as_ref().map(|fault| fault.kind), Some(Failure::Interrupted));
    let operation = &world.store.operations(server_id(1))[0];
    assert_eq!(operation.state, OperationState::Failed);
    world.accept(&change(2, 0, Action::Delete, server_id(1)));
}

#[test]
fn a_quota_may_be_lowered_below_what_is_there() {
    let world = World::new();
    world.accept(&world.create(1, 0));
    world.accept(&world.create(2, 0));
    let model = world.log.model();
    let mut less = config();
    less.projects[0].quota.instances = Some(1);
    let log = ModelLog::of(model.clone());
    let again = LocalStore::open(
        less,
        Arc::new(ManualClock::new()),
        model.saved(),
        Box::new(log.clone()),
        Box::new(|_| {}),
    );
    let again = World { store: again.expect("it opens"), log, clock: Arc::default() };
    again.audit();
    let refused = answer(again.submit(&again.create(3, 0)));
    assert!(matches!(refused, Some(Decided::Refused(_))), "{refused:?}");
}

#[test]
fn turns_that_say_the_same_lose_no_job() {
    let world = World::new();
    for number in 1..=3 {
        world.accept(&world.create(number, 0));
    }
    let model = world.log.model();
    let mut saved = model.saved();
    for (row, arrival) in saved.rows.iter_mut().zip([Some(7), Some(7), None]) {
        row.arrival = arrival;
    }
    let again = World::open(ModelLog::of(model), Arc::default(), saved);
    for worker in 1..=3 {
        let claim = again.claim(worker).expect("each is there");
        again.finish(&claim, &Outcome::Succeeded);
    }
    again.durable();
    again.accept(&again.create(4, 0));
    again.audit();
}

#[test]
fn starts_the_journal_does_not_know_of_leave_no_fence_behind() {
    let world = World::new();
    world.accept(&world.create(1, 0));
    let before = world.crashed();
    let mut newest = 0;
    for _ in 1..limits::ATTEMPTS_MAX {
        let claim = world.claim(1).expect("an attempt");
        newest = newest.max(claim.server.fence);
        world.finish(&claim, &in_passing());
        world.clock.advance(Duration::from_secs(60));
    }
    assert!(before.claim(1).expect("it waits").server.fence > newest);
}

#[test]
fn a_key_is_remembered() {
    let world = World::new();
    let first = world.accept(&keyed(world.create(1, 0), "once"));
    let again = world.crashed();
    match answer(again.submit(&keyed(again.create(1, 0), "once"))) {
        Some(Decided::Repeated(answer)) => assert_eq!(answer.operations[0], first),
        other => panic!("not repeated: {other:?}"),
    }
}

#[test]
fn what_a_retry_waited_for_it_waits_for() {
    let world = World::new();
    world.accept(&world.create(1, 0));
    let claim = world.claim(1).expect("work");
    world.finish(&claim, &in_passing());
    world.durable();
    let again = world.crashed();
    assert!(again.claim(1).is_none(), "its pause is not over");
    again.clock.advance(limits::BACKOFF_FIRST * 2);
    assert_eq!(again.claim(1).map(|claim| claim.attempt), Some(2));
}

/// What clients were answered.
#[derive(Default)]
struct Answered {
    created: BTreeSet<ServerId>,
    deletes: BTreeSet<ServerId>,
}

/// Random traffic, cut off at random moments, each time gone on with by another process: what was
/// answered is true, nothing is there twice, and everything comes to one end.
#[test]
fn a_crash_at_any_moment_loses_nothing_that_was_answered() {
    for seed in 0..40 {
        let chance = Chance::new(seed);
        let draw = |n: u64| chance.bits(Purpose::Action, 0, n, 0);
        let mut world = World::new();
        let mut answered = Answered::default();
        let mut held: BTreeMap<u32, Claim> = BTreeMap::new();
        let mut numbers = 0;
        for step in 0..300 {
            random_step(&mut world, &mut answered, &mut held, &mut numbers, draw(step));
            if draw(step | 1 << 32).is_multiple_of(40) {
                held.clear();
                world = world.crashed();
                world.audit();
                check(&world, &answered);
            }
        }
        run_out(&world, &mut held);
        check(&world, &answered);
        for id in &answered.deletes {
            // A delete whose attempts are spent leaves ERROR, and says so.
            let failed = |id| {
                world.store.operations(id).iter().any(|operation| {
                    operation.action == Action::Delete && operation.state == OperationState::Failed
                })
            };
            let server = world.store.server(*id);
            assert!(server.is_none() || failed(*id), "seed {seed}: it is there: {server:?}");
        }
        world.audit();
        world.crashed().audit();
    }
}

fn random_step(
    world: &mut World,
    answered: &mut Answered,
    held: &mut BTreeMap<u32, Claim>,
    numbers: &mut u64,
    draw: u64,
) {
    *numbers += 1;
    let known: Vec<ServerId> = answered.created.iter().copied().collect();
    let target = known.get(draw as usize / 7 % known.len().max(1));
    let project = |id: ServerId| world.store.server(id).map(|server| server.project.0);
    match draw % 7 {
        0 | 1 => {
            let request = world.create(*numbers, (draw >> 8) as u32 % 3);
            if let Some(Decided::Accepted(_)) = answer(world.submit(&request)) {
                answered.created.insert(server_id(*numbers));
            }
        }
        2 | 3 => {
            let Some((id, project)) = target.and_then(|id| Some((*id, project(*id)?))) else {
                return;
            };
            let action = [Action::Delete, Action::RebootHard, Action::Stop][draw as usize / 64 % 3];
            let decided = answer(world.submit(&change(*numbers, project, action, id)));
            if let (Some(Decided::Accepted(_)), Action::Delete) = (decided, action) {
                answered.deletes.insert(id);
            }
        }
        4 | 5 => {
            let free = (1..=4).find(|worker| !held.contains_key(worker));
            if let Some(worker) = free
                && let Some(claim) = world.claim(worker)
            {
                held.insert(worker, claim);
            }
        }
        _ => {
            world.clock.advance(Duration::from_millis(draw % 400));
            if let Some((_, claim)) = held.pop_first() {
                let outcome = if draw & 1 << 20 == 0 { Outcome::Succeeded } else { in_passing() };
                world.finish(&claim, &outcome);
            }
        }
    }
}

/// Brings everything to its end.
fn run_out(world: &World, held: &mut BTreeMap<u32, Claim>) {
    while let Some((_, claim)) = held.pop_first() {
        world.finish(&claim, &Outcome::Succeeded);
    }
    while world.store.figures().jobs > 0 {
        world.durable();
        match world.claim(1) {
            Some(claim) => drop(world.finish(&claim, &Outcome::Succeeded)),
            None => world.clock.advance(Duration::from_secs(1)),
        }
    }
    world.durable();
}

fn check(world: &World, answered: &Answered) {
    for id in &answered.created {
        let server = world.store.remembered(*id);
        assert!(server.is_some(), "server {id} was acknowledged and is gone");
        let is_there = world.store.server(*id).is_some();
        assert!(is_there || answered.deletes.contains(id), "server {id} went by itself");
    }
}
