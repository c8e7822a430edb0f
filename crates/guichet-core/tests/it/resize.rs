//! The shape of a resize: two allocations at once, confirmed by a client, given up by one, or
//! confirmed by time. No API is needed for any of it.

use std::time::Duration;

use guichet_core::action::{Action, ActionArgs, Obstacle};
use guichet_core::audit::audit;
use guichet_core::fleet::{Fleet, FleetConfig, StateTimes};
use guichet_core::ids::{FlavorId, HostId, ServerId};
use guichet_core::limits;
use guichet_core::project::{Quota, Usage};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Act, RequestBody};
use guichet_core::rows::Rows;
use guichet_core::server::{Failure, Server, Size};
use guichet_core::state::{Status, TaskState, VmState};
use std::sync::Arc;

use crate::support::{BLUE, World, accepted, config, digest, failure, hosts, project, refused};

const LARGE: Size = Size { vcpus: 4, ram_mib: 2_048 };
const WINDOW: Duration = Duration::from_secs(30);

/// Hosts for so many small servers each, and a time after which a resize is confirmed.
fn world(capacities: &[u32], resized: Option<Duration>) -> World {
    World::new(FleetConfig {
        hosts: hosts(capacities),
        times: StateTimes { resized, ..StateTimes::default() },
        ..config()
    })
}

fn to_large(server: ServerId) -> RequestBody {
    let args = ActionArgs::Resize { flavor: FlavorId(9), size: LARGE };
    RequestBody::Act(Act { action: Action::Resize, server, args: Some(Arc::new(args)) })
}

fn resize(world: &mut World, server: ServerId) {
    let request = world.request(BLUE, None, to_large(server));
    accepted(world.send(&request));
}

/// A server in VERIFY_RESIZE: small on the first host, large on the second.
fn resized(world: &mut World) -> ServerId {
    let server = world.active();
    resize(world, server);
    world.run_all();
    assert_eq!(world.server(server).status(), Status::VerifyResize);
    server
}

fn usage(world: &World) -> (u64, u64) {
    let Usage { instances, cores, .. } = world.fleet.usage(BLUE);
    (instances, cores)
}

#[test]
fn both_sizes_are_held_until_one_is_given_up() {
    for (end, cores, free, flavor, host) in [
        (Action::ConfirmResize, 4, [1, 6], FlavorId(9), HostId(1)),
        (Action::RevertResize, 1, [0, 10], FlavorId(0), HostId(0)),
    ] {
        let mut world = world(&[1, 10], None);
        let server = world.active();
        assert_eq!((usage(&world), world.capacities()), ((1, 1), vec![0, 10]));
        resize(&mut world, server);
        assert_eq!(world.server(server).status(), Status::Resize);
        assert_eq!((usage(&world), world.capacities()), ((1, 5), vec![0, 6]));
        let claim = world.claim();
        assert_eq!(
            claim.args.as_deref().and_then(ActionArgs::new_size),
            Some((FlavorId(9), LARGE))
        );
        assert_eq!(world.state(server).1, Some(TaskState::ResizeMigrating));
        world.succeed(&claim);
        let row = world.server(server);
        assert_eq!((row.vm_state, row.flavor, row.size), (VmState::Resized, FlavorId(9), LARGE));
        assert_eq!((row.host, row.expires), (Some(HostId(1)), None));
        assert_eq!((usage(&world), world.capacities()), ((1, 5), vec![0, 6]));

        accepted(world.change(end, server));
        world.run_all();
        let row = world.server(server);
        assert_eq!((row.vm_state, row.flavor, row.host), (VmState::Active, flavor, Some(host)));
        assert_eq!(row.second, None);
        assert_eq!((usage(&world), world.capacities()), ((1, cores), free.to_vec()), "{end}");
    }
}

#[test]
fn a_server_that_is_off_stays_off() {
    let mut world = world(&[1, 10], None);
    let server = world.stopped();
    resize(&mut world, server);
    world.run_all();
    accepted(world.change(Action::ConfirmResize, server));
    world.run_all();
    assert_eq!(world.state(server), (VmState::Stopped, None));
}

#[test]
fn a_resize_that_fails_gives_the_new_size_back() {
    let mut world = world(&[1, 10], None);
    let server = world.active();
    resize(&mut world, server);
    let claim = world.claim();
    world.finish(&claim, &failure(false));
    let row = world.server(server);
    assert_eq!((row.vm_state, row.size.vcpus, &row.second), (VmState::Active, 1, &None));
    assert!(row.fault.is_some());
    assert_eq!((usage(&world), world.capacities()), ((1, 1), vec![0, 10]));
}

