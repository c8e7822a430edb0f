//! What the store says of itself.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::{HostId, OperationId, ProjectId};
use guichet_core::limits;
use guichet_core::project::Usage;
use guichet_core::server::OperationState;
use tokio_util::sync::CancellationToken;

use super::bench::Bench;
use super::fixtures::{self, SIZE, Setup, for_good, in_passing};

pub(super) fn operations_are_oldest_first_and_bounded(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.active(0);
    let numbers = || -> Vec<u32> {
        bench.store.operations(id).iter().map(|operation| operation.number).collect()
    };
    assert_eq!(numbers(), [1]);
    for round in 0..20 {
        for action in [Action::Stop, Action::Start] {
            bench.ask(0, action, id);
            bench.succeed(&bench.claim(1));
        }
        let made = 3 + 2 * round;
        let oldest = made - made.min(limits::OPERATIONS_PER_SERVER_MAX as u32) + 1;
        assert_eq!(numbers(), (oldest..=made).collect::<Vec<_>>());
    }
    // A live one is the last, and comes on top of those that are remembered.
    bench.ask(0, Action::RebootSoft, id);
    assert_eq!(numbers(), (10..=42).collect::<Vec<_>>());
    let active = bench.store.operations(id).pop().expect("it is there");
    assert_eq!((active.action, active.state), (Action::RebootSoft, OperationState::Queued));
    assert!(bench.store.operation(OperationId { server: id, number: 9 }).is_none());
    assert!(bench.store.operation(OperationId { server: id, number: 10 }).is_some());
    bench.audit();
}

pub(super) fn operations_of_a_deleted_server_are_remembered(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.active(0);
    bench.ask(0, Action::Delete, id);
    bench.run_everything();
    bench.shows(id, None);
    let actions: Vec<Action> =
        bench.store.operations(id).iter().map(|operation| operation.action).collect();
    assert_eq!(actions, [Action::Create, Action::Delete]);
    let nobody = bench.create(0).server().expect("an id");
    assert_eq!(bench.store.operations(nobody), []);
}

pub(super) fn positions_are_the_order_of_claims(setup: Setup<'_>) {
    let mut config = fixtures::config();
    config.projects[1].weight = 2;
    let bench = Bench::new(setup, config);
    let mut waiting: Vec<OperationId> = Vec::new();
    for (project, count) in [(0, 5), (1, 4), (2, 1), (1, 3), (0, 2)] {
        waiting.extend(bench.accept(&bench.create_many(project, count, 1)).operations);
    }
    for taken in 0..15 {
        let mut positions: Vec<(Option<usize>, OperationId)> =
            waiting.iter().map(|id| (bench.store.position(*id), *id)).collect();
        positions.sort();
        let dense =
            positions.iter().enumerate().all(|(index, (position, _))| *position == Some(index));
        assert!(dense, "after {taken}: {positions:?}");
        let next = bench.claim(taken + 1).operation;
        assert_eq!(next, positions[0].1);
        waiting.retain(|id| *id != next);
    }
}

pub(super) fn only_ready_operations_have_a_position(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let operation = bench.accept(&bench.create(0)).operations[0];
    assert_eq!(bench.store.position(operation), Some(0));
    let claim = bench.claim(1);
    assert_eq!(bench.store.position(operation), None, "it runs");
    bench.finish(&claim, &in_passing());
    assert_eq!(bench.store.position(operation), None, "it waits for a time");
    bench.clock.advance(limits::BACKOFF_MAX);
    bench.succeed(&bench.claim(1));
    assert_eq!(bench.store.position(operation), None, "it is over");
}

