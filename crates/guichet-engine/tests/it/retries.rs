//! Deadlines, failures in passing, and a driver's own faults.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::rows::Outcome;
use guichet_core::server::{Failure, OperationState};
use guichet_core::state::Status;
use guichet_core::time::Clock;

use crate::drivers::{Act, DONE, Tiny, after, failed};
use crate::support::{active, change, config, create, end, hear_all, holds, sometime, virtually};

const DAY: Duration = Duration::from_secs(24 * 3_600);

#[tokio::test(start_paused = true)]
async fn a_call_past_its_deadline_is_tried_again_and_then_failed() {
    // Deaf to being told, or obeying with an error: both are a deadline that passed.
    for (act, grace) in
        [(Act::Never, limits::CANCEL_GRACE), (Act::UntilCancelled(failed(false)), Duration::ZERO)]
    {
        let driver = Tiny::always(act);
        let manager = virtually(&config(1, 1), &driver);
        let events = manager.subscribe();
        let ack = create(&manager, 0).await.expect("taken");
        let over = sometime(end(&manager, ack.operation())).await;
        assert_eq!((over.state, over.attempt), (OperationState::Failed, limits::ATTEMPTS_MAX));
        assert_eq!(over.failure, Some(Failure::Deadline));
        let server = manager.server(ProjectId(0), ack.server()).expect("it is there");
        assert_eq!(server.status(), Status::Error);
        let fault = server.fault.as_ref().expect("it says why");
        assert_eq!(&*fault.message, "The create did not finish within 600 s.");

        assert!(sometime(manager.drain(DAY)).await.is_complete());
        let heard = hear_all(events).await;
        let starts = heard.iter().filter(|event| event.kind == EventKind::Started);
        let requeues = heard.iter().filter(|event| event.kind == EventKind::Requeued);
        for (attempt, (start, requeue)) in starts.clone().zip(requeues.clone()).enumerate() {
            assert_eq!(start.attempt as usize, attempt + 1);
            let took = requeue.at.since(start.at);
            let expected = limits::CREATE_DEADLINE + grace;
            assert!((expected..=expected + Duration::from_millis(3)).contains(&took), "{took:?}");
        }
        let mut pause = limits::BACKOFF_FIRST;
        for (requeue, next) in requeues.zip(starts.skip(1)) {
            let paused = next.at.since(requeue.at);
            let most = pause * 3 / 2 + Duration::from_millis(2);
            assert!((pause / 2..=most).contains(&paused), "{paused:?} after {pause:?}");
            pause = (pause * 2).min(limits::BACKOFF_MAX);
        }
        assert_eq!(manager.figures().counts.failed_deadline, 1);
        assert_eq!(driver.gauge().calls, 5);
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_made_it_in_its_grace_has_made_it() {
    let driver = Tiny::by(|call| match (call.action, call.attempt) {
        (Action::Create, _) => Act::Deaf(limits::CREATE_DEADLINE + Duration::from_secs(9)),
        _ => DONE,
    });
    let manager = virtually(&config(1, 1), &driver);
    let ack = create(&manager, 0).await.expect("taken");
    let over = sometime(end(&manager, ack.operation())).await;
    assert_eq!((over.state, over.attempt), (OperationState::Succeeded, 1));
    // The token that was used up is replaced.
    let stop = change(&manager, 0, Action::Stop, ack.server()).await.expect("taken");
    assert_eq!(end(&manager, stop.operation()).await.state, OperationState::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn other_actions_have_a_shorter_deadline() {
    let driver = Tiny::by(|call| if call.action == Action::Create { DONE } else { Act::Never });
    let manager = virtually(&config(1, 1), &driver);
    let id = active(&manager, 0).await;
    let asked = manager.clock().now();
    let ack = change(&manager, 0, Action::Stop, id).await.expect("taken");
    let over = sometime(end(&manager, ack.operation())).await;
    assert_eq!(over.failure, Some(Failure::Deadline));
    let took = over.finished.expect("it is over").since(asked);
    let calls = (limits::ACTION_DEADLINE + limits::CANCEL_GRACE) * limits::ATTEMPTS_MAX;
    assert!((calls..calls + Duration::from_secs(5)).contains(&took), "{took:?}");
    // A stop that failed leaves the server as it was, with the fault shown.
    let server = manager.server(ProjectId(0), id).expect("it is there");
    assert_eq!(server.status(), Status::Active);
    assert!(server.fault.is_some());
}

#[tokio::test(start_paused = true)]
async fn worker_and_permits_are_free_in_a_pause() {
    let flaky = ProjectId(0);
    let driver = Tiny::by(move |call| {
        if call.server.project == flaky && call.attempt == 1 {
            Act::Now(failed(true))
        } else {
            after(5)
        }
    });
    let mut config = config(1, 2);
    config.permits = Some(1);
    config.host_permits = Some(1);
    config.hosts.truncate(1);
    let manager = virtually(&config, &driver);
    let first = create(&manager, 0).await.expect("taken").operation();
    let second = create(&manager, 1).await.expect("taken").operation();
    let second = sometime(end(&manager, second)).await;
    let first = sometime(end(&manager, first)).await;
    assert_eq!((first.attempt, second.attempt), (2, 1));
    assert!(second.finished < first.finished);
    assert_eq!(second.wait(), Some(Duration::ZERO), "it ran in the other's pause");
    let service = first.service().expect("it was started");
    assert!((limits::BACKOFF_FIRST / 2..limits::BACKOFF_FIRST * 2).contains(&service));
    assert_eq!(driver.gauge().max, 1);
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_passing_ends_after_five_attempts() {
    for succeeds_at in [1, 2, 5, 6] {
        let driver = Tiny::by(move |call| {
            Act::Now(if call.attempt >= succeeds_at { Outcome::Succeeded } else { failed(true) })
        });
        let manager = virtually(&config(3, 1), &driver);
        let ack = create(&manager, 0).await.expect("taken");
        let over = sometime(end(&manager, ack.operation())).await;
        let (state, attempts) = match succeeds_at {
            6 => (OperationState::Failed, 5),
            at => (OperationState::Succeeded, at),
        };
        assert_eq!((over.state, over.attempt), (state, attempts));
        assert_eq!(manager.figures().counts.retried, u64::from(attempts - 1));
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delete_in_a_pause_takes_the_place_of_the_retry() {
    let driver = Tiny::by(|call| match call.action {
        Action::Create => Act::Now(failed(true)),
        _ => DONE,
    });
    let manager = virtually(&config(1, 1), &driver);
    let ack = create(&manager, 0).await.expect("taken");
    sometime(driver.until(|gauge| gauge.calls == 1 && gauge.now == 0)).await;
    tokio::task::yield_now().await;
    let delete = change(&manager, 0, Action::Delete, ack.server()).await.expect("taken");
    assert_eq!(end(&manager, ack.operation()).await.state, OperationState::Cancelled);
    let over = sometime(end(&manager, delete.operation())).await;
    assert_eq!(over.state, OperationState::Succeeded);
    assert_eq!(driver.gauge().calls, 2);
    assert_eq!(manager.figures().jobs, 0);
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn a_drivers_panic_is_a_failure_and_costs_no_worker() {
    let driver = Tiny::by(|call| match call.action {
        Action::Create if call.server.name.starts_with("bad") => Act::Panic,
        _ => DONE,
    });
    let manager = virtually(&config(2, 1), &driver);
    for round in 0..4 {
        let name = format!("bad-{round}");
        let new = guichet_engine::NewServer::one(&name, "m1.tiny", "cirros");
        let ack = manager.create(crate::support::caller(0), &new).await.expect("taken");
        let over = sometime(end(&manager, ack.operation())).await;
        assert_eq!((over.state, over.failure), (OperationState::Failed, Some(Failure::Driver)));
        let server = manager.server(ProjectId(0), ack.server()).expect("it is there");
        let message = server.fault.as_ref().map(|fault| Arc::clone(&fault.message));
        assert_eq!(message.as_deref(), Some("The driver panicked."));
    }
    active(&manager, 0).await;
    assert_eq!(manager.figures().load.in_flight, 0);
    holds(&manager);
}
