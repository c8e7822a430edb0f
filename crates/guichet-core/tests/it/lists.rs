//! Lists of servers, and what is kept of the deleted ones.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::audit::audit;
use guichet_core::fleet::{Bound, Fleet, FleetConfig, List, ListOrder};
use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::request::RequestBody;
use guichet_core::rows::Decision;
use guichet_core::server::Server;

use crate::support::{BLUE, RED, SMALL, World, accepted, config};

/// Three servers a project, a second apart; the ids from the oldest to the newest.
fn six() -> (World, Vec<ServerId>) {
    let mut world = World::new(config());
    let mut ids = Vec::new();
    for project in [BLUE, RED, BLUE, RED, RED, BLUE] {
        ids.push(accepted(world.ask_create(project)).operations[0].server);
        world.pass(Duration::from_secs(1));
    }
    (world, ids)
}

/// A page behind a server.
fn page(
    fleet: &Fleet,
    project: Option<ProjectId>,
    after: Option<&Server>,
    size: usize,
) -> Vec<Arc<Server>> {
    let order = ListOrder::default();
    let list = List { project, status: None, order: &order, after };
    let mut page = Vec::new();
    fleet.page(&list, Bound { found: size, looked_at: size }, &mut page);
    assert!(page.len() <= size);
    page
}

/// All pages of this size, one after the other.
fn walk(fleet: &Fleet, project: Option<ProjectId>, size: usize) -> Vec<ServerId> {
    let mut all: Vec<Arc<Server>> = Vec::new();
    loop {
        let mut next = page(fleet, project, all.last().map(|last| &**last), size);
        if next.is_empty() {
            return all.iter().map(|server| server.id).collect();
        }
        all.append(&mut next);
    }
}

#[test]
fn a_projects_servers_come_newest_first_whatever_the_page_size() {
    let (world, ids) = six();
    for size in 1..8 {
        assert_eq!(walk(&world.fleet, Some(BLUE), size), [ids[5], ids[2], ids[0]]);
        assert_eq!(walk(&world.fleet, Some(RED), size), [ids[4], ids[3], ids[1]]);
        assert_eq!(walk(&world.fleet, Some(ProjectId(9)), size), []);
    }
}

#[test]
fn all_servers_come_project_by_project() {
    let (world, ids) = six();
    let order = [4, 3, 1, 5, 2, 0].map(|index: usize| ids[index]);
    for size in 1..8 {
        assert_eq!(walk(&world.fleet, None, size), order);
    }
}

#[test]
fn a_list_goes_on_after_a_server_that_is_gone() {
    let (mut world, ids) = six();
    let marker = world.server(ids[2]).clone();
    accepted(world.change(Action::Delete, ids[2]));
    let page = page(&world.fleet, Some(BLUE), Some(&marker), 10);
    assert_eq!(page.iter().map(|server| server.id).collect::<Vec<_>>(), [ids[0]]);
}

#[test]
fn a_marker_of_another_project_shows_nothing_of_that_project() {
    let (world, ids) = six();
    for marker in ids {
        let page = page(&world.fleet, Some(BLUE), Some(world.server(marker)), 10);
        assert!(page.iter().all(|server| server.project == BLUE));
    }
}

/// Creates a server and deletes it at once, without looking at everything each time.
fn come_and_go(world: &mut World) -> ServerId {
    let body = world.servers(1, 1, SMALL);
    let request = world.request(BLUE, None, body);
    let server = accepted(world.fleet.submit(&request, world.now)).operations[0].server;
    let action = Action::Delete;
    let request = world.request(BLUE, None, RequestBody::act(action, server));
    let decision = world.fleet.submit(&request, world.now);
    assert!(matches!(decision, Decision::Accepted(_)));
    server
}

#[test]
fn the_newest_deleted_servers_are_remembered_and_no_more() {
    let mut world = World::new(FleetConfig { servers_max: 1, ..config() });
    let gone: Vec<_> =
        (0..limits::DELETED_SERVERS_MAX + 7).map(|_| come_and_go(&mut world)).collect();
    world.check();
    let kept = audit(&world.fleet);
    assert!(kept.holds());
    let (forgotten, remembered) = gone.split_at(7);
    assert!(forgotten.iter().all(|id| world.fleet.operations(*id).is_empty()));
    assert!(remembered.iter().all(|id| world.fleet.operations(*id).len() == 2));
    let mut listed = Vec::new();
    let mut next = world.fleet.deleted(None, 1_000, &mut listed);
    while next.is_some() {
        next = world.fleet.deleted(next, 1_000, &mut listed);
    }
    assert!(listed.iter().map(|server| server.id).eq(remembered.iter().rev().copied()));
    // What was still to come when it was forgotten is not there any more.
    let last = world.fleet.deleted(None, limits::DELETED_SERVERS_MAX - 1, &mut Vec::new());
    assert!(last.is_some());
    come_and_go(&mut world);
    listed.clear();
    assert_eq!((world.fleet.deleted(last, 1_000, &mut listed), listed.len()), (None, 0));
    // The rows of the forgotten serve new servers.
    let server = world.queued();
    world.run_all();
    assert!(world.fleet.get(server).is_some());
    assert_eq!(world.fleet.len(), 1);
}
