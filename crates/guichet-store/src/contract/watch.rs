//! Those who watch an operation get it as it ended, once.

use std::sync::{Arc, Mutex};

use guichet_core::action::Action;
use guichet_core::ids::OperationId;
use guichet_core::limits;
use guichet_core::server::{Failure, Operation, OperationState};

use super::bench::Bench;
use super::fixtures::{self, Setup, answer, ended, for_good, in_passing};
use crate::decide::Decided;
use crate::reply::{Completion, OnEnd};

/// Not answered yet, and the store still means to.
fn is_waited_for(completion: &mut Completion) -> bool {
    completion.try_recv() == Err(tokio::sync::oneshot::error::TryRecvError::Empty)
}

pub(super) fn watchers_are_answered_once_each(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    for (outcome, state) in [
        (guichet_core::rows::Outcome::Succeeded, OperationState::Succeeded),
        (for_good(), OperationState::Failed),
    ] {
        let mut ends = Vec::new();
        let decided = answer(bench.store.submit(&bench.create(0), Some(&mut ends)));
        let Decided::Accepted(accepted) = decided else { panic!("not accepted: {decided:?}") };
        let id = accepted.operations[0];
        for _ in 0..3 {
            ends.push(bench.store.watch(id).expect("it is live"));
        }
        let claim = bench.claim(1);
        ends.push(bench.store.watch(id).expect("it is live"));
        drop(bench.store.watch(id));
        assert!(ends.iter_mut().all(is_waited_for));
        bench.finish(&claim, &outcome);
        assert_eq!(ends.len(), 5);
        let over = bench.store.operation(id).expect("it is remembered");
        assert_eq!(over.state, state);
        for end in ends {
            assert_eq!(ended(end), over);
        }
    }
    // Cancelled by a delete, in the same step.
    let id = bench.accept(&bench.create(0)).operations[0];
    let create = bench.store.watch(id).expect("it is live");
    let _running = bench.claim(1);
    let delete = bench.ask(0, Action::Delete, id.server);
    assert_eq!(ended(create).state, OperationState::Cancelled);
    assert!(is_waited_for(&mut bench.store.watch(delete).expect("it is live")));
}

pub(super) fn a_finished_operation_is_answered_at_once(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.active(0);
    let create = OperationId { server: id, number: 1 };
    for _ in 0..2 {
        let end = bench.store.watch(create).expect("it is remembered");
        assert_eq!(ended(end).state, OperationState::Succeeded);
    }
    bench.ask(0, Action::Delete, id);
    bench.run_everything();
    bench.shows(id, None);
    assert_eq!(ended(bench.store.watch(create).expect("remembered")).number, 1);
}

pub(super) fn an_unknown_operation_is_not_watched(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.active(0);
    for number in [0, 2, u32::MAX] {
        assert!(bench.store.watch(OperationId { server: id, number }).is_none());
        assert!(bench.store.operation(OperationId { server: id, number }).is_none());
    }
    let nobody = bench.create(0).server().expect("an id");
    assert!(bench.store.watch(OperationId { server: nobody, number: 1 }).is_none());
    // A refused request is watched by nobody.
    let mut ends = Vec::new();
    let request = bench.change(0, Action::Start, id);
    let decided = answer(bench.store.submit(&request, Some(&mut ends)));
    assert!(matches!(decided, Decided::Refused(_)) && ends.is_empty());
}

pub(super) fn a_retry_is_not_an_end(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.accept(&bench.create(0)).operations[0];
    let mut end = bench.store.watch(id).expect("it is live");
    for _ in 1..limits::ATTEMPTS_MAX {
        bench.finish(&bench.claim(1), &in_passing());
        assert!(is_waited_for(&mut end));
        bench.clock.advance(limits::BACKOFF_MAX * 2);
    }
    bench.finish(&bench.claim(1), &in_passing());
    let over = ended(end);
    assert_eq!((over.state, over.attempt), (OperationState::Failed, limits::ATTEMPTS_MAX));
}

pub(super) fn completions_are_in_the_order_of_the_answer(setup: Setup<'_>) {
    let mut config = fixtures::config();
    config.hosts.truncate(1);
    config.hosts[0].capacity.vcpus = 3;
    let bench = Bench::new(setup, config);
    let mut ends = Vec::new();
    let decided = answer(bench.store.submit(&bench.create_many(0, 4, 1), Some(&mut ends)));
    let Decided::Accepted(accepted) = decided else { panic!("not accepted: {decided:?}") };
    assert_eq!((ends.len(), accepted.operations.len()), (4, 4));
    // The fourth found no host: it was over before it was watched.
    let fourth = ended(ends.remove(3));
    assert_eq!(fourth.failure, Some(Failure::NoValidHost));
    for _ in 0..3 {
        let claim = bench.claim(1);
        let index = accepted.operations.iter().position(|id| *id == claim.operation);
        let outcome = match index {
            Some(1) => for_good(),
            _ => guichet_core::rows::Outcome::Succeeded,
        };
        bench.finish(&claim, &outcome);
    }
    let states: Vec<OperationState> = ends.into_iter().map(|end| ended(end).state).collect();
    use OperationState::{Failed, Succeeded};
    assert_eq!(states, [Succeeded, Failed, Succeeded]);
}

pub(super) fn a_repeat_is_answered_with_the_first_end(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let first = bench.accept(&bench.keyed(0, "k"));
    let mut ends = Vec::new();
    let repeat = bench.keyed(0, "k");
    assert!(matches!(
        answer(bench.store.submit(&repeat, Some(&mut ends))),
        Decided::Repeated(answer) if answer == first
    ));
    bench.run_everything();
    answer(bench.store.submit(&repeat, Some(&mut ends)));
    assert_eq!(ends.len(), 2, "one while it was live, one when it was over");
    for end in ends {
        let over = ended(end);
        assert_eq!((over.request, over.state), (first.request, OperationState::Succeeded));
    }
}

/// Remembers what it was called with.
#[derive(Debug, Default)]
struct Called(Mutex<Vec<Operation>>);

impl OnEnd for Called {
    fn ended(&self, operation: &Operation) {
        self.0.lock().expect("no panic").push(operation.clone());
    }
}

pub(super) fn who_is_called_at_the_end_is_called_once(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let mut called = Arc::new(Called::default());
    let decided = answer(bench.store.submit(&bench.create(0), Some(&mut called)));
    let Decided::Accepted(accepted) = decided else { panic!("not accepted: {decided:?}") };
    let id = accepted.operations[0];
    // It watches later than the one who is called, so it learns of the end later.
    let end = bench.store.watch(id).expect("it is live");
    let claim = bench.claim(1);
    assert_eq!(called.0.lock().expect("no panic").len(), 0);
    bench.finish(&claim, &guichet_core::rows::Outcome::Succeeded);
    let over = ended(end);
    assert_eq!(*called.0.lock().expect("no panic"), [over]);
    // Nobody has it any more, so nobody calls it again; nor is it kept for a request that is refused.
    assert_eq!(Arc::strong_count(&called), 1);
    let refused = bench.change(0, Action::Start, id.server);
    let decided = answer(bench.store.submit(&refused, Some(&mut called)));
    assert!(matches!(decided, Decided::Refused(_)) && Arc::strong_count(&called) == 1);
}