#[test]
fn without_a_host_it_is_accepted_and_fails_at_once() {
    let mut world = world(&[3], None);
    let server = world.active();
    resize(&mut world, server);
    let row = world.server(server);
    assert_eq!((row.state().status(), &row.active), (Status::Active, &None));
    let fault = row.fault.as_ref().expect("a fault");
    assert_eq!(fault.kind, Failure::NoValidHost);
    assert_eq!((usage(&world), world.capacities()), ((1, 1), vec![2]));
    assert!(world.try_claim().is_none());
}

#[test]
fn the_quota_counts_both() {
    let quota = Quota { cores: Some(4), ..Quota::default() };
    let projects = vec![project(0, quota), project(1, Quota::default())];
    let mut world = World::new(FleetConfig { projects, ..config() });
    let server = world.active();
    let before = digest(&world.fleet);
    let request = world.request(BLUE, None, to_large(server));
    let Refusal::OverQuota(over) = refused(world.send(&request)) else { panic!("not over quota") };
    assert_eq!((over.resource, over.requested, over.used, over.limit), ("cores", 4, 1, 4));
    before.assert_same(&world.fleet);
}

#[test]
fn arguments_must_be_the_actions_own() {
    let mut world = world(&[10], None);
    let server = world.active();
    let args = Arc::new(ActionArgs::Resize { flavor: FlavorId(9), size: LARGE });
    for (action, args) in [(Action::Resize, None), (Action::RebootSoft, Some(args))] {
        let body = RequestBody::Act(Act { action, server, args });
        let request = world.request(BLUE, None, body);
        let before = digest(&world.fleet);
        let refusal = refused(world.send(&request));
        assert!(matches!(refusal, Refusal::Invalid { field: "arguments", .. }), "{refusal}");
        before.assert_same(&world.fleet);
    }
}

#[test]
fn under_one_key_another_size_is_another_request() {
    let mut world = world(&[50], None);
    let server = world.active();
    let request = world.request(BLUE, Some("k"), to_large(server));
    let answer = accepted(world.send(&request));
    let again = world.request(BLUE, Some("k"), to_large(server));
    assert_eq!(crate::support::repeated(world.send(&again)), answer);
    let args = ActionArgs::Resize { flavor: FlavorId(8), size: LARGE };
    let body = RequestBody::Act(Act { action: Action::Resize, server, args: Some(Arc::new(args)) });
    let other = world.request(BLUE, Some("k"), body);
    assert_eq!(refused(world.send(&other)), Refusal::KeyReused);
}

#[test]
fn a_delete_at_any_moment_gives_everything_back() {
    for moment in 0..4 {
        let mut world = world(&[1, 10], None);
        let server = world.active();
        resize(&mut world, server);
        let claim = (moment > 0).then(|| world.claim());
        if moment > 1 {
            world.succeed(claim.as_ref().expect("it runs"));
        }
        if moment > 2 {
            accepted(world.change(Action::RevertResize, server));
        }
        accepted(world.change(Action::Delete, server));
        if moment == 1 {
            world.finish(claim.as_ref().expect("it runs"), &failure(true));
        }
        world.run_all();
        assert!(world.fleet.is_empty(), "{moment}");
        assert_eq!((usage(&world), world.capacities()), ((0, 0), vec![1, 10]), "{moment}");
    }
}

#[test]
fn time_confirms_what_nobody_does() {
    let mut world = world(&[1, 10], Some(WINDOW));
    let server = resized(&mut world);
    let due = world.server(server).expires.expect("its state ends");
    assert_eq!((due, world.fleet.next_expiry()), (world.now.after(WINDOW), Some(due)));
    assert!(world.fleet.expire(world.now).is_none(), "not before its time");
    world.now = due;
    let effects = world.fleet.expire(world.now).expect("it is due");
    assert_eq!(effects.events[0].action, Action::ConfirmResize);
    assert_eq!(effects.events[0].client, world.server(server).created_by);
    world.check();
    assert!(world.fleet.expire(world.now).is_none(), "once");
    world.run_all();
    assert_eq!(world.state(server), (VmState::Active, None));
    assert_eq!((usage(&world), world.capacities()), ((1, 4), vec![1, 6]));
    assert_eq!(world.fleet.next_expiry(), None);
}

