//! What the refused are told, and that nothing changes for them.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::fleet::FleetConfig;
use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::request::RequestBody;
use guichet_core::rows::Decision;
use guichet_core::scheduler::Bounds;
use guichet_core::server::Size;

use crate::support::{BLUE, RED, SMALL, WIDE, World, accepted, config, digest, project, refused};

#[test]
fn a_conflict_is_told_in_novas_sentence() {
    let mut world = World::new(config());
    let server = world.stopped();
    let before = digest(&world.fleet);
    let told = refused(world.change(Action::RebootSoft, server));
    before.assert_same(&world.fleet);
    assert_eq!(told.kind(), RefusalKind::Conflict);
    let sentence = format!("Cannot 'reboot' instance {server} while it is in vm_state stopped");
    assert!(told.to_string().starts_with(&sentence), "{told}");

    accepted(world.change(Action::RebootHard, server));
    let told = refused(world.change(Action::Start, server));
    let sentence =
        format!("Cannot 'start' instance {server} while it is in task_state rebooting_hard");
    assert!(told.to_string().starts_with(&sentence), "{told}");
    world.run_all();

    accepted(world.change(Action::Stop, server));
    let told = refused(world.change(Action::RebootHard, server));
    let sentence =
        format!("Cannot 'reboot' instance {server} while it is in task_state powering-off");
    assert!(told.to_string().starts_with(&sentence), "{told}");
}

#[test]
fn a_server_that_is_not_there_is_not_found() {
    let mut world = World::new(config());
    let nobody = world.server_id();
    for action in [Action::RebootSoft, Action::RebootHard, Action::Start, Action::Stop] {
        let told = refused(world.change(action, nobody));
        assert_eq!(told, Refusal::NotFound { server: nobody });
    }
    assert_eq!(
        refused(world.change(Action::Delete, nobody)),
        Refusal::NoServer,
        "nothing to delete at all"
    );
    world.queued();
    let told = refused(world.change(Action::Delete, nobody));
    assert_eq!(told, Refusal::NotFound { server: nobody });
    assert!(told.to_string().starts_with(&format!("Instance {nobody} could not be found.")));
}

#[test]
fn no_server_says_that_the_list_is_empty() {
    let mut world = World::new(config());
    let server = world.active();
    accepted(world.change(Action::Delete, server));
    world.run_all();
    let before = digest(&world.fleet);
    let told = refused(world.change(Action::Delete, server));
    assert_eq!(told.kind().as_str(), "no_server");
    assert!(told.to_string().contains("no server to delete"), "{told}");
    before.assert_same(&world.fleet);
}

#[test]
fn another_projects_server_is_not_told_apart_from_none() {
    let mut world = World::new(config());
    let server = world.active();
    assert_eq!(refused(world.change_of(RED, Action::Delete, server)), Refusal::NoServer);
    accepted(world.ask_create(RED));
    // A create names no server.
    for action in &Action::ALL[1..] {
        let told = refused(world.change_of(RED, *action, server));
        assert_eq!(told, Refusal::NotFound { server }, "{action}");
    }
}

fn with_quota(quota: Quota) -> World {
    World::new(FleetConfig {
        projects: vec![project(0, quota), project(1, Quota::default())],
        ..config()
    })
}

#[test]
fn over_quota_is_told_in_novas_sentence() {
    let none = Quota::default();
    let cases = [
        (
            Quota { instances: Some(2), ..none },
            "Quota exceeded for instances: Requested 1, but already used 2 of 2 instances",
        ),
        (
            Quota { cores: Some(5), ..none },
            "Quota exceeded for cores: Requested 2, but already used 4 of 5 cores",
        ),
        (
            Quota { ram_mib: Some(3_000), ..none },
            "Quota exceeded for ram: Requested 1024, but already used 2048 of 3000 ram",
        ),
    ];
    for (quota, sentence) in cases {
        let mut world = with_quota(quota);
        let size = Size { vcpus: 2, ram_mib: 1_024 };
        for _ in 0..2 {
            let body = world.servers(1, 1, size);
            let request = world.request(BLUE, None, body);
            accepted(world.send(&request));
        }
        let before = digest(&world.fleet);
        let body = world.servers(1, 1, size);
        let request = world.request(BLUE, None, body);
        let told = refused(world.send(&request));
        assert_eq!(told.kind(), RefusalKind::OverQuota);
        assert!(told.to_string().starts_with(sentence), "{told}");
        before.assert_same(&world.fleet);
        accepted(world.ask_create(RED));
    }
}

#[test]
fn a_quota_counts_a_server_until_it_is_gone() {
    let mut world = with_quota(Quota { instances: Some(1), ..Quota::default() });
    let server = world.active();
    accepted(world.change(Action::Delete, server));
    assert_eq!(refused(world.ask_create(BLUE)).kind(), RefusalKind::OverQuota);
    world.run_all();
    accepted(world.ask_create(BLUE));
}

