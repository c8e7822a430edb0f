//! Dropping the last handle: the workers end and the store is freed, whatever was being done.

use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use guichet_clock::WorldClock;
use guichet_core::rows::Outcome;
use guichet_driver::{Call, Driver, Machine};
use guichet_engine::{EngineConfig, Model, ServerManager};
use guichet_store::journal::sqlite::{self, Names};
use guichet_store::local::LocalStore;
use tokio::sync::oneshot;

use crate::drivers::{Act, DONE, Tiny};
use crate::support::{active, config, create, hear_all, soon, with_model};

/// A driver whose end can be awaited. A manager and its workers hold it together with the store,
/// and free it after that.
#[derive(Debug)]
struct Watched {
    tiny: Arc<Tiny>,
    _alive: oneshot::Sender<()>,
}

#[async_trait]
impl Driver for Watched {
    async fn run(&self, call: Call) -> Outcome {
        self.tiny.run(call).await
    }

    async fn list(&self) -> Vec<Machine> {
        self.tiny.list().await
    }

    fn expected_service(&self) -> Duration {
        self.tiny.expected_service()
    }
}

/// A manager, and what shows that its workers and its store are gone.
fn watched(
    config: &EngineConfig,
    tiny: &Arc<Tiny>,
    store: LocalStore,
    clock: WorldClock,
) -> (ServerManager, Weak<LocalStore>, oneshot::Receiver<()>) {
    let (alive, freed) = oneshot::channel();
    let driver = Arc::new(Watched { tiny: Arc::clone(tiny), _alive: alive });
    let store = Arc::new(store);
    let weak = Arc::downgrade(&store);
    let manager = ServerManager::start_on(store, config, driver, clock).expect("it starts");
    (manager, weak, freed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_the_last_handle_ends_workers_and_frees_the_store() {
    for model in Model::ALL {
        // Idle workers; workers in a call that heeds its cancellation; in one that does not.
        for act in [DONE, Act::UntilCancelled(Outcome::Succeeded), Act::Never] {
            let is_idle = matches!(act, Act::Now(_));
            let tiny = Tiny::always(act);
            let config = EngineConfig { permits: Some(2), ..with_model(model, 3, 1) };
            let clock = WorldClock::real();
            let fleet = config.fleet(Duration::ZERO);
            let store = LocalStore::new(fleet, Arc::new(clock.clone()));
            let (manager, store, freed) = watched(&config, &tiny, store, clock);
            let events = manager.subscribe();
            let mut answers = Vec::new();
            if is_idle {
                active(&manager, 0).await;
            } else {
                for _ in 0..5 {
                    answers.push(create(&manager, 0).await.expect("taken"));
                }
                let running = config.in_flight_max();
                soon(tiny.until(|gauge| gauge.now == running)).await;
            }
            let other = manager.clone();
            drop(manager);
            assert!(store.upgrade().is_some(), "{model:?}: one handle is left");
            other.figures();
            drop(other);
            soon(freed).await.expect_err("nobody sends");
            assert!(store.upgrade().is_none(), "{model:?}: the store is still held");
            assert_eq!(tiny.gauge().now, 0, "{model:?}: a call still runs");
            // Readers come to an end, and so does whoever waits for an operation.
            assert!(!soon(hear_all(events)).await.is_empty());
            for ack in answers {
                let operation = ack.operation();
                assert_eq!(
                    soon(ack.finished()).await.expect_err("it is gone").operation,
                    operation
                );
            }
        }
    }
}

/// Whoever waits for the end of an operation keeps nothing alive.
#[tokio::test]
async fn a_wait_ends_with_the_manager() {
    let tiny = Tiny::always(Act::Never);
    let (config, clock) = (config(2, 1), WorldClock::real());
    let store = LocalStore::new(config.fleet(Duration::ZERO), Arc::new(clock.clone()));
    let (manager, store, freed) = watched(&config, &tiny, store, clock);
    let ack = create(&manager, 0).await.expect("taken");
    let operation = ack.operation();
    let end = async {
        soon(tiny.until(|gauge| gauge.now == 1)).await;
        drop(manager);
        soon(freed).await.expect_err("nobody sends");
    };
    let (unknown, ()) = tokio::join!(biased; async { soon(ack.into_future()).await }, end);
    assert_eq!(unknown.expect_err("it is gone").operation, operation);
    assert!(store.upgrade().is_none());
}

/// The directory's lock goes with the store: it can be opened again at once.
#[tokio::test]
async fn a_data_directory_is_free_again() {
    let dir = tempfile::tempdir().expect("a directory can be made");
    let (config, tiny) = (config(2, 1), Tiny::always(DONE));
    let names = Names {
        projects: &config.projects,
        hosts: config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
        flavors: config.catalogue.flavors().iter().map(|f| Arc::clone(&f.name)).collect(),
        images: config.catalogue.images().to_vec(),
        networks: Vec::new(),
        users: Vec::new(),
    };
    for round in 0..3 {
        let opened = sqlite::open(dir.path(), &names).expect("nobody holds it");
        let clock = WorldClock::real_after(opened.newest).expect("time goes on");
        // What was drawn in the round before is not drawn again.
        let config = EngineConfig { seed: opened.starts, ..config.clone() };
        let (fleet, stamps) = (config.fleet(Duration::ZERO), Arc::new(clock.clone()));
        let log = Box::new(opened.log);
        let store = LocalStore::open(fleet, stamps, opened.saved, log, Box::new(|_| {}))
            .expect("it is written to");
        let (manager, _, freed) = watched(&config, &tiny, store, clock);
        assert_eq!(manager.figures().servers, round, "what was accepted before is there");
        active(&manager, 0).await;
        drop(manager);
        soon(freed).await.expect_err("nobody sends");
    }
}
