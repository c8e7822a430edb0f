//! Accept, claim, finish; what is seen meanwhile; what is refused; what is repeated.

use std::time::Duration;

use guichet_core::action::{Action, Obstacle};
use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::limits;
use guichet_core::project::OverQuota;
use guichet_core::refusal::Refusal;
use guichet_core::request::{IdempotencyKey, Request};
use guichet_core::server::{Failure, OperationState};
use guichet_core::state::{Status, TaskState};
use guichet_core::time::Clock;

use super::bench::Bench;
use super::fixtures::{self, Setup, eventually, for_good, in_passing};
use crate::read::Query;
use crate::work::Settled;

pub(super) fn a_server_lives_through_visible_states(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let request = bench.create(1);
    let answer = bench.accept(&request);
    let (operation, id) = (answer.operations[0], answer.operations[0].server);
    assert_eq!((answer.request, operation.number), (request.id, 1));
    let task = || bench.store.server(id).and_then(|server| server.task_state);
    let state = || bench.store.operation(operation).map(|operation| operation.state);
    bench.shows(id, Some(Status::Build));
    assert_eq!(task(), Some(TaskState::Scheduling));
    assert_eq!(state(), Some(OperationState::Queued));

    bench.clock.advance(Duration::from_millis(5));
    let claim = bench.claim(3);
    assert_eq!((claim.operation, claim.action, claim.attempt), (operation, Action::Create, 1));
    assert_eq!((claim.worker.0, claim.started), (3, bench.clock.now()));
    assert_eq!(claim.deadline, claim.started.after(limits::CREATE_DEADLINE));
    eventually("it spawns", || (task() == Some(TaskState::Spawning)).then_some(()));
    assert_eq!(state(), Some(OperationState::Running));

    bench.clock.advance(Duration::from_millis(10));
    bench.succeed(&claim);
    bench.shows(id, Some(Status::Active));
    let over = bench.store.operation(operation).expect("it is remembered");
    assert_eq!(over.state, OperationState::Succeeded);
    assert_eq!(over.wait(), Some(Duration::from_millis(5)));
    assert_eq!(over.service(), Some(Duration::from_millis(10)));

    for (action, meanwhile, afterwards) in [
        (Action::RebootSoft, Status::Reboot, Some(Status::Active)),
        (Action::RebootHard, Status::HardReboot, Some(Status::Active)),
        (Action::Stop, Status::Active, Some(Status::Shutoff)),
        (Action::Start, Status::Shutoff, Some(Status::Active)),
        (Action::Delete, Status::Active, None),
    ] {
        bench.ask(1, action, id);
        bench.shows(id, Some(meanwhile));
        bench.succeed(&bench.claim(1));
        bench.shows(id, afterwards);
        bench.audit();
    }
    assert_eq!(bench.store.figures().servers, 0);
}

pub(super) fn a_transient_failure_waits_for_its_pause(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let operation = bench.accept(&bench.create(0)).operations[0];
    let claim = bench.claim(1);
    assert_eq!(bench.finish(&claim, &in_passing()), Settled::Requeued);
    let until = bench.no_work().expect("it waits for a time");
    let pause = until.since(bench.clock.now());
    assert!((limits::BACKOFF_FIRST / 2..limits::BACKOFF_FIRST * 3 / 2).contains(&pause));
    let queued = bench.store.operation(operation).expect("it is there");
    assert_eq!((queued.state, queued.not_before), (OperationState::Queued, Some(until)));
    let load = bench.store.figures().load;
    assert_eq!((load.waiting, load.requeued, load.in_flight), (0, 1, 0));

    bench.clock.advance(pause - Duration::from_micros(1));
    assert_eq!(bench.no_work(), Some(until));
    bench.clock.advance(Duration::from_micros(1));
    let again = bench.claim(2);
    assert_eq!((again.operation, again.attempt), (operation, 2));
    assert!(again.server.fence > claim.server.fence);
    bench.succeed(&again);
    bench.shows(operation.server, Some(Status::Active));
    bench.audit();
}

