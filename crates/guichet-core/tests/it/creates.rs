//! Creates: quota, several servers at once, placement, and what happens where no host fits.

use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::fleet::FleetConfig;
use guichet_core::ids::{ClientId, FlavorId, HostId, ImageId, RequestId, ServerId};
use guichet_core::project::{Quota, Usage};
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::request::{Answer, Create, Request, RequestBody};
use guichet_core::rows::{Decision, Rows};
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Failure, OperationState, Size};
use guichet_core::state::{PowerState, Status, VmState};
use smallvec::smallvec;

use crate::support::{
    BLUE, RED, SMALL, WIDE, World, accepted, config, digest, first, host, hosts, project, refused,
};

fn on(capacities: &[u32]) -> World {
    World::new(FleetConfig { hosts: hosts(capacities), ..config() })
}

fn with_quota(instances: u64) -> World {
    let quota = Quota { instances: Some(instances), ..Quota::default() };
    World::new(FleetConfig {
        projects: vec![project(0, quota), project(1, Quota::default())],
        ..config()
    })
}

fn ask(world: &mut World, count: usize, min_count: usize) -> Decision {
    let body = world.servers(count, min_count, SMALL);
    let request = world.request(BLUE, None, body);
    world.send(&request)
}

fn places(world: &World, answer: &Answer) -> Vec<Option<u32>> {
    let host = |server: ServerId| world.server(server).host.map(|host| host.0);
    answer.operations.iter().map(|id| host(id.server)).collect()
}

#[test]
fn a_new_server_is_as_it_was_asked_for() {
    let mut world = World::new(config());
    let server = world.queued();
    let server = world.server(server);
    assert_eq!((server.project, server.size), (BLUE, SMALL));
    assert_eq!(&*server.name, "server-0");
    assert_eq!((server.created, server.updated), (world.now, world.now));
    assert_eq!(server.status(), Status::Build);
    assert_eq!(server.power_state, PowerState::None);
    assert!(!server.ever_started);
    let usage = Usage { instances: 1, cores: 1, ram_mib: 512 };
    assert_eq!(world.fleet.usage(BLUE), usage);
}

#[test]
fn as_many_as_the_quota_allows_but_at_least_min_count() {
    let mut world = with_quota(3);
    assert_eq!(accepted(ask(&mut world, 5, 2)).operations.len(), 3);

    let mut world = with_quota(3);
    assert_eq!(accepted(ask(&mut world, 2, 1)).operations.len(), 2);
    let before = digest(&world.fleet);
    let Refusal::OverQuota(over) = refused(ask(&mut world, 5, 2)) else {
        panic!("over quota");
    };
    assert_eq!((over.resource, over.requested), ("instances", 2));
    assert_eq!((over.used, over.limit), (2, 3));
    before.assert_same(&world.fleet);
    assert_eq!(accepted(ask(&mut world, 5, 1)).operations.len(), 1);
}

#[test]
fn min_count_stays_between_one_and_all() {
    let mut world = with_quota(2);
    assert_eq!(accepted(ask(&mut world, 2, 0)).operations.len(), 2);
    assert_eq!(refused(ask(&mut world, 2, 0)).kind(), RefusalKind::OverQuota);
    let mut world = with_quota(2);
    assert_eq!(accepted(ask(&mut world, 2, 9)).operations.len(), 2);
}

#[test]
fn servers_of_one_request_share_its_id_and_have_their_own() {
    let mut world = World::new(config());
    let answer = accepted(ask(&mut world, 4, 1));
    let mut ids: Vec<_> = answer.operations.iter().map(|id| id.server).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert!(world.events.iter().all(|event| event.request == answer.request));
    assert_eq!(world.fleet.counts().accepted, 4);
    world.run_all();
    assert_eq!(world.fleet.counts().succeeded, 4);
}

#[test]
fn all_of_a_request_find_room_in_the_queue_or_none() {
    let bounds = Bounds { queue: 3, ..WIDE };
    let mut world = World::new(FleetConfig {
        projects: vec![project(0, Quota::default())],
        bounds,
        ..config()
    });
    accepted(ask(&mut world, 2, 1));
    assert_eq!(refused(ask(&mut world, 2, 1)).kind(), RefusalKind::QueueFull);
    accepted(ask(&mut world, 1, 1));
}

#[test]
fn a_request_spreads_over_the_hosts_that_have_room() {
    let mut world = on(&[2, 0, 1, 2]);
    let answer = accepted(ask(&mut world, 6, 1));
    assert_eq!(places(&world, &answer), [Some(0), Some(0), Some(2), Some(3), Some(3), None]);
    assert_eq!(world.capacities(), [0, 0, 0, 0]);
    assert_eq!(world.instances(BLUE), 6);
    assert_eq!(world.fleet.counts().failed_no_valid_host, 1);
    world.run_all();
}

#[test]
fn placement_goes_round() {
    let mut world = on(&[2, 2, 2]);
    let mut seen = Vec::new();
    for _ in 0..6 {
        let answer = accepted(world.ask_create(BLUE));
        seen.extend(places(&world, &answer));
    }
    assert_eq!(seen, [0, 1, 2, 0, 1, 2].map(Some));
}

