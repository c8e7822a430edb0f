//! All four models, under real time and real threads.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::OperationId;
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::rows::Outcome;
use guichet_driver::{Call, Driver, Machine};
use guichet_engine::{EngineConfig, Model, ServerManager};
use guichet_store::local::LocalStore;
use tokio::task::JoinSet;

use crate::drivers::{Act, DONE, Tiny, after, failed};
use crate::support::{change, create, end, holds, really, soon, with_model};

/// One client's requests; the operations that were taken.
async fn client(manager: ServerManager, number: u32) -> Vec<OperationId> {
    let chance = Chance::new(5);
    let project = number % 3;
    let mut taken: Vec<OperationId> = Vec::new();
    for n in 0..50 {
        let draw = |purpose| chance.bits(purpose, u64::from(number), n, 0) as usize;
        let action = match draw(Purpose::Action) % 6 {
            0..=1 => None,
            2..=3 => Some(Action::RebootSoft),
            4 => Some(Action::RebootHard),
            _ => Some(Action::Delete),
        };
        let answer = match action {
            Some(action) if !taken.is_empty() => {
                let target = taken[draw(Purpose::Target) % taken.len()].server;
                change(&manager, project, action, target).await
            }
            _ => create(&manager, project).await,
        };
        match answer {
            Ok(ack) => taken.push(ack.operation()),
            Err(refusal) => {
                use RefusalKind::{Conflict, NoServer, NotFound};
                assert!(matches!(refusal.kind(), Conflict | NotFound | NoServer), "{refusal}");
            }
        }
        if n % 7 == 0 {
            tokio::task::yield_now().await;
        }
    }
    taken
}

