//! Searches through more servers than are looked at in place: the same as sorting them all.

use std::cmp::Reverse;
use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Caller, Project, Role};
use guichet_cloud::config::Declared;
use guichet_cloud::servers::{Condition, Filter, NewServers, Order, Projects, SortKey, Window};
use guichet_cloud::servers::{SearchError, pattern};
use guichet_core::action::Action;
use guichet_core::ids::{FlavorId, ImageId, ServerId};
use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_core::server::{Operation, OperationState, Server, Size};
use guichet_core::state::Status;
use guichet_core::time::Timestamp;
use guichet_driver::profile::Profile;
use guichet_store::Query;

use crate::support::{caller, finish, made, new};

/// More than a search looks at before it goes on in a thread of its own.
const SERVERS: usize = limits::SEARCH_STEPS_IN_PLACE * limits::PAGE_MAX + 500;

/// A cloud with so many servers of two projects, and its administrator.
async fn full() -> (Arc<Cloud>, Caller) {
    let mut declared = Declared::dev();
    for project in &mut declared.projects {
        project.quota = Quota::default();
    }
    let profile = Profile::builtin("instant").unwrap();
    let builder = Cloud::builder(declared).profile(profile).seed(1).configure(|config| {
        config.hosts = guichet_engine::config::hosts(100, Size { vcpus: 1_000, ram_mib: 1 << 20 });
    });
    let cloud = builder.open().unwrap().cloud;
    let each = limits::SERVERS_PER_REQUEST_MAX;
    for round in 0..SERVERS.div_ceil(each) {
        let who = caller(&cloud, usize::from(round % 3 == 0), Role::Member);
        let one = NewServers::one(&format!("web-{}", round % 7), FlavorId(0), ImageId(0));
        let new = NewServers { max_count: each, min_count: each, ..one };
        let first = cloud.servers().create(&who, &new).await.unwrap();
        finish(&cloud, first).await;
    }
    let admin = caller(&cloud, 0, Role::Admin);
    let all = Filter { projects: Projects::All, ..Filter::default() };
    for server in walk((&cloud, &admin), &all, &Order::Newest).await {
        finish(&cloud, server.id).await;
    }
    (cloud, admin)
}

async fn search(
    (cloud, who): (&Cloud, &Caller),
    filter: &Filter,
    order: &Order,
    window: Window,
) -> Result<Vec<Arc<Server>>, SearchError> {
    cloud.servers().search(who, filter.clone(), order.clone(), window).await
}

/// All pages of a search.
async fn walk(asker: (&Cloud, &Caller), filter: &Filter, order: &Order) -> Vec<Arc<Server>> {
    let mut all: Vec<Arc<Server>> = Vec::new();
    loop {
        let marker = all.last().map(|server| server.id);
        let window = Window { limit: limits::PAGE_MAX, marker };
        let page = search(asker, filter, order, window).await.unwrap();
        let is_last = page.len() < limits::PAGE_MAX;
        all.extend(page);
        if is_last {
            return all;
        }
    }
}

fn ids(servers: &[Arc<Server>]) -> Vec<ServerId> {
    servers.iter().map(|server| server.id).collect()
}

