//! Outcomes: retries with a pause, and answers that come late or twice.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::fleet::FleetConfig;
use guichet_core::limits;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Failure, OperationState};
use guichet_core::settle::deadline_passed;
use guichet_core::state::{TaskState, VmState};

use crate::support::{BLUE, WIDE, WORKER, World, accepted, config, digest, failure, project};

/// Lets the pause of whoever waits pass.
fn wait_for_pause(world: &mut World) {
    world.now = world.fleet.scheduler().next_timer().expect("a pause");
}

fn outcomes() -> [Outcome; 3] {
    [Outcome::Succeeded, failure(true), failure(false)]
}

/// Any outcome of this claim is worth nothing any more.
fn check_worthless(world: &mut World, claim: &Claim) {
    for outcome in outcomes() {
        let before = digest(&world.fleet);
        let effects = world.finish(claim, &outcome);
        assert!(effects.events.is_empty() && effects.servers.is_empty());
        before.assert_same(&world.fleet);
    }
}

#[test]
fn a_transient_failure_is_tried_again_after_a_growing_pause() {
    let mut world = World::new(config());
    let server = world.queued();
    for attempt in 1..=limits::ATTEMPTS_MAX {
        let claim = world.claim();
        assert_eq!(claim.attempt, attempt);
        assert_eq!(claim.server.fence, attempt);
        world.finish(&claim, &failure(true));
        let operation = world.fleet.operation(claim.operation).expect("it is known");
        if attempt == limits::ATTEMPTS_MAX {
            assert_eq!(operation.state, OperationState::Failed);
            break;
        }
        assert_eq!(operation.state, OperationState::Queued);
        let pause = operation.not_before.expect("a pause").since(world.now);
        let middle = limits::BACKOFF_FIRST * 2u32.pow(attempt - 1);
        assert!(pause >= middle / 2 && pause <= middle * 3 / 2, "{pause:?}");
        let load = world.fleet.scheduler().load();
        assert_eq!((load.waiting, load.requeued, load.in_flight), (0, 1, 0));
        assert!(world.try_claim().is_none());
        wait_for_pause(&mut world);
    }
    assert_eq!(world.state(server), (VmState::Error, None));
    assert!(world.server(server).fault.is_some());
    let counts = world.fleet.counts();
    assert_eq!((counts.started, counts.retried), (5, 4));
    assert_eq!((counts.failed, counts.failed_driver), (1, 1));
    assert!(world.fleet.scheduler().is_idle());
}

#[test]
fn a_retry_may_succeed() {
    let mut world = World::new(config());
    let server = world.queued();
    let claim = world.claim();
    world.pass(Duration::from_millis(30));
    world.finish(&claim, &failure(true));
    assert_eq!(world.state(server), (VmState::Building, Some(TaskState::Spawning)));
    wait_for_pause(&mut world);
    let started = world.events[1].at;
    let claim = world.claim();
    world.pass(Duration::from_millis(5));
    world.succeed(&claim);
    assert_eq!(world.state(server), (VmState::Active, None));
    let kinds: Vec<_> = world.events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            EventKind::Accepted,
            EventKind::Started,
            EventKind::Requeued,
            EventKind::Started,
            EventKind::Succeeded
        ]
    );
    let last = world.events[4];
    assert_eq!(last.wait, Some(Duration::ZERO), "to the first start");
    assert_eq!(last.service, Some(world.now.since(started)), "from the first start");
    assert_eq!(last.worker, Some(WORKER));
}

#[test]
fn retries_do_not_need_a_place_in_the_queue() {
    let bounds = Bounds { queue: 1, ..WIDE };
    let mut world = World::new(FleetConfig { bounds, ..config() });
    for _ in 0..10 {
        world.queued();
        let claim = world.claim();
        world.finish(&claim, &failure(true));
    }
    let load = world.fleet.scheduler().load();
    assert_eq!((load.waiting, load.requeued), (0, 10));
    accepted(world.ask_create(BLUE));
    world.run_all();
    assert_eq!(world.fleet.counts().succeeded, 11);
}

#[test]
fn a_permit_is_free_during_the_pause() {
    let bounds = Bounds { service: 1, per_host: 1, per_project: 1, ..WIDE };
    let mut world = World::new(FleetConfig { bounds, ..config() });
    world.queued();
    let first = world.claim();
    world.queued();
    assert!(world.try_claim().is_none());
    world.finish(&first, &failure(true));
    assert_ne!(world.claim().operation, first.operation);
}