pub(super) fn attempts_are_counted_and_end(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let operation = bench.accept(&bench.create(0)).operations[0];
    for attempt in 1..=limits::ATTEMPTS_MAX {
        let claim = bench.claim(1);
        assert_eq!(claim.attempt, attempt);
        let settled = bench.finish(&claim, &in_passing());
        let last = attempt == limits::ATTEMPTS_MAX;
        assert_eq!(settled, if last { Settled::Final } else { Settled::Requeued });
        bench.clock.advance(limits::BACKOFF_MAX * 2);
    }
    bench.shows(operation.server, Some(Status::Error));
    let over = bench.store.operation(operation).expect("it is remembered");
    assert_eq!((over.state, over.failure), (OperationState::Failed, Some(Failure::Driver)));
    let counts = bench.store.figures().counts;
    assert_eq!((counts.started, counts.retried, counts.failed_driver), (5, 4, 1));
    bench.audit();
}

pub(super) fn a_create_without_a_host_fails_at_once(setup: Setup<'_>) {
    let mut config = fixtures::config();
    config.hosts.truncate(1);
    config.hosts[0].capacity.vcpus = 2;
    let bench = Bench::new(setup, config);
    let answer = bench.accept(&bench.create_many(0, 3, 1));
    assert_eq!(answer.operations.len(), 3);
    let last = answer.operations[2];
    bench.shows(last.server, Some(Status::Error));
    let server = bench.store.server(last.server).expect("it is there");
    let fault = server.fault.as_ref().expect("it says why");
    assert_eq!(
        (fault.kind, &*fault.message),
        (Failure::NoValidHost, "No valid host was found. There are not enough hosts available.")
    );
    assert_eq!(server.host, None);
    assert_eq!(bench.store.usage(ProjectId(0)).map(|(usage, _)| usage.instances), Some(3));
    assert_eq!(bench.store.figures().jobs, 2);
    bench.ask(0, Action::Delete, last.server);
    bench.shows(last.server, None);
    bench.run_everything();
    bench.audit();
}

/// What is refused, each with what it must say.
fn refusals(bench: &Bench, building: ServerId, stopped: ServerId) -> Vec<(Request, Refusal)> {
    let nobody = bench.create(0).server().expect("an id");
    let other_body = Request {
        key: Some(IdempotencyKey("taken".into())),
        ..bench.change(0, Action::Start, stopped)
    };
    let conflict = |action, server, obstacle| Refusal::Conflict { action, server, obstacle };
    let task = |task| Obstacle::TaskState(task);
    let over = |requested| {
        Refusal::OverQuota(OverQuota { resource: "instances", requested, used: 3, limit: 4 })
    };
    vec![
        (bench.change(0, Action::RebootSoft, nobody), Refusal::NotFound { server: nobody }),
        (bench.change(0, Action::Delete, nobody), Refusal::NotFound { server: nobody }),
        (bench.change(1, Action::Start, stopped), Refusal::NotFound { server: stopped }),
        (bench.change(2, Action::Delete, nobody), Refusal::NoServer),
        (
            bench.change(0, Action::Stop, building),
            conflict(
                Action::Stop,
                building,
                Obstacle::VmState(guichet_core::state::VmState::Building),
            ),
        ),
        (
            bench.change(0, Action::RebootHard, stopped),
            conflict(Action::RebootHard, stopped, task(TaskState::PoweringOn)),
        ),
        (other_body, Refusal::KeyReused),
        (bench.create_many(0, 2, 2), over(2)),
        (bench.create_many(0, 5, 3), over(3)),
        (bench.create_many(1, 8, 8), Refusal::ServersFull { limit: 10 }),
    ]
}

pub(super) fn a_refusal_changes_nothing(setup: Setup<'_>) {
    let bench = Bench::new(
        setup,
        guichet_core::fleet::FleetConfig { servers_max: 10, ..fixtures::with_quota(4) },
    );
    let _active = bench.active(0);
    let stopped = bench.active(0);
    bench.ask(0, Action::Stop, stopped);
    bench.succeed(&bench.claim(1));
    bench.ask(0, Action::Start, stopped);
    let building = bench.accept(&bench.keyed(0, "taken")).operations[0].server;
    let mut reader = bench.store.hub().subscribe();
    let before = bench.snapshot();
    for (request, expected) in refusals(&bench, building, stopped) {
        assert_eq!(bench.refuse(&request), expected);
        assert_eq!(bench.snapshot(), before, "changed by a request refused with {expected}");
    }
    assert_eq!(reader.try_batch().records, []);
    bench.audit();
    bench.run_everything();
    bench.audit();
}

