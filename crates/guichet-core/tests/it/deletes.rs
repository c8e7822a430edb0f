//! Deletes and hard reboots: what takes the place of what, and what waits for what.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::fleet::FleetConfig;
use guichet_core::ids::ServerId;
use guichet_core::limits::CANCEL_GRACE;
use guichet_core::project::{Quota, Usage};
use guichet_core::refusal::RefusalKind;
use guichet_core::rows::{Decision, Effects, Outcome, Rows};
use guichet_core::scheduler::Bounds;
use guichet_core::server::OperationState;
use guichet_core::state::{TaskState, VmState};

use crate::support::{
    BLUE, WIDE, World, accepted, config, digest, failure, first, project, refused, repeated,
};

fn kinds(world: &World, server: ServerId) -> Vec<(Action, EventKind)> {
    let of_it = world.events.iter().filter(|e| e.operation.server == server);
    of_it.map(|event| (event.action, event.kind)).collect()
}

fn effects(decision: Decision) -> Effects {
    match decision {
        Decision::Accepted(effects) => effects,
        other => panic!("not accepted: {other:?}"),
    }
}

/// One project, so that its queue has no reserved part.
fn alone(bounds: Bounds) -> World {
    World::new(FleetConfig { projects: vec![project(0, Quota::default())], bounds, ..config() })
}

#[test]
fn a_queued_create_is_deleted_at_once() {
    let mut world = alone(Bounds { queue: 1, ..WIDE });
    let server = world.queued();
    let answer = accepted(world.change(Action::Delete, server));
    assert!(world.fleet.get(server).is_none());
    assert_eq!(world.fleet.usage(BLUE), Usage::default());
    assert_eq!(world.capacities(), [50, 50]);
    assert!(world.fleet.scheduler().is_idle());
    assert!(world.try_claim().is_none());
    let expected = [
        (Action::Create, EventKind::Accepted),
        (Action::Create, EventKind::Cancelled),
        (Action::Delete, EventKind::Accepted),
        (Action::Delete, EventKind::Succeeded),
    ];
    assert_eq!(kinds(&world, server), expected);
    let operation = world.fleet.operation(first(&answer)).expect("remembered");
    assert_eq!(operation.state, OperationState::Succeeded);
}

#[test]
fn a_delete_behind_a_running_create_waits_for_its_call() {
    let mut world = World::new(config());
    let server = world.queued();
    let create = world.claim();
    let effects = effects(world.change(Action::Delete, server));
    assert_eq!(effects.stops(), Some(create.operation));
    assert_eq!(world.state(server), (VmState::Building, Some(TaskState::Deleting)));
    let operation = world.fleet.operation(create.operation).expect("remembered");
    assert_eq!(operation.state, OperationState::Cancelled);
    assert!(world.try_claim().is_none(), "one call at a time");

    let late = world.finish(&create, &Outcome::Succeeded);
    assert!(late.events.is_empty() && late.servers.is_empty());
    let delete = world.claim();
    assert_eq!(delete.action, Action::Delete);
    assert!(delete.server.fence > create.server.fence);
    assert_eq!(world.instances(BLUE), 1, "until the delete settles");
    world.succeed(&delete);
    assert!(world.fleet.is_empty());
    assert_eq!(world.capacities(), [50, 50]);
}

#[test]
fn a_stuck_call_holds_up_a_delete_for_the_grace_only() {
    let mut world = World::new(config());
    let server = world.active();
    accepted(world.change(Action::RebootSoft, server));
    let reboot = world.claim();
    accepted(world.change(Action::Delete, server));
    world.pass(CANCEL_GRACE - Duration::from_micros(1));
    assert!(world.try_claim().is_none());
    world.pass(Duration::from_micros(1));
    let delete = world.claim();
    world.succeed(&delete);
    assert!(world.fleet.is_empty());
    assert_eq!(world.fleet.scheduler().load().in_flight, 1, "the stuck call");
    let late = world.finish(&reboot, &Outcome::Succeeded);
    assert!(late.events.is_empty() && late.servers.is_empty());
    assert!(world.fleet.is_empty(), "a late answer brings nothing back");
    assert!(world.fleet.scheduler().is_idle());
}

#[test]
fn a_delete_takes_the_place_of_a_queued_reboot_even_when_the_queue_is_full() {
    let mut world = alone(WIDE);
    let servers = [world.active(), world.active(), world.active()];
    let mut bounded = alone(Bounds { queue: 2, ..WIDE });
    let ids = [bounded.active(), bounded.active(), bounded.active()];
    for (world, servers, full) in [(&mut world, servers, false), (&mut bounded, ids, true)] {
        accepted(world.change(Action::RebootSoft, servers[0]));
        accepted(world.change(Action::RebootSoft, servers[1]));
        if full {
            let told = refused(world.change(Action::Delete, servers[2]));
            assert_eq!(told.kind(), RefusalKind::QueueFull, "it has no place to take");
        }
        accepted(world.change(Action::Delete, servers[0]));
        assert_eq!(world.fleet.scheduler().load().waiting, 2);
        let claim = world.claim();
        assert_eq!((claim.action, claim.operation.server), (Action::Delete, servers[0]));
        world.succeed(&claim);
        world.run_all();
        assert_eq!(world.fleet.len(), 2);
    }
}

