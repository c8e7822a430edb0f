//! Outcomes that nobody waits for any more, and calls that are to stop.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::ServerId;
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::OperationState;
use guichet_core::state::Status;
use guichet_core::time::Clock;
use tokio_util::sync::CancellationToken;

use super::bench::Bench;
use super::fixtures::{Setup, for_good, in_passing};
use crate::work::Settled;

const A_MICROSECOND: Duration = Duration::from_micros(1);

pub(super) fn a_second_outcome_changes_nothing(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.accept(&bench.create(0)).operations[0].server;
    let claim = bench.claim(1);
    bench.succeed(&claim);
    bench.shows(id, Some(Status::Active));
    let before = bench.snapshot();
    for outcome in [Outcome::Succeeded, in_passing(), for_good()] {
        assert_eq!(bench.finish(&claim, &outcome), Settled::Fenced);
        assert_eq!(bench.snapshot(), before);
    }
    bench.audit();
}

pub(super) fn an_old_attempts_outcome_leaves_the_new_one_alone(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let operation = bench.accept(&bench.create(0)).operations[0];
    let first = bench.claim(1);
    assert_eq!(bench.finish(&first, &in_passing()), Settled::Requeued);
    let waiting = bench.snapshot();
    assert_eq!(bench.finish(&first, &in_passing()), Settled::Fenced, "while it waits");
    assert_eq!(bench.snapshot(), waiting);
    bench.clock.advance(limits::BACKOFF_MAX);
    for worker in [1, 2] {
        let next = bench.claim(worker);
        let running = bench.snapshot();
        for outcome in [Outcome::Succeeded, in_passing(), for_good()] {
            assert_eq!(bench.finish(&first, &outcome), Settled::Fenced, "while it runs again");
            assert_eq!(bench.snapshot(), running);
        }
        bench.audit();
        assert_eq!(bench.finish(&next, &in_passing()), Settled::Requeued);
        bench.clock.advance(limits::BACKOFF_MAX);
    }
    bench.succeed(&bench.claim(1));
    let over = bench.store.operation(operation).expect("it is remembered");
    assert_eq!((over.state, over.attempt), (OperationState::Succeeded, 4));
    assert_eq!(bench.store.figures().jobs, 0);
    bench.audit();
}

pub(super) fn an_old_outcome_leaves_the_workers_next_call_stoppable(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    bench.accept(&bench.create(0));
    let first = bench.claim(1);
    bench.succeed(&first);
    let id = bench.accept(&bench.create(0)).operations[0].server;
    let cancel = CancellationToken::new();
    let second = bench.claim_with(1, &cancel);
    assert_eq!(bench.finish(&first, &Outcome::Succeeded), Settled::Fenced);
    bench.ask(0, Action::Delete, id);
    assert!(cancel.is_cancelled(), "the call of {} was not cancelled", second.operation);
}

/// A server that is being rebooted by worker 2, whose call can be stopped by the token.
fn rebooting(bench: &Bench) -> (ServerId, Claim, CancellationToken) {
    let id = bench.active(0);
    bench.ask(0, Action::RebootSoft, id);
    let cancel = CancellationToken::new();
    let claim = bench.claim_with(2, &cancel);
    (id, claim, cancel)
}

pub(super) fn a_delete_stops_the_running_call_and_waits_for_it(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    bench.accept(&bench.create(0));
    let other = CancellationToken::new();
    let unrelated = bench.claim_with(3, &other);
    let (id, reboot, cancel) = rebooting(&bench);
    assert!(!cancel.is_cancelled());
    let delete = bench.ask(0, Action::Delete, id);
    assert!(cancel.is_cancelled(), "the call is cancelled");
    assert!(!other.is_cancelled(), "another worker's call is not");
    let cancelled = bench.store.operation(reboot.operation).expect("it is remembered");
    assert_eq!(cancelled.state, OperationState::Cancelled);
    let until = bench.no_work().expect("the delete waits for the call");
    assert_eq!(until, bench.clock.now().after(limits::CANCEL_GRACE));

    bench.clock.advance(Duration::from_secs(1));
    let before = bench.snapshot();
    assert_eq!(bench.finish(&reboot, &Outcome::Succeeded), Settled::Fenced);
    let after = bench.snapshot();
    assert_eq!(after.load.in_flight, 1, "its permits are free, the unrelated call runs on");
    assert_eq!((after.servers, after.counts), (before.servers, before.counts));
    let claim = bench.claim(1);
    assert_eq!(claim.operation, delete);
    assert!(claim.server.fence > reboot.server.fence);
    bench.succeed(&claim);
    bench.shows(id, None);
    bench.succeed(&unrelated);
    bench.audit();
}