pub(super) fn usage_follows_the_servers(setup: Setup<'_>) {
    let bench = Bench::new(setup, fixtures::with_quota(5));
    let usage = |project| bench.store.usage(ProjectId(project));
    assert!(usage(3).is_none());
    assert_eq!(usage(0).map(|(_, quota)| quota.instances), Some(Some(5)));
    assert_eq!(usage(1).map(|(_, quota)| quota.instances), Some(None));
    let is = |project, count| {
        let expected = Usage::default().plus(SIZE, count);
        assert_eq!(usage(project).map(|(usage, _)| usage), Some(expected));
    };
    is(0, 0);
    let id = bench.active(0);
    is(0, 1);
    // As many as the quota allows, and at least one.
    assert_eq!(bench.accept(&bench.create_many(0, 10, 1)).operations.len(), 4);
    is(0, 5);
    is(1, 0);
    bench.refuse(&bench.create(0));
    is(0, 5);
    bench.ask(0, Action::Delete, id);
    is(0, 5);
    bench.run_everything();
    is(0, 4);
    bench.accept(&bench.create(0));
    is(0, 5);
    bench.audit();
}

pub(super) fn capacities_follow_the_servers(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let capacities = |first, count| bench.store.capacities(HostId(first), count);
    let taken = || -> u32 {
        let capacity = fixtures::config().hosts.into_iter().map(|host| host.capacity.vcpus);
        capacity.sum::<u32>()
            - capacities(0, 100).iter().map(|capacity| capacity.free_vcpus).sum::<u32>()
    };
    let ids: Vec<u32> = capacities(0, 100).iter().map(|capacity| capacity.id.0).collect();
    assert_eq!((ids, taken()), (vec![0, 1, 2, 3], 0));
    let id = bench.active(0);
    bench.accept(&bench.create_many(1, 4, 1));
    assert_eq!(taken(), 5 * SIZE.vcpus);
    bench.ask(0, Action::Delete, id);
    bench.run_everything();
    assert_eq!(taken(), 4 * SIZE.vcpus);
    // A part of them is that part of the whole.
    let all = capacities(0, 100);
    assert_eq!(capacities(1, 2), all[1..3]);
    assert_eq!(capacities(3, 100), all[3..]);
    assert_eq!(
        (capacities(4, 1), capacities(u32::MAX, 1), capacities(0, 0)),
        (vec![], vec![], vec![])
    );
}

pub(super) fn figures_add_up(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let check = || {
        let figures = bench.store.figures();
        let (counts, load) = (figures.counts, figures.load);
        assert_eq!(load.waiting + load.requeued + load.in_flight, figures.jobs, "{figures:?}");
        let active = bench.servers().iter().filter(|server| server.active.is_some()).count();
        // A cancelled call is still a job, and no live operation any more.
        assert_eq!(counts.accepted, counts.finished() + active as u64, "{figures:?}");
        assert_eq!(figures.servers, bench.servers().len());
        assert!(load.max_waiting >= load.waiting && load.max_in_flight >= load.in_flight);
        bench.audit();
    };
    check();
    let made = bench.accept(&bench.create_many(0, 10, 1)).operations;
    check();
    let running: Vec<_> = (1..=6).map(|worker| bench.claim(worker)).collect();
    check();
    let load = bench.store.figures().load;
    assert_eq!((load.waiting, load.in_flight), (4, 6));
    bench.ask(0, Action::Delete, made[0].server);
    bench.ask(0, Action::Delete, made[9].server);
    check();
    for (which, claim) in running.iter().enumerate() {
        match which % 3 {
            0 => bench.finish(claim, &for_good()),
            1 => bench.finish(claim, &in_passing()),
            _ => bench.finish(claim, &guichet_core::rows::Outcome::Succeeded),
        };
        check();
    }
    bench.clock.advance(Duration::from_secs(60));
    while let Some(claim) = bench.try_claim(1, &CancellationToken::new()) {
        bench.succeed(&claim);
        check();
    }
    let figures = bench.store.figures();
    let counts = figures.counts;
    assert_eq!((figures.jobs, figures.servers, counts.peak_servers), (0, 8, 10));
    assert_eq!((counts.accepted, counts.cancelled, counts.failed), (12, 2, 1));
    assert_eq!((counts.succeeded, counts.retried), (9, 2));
}
