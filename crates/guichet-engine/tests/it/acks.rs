//! Waiting for the end of what was accepted, by its answer.

use guichet_core::server::OperationState;
use guichet_engine::{NewServer, RebootKind};

use crate::drivers::{Act, Tiny, after, failed};
use crate::support::{SERVER, active, caller, config, create, sometime, virtually};

#[tokio::test(start_paused = true)]
async fn awaiting_an_answer_waits_for_all_its_operations() {
    let manager = virtually(&config(2, 1), &Tiny::always(after(1_000)));
    let five = NewServer { count: 5, min_count: 5, ..SERVER };
    let ack = manager.create(caller(0), &five).await.expect("taken");
    let first = sometime(ack.first_finished()).await.expect("it is known");
    assert_eq!((first.number, first.state), (1, OperationState::Succeeded));
    assert!(manager.figures().counts.finished() < 5, "the others are not waited for");
    let operations = ack.operations.clone();
    let finished = sometime(async { ack.await }).await.expect("they are known");
    assert_eq!(finished.len(), 5);
    for (id, operation) in operations.iter().zip(&finished) {
        assert_eq!(manager.operation(*id).as_ref(), Some(operation));
        assert_eq!(operation.state, OperationState::Succeeded);
    }
    assert_eq!(manager.clock().start(), finished[0].accepted);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_an_end_too() {
    let manager = virtually(&config(2, 1), &Tiny::always(Act::Now(failed(false))));
    let ack = create(&manager, 0).await.expect("taken");
    let [operation] = &sometime(ack.finished()).await.expect("it is known")[..] else {
        panic!("one operation");
    };
    assert_eq!(operation.state, OperationState::Failed);
    // What is over is answered at once, however often one asks.
    assert_eq!(ack.first_finished().await.as_ref(), Ok(operation));
}

#[tokio::test(start_paused = true)]
async fn what_was_forgotten_is_an_error_that_says_so() {
    let manager = virtually(&config(2, 1), &Tiny::always(after(1)));
    let ack = create(&manager, 0).await.expect("taken");
    sometime(ack.finished()).await.expect("it is known");
    for _ in 0..guichet_core::limits::OPERATIONS_PER_SERVER_MAX {
        let reboot = manager.reboot(caller(0), ack.server(), RebootKind::Soft).await;
        sometime(reboot.expect("taken").finished()).await.expect("it is known");
    }
    let error = ack.finished().await.expect_err("it was long ago");
    assert_eq!(error.operation, ack.operation());
    assert!(error.to_string().contains("is not known any more"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn answers_are_equal_if_they_name_the_same_operations() {
    let manager = virtually(&config(2, 1), &Tiny::always(after(1)));
    let keyed = NewServer { key: Some("once"), ..SERVER };
    let first = manager.create(caller(0), &keyed).await.expect("taken");
    let again = manager.create(caller(0), &keyed).await.expect("the same answer");
    assert!(again.repeated && !first.repeated);
    assert_eq!(again.clone(), again);
    assert_ne!(again, first, "one says that it is a repeat");
    assert_eq!((again.request, again.operation()), (first.request, first.operation()));
    // Both wait for the same end.
    assert_eq!(sometime(again.finished()).await, sometime(first.finished()).await);
    active(&manager, 0).await;
}
