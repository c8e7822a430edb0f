use std::time::Duration;

use guichet_core::ids::{ClientId, OperationId, ProjectId, RequestId, ServerId, WorkerId};
use guichet_core::state::{TaskState, VmState};
use guichet_core::time::VIRTUAL_START;
use guichet_store::hub::Refused;

use super::series::Counts;
use super::*;

fn event(server: u128, at_ms: u64, kind: EventKind, attempt: u32, worker: Option<u32>) -> Event {
    Event {
        sequence: 0,
        at: VIRTUAL_START.after(Duration::from_millis(at_ms)),
        kind,
        request: RequestId::from_bits(server),
        client: ClientId(1),
        project: ProjectId(0),
        operation: OperationId { server: ServerId::from_bits(server), number: 1 },
        action: Action::Create,
        attempt,
        from: (kind != EventKind::Accepted)
            .then_some(State { vm_state: VmState::Building, task_state: None }),
        to: State {
            vm_state: match kind {
                EventKind::Succeeded => VmState::Active,
                EventKind::Cancelled => VmState::Deleted,
                EventKind::Failed => VmState::Error,
                _ => VmState::Building,
            },
            task_state: Some(TaskState::Scheduling),
        },
        wait: None,
        service: None,
        worker: worker.map(WorkerId),
        failure: None,
    }
}

fn recorded(events: &[Event]) -> Recorded {
    let mut recorder = Recorder::new(VIRTUAL_START);
    for event in events {
        recorder.record(&LogEntry::Event(*event));
    }
    assert_eq!(recorder.series.levels(), Levels::default(), "all is over");
    recorder.finish()
}

#[test]
fn levels_follow_every_way_an_operation_can_go() {
    use EventKind::{Accepted, Cancelled, Failed, Requeued, Started, Succeeded};
    let recorded = recorded(&[
        event(1, 0, Accepted, 0, None),
        event(2, 1, Accepted, 0, None),
        event(3, 2, Accepted, 0, None),
        event(4, 3, Accepted, 0, None),
        // One is started, fails in passing, is started again and succeeds.
        event(1, 4, Started, 1, Some(1)),
        event(1, 5, Requeued, 1, Some(1)),
        event(1, 6, Started, 2, Some(2)),
        event(1, 8, Succeeded, 2, Some(2)),
        // One is given up while it waits, one while it waits again, one while it runs.
        event(2, 8, Cancelled, 0, None),
        event(3, 9, Started, 1, Some(1)),
        event(3, 10, Requeued, 1, Some(1)),
        event(4, 11, Started, 1, Some(1)),
        event(3, 12, Cancelled, 1, Some(1)),
        event(4, 13, Cancelled, 1, Some(1)),
        // One never finds a host.
        event(5, 13, Accepted, 0, None),
        event(5, 13, Failed, 0, None),
    ]);
    assert_eq!(recorded.waiting, Peak { value: 4, at_us: 3_000 });
    assert_eq!(recorded.running, Peak { value: 1, at_us: 4_000 });
    assert_eq!(recorded.again, Peak { value: 1, at_us: 5_000 });
    assert_eq!(recorded.spans_total, 4);
    assert_eq!(recorded.end_us, 13_000);
    let ran = 1.0 + 2.0 + 1.0 + 2.0;
    assert!((recorded.running_mean - ran / 13.0).abs() < 1e-9);
    let sum = Counts::sum(recorded.series.buckets().iter().map(|bucket| &bucket.counts));
    assert_eq!((sum.accepted[0], sum.ended), (5, 5));
    let servers = recorded.series.servers();
    let of = |status| servers[Status::ALL.iter().position(|one| *one == status).unwrap()];
    assert_eq!((of(Status::Active), of(Status::Error), servers.iter().sum::<u64>()), (1, 1, 2));
}

#[test]
fn a_refusal_stamped_a_little_early_counts_as_of_now() {
    let mut recorder = Recorder::new(VIRTUAL_START);
    recorder.record(&LogEntry::Event(event(1, 5, EventKind::Accepted, 0, None)));
    recorder.record(&LogEntry::Refused(Refused {
        at: VIRTUAL_START.after(Duration::from_millis(4)),
        request: RequestId::from_bits(2),
        client: ClientId(1),
        project: ProjectId(0),
        action: Action::Delete,
        server: None,
        kind: RefusalKind::QueueFull,
    }));
    let recorded = recorder.finish();
    assert_eq!(recorded.end_us, 5_000);
    let last = recorded.series.buckets().last().unwrap().counts;
    assert_eq!(last.refused.iter().sum::<u64>(), 1);
}