/// Hundreds of requests of 16 clients, to their ends.
async fn traffic(config: &EngineConfig, driver: &Arc<Tiny>) -> ServerManager {
    let manager = really(config, driver);
    let mut clients = JoinSet::new();
    for number in 0..16 {
        clients.spawn(client(manager.clone(), number));
    }
    for taken in soon(clients.join_all()).await {
        assert!(taken.len() > 10);
        for id in taken {
            if let Some(over) = soon(manager.finished(id)).await {
                assert!(over.state.is_final());
            }
        }
    }
    assert!(soon(manager.drain(Duration::from_secs(30))).await.is_complete());
    holds(&manager);
    let figures = manager.figures();
    assert_eq!(figures.counts.accepted, figures.counts.finished());
    assert_eq!((figures.jobs, driver.gauge().now), (0, 0));
    assert!(driver.gauge().max <= config.in_flight_max());
    assert_eq!(driver.gauge().max_of_server, 1, "one call at a time for a server");
    manager
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_model_brings_every_request_to_its_end() {
    for model in Model::ALL {
        let driver = Tiny::always(DONE);
        traffic(&with_model(model, 8, 3), &driver).await;
        let flaky = Tiny::by(|call| match (call.fence + call.operation.number) % 5 {
            0 => Act::Now(failed(false)),
            1 if call.attempt == 1 => Act::Now(failed(true)),
            _ => DONE,
        });
        traffic(&with_model(model, 8, 3), &flaky).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_model_keeps_every_permit() {
    for model in Model::ALL {
        let config = EngineConfig {
            permits: Some(6),
            host_permits: Some(2),
            project_permits: Some(3),
            ..with_model(model, 16, 3)
        };
        let driver = Tiny::always(after(1));
        traffic(&config, &driver).await;
        let gauge = driver.gauge();
        assert!(gauge.max_of_host <= 2 && gauge.max_of_project <= 3, "{model:?}: {gauge:?}");
        let most = if model == Model::Sequential { 1 } else { 6 };
        assert!(gauge.max <= most, "{model:?}: {gauge:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_flight_reaches_its_bound_and_no_further() {
    for model in Model::ALL {
        for permits in [None, Some(3)] {
            let config = EngineConfig { permits, ..with_model(model, 5, 1) };
            let driver = Tiny::always(Act::Gate);
            let manager = really(&config, &driver);
            let mut taken = Vec::new();
            for _ in 0..20 {
                taken.push(create(&manager, 0).await.expect("taken").operation());
            }
            let bound = config.in_flight_max().min(20);
            soon(driver.until(|gauge| gauge.now == bound)).await;
            for _ in 0..20 {
                driver.gate.add_permits(1);
                tokio::task::yield_now().await;
            }
            for id in taken {
                soon(end(&manager, id)).await;
            }
            assert_eq!(driver.gauge().max, bound, "{model:?} {permits:?}");
            assert_eq!(manager.figures().load.max_in_flight, bound, "{model:?} {permits:?}");
            assert!(soon(manager.drain(Duration::from_secs(30))).await.is_complete());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_at_a_time_finds_every_model_awake() {
    for model in Model::ALL {
        let manager = really(&with_model(model, 4, 1), &Tiny::always(DONE));
        // Workers fall asleep between any two: a wake-up that is lost stops everything.
        for round in 0..500 {
            let ack = create(&manager, 0).await.expect("taken");
            soon(end(&manager, ack.operation())).await;
            if round % 2 == 0 {
                tokio::task::yield_now().await;
            }
        }
        assert!(soon(manager.drain(Duration::from_secs(30))).await.is_complete());
        holds(&manager);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn past_its_threads_the_model_threads_refuses() {
    // THREADS_MAX is the store's bound of live operations: here with eight.
    let config = with_model(Model::Threads, 1, 2);
    let driver = Tiny::always(Act::Gate);
    let mut fleet = config.fleet(Duration::from_millis(1));
    assert_eq!(fleet.bounds.active, guichet_core::limits::THREADS_MAX);
    fleet.bounds.active = 8;
    let clock = WorldClock::real();
    let store = Arc::new(LocalStore::new(fleet, Arc::new(clock.clone())));
    let tiny = Arc::clone(&driver);
    let manager = ServerManager::start_on(store, &config, tiny, clock).expect("it starts");
    let mut taken = Vec::new();
    for n in 0..8 {
        taken.push(create(&manager, n % 2).await.expect("taken").operation());
    }
    soon(driver.until(|gauge| gauge.now == 8)).await;
    for project in 0..2 {
        let refusal = create(&manager, project).await.expect_err("no thread is left");
        assert!(matches!(refusal, Refusal::QueueFull { .. }), "{refusal}");
        assert!(refusal.retry_after() >= Some(Duration::from_secs(1)));
    }
    driver.gate.add_permits(3);
    soon(driver.until(|gauge| gauge.now == 5)).await;
    soon(async {
        while manager.figures().jobs > 5 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    for _ in 0..3 {
        let _ = create(&manager, 0).await.expect("there is a thread again");
    }
    create(&manager, 0).await.expect_err("no thread is left");
    driver.gate.add_permits(100);
    assert!(soon(manager.drain(Duration::from_secs(30))).await.is_complete());
    assert_eq!(driver.gauge().max, 8);
    holds(&manager);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thread_each_for_very_many() {
    let driver = Tiny::always(Act::Gate);
    let manager = really(&with_model(Model::Threads, 1, 1), &driver);
    for _ in 0..600 {
        let _ = create(&manager, 0).await.expect("taken");
    }
    soon(driver.until(|gauge| gauge.now == 600)).await;
    driver.gate.add_permits(600);
    assert!(soon(manager.drain(Duration::from_secs(30))).await.is_complete());
    assert_eq!(driver.gauge().max, 600);
    holds(&manager);
}

/// A driver whose calls wait for nothing but their turn.
#[derive(Debug)]
struct GivingWay;

#[async_trait]
impl Driver for GivingWay {
    async fn run(&self, _: Call) -> Outcome {
        tokio::task::coop::consume_budget().await;
        Outcome::Succeeded
    }

    async fn list(&self) -> Vec<Machine> {
        Vec::new()
    }

    fn expected_service(&self) -> Duration {
        Duration::ZERO
    }
}

#[tokio::test]
async fn a_call_that_gives_way_at_once_is_asked_again() {
    let config = with_model(Model::Async, 1, 1);
    let manager = ServerManager::start(&config, Arc::new(GivingWay), WorldClock::real());
    let manager = manager.expect("a good configuration");
    let mut taken = Vec::new();
    // A task gives way after 128 turns.
    for _ in 0..1_000 {
        taken.push(create(&manager, 0).await.expect("it is taken").operation());
    }
    for operation in taken {
        soon(end(&manager, operation)).await;
    }
    holds(&manager);
}