#[test]
fn a_delete_of_a_requeued_create_waits_for_its_pause() {
    let mut world = World::new(config());
    let server = world.queued();
    let create = world.claim();
    world.finish(&create, &failure(true));
    accepted(world.change(Action::Delete, server));
    assert!(world.fleet.get(server).is_some(), "a driver has heard of it");
    assert_eq!(world.fleet.scheduler().load().requeued, 1);
    assert!(world.try_claim().is_none());
    world.pass(Duration::from_millis(150));
    let delete = world.claim();
    assert_eq!((delete.action, delete.attempt), (Action::Delete, 1));
    world.succeed(&delete);
    assert!(world.fleet.is_empty());
}

#[test]
fn delete_again_while_deleting_is_the_same_delete() {
    let mut world = World::new(config());
    let server = world.active();
    let answer = accepted(world.change(Action::Delete, server));
    let before = digest(&world.fleet);
    assert_eq!(repeated(world.change(Action::Delete, server)), answer);
    before.assert_same(&world.fleet);
    let claim = world.claim();
    assert_eq!(repeated(world.change(Action::Delete, server)), answer);
    for action in [Action::RebootSoft, Action::RebootHard, Action::Stop] {
        assert_eq!(refused(world.change(action, server)).kind(), RefusalKind::Conflict);
    }
    world.succeed(&claim);
    assert_eq!(refused(world.change(Action::Delete, server)).kind(), RefusalKind::NoServer);
}

#[test]
fn a_delete_that_failed_leaves_an_error_that_counts_and_can_be_deleted() {
    let mut world = World::new(config());
    let server = world.active();
    accepted(world.change(Action::Delete, server));
    let claim = world.claim();
    world.finish(&claim, &failure(false));
    assert_eq!(world.state(server), (VmState::Error, None));
    assert_eq!(world.instances(BLUE), 1);
    assert_eq!(world.capacities().iter().sum::<u32>(), 99);
    accepted(world.change(Action::Delete, server));
    world.run_all();
    assert!(world.fleet.is_empty());
}

#[test]
fn a_hard_reboot_takes_the_place_of_a_queued_soft_one() {
    let mut world = alone(WIDE);
    let servers = [world.active(), world.active()];
    accepted(world.change(Action::RebootSoft, servers[0]));
    accepted(world.change(Action::RebootSoft, servers[1]));
    accepted(world.change(Action::RebootHard, servers[0]));
    let claim = world.claim();
    assert_eq!(claim.action, Action::RebootHard);
    assert_eq!(claim.operation.server, servers[0]);
    world.succeed(&claim);
    world.run_all();
    let cancelled = (Action::RebootSoft, EventKind::Cancelled);
    assert!(kinds(&world, servers[0]).contains(&cancelled));
    assert_eq!(world.state(servers[0]), (VmState::Active, None));
}

#[test]
fn a_hard_reboot_waits_for_the_call_of_the_one_it_cancelled() {
    for running in [Action::RebootSoft, Action::RebootHard] {
        let mut world = World::new(config());
        let server = world.active();
        accepted(world.change(running, server));
        let call = world.claim();
        let effects = effects(world.change(Action::RebootHard, server));
        assert_eq!(effects.stops(), Some(call.operation));
        assert!(world.try_claim().is_none());
        // A delete on top: it takes the hard reboot's place, and its hold.
        accepted(world.change(Action::Delete, server));
        assert!(world.try_claim().is_none());
        world.finish(&call, &failure(false));
        let delete = world.claim();
        assert_eq!(delete.action, Action::Delete);
        world.succeed(&delete);
        assert!(world.fleet.is_empty() && world.fleet.scheduler().is_idle());
    }
}

#[test]
fn a_delete_behind_a_call_needs_a_place() {
    let mut world = alone(Bounds { queue: 1, service: 1, ..WIDE });
    let (first, second) = (world.active(), world.active());
    accepted(world.change(Action::RebootSoft, first));
    let call = world.claim();
    accepted(world.change(Action::RebootSoft, second));
    let before = digest(&world.fleet);
    let told = refused(world.change(Action::Delete, first));
    assert_eq!(told.kind(), RefusalKind::QueueFull);
    before.assert_same(&world.fleet);
    world.succeed(&call);
    world.run_all();
    assert_eq!(world.state(first), (VmState::Active, None));
}

#[test]
fn an_operation_of_a_deleted_server_can_still_be_looked_up() {
    let mut world = World::new(config());
    let server = world.active();
    let delete = first(&accepted(world.change(Action::Delete, server)));
    world.run_all();
    assert!(world.fleet.get(server).is_none());
    let states: Vec<_> = world
        .fleet
        .operations(server)
        .iter()
        .map(|operation| (operation.action, operation.state))
        .collect();
    let succeeded = OperationState::Succeeded;
    assert_eq!(states, [(Action::Create, succeeded), (Action::Delete, succeeded)]);
    assert!(world.fleet.operation(delete).is_some());
}