pub(super) fn a_delete_waits_for_a_stuck_call_no_longer_than_the_grace(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let (id, reboot, _cancel) = rebooting(&bench);
    let delete = bench.ask(0, Action::Delete, id);
    bench.clock.advance(limits::CANCEL_GRACE - A_MICROSECOND);
    assert!(bench.no_work().is_some());
    bench.clock.advance(A_MICROSECOND);
    let claim = bench.claim(1);
    assert_eq!(claim.operation, delete);
    assert_eq!(bench.store.figures().load.in_flight, 2, "the stuck call keeps its permits");
    // The stuck call comes back after all, in the middle of the delete.
    let server = bench.store.server(id);
    assert_eq!(bench.finish(&reboot, &Outcome::Succeeded), Settled::Fenced);
    assert_eq!(bench.store.server(id), server);
    assert_eq!(bench.store.figures().load.in_flight, 1);
    bench.succeed(&claim);
    bench.shows(id, None);
    assert_eq!(bench.store.figures().jobs, 0);
    bench.audit();
}

pub(super) fn a_delete_takes_the_place_of_a_queued_operation(setup: Setup<'_>) {
    let mut config = super::fixtures::config();
    config.projects.truncate(1);
    config.bounds.queue = 2;
    let bench = Bench::new(setup, config);
    let [first, second, third] = [(); 3].map(|()| bench.active(0));
    let reboot = bench.ask(0, Action::RebootSoft, first);
    bench.ask(0, Action::RebootSoft, second);
    let more = bench.change(0, Action::RebootSoft, third);
    assert!(matches!(bench.refuse(&more), Refusal::QueueFull { .. }));
    // The queue is full, and yet:
    let delete = bench.ask(0, Action::Delete, first);
    assert_eq!(bench.claim(1).operation, delete, "it stands where the reboot stood");
    let over = bench.store.operation(reboot).expect("it is remembered");
    assert_eq!((over.state, over.started), (OperationState::Cancelled, None));
    bench.audit();
}

pub(super) fn a_hard_reboot_stops_a_reboot(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let (id, soft, cancel) = rebooting(&bench);
    let hard = bench.ask(0, Action::RebootHard, id);
    assert!(cancel.is_cancelled());
    assert!(bench.no_work().is_some());
    assert_eq!(bench.finish(&soft, &for_good()), Settled::Fenced);
    bench.shows(id, Some(Status::HardReboot));
    let claim = bench.claim(1);
    assert_eq!(claim.operation, hard);
    bench.succeed(&claim);
    bench.shows(id, Some(Status::Active));
    bench.audit();
}

pub(super) fn a_deleted_server_stays_deleted(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let (id, reboot, _cancel) = rebooting(&bench);
    bench.ask(0, Action::Delete, id);
    bench.clock.advance(limits::CANCEL_GRACE);
    bench.succeed(&bench.claim(1));
    bench.shows(id, None);
    for outcome in [Outcome::Succeeded, in_passing(), for_good()] {
        assert_eq!(bench.finish(&reboot, &outcome), Settled::Fenced);
        assert_eq!(bench.store.server(id), None);
        bench.audit();
    }
    let figures = bench.store.figures();
    assert_eq!((figures.servers, figures.jobs, figures.load.in_flight), (0, 0, 0));
}