#[test]
fn the_end_of_a_state_that_lasts_is_forgotten() {
    let mut world = world(&[1], None);
    let server = world.active();
    let mut saved = world.fleet.saved();
    let mut row = Server::clone(&saved.rows[0].server);
    row.expires = Some(world.now);
    saved.rows[0].server = Arc::new(row);
    let mut fleet = Fleet::resume(FleetConfig { hosts: hosts(&[1]), ..config() }, saved, world.now);
    let found = audit(&fleet).violations;
    assert!(found.iter().any(|it| it.contains("a state that lasts")), "{found:?}");
    assert!(fleet.expire(world.now).is_some());
    assert_eq!((fleet.next_expiry(), fleet.expire(world.now).is_some()), (None, false));
    assert_eq!(fleet.server(server).map(|row| row.vm_state), Some(VmState::Active));
}

#[test]
fn what_a_client_does_first_stops_the_clock() {
    let mut world = world(&[1, 10], Some(WINDOW));
    let server = resized(&mut world);
    accepted(world.change(Action::RevertResize, server));
    assert_eq!(world.fleet.next_expiry(), None);
    let claim = world.claim();
    // It fails, so the server waits again, for as long as the first time.
    world.finish(&claim, &failure(false));
    assert_eq!(world.fleet.next_expiry(), Some(world.now.after(WINDOW)));
}

#[test]
fn a_full_queue_does_not_stop_time_for_ever() {
    let bounds = guichet_core::scheduler::Bounds { queue: 1, service: 1, ..crate::support::WIDE };
    let times = StateTimes { resized: Some(WINDOW), ..StateTimes::default() };
    let mut world = World::new(FleetConfig { bounds, times, hosts: hosts(&[1, 10]), ..config() });
    let server = resized(&mut world);
    world.queued();
    world.now = world.now.after(WINDOW);
    let effects = world.fleet.expire(world.now).expect("it is due");
    assert!(effects.events.is_empty(), "the queue is full");
    assert_eq!(world.fleet.next_expiry(), Some(world.now.after(limits::EXPIRY_RETRY)));
    world.run_all();
    world.now = world.now.after(limits::EXPIRY_RETRY);
    world.fleet.expire(world.now).expect("it is due again");
    world.run_all();
    assert_eq!(world.state(server), (VmState::Active, None));
}

#[test]
fn nothing_else_is_done_to_a_server_that_waits_to_be_confirmed() {
    let mut world = world(&[1, 10], None);
    let server = resized(&mut world);
    for action in [Action::RebootSoft, Action::RebootHard, Action::Stop, Action::Start] {
        let refusal = refused(world.change(action, server));
        let obstacle = Obstacle::VmState(VmState::Resized);
        assert_eq!(refusal, Refusal::Conflict { action, server, obstacle });
    }
}

#[test]
fn a_live_migration_that_is_aborted_leaves_the_server_and_the_room_as_they_were() {
    for is_running in [false, true] {
        let mut world = world(&[10, 10], None);
        let server = world.active();
        let row = world.server(server);
        let (vm_state, host) = (row.vm_state, row.host);
        let (used, free) = (usage(&world), world.capacities());
        let nothing = |obstacle| {
            let action = Action::AbortMigration;
            Refusal::Conflict { action, server, obstacle }
        };
        assert_eq!(
            refused(world.change(Action::AbortMigration, server)),
            nothing(Obstacle::NoTask)
        );

        accepted(world.change(Action::LiveMigrate, server));
        assert_eq!(usage(&world), (1, 2), "both places are held");
        let claim = is_running.then(|| world.claim());
        accepted(world.change(Action::AbortMigration, server));
        let row = world.server(server);
        assert_eq!((row.vm_state, row.task_state, row.host), (vm_state, None, host));
        assert!(row.second.is_none() && row.active.is_none());
        assert_eq!((usage(&world), world.capacities()), (used, free.clone()));
        if let Some(claim) = claim {
            // What the call comes to is too late, whatever it is.
            world.succeed(&claim);
            assert_eq!((world.server(server).host, world.capacities()), (host, free));
        }
        assert!(world.try_claim().is_none());
        assert_eq!(
            refused(world.change(Action::AbortMigration, server)),
            nothing(Obstacle::NoTask)
        );
        // Other work is not what it is there for.
        accepted(world.change(Action::RebootSoft, server));
        let task = Obstacle::TaskState(TaskState::Rebooting);
        assert_eq!(refused(world.change(Action::AbortMigration, server)), nothing(task));
        world.run_all();
        assert_eq!(world.server(server).vm_state, VmState::Active);
    }
}
