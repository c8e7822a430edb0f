//! Each transition yields one event, numbered and appended in the order of decisions.

use std::collections::HashMap;
use std::thread;

use guichet_core::action::Action;
use guichet_core::event::{Event, EventKind};
use guichet_core::ids::{OperationId, ServerId};
use guichet_core::limits;
use guichet_core::rows::Outcome;
use guichet_core::state::{State, TaskState, VmState};
use tokio_util::sync::CancellationToken;

use super::bench::Bench;
use super::fixtures::{Setup, in_passing, records};
use crate::hub::LogEntry;

/// Records that are events; anything else is none of the store's doing.
fn events(records: Vec<LogEntry>) -> Vec<Event> {
    let event = |record| match record {
        LogEntry::Event(event) => event,
        other => panic!("not an event: {other:?}"),
    };
    records.into_iter().map(event).collect()
}

/// Checks that numbers are dense from the first and that each server goes on where it was.
fn check_chain(events: &[Event]) {
    let mut last: HashMap<ServerId, State> = HashMap::new();
    let mut over: HashMap<OperationId, usize> = HashMap::new();
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.sequence, events[0].sequence + index as u64, "a gap before {event:?}");
        assert!(index == 0 || events[index - 1].at <= event.at, "time went back: {event:?}");
        let server = event.operation.server;
        assert_eq!(event.from, last.insert(server, event.to), "{event:?}");
        let ended = over.entry(event.operation).or_default();
        assert_eq!(*ended, 0, "after the end: {event:?}");
        let is_end =
            !matches!(event.kind, EventKind::Accepted | EventKind::Started | EventKind::Requeued);
        *ended += usize::from(is_end);
    }
}

pub(super) fn each_transition_has_one_event_in_order(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let mut reader = bench.store.hub().subscribe_lossless();
    let create = bench.create(1);
    let id = bench.accept(&create).operations[0].server;
    bench.finish(&bench.claim(4), &in_passing());
    bench.clock.advance(limits::BACKOFF_MAX);
    bench.succeed(&bench.claim(5));
    bench.ask(1, Action::Stop, id);
    let stop = bench.claim(6);
    bench.ask(1, Action::Delete, id);
    bench.finish(&stop, &Outcome::Succeeded);
    bench.succeed(&bench.claim(5));

    let events = events(records(&mut reader));
    check_chain(&events);
    assert_eq!(events[0].sequence, 1);
    use EventKind::{Accepted, Cancelled, Requeued, Started, Succeeded};
    let seen: Vec<_> = events.iter().map(|e| (e.operation.number, e.kind, e.attempt)).collect();
    let expected = [
        (1, Accepted, 0),
        (1, Started, 1),
        (1, Requeued, 1),
        (1, Started, 2),
        (1, Succeeded, 2),
        (2, Accepted, 0),
        (2, Started, 1),
        (2, Cancelled, 1),
        (3, Accepted, 0),
        (3, Started, 1),
        (3, Succeeded, 1),
    ];
    assert_eq!(seen, expected);
    assert_eq!(events[0].from, None);
    let scheduling = Some(TaskState::Scheduling);
    assert_eq!(events[0].to, State { vm_state: VmState::Building, task_state: scheduling });
    assert_eq!(events[10].to, State { vm_state: VmState::Deleted, task_state: None });
    assert!(events[..5].iter().all(|e| e.request == create.id && e.client == create.client));
    assert!(events.iter().all(|e| e.project == create.project));
    let workers: Vec<_> = events.iter().map(|e| e.worker.map(|worker| worker.0)).collect();
    assert_eq!(workers[..5], [None, Some(4), Some(4), Some(5), Some(5)]);
}

pub(super) fn events_of_parallel_work_are_dense_and_in_order(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let mut reader = bench.store.hub().subscribe_lossless();
    thread::scope(|scope| {
        for client in 0..4 {
            let bench = &bench;
            scope.spawn(move || {
                for _ in 0..100 {
                    let id = bench.accept(&bench.create(client % 3)).operations[0].server;
                    if let Some(claim) = bench.try_claim(client + 1, &CancellationToken::new()) {
                        bench.finish(&claim, &Outcome::Succeeded);
                    }
                    bench.submit(&bench.change(client % 3, Action::Delete, id));
                }
            });
        }
    });
    bench.run_everything();
    let events = events(records(&mut reader));
    check_chain(&events);
    let counts = bench.store.figures().counts;
    let total = counts.accepted + counts.started + counts.retried + counts.finished();
    assert_eq!(events.len() as u64, total, "one event for each transition");
    assert_eq!(events[0].sequence, 1);
}