#[test]
fn a_full_queue_says_when_to_come_back() {
    for queue in [1, 3, 10] {
        let bounds = Bounds { queue, ..WIDE };
        let mut world = World::new(FleetConfig {
            projects: vec![project(0, Quota::default())],
            expected_service: Duration::from_secs(3_600),
            times: Default::default(),
            networks: Vec::new(),
            bounds,
            ..config()
        });
        for _ in 0..queue {
            accepted(world.ask_create(BLUE));
        }
        let before = digest(&world.fleet);
        for _ in 0..200 {
            let told = refused(world.ask_create(BLUE));
            check_retry_after(&told, queue);
        }
        before.assert_same(&world.fleet);
        let claim = world.claim();
        world.pass(Duration::from_millis(20));
        world.succeed(&claim);
        accepted(world.ask_create(BLUE));
        check_retry_after(&refused(world.ask_create(BLUE)), queue);
    }
}

fn check_retry_after(told: &Refusal, queue: usize) {
    let Refusal::QueueFull { waiting, retry_after } = told else {
        panic!("{told:?}");
    };
    assert_eq!(*waiting, queue);
    assert!(*retry_after >= Duration::from_secs(limits::RETRY_AFTER_MIN_S));
    assert!(*retry_after <= Duration::from_secs(75), "{retry_after:?}");
    assert_eq!(told.retry_after(), Some(*retry_after));
    let shown = retry_after.as_secs_f64().ceil();
    let sentence = format!("The queue is full ({queue} waiting). Ask again in {shown} s.");
    assert_eq!(told.to_string(), sentence);
}

#[test]
fn retry_after_is_spread_and_the_same_for_the_same_request() {
    let bounds = Bounds { queue: 1, ..WIDE };
    let mut world = World::new(FleetConfig { bounds, ..config() });
    accepted(world.ask_create(BLUE));
    let mut seen = Vec::new();
    for _ in 0..50 {
        let body = world.servers(1, 1, SMALL);
        let request = world.request(BLUE, None, body);
        let told = refused(world.send(&request)).retry_after();
        assert_eq!(refused(world.send(&request)).retry_after(), told);
        seen.push(told.expect("a time to come back"));
    }
    seen.sort();
    let (least, most) = (seen[0], seen[49]);
    assert!(least < Duration::from_millis(1_050) && most > Duration::from_millis(1_200));
}

#[test]
fn rules_come_before_quota_before_room() {
    let bounds = Bounds { queue: 1, ..WIDE };
    let mut world = World::new(FleetConfig {
        projects: vec![
            project(0, Quota { instances: Some(2), ..Quota::default() }),
            project(1, Quota::default()),
        ],
        bounds,
        ..config()
    });
    let server = world.stopped();
    accepted(world.ask_create(BLUE));
    assert_eq!(refused(world.ask_create(BLUE)).kind(), RefusalKind::OverQuota);
    assert_eq!(refused(world.ask_create(RED)).kind(), RefusalKind::QueueFull);
    let told = refused(world.change(Action::RebootSoft, server));
    assert_eq!(told.kind(), RefusalKind::Conflict);
    let told = refused(world.change(Action::Start, server));
    assert_eq!(told.kind(), RefusalKind::QueueFull);
}

#[test]
fn the_service_holds_so_many_servers_and_no_more() {
    let mut world = World::new(FleetConfig { servers_max: 3, ..config() });
    let server = world.active();
    let body = world.servers(4, 3, SMALL);
    let request = world.request(BLUE, None, body);
    assert_eq!(refused(world.send(&request)), Refusal::ServersFull { limit: 3 });
    let body = world.servers(4, 1, SMALL);
    let request = world.request(RED, None, body);
    assert_eq!(accepted(world.send(&request)).operations.len(), 2, "as many as fit");
    let told = refused(world.ask_create(RED));
    assert_eq!(told, Refusal::ServersFull { limit: 3 });
    assert_eq!(told.kind(), RefusalKind::OverQuota);
    accepted(world.change(Action::Delete, server));
    world.run_all();
    accepted(world.ask_create(RED));
}

#[test]
fn a_decision_is_a_function_of_rows_request_and_time() {
    let mut world = World::new(config());
    let server = world.active();
    let create = world.servers(3, 1, SMALL);
    let reboot = RequestBody::act(Action::RebootSoft, server);
    for body in [create, reboot] {
        let request = world.request(BLUE, Some("key"), body);
        let decide = || guichet_core::decide::decide(&world.fleet, &request, world.now);
        let (one, two): (Decision, Decision) = (decide(), decide());
        assert_eq!(format!("{one:?}"), format!("{two:?}"));
    }
}