#[tokio::test]
async fn every_search_is_the_sorted_one() {
    let (cloud, admin) = full().await;
    let asker = (&*cloud, &admin);
    let all = Filter { projects: Projects::All, ..Filter::default() };
    let mut servers = walk(asker, &all, &Order::Newest).await;
    assert!(servers.len() >= SERVERS);
    let with = |text: &str| Filter {
        conditions: vec![Condition::Name(pattern(text).unwrap())],
        ..all.clone()
    };
    for (filter, found) in [
        (all.clone(), None),
        (with("^web-3-1$"), Some("web-3-1")),
        (with("^web-3"), Some("web-3")),
        (with("eb-3"), Some("web-3")),
    ] {
        let exact = filter.conditions.iter().any(|one| format!("{one:?}").contains('$'));
        let is_in = |server: &&Arc<Server>| match found {
            None => true,
            Some(name) if exact => *server.name == *name,
            Some(name) => server.name.starts_with(name),
        };
        servers.sort_by_key(|server| Reverse((server.created, server.id)));
        let expected: Vec<_> = servers.iter().filter(is_in).cloned().collect();
        assert!(!expected.is_empty());
        assert_eq!(ids(&walk(asker, &filter, &Order::Newest).await), ids(&expected));
        for ascending in [true, false] {
            for key in [SortKey::Name, SortKey::Host, SortKey::Project, SortKey::Updated] {
                let mut expected = expected.clone();
                expected.sort_by(|one, other| {
                    let age = |server: &Server| (server.created, server.id);
                    let by = match key {
                        SortKey::Name => one.name.cmp(&other.name),
                        SortKey::Host => one.host.cmp(&other.host),
                        SortKey::Project => one.project.cmp(&other.project),
                        _ => one.updated.cmp(&other.updated),
                    };
                    let order = by.then(age(one).cmp(&age(other)));
                    if ascending { order } else { order.reverse() }
                });
                let order = Order::by(vec![(key, ascending)]);
                let found = walk(asker, &filter, &order).await;
                assert!(ids(&found) == ids(&expected), "{key:?} {ascending} {filter:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_changed_since_a_moment_is_found_with_what_went_away() {
    let (cloud, admin) = full().await;
    let asker = (&*cloud, &admin);
    let all = Filter { projects: Projects::All, ..Filter::default() };
    let servers = walk(asker, &all, &Order::Newest).await;
    let since = cloud.now();
    let (stopped, gone) = (&servers[7], &servers[SERVERS / 2]);
    for (server, action) in [(stopped, Action::Stop), (gone, Action::Delete)] {
        let who = Caller { project: server.project, ..admin };
        cloud.servers().act(&who, server, action).await.unwrap();
        finish(&cloud, server.id).await;
    }
    let changed = Filter { changed_since: Some(since), ..all.clone() };
    for order in [Order::Newest, Order::by(vec![(SortKey::Name, true)])] {
        let found = walk(asker, &changed, &order).await;
        let mut found: Vec<_> = found.iter().map(|one| (one.id, one.status())).collect();
        found.sort();
        let mut expected = [(stopped.id, Status::Shutoff), (gone.id, Status::Deleted)];
        expected.sort();
        assert_eq!(found, expected);
    }
    // Everything changed since the beginning, and each is there once.
    let changed = Filter { changed_since: Some(servers[SERVERS - 1].created), ..all.clone() };
    let mut found = ids(&walk(asker, &changed, &Order::Newest).await);
    assert!(found.len() >= SERVERS);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), servers.len());
    let one = |id| Filter { conditions: vec![Condition::Id(id)], ..all.clone() };
    let window = Window { limit: 10, marker: None };
    let found = search(asker, &one(stopped.id), &Order::Newest, window).await.unwrap();
    assert_eq!(ids(&found), [stopped.id]);
    assert!(search(asker, &one(gone.id), &Order::Newest, window).await.unwrap().is_empty());
    let behind = Window { limit: 10, marker: Some(stopped.id) };
    let found = search(asker, &one(stopped.id), &Order::Newest, behind).await.unwrap();
    assert!(found.is_empty());
}

/// Servers of more projects than one list is merged from come in the order of their names too.
#[tokio::test]
async fn more_projects_than_are_merged_are_sorted_by_name() {
    let mut declared = Declared::dev();
    let [one, ..] = &declared.projects[..] else { panic!("no project") };
    let more = |n: usize| Project {
        id: format!("{n:032x}").into(),
        name: format!("p{n}").into(),
        ..one.clone()
    };
    let more: Vec<_> = (1..=limits::LISTS_MERGED_MAX).map(more).collect();
    declared.projects.extend(more);
    let projects = declared.projects.len();
    let profile = Profile::builtin("instant").unwrap();
    let cloud = Cloud::builder(declared).profile(profile).seed(1).open().unwrap().cloud;
    for project in 0..projects {
        let who = caller(&cloud, project, Role::Member);
        made(&cloud, &who, &new(&format!("web-{}", project * 7 % 10))).await;
    }
    let admin = caller(&cloud, 0, Role::Admin);
    let all = Filter { projects: Projects::All, ..Filter::default() };
    let mut servers = walk((&cloud, &admin), &all, &Order::Newest).await;
    assert_eq!(servers.len(), projects);
    servers.sort_by(|one, other| {
        (&one.name, one.created, one.id).cmp(&(&other.name, other.created, other.id))
    });
    let order = Order::by(vec![(SortKey::Name, true)]);
    let mut found: Vec<Arc<Server>> = Vec::new();
    while found.len() < projects {
        let window = Window { limit: 100, marker: found.last().map(|server| server.id) };
        let page = search((&cloud, &admin), &all, &order, window).await.unwrap();
        assert!(!page.is_empty());
        found.extend(page);
    }
    assert_eq!(ids(&found), ids(&servers));
}

/// All operations that are known, the latest first.
async fn operations(cloud: &Cloud) -> Vec<(Timestamp, ServerId, OperationState)> {
    let manager = cloud.manager();
    let mut ids: Vec<ServerId> = manager.scan(&Query::default()).map(|server| server.id).collect();
    let mut before = None;
    loop {
        let page = manager.deleted_servers(before);
        ids.extend(page.servers.iter().map(|server| server.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    let of_server = |id: ServerId| {
        manager.operations(id).into_iter().map(move |operation| {
            let last = operation.finished.or(operation.started).unwrap_or(operation.accepted);
            (last, id, operation.state)
        })
    };
    let mut all: Vec<_> = ids.into_iter().flat_map(of_server).collect();
    all.sort_by_key(|(last, id, _)| Reverse((*last, *id)));
    all
}

#[tokio::test]
async fn the_latest_operations_are_those_that_looking_at_all_servers_finds() {
    let (cloud, admin) = full().await;
    let all = Filter { projects: Projects::All, ..Filter::default() };
    let servers = walk((&cloud, &admin), &all, &Order::Newest).await;
    // Old and new ones change once more, some end.
    for (place, server) in servers.iter().enumerate().filter(|(place, _)| place % 7 == 0) {
        match place % 3 {
            0 => cloud.servers().delete(&admin, server).await.unwrap(),
            _ => cloud.servers().act(&admin, server, Action::Stop).await.unwrap(),
        }
        finish(&cloud, server.id).await;
    }
    let expected = operations(&cloud).await;
    for most in [1, 10, 100, 1_000] {
        let found = cloud.latest_operations(most, |_, _| true).await;
        let found: Vec<_> = found
            .iter()
            .map(|one| {
                let Operation { finished, started, accepted, state, .. } = &one.operation;
                (finished.or(*started).unwrap_or(*accepted), one.server.id, *state)
            })
            .collect();
        // Of one server several may have happened in the same instant.
        let place = |one: &(Timestamp, ServerId, OperationState)| (one.0, one.1);
        assert!(
            found.iter().map(place).eq(expected[..most].iter().map(place)),
            "the latest {most}"
        );
    }
}