#[test]
fn a_deadline_is_a_transient_failure_of_its_own_kind() {
    let mut world = World::new(config());
    let server = world.queued();
    loop {
        let claim = world.claim();
        assert_eq!(claim.deadline, world.now.after(limits::CREATE_DEADLINE));
        world.now = claim.deadline;
        let outcome = deadline_passed(&claim);
        world.finish(&claim, &outcome);
        if world.fleet.scheduler().is_idle() {
            break;
        }
        wait_for_pause(&mut world);
    }
    let fault = world.server(server).fault.as_ref().expect("a fault");
    assert_eq!(fault.kind, Failure::Deadline);
    assert_eq!(&*fault.message, "The create did not finish within 600 s.");
    assert_eq!(world.fleet.counts().failed_deadline, 1);
    assert_eq!(world.fleet.counts().started, u64::from(limits::ATTEMPTS_MAX));
}

#[test]
fn a_second_answer_changes_nothing() {
    let mut world = World::new(config());
    let server = world.queued();
    let claim = world.claim();
    world.succeed(&claim);
    check_worthless(&mut world, &claim);
    accepted(world.change(Action::RebootSoft, server));
    check_worthless(&mut world, &claim);
    let reboot = world.claim();
    check_worthless(&mut world, &claim);
    world.succeed(&reboot);
    check_worthless(&mut world, &claim);
    check_worthless(&mut world, &reboot);
}

#[test]
fn an_answer_of_an_earlier_attempt_changes_nothing() {
    let mut world = World::new(config());
    world.queued();
    let first = world.claim();
    world.finish(&first, &failure(true));
    check_worthless(&mut world, &first);
    wait_for_pause(&mut world);
    let second = world.claim();
    check_worthless(&mut world, &first);
    world.finish(&second, &failure(true));
    wait_for_pause(&mut world);
    let third = world.claim();
    check_worthless(&mut world, &first);
    check_worthless(&mut world, &second);
    world.succeed(&third);
    assert_eq!(world.fleet.counts().succeeded, 1);
}

#[test]
fn an_answer_of_an_earlier_attempt_does_not_end_the_wait_for_a_cancelled_call() {
    let mut world = World::new(config());
    let server = world.queued();
    let first = world.claim();
    world.finish(&first, &failure(true));
    wait_for_pause(&mut world);
    let second = world.claim();
    accepted(world.change(Action::Delete, server));
    check_worthless(&mut world, &first);
    assert!(world.try_claim().is_none(), "the second call still runs");
    world.finish(&second, &failure(true));
    let delete = world.claim();
    world.succeed(&delete);
    assert!(world.fleet.is_empty());
}

#[test]
fn nothing_brings_a_deleted_server_back() {
    let mut world = World::new(config());
    let server = world.queued();
    let create = world.claim();
    accepted(world.change(Action::Delete, server));
    world.pass(limits::CANCEL_GRACE);
    let delete = world.claim();
    world.succeed(&delete);
    for outcome in outcomes() {
        let effects = world.finish(&create, &outcome);
        assert!(effects.events.is_empty() && effects.servers.is_empty());
        assert!(world.fleet.get(server).is_none() && world.fleet.is_empty());
    }
    check_worthless(&mut world, &delete);
    assert!(world.fleet.scheduler().is_idle());
}

#[test]
fn the_last_answer_of_many_outcomes_in_any_order_counts() {
    let mut world =
        World::new(FleetConfig { projects: vec![project(0, Default::default())], ..config() });
    for _ in 0..4 {
        world.queued();
    }
    let mut claims: Vec<_> = std::iter::from_fn(|| world.try_claim()).collect();
    assert_eq!(claims.len(), 4);
    while let Some(claim) = claims.pop() {
        world.succeed(&claim);
    }
    assert_eq!(world.fleet.counts().succeeded, 4);
}

#[test]
fn effects_carry_the_operations_that_ended() {
    let mut world = World::new(config());
    world.queued();
    let claim = world.claim();
    let effects = world.finish(&claim, &Outcome::Succeeded);
    let ended: Vec<_> = effects
        .finished
        .iter()
        .map(|(server, operation)| (*server, operation.number, operation.state))
        .collect();
    assert_eq!(ended, [(claim.operation.server, 1, OperationState::Succeeded)]);
}

#[test]
fn the_newest_operations_of_a_server_are_kept() {
    let mut world = World::new(config());
    let server = world.active();
    let rounds = limits::OPERATIONS_PER_SERVER_MAX as u32 + 5;
    for _ in 0..rounds {
        accepted(world.change(Action::RebootSoft, server));
        world.run_all();
    }
    let kept: Vec<_> = world.fleet.operations(server).iter().map(|op| op.number).collect();
    let newest: Vec<_> =
        (rounds + 2 - limits::OPERATIONS_PER_SERVER_MAX as u32..=rounds + 1).collect();
    assert_eq!(kept, newest);
}
