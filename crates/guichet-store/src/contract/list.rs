//! Pages of servers.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::server::Server;
use guichet_core::state::Status;
use guichet_core::time::Timestamp;

use super::bench::Bench;
use super::fixtures::{self, Setup};
use crate::read::{Page, Query};
use crate::{ListOrder, Names};

/// Servers of three projects, some made in the same instant; a third of them ACTIVE.
fn many(bench: &Bench) {
    for round in 0..12u32 {
        bench.accept(&bench.create_many(round % 3, 1 + round as usize, 1));
        if round % 2 == 0 {
            bench.clock.advance(Duration::from_millis(1));
        }
    }
    for _ in 0..26 {
        bench.succeed(&bench.claim(1));
    }
}

/// A server's place in the order that lists have by themselves.
fn place(server: &Server) -> (ProjectId, Timestamp, ServerId) {
    (server.project, server.created, server.id)
}

fn ids(page: &Page) -> Vec<ServerId> {
    page.servers.iter().map(|server| server.id).collect()
}

fn list(bench: &Bench, project: Option<u32>, limit: usize) -> Page {
    let project = project.map(ProjectId);
    bench.store.servers(&Query { project, limit: Some(limit), ..Query::default() })
}

/// All that a query shows, page by page.
fn walk(bench: &Bench, query: &Query) -> Vec<Arc<Server>> {
    let mut query = query.clone();
    let mut all: Vec<Arc<Server>> = Vec::new();
    loop {
        let page = bench.store.servers(&query);
        assert!(page.servers.len() <= query.page_size());
        let Some(next) = page.next else {
            all.extend(page.servers);
            return all;
        };
        assert_eq!(page.servers.len(), query.page_size(), "a page that is not the last is full");
        all.extend(page.servers);
        assert_ne!(query.after.replace(Arc::clone(&next)), Some(next), "a page led to itself");
    }
}

pub(super) fn servers_are_newest_first(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    many(&bench);
    let all = list(&bench, None, limits::PAGE_MAX).servers;
    assert_eq!(all.len(), 78);
    assert!(all.windows(2).all(|two| place(&two[0]) > place(&two[1])));
    for project in 0..3 {
        let mine = list(&bench, Some(project), limits::PAGE_MAX).servers;
        assert!(mine.windows(2).all(|two| two[0].created >= two[1].created));
        let expected: Vec<_> = all.iter().filter(|s| s.project.0 == project).cloned().collect();
        assert_eq!(mine, expected);
    }
}

fn orders() -> [ListOrder; 5] {
    let by_name = |ascending| ListOrder::Name { names: Names::All, ascending };
    let by_age = |ascending| ListOrder::Age { ascending };
    [ListOrder::Projects, by_age(true), by_age(false), by_name(true), by_name(false)]
}

/// The same servers in every order, and each order is what it says.
pub(super) fn every_order_has_every_server(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    many(&bench);
    for order in orders() {
        let query = Query { order: order.clone(), limit: Some(1_000), ..Query::default() };
        let all = bench.store.servers(&query).servers;
        assert_eq!(all.len(), 78, "{order:?}");
        let age = |server: &Server| (server.created, server.id);
        let key = |server: &Arc<Server>| (server.name.clone(), age(server));
        assert!(all.windows(2).all(|two| match order {
            ListOrder::Projects => place(&two[0]) > place(&two[1]),
            ListOrder::Age { ascending } => (age(&two[0]) < age(&two[1])) == ascending,
            ListOrder::Name { ascending, .. } => (key(&two[0]) < key(&two[1])) == ascending,
        }));
    }
}

pub(super) fn pages_put_together_are_the_whole(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    many(&bench);
    for project in [None, Some(ProjectId(0)), Some(ProjectId(2)), Some(ProjectId(9))] {
        for status in [None, Some(Status::Active), Some(Status::Build), Some(Status::Paused)] {
            for order in orders() {
                let limit = Some(limits::PAGE_MAX);
                let query = Query { project, status, order, limit, after: None };
                let whole = bench.store.servers(&query).servers;
                for limit in [1, 2, 7, 26, 77, 78, 79] {
                    let pages = walk(&bench, &Query { limit: Some(limit), ..query.clone() });
                    assert_eq!(pages, whole, "{query:?} by {limit}");
                }
            }
        }
    }
}

