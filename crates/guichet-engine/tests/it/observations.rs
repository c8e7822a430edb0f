//! What a driver sees by itself reaches its server.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use guichet_clock::WorldClock;
use guichet_core::event::Cause;
use guichet_core::observation::{Observation, Observed};
use guichet_core::rows::Outcome;
use guichet_core::state::Status;
use guichet_driver::{Call, Driver, Machine};
use guichet_engine::{Model, Received, ServerManager};
use tokio::sync::{Mutex, mpsc};

use crate::support::{active, holds, soon, with_model};

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
