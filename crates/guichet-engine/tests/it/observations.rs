//! What a driver sees by itself reaches its server, also after the driver broke down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use guichet_clock::WorldClock;
use guichet_core::event::Cause;
use guichet_core::limits;
use guichet_core::observation::{Observation, Observed};
use guichet_core::rows::Outcome;
use guichet_core::state::Status;
use guichet_core::time::Clock;
use guichet_driver::{Call, Driver, Machine};
use guichet_engine::{Model, Received, ServerManager};
use tokio::sync::{Mutex, mpsc};

use crate::support::{active, holds, sometime, soon, with_model};

/// A driver that does everything at once and sees what a test sends it.
#[derive(Debug)]
struct Seeing {
    /// Held while waiting for the next one: one caller at a time.
    seen: Mutex<mpsc::Receiver<Observation>>,
}

#[async_trait]
impl Driver for Seeing {
    async fn run(&self, _call: Call) -> Outcome {
        Outcome::Succeeded
    }

    async fn list(&self) -> Vec<Machine> {
        Vec::new()
    }

    fn expected_service(&self) -> Duration {
        Duration::from_millis(1)
    }

    async fn next_observation(&self) -> Observation {
        match self.seen.lock().await.recv().await {
            Some(observation) => observation,
            None => std::future::pending().await,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_powers_itself_off_is_shut_off() {
    for model in Model::ALL {
        let (see, seen) = mpsc::channel(4);
        let driver = Arc::new(Seeing { seen: Mutex::new(seen) });
        let config = with_model(model, 2, 1);
        let manager = ServerManager::start(&config, driver, WorldClock::real()).expect("starts");
        let (off, gone, untouched) =
            (active(&manager, 0).await, active(&manager, 0).await, active(&manager, 0).await);
        let mut events = manager.subscribe();
        let fence = |id| manager.any_server(id).expect("it exists").fence;
        let observed = |server, fence, what| Observation { server, fence, what };
        // One that a newer call has outdated changes nothing.
        let old = observed(untouched, fence(untouched) - 1, Observed::Gone);
        see.send(old).await.expect("it is read");
        see.send(observed(off, fence(off), Observed::PoweredOff)).await.expect("it is read");
        see.send(observed(gone, fence(gone), Observed::Gone)).await.expect("it is read");
        for (server, cause) in [(off, Cause::PoweredOff), (gone, Cause::Gone)] {
            let Some(Received::Changed(change)) = soon(events.next()).await else {
                panic!("{model:?}: a change");
            };
            assert_eq!((change.server, change.cause), (server, cause), "{model:?}");
        }
        let status = |id| manager.any_server(id).expect("it exists").status();
        assert_eq!(
            [off, gone, untouched].map(status),
            [Status::Shutoff, Status::Error, Status::Active]
        );
        holds(&manager);
        assert!(soon(manager.drain(Duration::from_secs(30))).await.is_complete());
    }
}

/// A driver that panics the first times it is asked what it sees, and then sees what it is sent.
#[derive(Debug)]
struct Shaky {
    panics_left: AtomicU32,
    seeing: Seeing,
}

#[async_trait]
impl Driver for Shaky {
    async fn run(&self, call: Call) -> Outcome {
        self.seeing.run(call).await
    }

    async fn list(&self) -> Vec<Machine> {
        Vec::new()
    }

    fn expected_service(&self) -> Duration {
        self.seeing.expected_service()
    }

    async fn next_observation(&self) -> Observation {
        let has_panics = |left: u32| left.checked_sub(1);
        let shaken =
            self.panics_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, has_panics);
        assert!(shaken.is_err(), "shaken");
        self.seeing.next_observation().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_panics_while_it_observes_is_asked_again() {
    const PANICS: u32 = 12;
    let (see, seen) = mpsc::channel(4);
    let seeing = Seeing { seen: Mutex::new(seen) };
    let driver = Arc::new(Shaky { panics_left: AtomicU32::new(PANICS), seeing });
    let config = with_model(Model::Async, 2, 1);
    let clock = WorldClock::virtual_time();
    let manager = ServerManager::start(&config, driver, clock.clone()).expect("starts");
    let began = clock.now();
    assert_eq!(manager.observer_panics(), 0);
    let server = active(&manager, 0).await;
    let mut events = manager.subscribe();
    let fence = manager.any_server(server).expect("it exists").fence;
    see.send(Observation { server, fence, what: Observed::PoweredOff }).await.expect("it waits");
    // Until then it is to be seen that something is wrong.
    clock.sleep(limits::OBSERVE_PAUSE_FIRST).await;
    assert!((1..PANICS).contains(&manager.observer_panics()), "{}", manager.observer_panics());
    let Some(Received::Changed(change)) = sometime(events.next()).await else {
        panic!("a change");
    };
    assert_eq!((change.server, change.cause), (server, Cause::PoweredOff));
    assert_eq!(manager.observer_panics(), 0, "all is well again");
    // Asked again with pauses that grow up to a bound: neither at once nor ever later.
    let took = clock.now().since(began);
    assert!(took > limits::OBSERVE_PAUSE_MAX, "{took:?}");
    assert!(took <= limits::OBSERVE_PAUSE_MAX * PANICS, "{took:?}");
    holds(&manager);
    assert!(sometime(manager.drain(Duration::from_secs(30))).await.is_complete());
}