pub(super) fn a_page_has_its_limits(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    assert_eq!(list(&bench, None, 10).servers, []);
    for _ in 0..11 {
        bench.accept(&bench.create_many(0, limits::SERVERS_PER_REQUEST_MAX, 1));
    }
    let nothing = list(&bench, None, 0);
    assert!(nothing.servers.is_empty() && nothing.next.is_none());
    let usual = bench.store.servers(&Query::default());
    assert_eq!(usual.servers.len(), limits::PAGE_DEFAULT);
    let most = list(&bench, Some(0), usize::MAX);
    assert_eq!(most.servers.len(), limits::PAGE_MAX);
    assert_eq!(most.next.as_ref(), most.servers.last());
    let rest = Query { after: most.next, limit: Some(1_000), ..Query::default() };
    let rest = bench.store.servers(&rest);
    assert_eq!((rest.servers.len(), rest.next), (100, None));
}

pub(super) fn a_page_of_a_rare_status_is_short_and_says_where_to_go_on(setup: Setup<'_>) {
    // More than one page looks at, in whole holds of the lock.
    let most = limits::ROWS_PER_PAGE_MAX + 1_000;
    let mut config = fixtures::config();
    config.servers_max = most;
    config.bounds.queue = 2 * most;
    let bench = Bench::new(setup, config);
    for _ in 0..most / limits::SERVERS_PER_REQUEST_MAX {
        bench.accept(&bench.create_many(1, limits::SERVERS_PER_REQUEST_MAX, 1));
        bench.clock.advance(Duration::from_millis(1));
    }
    // The oldest, which is the last in the list.
    bench.succeed(&bench.claim(1));
    let query = Query { status: Some(Status::Active), ..Query::default() };
    let first = bench.store.servers(&query);
    assert!(first.servers.is_empty() && first.next.is_some());
    let second = bench.store.servers(&Query { after: first.next, ..query });
    assert_eq!((second.servers.len(), second.next), (1, None));
}

pub(super) fn a_long_list_takes_several_holds(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    for _ in 0..7 {
        bench.accept(&bench.create_many(1, limits::SERVERS_PER_REQUEST_MAX, 1));
        bench.clock.advance(Duration::from_millis(1));
    }
    let rows = limits::ROWS_PER_LOCK_MAX;
    let all = list(&bench, Some(1), limits::PAGE_MAX);
    assert_eq!((all.servers.len(), all.next), (700, None));
    assert!(all.servers.windows(2).all(|two| place(&two[0]) > place(&two[1])));
    for limit in [rows - 1, rows, rows + 1, 2 * rows, 699, 700, 701] {
        let page = list(&bench, None, limit);
        assert_eq!(page.servers, all.servers[..limit.min(700)]);
        let after = Query { after: page.next.clone(), limit: Some(1_000), ..Query::default() };
        match page.next {
            Some(_) => assert_eq!(bench.store.servers(&after).servers, all.servers[limit..]),
            None => assert!(limit >= 700),
        }
    }
    // The only one that a filter shows is the last that is looked at.
    let oldest = bench.claim(1);
    assert_eq!(oldest.server.created, all.servers[699].created);
    bench.succeed(&oldest);
    let active = Query { status: Some(Status::Active), limit: Some(1), ..Query::default() };
    assert_eq!(ids(&bench.store.servers(&active)), [oldest.operation.server]);
}

pub(super) fn a_filter_shows_only_that_status(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    many(&bench);
    let active = |project| {
        let query = Query { project, status: Some(Status::Active), ..Query::default() };
        bench.store.servers(&query).servers
    };
    assert_eq!(active(None).len(), 26);
    assert!(active(None).iter().all(|server| server.status() == Status::Active));
    let some = &active(Some(ProjectId(1)))[0];
    bench.ask(1, Action::Stop, some.id);
    // Only what is asked for first is claimed here: take all that is left.
    bench.run_everything();
    bench.shows(some.id, Some(Status::Shutoff));
    let off = Query { status: Some(Status::Shutoff), ..Query::default() };
    assert_eq!(ids(&bench.store.servers(&off)), [some.id]);
    assert_eq!(active(None).len(), 77);
}

