//! A graceful stop: what it waits for, what it leaves, and that nothing is lost.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::server::OperationState;
use guichet_engine::{Drained, EngineConfig, Model, ServerManager};
use guichet_store::hub::LogEntry;
use guichet_store::local::LocalStore;
use tokio::task::JoinSet;

use crate::drivers::{Act, DONE, Tiny, failed};
use crate::held::Held;
use crate::support::{
    active, config, create, end, hear_all, holds, now, really, sometime, soon, virtually,
    with_model,
};

const COMPLETE: Drained = Drained { left_queued: 0, left_running: 0, is_recorded: true };

#[tokio::test(start_paused = true)]
async fn what_was_taken_is_finished_and_nothing_more_is_taken() {
    for model in [Model::Async, Model::Sequential] {
        let driver = Tiny::fixed(Duration::from_secs(1));
        let manager = virtually(&with_model(model, 2, 1), &driver);
        let mut taken = Vec::new();
        for _ in 0..9 {
            taken.push(create(&manager, 0).await.expect("taken").operation());
        }
        let draining = {
            let manager = manager.clone();
            let mut tasks = JoinSet::new();
            tasks.spawn(async move { manager.drain(Duration::from_secs(60)).await });
            tasks
        };
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let refusal = create(&manager, 0).await.expect_err("it is stopping");
        assert_eq!(refusal, Refusal::Draining { retry_after: limits::DRAIN_DEADLINE });
        assert_eq!(sometime(draining.join_all()).await, [COMPLETE]);
        for id in taken {
            assert_eq!(end(&manager, id).await.state, OperationState::Succeeded);
        }
        let elapsed = now(&manager).since(manager.clock().start());
        let expected = if model == Model::Sequential { 9 } else { 5 };
        assert_eq!(elapsed, Duration::from_secs(expected), "no longer than the work takes");
        create(&manager, 0).await.expect_err("it has stopped");
        assert_eq!(manager.figures().counts.succeeded, 9);
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_is_waited_for() {
    let driver = Tiny::by(|call| if call.attempt < 4 { Act::Now(failed(true)) } else { DONE });
    let manager = virtually(&config(2, 1), &driver);
    let id = create(&manager, 0).await.expect("taken").operation();
    assert_eq!(sometime(manager.drain(Duration::from_secs(60))).await, COMPLETE);
    assert_eq!(end(&manager, id).await.attempt, 4);
}

#[tokio::test(start_paused = true)]
async fn an_idle_manager_stops_at_once_and_only_once() {
    let manager = virtually(&config(64, 1), &Tiny::always(DONE));
    active(&manager, 0).await;
    for _ in 0..3 {
        let begun = now(&manager);
        assert_eq!(sometime(manager.drain(Duration::from_secs(60))).await, COMPLETE);
        assert_eq!(now(&manager), begun);
    }
}

#[tokio::test(start_paused = true)]
async fn out_of_patience_the_rest_is_left_and_counted() {
    // Deaf and stuck calls alike are abandoned.
    for act in [Act::Gate, Act::Never, Act::Deaf(Duration::from_secs(1_000))] {
        let manager = virtually(&config(2, 1), &Tiny::always(act));
        let events = manager.subscribe();
        let mut taken = Vec::new();
        for _ in 0..7 {
            taken.push(create(&manager, 0).await.expect("taken").operation());
        }
        let begun = now(&manager);
        let drained = sometime(manager.drain(Duration::from_secs(3))).await;
        assert_eq!(drained, Drained { left_queued: 5, left_running: 2, is_recorded: true });
        assert!(!drained.is_complete());
        assert_eq!(now(&manager).since(begun), Duration::from_secs(3));
        let states: Vec<OperationState> = taken
            .iter()
            .filter_map(|id| manager.operation(*id))
            .map(|operation| operation.state)
            .collect();
        use OperationState::{Queued, Running};
        assert_eq!(states, [Running, Running, Queued, Queued, Queued, Queued, Queued]);
        let heard = hear_all(events).await;
        assert_eq!(heard.len(), 9, "7 accepted, 2 started, then the end");
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_comes_just_then_is_taken() {
    let driver = Tiny::always(Act::UntilCancelled(guichet_core::rows::Outcome::Succeeded));
    let manager = virtually(&config(2, 1), &driver);
    let id = create(&manager, 0).await.expect("taken").operation();
    let drained = sometime(manager.drain(Duration::from_secs(3))).await;
    // Told to stop, it said that it was done: that is not thrown away.
    assert_eq!(drained, COMPLETE);
    assert_eq!(end(&manager, id).await.state, OperationState::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn a_lossless_reader_that_does_not_read_holds_up_no_stop() {
    let manager = virtually(&config(2, 1), &Tiny::always(DONE));
    let mut stuck = manager.hub().subscribe_lossless();
    manager.hub().append((0..=limits::HISTORY_BACKLOG_MAX).map(|_| LogEntry::Note("x".into())));
    // Both workers do one each and then wait for the reader.
    for _ in 0..4 {
        let _ = create(&manager, 0).await.expect("taken");
    }
    let drained = sometime(manager.drain(Duration::from_secs(3))).await;
    assert_eq!(drained, Drained { left_queued: 2, left_running: 0, is_recorded: true });
    let mut read = 0;
    while let Some(batch) = stuck.batch().await {
        assert_eq!(batch.missed, 0);
        read += batch.records.len();
    }
    assert_eq!(read, limits::HISTORY_BACKLOG_MAX + 1 + 4 + 2 + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stuck_call_stops_no_model_from_stopping() {
    for model in Model::ALL {
        let driver = Tiny::always(Act::Never);
        let config = EngineConfig { permits: Some(2), ..with_model(model, 3, 1) };
        let manager = really(&config, &driver);
        for _ in 0..6 {
            let _ = create(&manager, 0).await.expect("taken");
        }
        let running = config.in_flight_max();
        soon(driver.until(|gauge| gauge.now == running)).await;
        let drained = soon(manager.drain(Duration::from_millis(20))).await;
        let expected =
            Drained { left_queued: 6 - running, left_running: running, is_recorded: true };
        assert_eq!(drained, expected, "{model:?}");
        assert_eq!(driver.gauge().now, 0, "its calls were abandoned");
        holds(&manager);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_asked_while_it_stops_is_refused_or_counted() {
    for model in Model::ALL {
        // Patient and impatient.
        for (act, patience) in
            [(DONE, Duration::from_secs(30)), (Act::Gate, Duration::from_millis(5))]
        {
            let driver = Tiny::always(act);
            let config = EngineConfig { permits: Some(8), queue: 200, ..with_model(model, 8, 4) };
            let manager = really(&config, &driver);
            driver.gate.add_permits(40);
            let begun = Arc::new(tokio::sync::Semaphore::new(0));
            let mut clients = JoinSet::new();
            for client in 0..8 {
                let (manager, begun) = (manager.clone(), Arc::clone(&begun));
                clients.spawn(async move {
                    let mut taken = 0u64;
                    loop {
                        match create(&manager, client % 4).await {
                            Ok(_) => taken += 1,
                            Err(Refusal::Draining { .. }) => return taken,
                            // The queue may be full behind the gate, or every thread taken.
                            Err(Refusal::QueueFull { .. } | Refusal::ServersFull { .. }) => {}
                            Err(other) => panic!("{other}"),
                        }
                        begun.add_permits(1);
                        tokio::task::yield_now().await;
                    }
                });
            }
            soon(begun.acquire_many(100)).await.expect("they ask").forget();
            let drained = soon(manager.drain(patience)).await;
            let taken: u64 = soon(clients.join_all()).await.into_iter().sum();
            let figures = manager.figures();
            assert_eq!(figures.counts.accepted, taken, "{model:?}");
            let left = (drained.left_queued + drained.left_running) as u64;
            assert_eq!(figures.counts.finished() + left, taken, "{model:?}");
            assert_eq!(figures.jobs as u64, left, "{model:?}");
            holds(&manager);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_who_was_let_in_is_answered_and_counted() {
    let config = config(2, 1);
    let clock = WorldClock::real();
    let store = LocalStore::new(config.fleet(Duration::ZERO), Arc::new(clock.clone()));
    let store = Arc::new(Held::new(store));
    let held = Arc::clone(&store);
    let driver = Tiny::always(DONE);
    let manager = ServerManager::start_on(held, &config, driver, clock).expect("it starts");
    let (mut client, mut draining) = (JoinSet::new(), JoinSet::new());
    let asking = manager.clone();
    client.spawn(async move { create(&asking, 0).await });
    soon(store.inside.acquire()).await.expect("it is inside").forget();
    let stopping = manager.clone();
    draining.spawn(async move { stopping.drain(Duration::ZERO).await });
    let early = tokio::time::timeout(Duration::from_millis(50), draining.join_next()).await;
    // Let go before anything is asserted: the runtime waits for the thread that is held.
    store.let_go();
    assert!(early.is_err(), "stopped before it was known what was taken: {early:?}");
    let [drained] = soon(draining.join_all()).await[..] else {
        panic!("one stop");
    };
    let [answer] = &soon(client.join_all()).await[..] else {
        panic!("one answer");
    };
    let figures = manager.figures();
    assert_eq!(figures.counts.accepted, u64::from(answer.is_ok()));
    let left = (drained.left_queued + drained.left_running) as u64;
    assert_eq!(figures.counts.finished() + left, figures.counts.accepted);
    holds(&manager);
}
