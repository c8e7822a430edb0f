//! Deletes meet what is being done: it is told to stop, and not waited for for ever.

use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::rows::Outcome;
use guichet_core::server::OperationState;
use guichet_engine::Received;

use crate::drivers::{Act, DONE, Tiny, after, failed};
use crate::support::{
    active, change, config, create, end, hear_all, holds, now, sometime, virtually,
};

/// A reboot that does this; all else is done at once.
fn reboots(act: Act) -> std::sync::Arc<Tiny> {
    Tiny::by(move |call| match call.action {
        Action::RebootSoft | Action::RebootHard => act.clone(),
        _ => DONE,
    })
}

#[tokio::test(start_paused = true)]
async fn a_server_deleted_in_a_reboot_stays_deleted() {
    for act in
        [after(60_000), Act::Deaf(Duration::from_secs(60)), Act::Deaf(Duration::from_secs(5))]
    {
        let driver = reboots(act);
        let manager = virtually(&config(4, 1), &driver);
        let events = manager.subscribe();
        let id = active(&manager, 0).await;
        let reboot = change(&manager, 0, Action::RebootSoft, id).await.expect("taken");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let delete = change(&manager, 0, Action::Delete, id).await.expect("taken");
        assert!(end(&manager, reboot.operation()).await.state == OperationState::Cancelled);
        assert_eq!(end(&manager, delete.operation()).await.state, OperationState::Succeeded);
        assert_eq!(manager.server(ProjectId(0), id), None);
        // Past the time when the reboot would have ended.
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert_eq!(manager.server(ProjectId(0), id), None);
        assert_eq!(manager.figures().load.in_flight, 0);
        assert!(sometime(manager.drain(Duration::from_secs(30))).await.is_complete());
        let ends: Vec<EventKind> = hear_all(events)
            .await
            .into_iter()
            .filter(|event| event.operation == reboot.operation())
            .map(|event| event.kind)
            .collect();
        assert_eq!(ends, [EventKind::Accepted, EventKind::Started, EventKind::Cancelled]);
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_stops_when_told_lets_the_delete_go_on_at_once() {
    for outcome in [Outcome::Succeeded, failed(true), failed(false)] {
        let driver = reboots(Act::UntilCancelled(outcome));
        let manager = virtually(&config(1, 1), &driver);
        let id = active(&manager, 0).await;
        let _ = change(&manager, 0, Action::RebootHard, id).await.expect("taken");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let asked = now(&manager);
        let delete = change(&manager, 0, Action::Delete, id).await.expect("taken");
        let over = sometime(end(&manager, delete.operation())).await;
        assert_eq!((over.state, over.finished), (OperationState::Succeeded, Some(asked)));
        assert_eq!(driver.gauge().max_of_server, 1);
        // The worker's next calls are not cancelled by the old one.
        let next = active(&manager, 0).await;
        let _ = change(&manager, 0, Action::Stop, next).await.expect("taken");
        assert!(sometime(manager.drain(Duration::from_secs(30))).await.is_complete());
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stuck_call_holds_up_a_delete_no_longer_than_the_grace() {
    // With one worker, it is the stuck one itself that must become free.
    for workers in [1, 2, 8] {
        let driver = reboots(Act::Never);
        let manager = virtually(&config(workers, 1), &driver);
        let id = active(&manager, 0).await;
        let _ = change(&manager, 0, Action::RebootSoft, id).await.expect("taken");
        tokio::time::sleep(Duration::from_secs(3)).await;
        let asked = now(&manager);
        let delete = change(&manager, 0, Action::Delete, id).await.expect("taken");
        let over = sometime(end(&manager, delete.operation())).await;
        assert_eq!(over.state, OperationState::Succeeded);
        let took = over.finished.expect("it is over").since(asked);
        assert!(took >= limits::CANCEL_GRACE, "{took:?}: the call might still have returned");
        assert!(took <= limits::CANCEL_GRACE + Duration::from_millis(2), "{took:?}");
        // The worker is free again, and its next call is not born cancelled.
        for _ in 0..workers {
            active(&manager, 0).await;
        }
        assert_eq!(manager.figures().load.in_flight, 0);
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delete_of_a_create_that_runs_cancels_it() {
    let driver = Tiny::by(|call| match call.action {
        Action::Create => after(30_000),
        _ => after(100),
    });
    let manager = virtually(&config(2, 1), &driver);
    let create = create(&manager, 0).await.expect("taken");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let asked = now(&manager);
    let delete = change(&manager, 0, Action::Delete, create.server()).await.expect("taken");
    assert_eq!(end(&manager, create.operation()).await.state, OperationState::Cancelled);
    let over = sometime(end(&manager, delete.operation())).await;
    assert_eq!(over.finished.map(|at| at.since(asked)), Some(Duration::from_millis(100)));
    let (usage, _) = manager.usage(ProjectId(0)).expect("the project");
    assert_eq!(usage.instances, 0);
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn a_hard_reboot_stops_a_soft_one() {
    let driver = Tiny::by(|call| match call.action {
        Action::RebootSoft => after(100_000),
        _ => after(200),
    });
    let manager = virtually(&config(2, 1), &driver);
    let id = active(&manager, 0).await;
    let mut events = manager.subscribe();
    let soft = change(&manager, 0, Action::RebootSoft, id).await.expect("taken");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let hard = change(&manager, 0, Action::RebootHard, id).await.expect("taken");
    let again = change(&manager, 0, Action::RebootHard, id).await.expect("taken");
    assert_eq!(end(&manager, soft.operation()).await.state, OperationState::Cancelled);
    assert_eq!(end(&manager, hard.operation()).await.state, OperationState::Cancelled);
    let over = sometime(end(&manager, again.operation())).await;
    assert_eq!(over.state, OperationState::Succeeded);
    let Some(Received::Event(first)) = events.next().await else { panic!("an event") };
    assert_eq!(first.operation, soft.operation());
    assert_eq!(driver.gauge().max_of_server, 1);
    holds(&manager);
}
