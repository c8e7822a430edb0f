//! How a manager is put together and started.

use std::num::NonZero;
use std::sync::Arc;

use guichet_clock::flood::Flood;
use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::chance::Chance;
use guichet_core::limits;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_driver::{DescribeMachine, Driver};
use guichet_store::Store;
use guichet_store::local::LocalStore;
use tokio_util::sync::CancellationToken;

use super::adopt::adopt;
use super::handle::{ServerManager, Workers};
use crate::admission::Admission;
use crate::calls::Calls;
use crate::config::{ConfigError, EngineConfig, Model};
use crate::contained::Panics;
use crate::models::WorkerPool;
use crate::observe;
use crate::shared::Shared;

/// Why a manager could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is no tokio runtime to run on: start the manager inside one, such as in a
    /// `#[tokio::main]` function.
    #[error(
        "there is no tokio runtime here: start the manager inside one, such as in a #[tokio::main] \
         function"
    )]
    NoRuntime,
    /// The system gave no thread.
    #[error("could not start a worker thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// A manager that is being put together. What is not named has a default that works: a small
/// cloud ([`EngineConfig::default`]), a simulated driver that takes 5 to 15 ms a call, real time,
/// a fleet in memory.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use guichet_engine::{Caller, NewServer, ServerManager};
///
/// let manager = ServerManager::builder().start()?;
/// let new = NewServer::one("web-1", "m1.tiny", "cirros");
/// let finished = manager.create(Caller::default(), &new).await?.await?;
/// assert_eq!(finished[0].state.as_str(), "succeeded");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use = "a manager runs once it is started"]
pub struct ManagerBuilder {
    config: EngineConfig,
    driver: Option<Arc<dyn Driver>>,
    profile: Option<Profile>,
    describe: Option<Arc<dyn DescribeMachine>>,
    clock: Option<WorldClock>,
    store: Option<Arc<dyn Store>>,
}

impl ManagerBuilder {
    /// Model, bounds, projects, hosts and catalogue.
    pub fn config(mut self, config: EngineConfig) -> Self {
        self.config = config;
        self
    }

    /// The driver that makes operations real.
    pub fn driver(mut self, driver: Arc<dyn Driver>) -> Self {
        self.driver = Some(driver);
        self
    }

    /// How the simulated driver behaves, which is used if no other driver is named.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = Some(profile);
        self
    }

    /// Who describes machines to the driver, where rows know too little.
    pub fn describe_machines(mut self, describe: Arc<dyn DescribeMachine>) -> Self {
        self.describe = Some(describe);
        self
    }

    /// The clock that stamps, deadlines and delays go by.
    pub fn clock(mut self, clock: WorldClock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// A store that was made for the same configuration and clock, and is this manager's own:
    /// the manager closes it when it stops. The driver is asked to [adopt](Driver::adopt) the
    /// machines of its servers before the first call.
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Starts the manager. To be called inside a tokio runtime, which its tasks run on.
    ///
    /// # Errors
    /// A configuration that cannot work, no tokio runtime, or no threads to be had.
    pub fn start(self) -> Result<ServerManager, StartError> {
        let Self { config, driver, profile, describe, clock, store } = self;
        tokio::runtime::Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let clock = clock.unwrap_or_else(WorldClock::real);
        config.check(&clock)?;
        let is_virtual = clock.is_virtual();
        let driver = driver.unwrap_or_else(|| simulated(profile, &config, &clock));
        let store = match store {
            Some(store) => {
                adopt(&*driver, &*store);
                store
            }
            None => {
                let fleet = config.fleet(driver.expected_service());
                let stamps = Arc::new(clock.clone());
                // Under virtual time nobody waits while a table grows.
                Arc::new(match is_virtual {
                    true => LocalStore::growing(fleet, stamps),
                    false => LocalStore::new(fleet, stamps),
                })
            }
        };
        if driver.expected_service() < limits::QUICK_SERVICE && !is_virtual {
            store.wake().set_enough(threads(config.model));
        }
        if is_virtual {
            store.wake().set_each();
        }
        let shared = Arc::new(Shared {
            store,
            driver,
            describe,
            admission: Admission::new(&config, clock.clone()),
            observer_panics: Panics::default(),
            calls: Calls::default(),
            failures: Flood::new(),
            watch: Stopwatch::start(),
            clock,
            abandon: CancellationToken::new(),
            workers: match config.model {
                Model::Sequential => 1,
                Model::Threads => limits::THREADS_MAX,
                Model::Pool | Model::Async => config.workers,
            },
        });
        let pool = WorkerPool::start(config.model, config.workers, &shared)?;
        // What the store held already was accepted by a process before.
        pool.accepted();
        pool.spawn(observe::run(Arc::clone(&shared)));
        let workers = Arc::new(Workers::new(pool, Arc::clone(&shared)));
        Ok(ServerManager { shared, workers })
    }
}

/// Threads that workers can run on at once.
fn threads(model: Model) -> usize {
    match model {
        Model::Sequential => 1,
        Model::Async => tokio::runtime::Handle::current().metrics().num_workers(),
        Model::Threads | Model::Pool => {
            std::thread::available_parallelism().map_or(1, NonZero::get)
        }
    }
}

/// The simulated driver for a configuration.
fn simulated(
    profile: Option<Profile>,
    config: &EngineConfig,
    clock: &WorldClock,
) -> Arc<dyn Driver> {
    let profile = profile.or_else(|| Profile::builtin("fast")).expect("`fast` is built in");
    let names = Names {
        projects: config.projects.iter().map(|project| Arc::clone(&project.name)).collect(),
        hosts: config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
    };
    Arc::new(Simulated::new(profile, names, clock.clone(), Chance::new(config.seed)))
}

impl ServerManager {
    /// A manager to be put together: see [`ManagerBuilder`].
    pub fn builder() -> ManagerBuilder {
        ManagerBuilder::default()
    }

    /// Starts a manager with its fleet in memory. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// A configuration that cannot work, no tokio runtime, or no threads to be had.
    pub fn start(
        config: &EngineConfig,
        driver: Arc<dyn Driver>,
        clock: WorldClock,
    ) -> Result<Self, StartError> {
        Self::builder().config(config.clone()).driver(driver).clock(clock).start()
    }

    /// Starts a manager over a store, which was made for the same configuration.
    ///
    /// # Errors
    /// A configuration that cannot work, no tokio runtime, or no threads to be had.
    pub fn start_on(
        store: Arc<dyn Store>,
        config: &EngineConfig,
        driver: Arc<dyn Driver>,
        clock: WorldClock,
    ) -> Result<Self, StartError> {
        let builder = Self::builder().config(config.clone()).driver(driver).clock(clock);
        builder.store(store).start()
    }
}