pub(super) fn a_full_queue_refuses_and_changes_nothing(setup: Setup<'_>) {
    let mut config = fixtures::config();
    config.bounds.queue = 10;
    let bench = Bench::new(setup, config);
    // The last tenth is for projects with nothing waiting.
    for _ in 0..9 {
        bench.accept(&bench.create(0));
    }
    let mut before = bench.snapshot();
    for round in 0..2 {
        let Refusal::QueueFull { waiting, retry_after } = bench.refuse(&bench.create(0)) else {
            panic!("refused for another reason");
        };
        assert_eq!(waiting, 9 + round);
        assert!((Duration::from_secs(1)..Duration::from_millis(1_250)).contains(&retry_after));
        assert_eq!(bench.snapshot(), before);
        if round == 0 {
            bench.accept(&bench.create(1));
            before = bench.snapshot();
        }
    }
    assert!(matches!(bench.refuse(&bench.create(2)), Refusal::QueueFull { waiting: 10, .. }));
    let claim = bench.claim(1);
    bench.accept(&bench.create(2));
    bench.succeed(&claim);
    bench.run_everything();
    assert_eq!(bench.store.figures().load.max_waiting, 10);
    bench.audit();
}

pub(super) fn a_repeated_key_has_the_first_answer(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let answer = bench.accept(&bench.keyed(0, "k"));
    let id = answer.operations[0].server;
    let again = || bench.repeat(&bench.keyed(0, "k"));
    assert_eq!(again(), answer, "while it is queued");
    let claim = bench.claim(1);
    assert_eq!(again(), answer, "while it runs");
    bench.succeed(&claim);
    assert_eq!(again(), answer, "when it is over");
    bench.ask(0, Action::Delete, id);
    bench.succeed(&bench.claim(1));
    bench.shows(id, None);
    assert_eq!(again(), answer, "when its server is gone");
    // A key is its project's own.
    assert_ne!(bench.accept(&bench.keyed(1, "k")).request, answer.request);
    assert_eq!(bench.store.figures().counts.accepted, 3);
    // A refusal is not remembered.
    let refused = Request {
        key: Some(IdempotencyKey("later".into())),
        ..bench.change(0, Action::RebootSoft, id)
    };
    bench.refuse(&refused);
    bench.accept(&bench.keyed(0, "later"));
    bench.audit();
}

pub(super) fn a_key_is_forgotten_after_a_day(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let answer = bench.accept(&bench.keyed(0, "k"));
    bench.clock.advance(limits::KEY_TTL - Duration::from_micros(1));
    assert_eq!(bench.repeat(&bench.keyed(0, "k")), answer);
    bench.clock.advance(Duration::from_micros(1));
    assert_ne!(bench.accept(&bench.keyed(0, "k")).request, answer.request);
}

pub(super) fn a_second_delete_has_the_first_answer(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.active(0);
    let delete = bench.change(0, Action::Delete, id);
    let answer = bench.accept(&delete);
    assert_eq!(bench.repeat(&bench.change(0, Action::Delete, id)), answer);
    let claim = bench.claim(1);
    assert_eq!(bench.repeat(&bench.change(0, Action::Delete, id)), answer);
    // One that failed may be tried again.
    assert_eq!(bench.finish(&claim, &for_good()), Settled::Final);
    bench.shows(id, Some(Status::Error));
    assert_eq!(bench.store.usage(ProjectId(0)).map(|(usage, _)| usage.instances), Some(1));
    assert_ne!(bench.accept(&bench.change(0, Action::Delete, id)), answer);
    bench.succeed(&bench.claim(1));
    bench.shows(id, None);
    bench.accept(&bench.create(0));
    let gone = bench.change(0, Action::Delete, id);
    assert_eq!(bench.refuse(&gone), Refusal::NotFound { server: id });
    bench.audit();
}

pub(super) fn a_delete_of_an_untouched_server_settles_at_once(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let create = bench.accept(&bench.create(0)).operations[0];
    let delete = bench.ask(0, Action::Delete, create.server);
    bench.shows(create.server, None);
    assert_eq!(bench.store.figures().jobs, 0);
    assert_eq!(bench.no_work(), None);
    let states = bench.store.operations(create.server);
    let states: Vec<_> =
        states.iter().map(|operation| (operation.number, operation.state)).collect();
    assert_eq!(states, [(1, OperationState::Cancelled), (2, OperationState::Succeeded)]);
    assert_eq!(delete.number, 2);
    assert_eq!(bench.store.servers(&Query::default()).servers, []);
    assert_eq!(bench.refuse(&bench.change(0, Action::Delete, create.server)), Refusal::NoServer);
    bench.audit();
}