#[test]
fn every_host_is_looked_at_before_none_is_said_to_fit() {
    const HOSTS: usize = 5;
    for cursor in 0..HOSTS {
        for free in 0..HOSTS {
            // One place on each host up to the cursor, then one on `free` alone.
            let mut world = on(&[1; HOSTS]);
            let mut placed = Vec::new();
            for _ in 0..HOSTS + cursor {
                if world.fleet.len() == HOSTS {
                    let oldest = placed.remove(0);
                    accepted(world.change(Action::Delete, oldest));
                    world.run_all();
                }
                placed.push(world.active());
            }
            let leaving =
                placed.iter().find(|id| world.server(**id).host == Some(HostId(free as u32)));
            accepted(world.change(Action::Delete, *leaving.expect("all are full")));
            world.run_all();
            let answer = accepted(ask(&mut world, 2, 1));
            assert_eq!(places(&world, &answer), [Some(free as u32), None]);
        }
    }
}

#[test]
fn a_host_needs_room_for_both_processors_and_memory() {
    let mut world = World::new(FleetConfig {
        hosts: vec![host(0, 8, 100), host(1, 1, 9_999), host(2, 2, 2_000)],
        ..config()
    });
    let body = world.servers(1, 1, Size { vcpus: 2, ram_mib: 2_000 });
    let request = world.request(BLUE, None, body);
    let answer = accepted(world.send(&request));
    assert_eq!(places(&world, &answer), [Some(2)]);
    let capacity = world.fleet.host(HostId(2)).expect("the host");
    assert_eq!((capacity.free_vcpus, capacity.free_ram_mib), (0, 0));
}

#[test]
fn no_memory_at_all_is_legal() {
    let mut world = World::new(FleetConfig { hosts: vec![host(0, 1, 0)], ..config() });
    let body = world.servers(1, 1, Size { vcpus: 1, ram_mib: 0 });
    let request = world.request(BLUE, None, body);
    let answer = accepted(world.send(&request));
    assert_eq!(places(&world, &answer), [Some(0)]);
    world.run_all();
}

#[test]
fn without_a_host_a_create_is_accepted_and_failed_in_the_same_step() {
    for capacities in [&[][..], &[0, 0]] {
        let mut world = on(capacities);
        let answer = accepted(world.ask_create(BLUE));
        let id = first(&answer);
        let server = world.server(id.server).clone();
        assert_eq!((server.vm_state, server.task_state), (VmState::Error, None));
        assert_eq!((server.host, server.ever_started), (None, false));
        let fault = server.fault.expect("a fault");
        assert_eq!(fault.kind, Failure::NoValidHost);
        assert_eq!(
            &*fault.message,
            "No valid host was found. There are not enough hosts available."
        );
        assert!(fault.message.starts_with("No valid host was found"));

        let operation = world.fleet.operation(id).expect("it is remembered");
        assert_eq!(operation.state, OperationState::Failed);
        assert_eq!((operation.attempt, operation.finished), (0, Some(world.now)));
        let kinds: Vec<_> = world.events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::Accepted, EventKind::Failed]);
        assert_eq!(world.events[1].failure, Some(Failure::NoValidHost));
        assert!(world.fleet.scheduler().is_idle());
        assert!(world.try_claim().is_none());
    }
}

#[test]
fn a_server_without_a_host_counts_in_the_quota_and_is_deleted_at_once() {
    let quota = Quota { instances: Some(1), ..Quota::default() };
    let mut world = World::new(FleetConfig {
        projects: vec![project(0, quota)],
        hosts: hosts(&[0]),
        bounds: Bounds { queue: 1, ..WIDE },
        ..config()
    });
    let server = world.queued();
    assert_eq!(world.instances(BLUE), 1);
    assert_eq!(refused(world.ask_create(BLUE)).kind(), RefusalKind::OverQuota);
    for action in [Action::RebootHard, Action::Stop, Action::Start] {
        let refusal = refused(world.change(action, server));
        assert_eq!(refusal.kind(), RefusalKind::Conflict, "{action}: there is nothing to act on");
    }
    accepted(world.change(Action::Delete, server));
    assert!(world.fleet.is_empty());
    assert_eq!(world.fleet.usage(BLUE), Usage::default());
    assert_eq!(world.capacities(), [0]);
    assert!(world.fleet.scheduler().is_idle());
}

#[test]
fn an_id_that_is_in_use_is_refused() {
    let mut world = World::new(config());
    let server = world.queued();
    let before = world.server(server).clone();
    let request = Request {
        privileged: false,
        id: RequestId::from_bits(99),
        client: ClientId(0),
        project: BLUE,
        key: None,
        body: RequestBody::Create(Create {
            details: Vec::new(),
            hosts: None,
            most_in_group: None,
            body_digest: None,
            ports: Vec::new(),
            servers: smallvec![(server, Arc::from("again"))],
            min_count: 1,
            size: SMALL,
            flavor: FlavorId(0),
            image: ImageId(0),
        }),
    };
    let refusal = refused(world.fleet.submit(&request, world.now));
    assert_eq!(refusal.kind(), RefusalKind::Invalid);
    assert_eq!(*world.server(server), before);
}

#[test]
fn a_create_cannot_be_asked_of_a_server() {
    let mut world = World::new(config());
    let server = world.queued();
    let refusal = refused(world.change(Action::Create, server));
    assert_eq!(refusal.kind(), RefusalKind::Invalid);
}

#[test]
fn a_flood_of_one_project_leaves_places_for_another() {
    let bounds = Bounds { queue: 10, ..WIDE };
    let mut world = World::new(FleetConfig { bounds, ..config() });
    for _ in 0..9 {
        accepted(world.ask_create(BLUE));
    }
    assert_eq!(refused(world.ask_create(BLUE)).kind(), RefusalKind::QueueFull);
    accepted(world.ask_create(RED));
    assert_eq!(refused(world.ask_create(RED)).kind(), RefusalKind::QueueFull);
}