pub(super) fn a_marker_may_be_of_a_deleted_server(setup: Setup<'_>) {
    let bench = Bench::new(setup, fixtures::config());
    let made: Vec<ServerId> = (0..6)
        .map(|_| {
            bench.clock.advance(Duration::from_millis(1));
            bench.accept(&bench.create(0)).operations[0].server
        })
        .collect();
    let first = list(&bench, Some(0), 3);
    assert_eq!(ids(&first), [made[5], made[4], made[3]]);
    bench.ask(0, Action::Delete, made[3]);
    bench.shows(made[3], None);
    let rest = Query { project: Some(ProjectId(0)), after: first.next, ..Query::default() };
    assert_eq!(ids(&bench.store.servers(&rest)), [made[2], made[1], made[0]]);
    // A newer server does not come between the pages.
    bench.accept(&bench.create(0));
    assert_eq!(ids(&bench.store.servers(&rest)), [made[2], made[1], made[0]]);
}

pub(super) fn other_projects_stay_out_of_sight(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    many(&bench);
    let of = |project: u32| list(&bench, Some(project), limits::PAGE_MAX).servers;
    let middle = of(1);
    assert!(middle.iter().all(|server| server.project == ProjectId(1)));
    // A marker in another project: all or nothing of this one, as the whole order has it.
    for (from, expected) in [(0, Vec::new()), (2, middle)] {
        let query = Query {
            project: Some(ProjectId(1)),
            after: of(from).first().cloned(),
            ..Query::default()
        };
        assert_eq!(bench.store.servers(&query).servers, expected);
    }
}

pub(super) fn the_last_deleted_come_first(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    assert!(bench.store.deleted(None).servers.is_empty());
    let mut made = Vec::new();
    for _ in 0..3 {
        let request = bench.create_many(0, limits::SERVERS_PER_REQUEST_MAX, 1);
        made.extend(bench.accept(&request).operations.iter().map(|operation| operation.server));
    }
    // Not in the order they were made in.
    made.rotate_left(7);
    for id in &made {
        bench.clock.advance(Duration::from_millis(1));
        bench.ask(0, Action::Delete, *id);
        bench.shows(*id, None);
    }
    let first = bench.store.deleted(None);
    assert_eq!(first.servers.len(), limits::ROWS_PER_LOCK_MAX);
    // What is deleted between the pages is not in them.
    bench.ask(1, Action::Delete, bench.accept(&bench.create(1)).operations[0].server);
    let rest = bench.store.deleted(first.next);
    assert_eq!(rest.next, None);
    let deleted: Vec<Arc<Server>> = first.servers.into_iter().chain(rest.servers).collect();
    assert!(deleted.iter().all(|server| server.is_deleted()));
    assert!(deleted.windows(2).all(|two| two[0].updated > two[1].updated));
    made.reverse();
    assert_eq!(deleted.iter().map(|server| server.id).collect::<Vec<_>>(), made);
    bench.audit();
}

pub(super) fn the_last_to_change_come_first(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    assert!(bench.store.latest(None).servers.is_empty());
    let mut made = Vec::new();
    for _ in 0..3 {
        bench.clock.advance(Duration::from_millis(1));
        let request = bench.create_many(0, limits::SERVERS_PER_REQUEST_MAX, 1);
        made.extend(bench.accept(&request).operations.iter().map(|operation| operation.server));
    }
    bench.clock.advance(Duration::from_millis(1));
    bench.ask(0, Action::Delete, made[0]);
    bench.shows(made[0], None);
    bench.clock.advance(Duration::from_millis(1));
    let last = bench.claim(1);
    bench.succeed(&last);
    let first = bench.store.latest(None);
    assert_eq!(first.servers[0].id, last.operation.server);
    let until = first.until.expect("something changed");
    // What changes between the pages is not in them.
    bench.accept(&bench.create(1));
    let rest = bench.store.latest(first.next);
    assert_eq!(rest.next, None);
    assert!(rest.servers.iter().all(|server| {
        server.updated <= until || first.servers.iter().any(|seen| seen.id == server.id)
    }));
    let all = first.servers.iter().chain(&rest.servers).map(|server| server.id);
    let all: std::collections::BTreeSet<_> = all.collect();
    assert_eq!(all, made[1..].iter().copied().collect());
}
