//! From a manager's configuration to a manager that runs: where its fleet lives, which driver it
//! has, which clock and which seed. A service and a run of the lab open theirs here, and nothing
//! here knows who uses a cloud.
//!
//! It goes in two steps, so that what else may fail can be tried between them:
//! [`Opening::prepare`] opens and checks everything, [`Ready::start`] starts the workers.

use std::fmt;
use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_core::fleet::Saved;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_driver::{DescribeMachine, Driver, DriverError, DriverRegistry, DriverSetup};
use guichet_engine::manager::StartError;
use guichet_engine::{EngineConfig, ServerManager};
use guichet_store::Store;
use guichet_store::journal::{OnTrouble, StoredRecord};
use guichet_store::local::LocalStore;

use crate::data::{Data, DataError, DataPlace, Held};

/// Why a manager could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpeningError {
    /// The data directory could not be opened or gone on with, or the manager not be started.
    #[error(transparent)]
    Data(#[from] DataError),
    /// There is no such driver, or it cannot be used here.
    #[error(transparent)]
    Driver(#[from] DriverError),
}

impl From<StartError> for OpeningError {
    fn from(error: StartError) -> Self {
        Self::Data(error.into())
    }
}

/// What runs operations.
#[derive(Debug)]
pub enum DriverChoice {
    /// The driver that a registry has under this name.
    Named {
        /// Its name.
        name: Arc<str>,
        /// The drivers there are.
        registry: DriverRegistry,
        /// How it behaves, if it is a simulated one.
        profile: Profile,
    },
    /// A driver that was made elsewhere.
    Made(Arc<dyn Driver>),
}

impl DriverChoice {
    /// The simulated driver, with this profile.
    pub fn simulated(profile: Profile) -> Self {
        Self::Named {
            name: Arc::from(Simulated::NAME),
            registry: DriverRegistry::builtin(),
            profile,
        }
    }
}

/// A data directory or a database that is to be opened.
pub struct DataDir {
    /// Where it is.
    pub place: DataPlace,
    /// The networks that rows are about, in the order of their ids.
    pub networks: Vec<Arc<str>>,
    /// The users that rows are about, in the order of their ids.
    pub users: Vec<Arc<str>>,
    /// Called if the journal cannot be written, and when it can be again.
    pub on_trouble: OnTrouble,
}

impl fmt::Debug for DataDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataDir").field("place", &self.place).finish_non_exhaustive()
    }
}

/// Where a fleet is to live.
#[derive(Debug)]
pub enum FleetPlace {
    /// In memory: gone with the process.
    Memory,
    /// In a data directory.
    Data(DataDir),
    /// In memory, from what a snapshot has.
    Saved(Box<Saved>),
    /// In another store, made for the same configuration.
    Store(Arc<dyn Store>),
}

/// A manager that is to be opened.
#[derive(Debug)]
#[must_use = "nothing is opened until `prepare` is called"]
pub struct Opening {
    /// The manager's configuration; a data directory changes the seed at each start.
    pub config: EngineConfig,
    /// Where its fleet lives.
    pub fleet: FleetPlace,
    /// What runs its operations.
    pub driver: DriverChoice,
    /// The clock it goes by. A data directory brings its own.
    pub clock: WorldClock,
    /// How many machines the driver is to have capacity for from the start.
    pub machines: usize,
}

/// A manager that only needs to be started: its data directory is open, its driver is there.
#[derive(Debug)]
#[must_use = "nothing runs until `start` is called"]
pub struct Ready {
    /// The configuration, with the seed of this start.
    pub config: EngineConfig,
    /// The world's clock: of a data directory it goes on from the newest stamp there.
    pub clock: WorldClock,
    /// The driver that the manager will have.
    pub driver: Arc<dyn Driver>,
    /// What the data directory held, if there is one.
    pub held: Option<Held>,
    /// The records beside the fleet that the data directory has.
    pub found: Vec<StoredRecord>,
    /// Rules of the profile that name a project or a host there is not, one sentence each.
    pub unmatched_rules: Vec<String>,
    source: Source,
    describe: Option<Arc<dyn DescribeMachine>>,
}

/// Where the fleet comes from, opened.
enum Source {
    Memory,
    Saved(Box<Saved>),
    Data(Box<Data>, OnTrouble),
    Store(Arc<dyn Store>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "Memory",
            Self::Saved(_) => "Saved",
            Self::Data(..) => "Data",
            Self::Store(_) => "Store",
        })
    }
}

impl Opening {
    /// Opens the data directory, if there is one, checks the configuration and makes the driver.
    /// Nothing is started.
    ///
    /// # Errors
    /// [`OpeningError`].
    pub fn prepare(self) -> Result<Ready, OpeningError> {
        let Self { mut config, fleet, driver, mut clock, machines } = self;
        let (mut held, mut found) = (None, Vec::new());
        let source = match fleet {
            FleetPlace::Memory => Source::Memory,
            FleetPlace::Saved(saved) => Source::Saved(saved),
            FleetPlace::Store(store) => Source::Store(store),
            FleetPlace::Data(DataDir { place, networks, users, on_trouble }) => {
                let mut data = Data::open(place, &config, networks, users)?;
                held = Some(data.held());
                found = std::mem::take(&mut data.found);
                config.seed = data.seed(config.seed);
                clock = data.clock.clone();
                Source::Data(Box::new(data), on_trouble)
            }
        };
        config.check(&clock).map_err(StartError::from)?;
        let (driver, unmatched_rules) = made(driver, &config, &clock, machines)?;
        let describe = None;
        Ok(Ready { config, clock, driver, held, found, unmatched_rules, source, describe })
    }
}

impl Ready {
    /// Has an application describe machines to the driver.
    pub fn described_by(mut self, describe: Arc<dyn DescribeMachine>) -> Self {
        self.describe = Some(describe);
        self
    }

    /// The data directory, if there is one, and the records that were found in it.
    pub(crate) fn data_mut(&mut self) -> Option<(&mut Data, &mut Vec<StoredRecord>)> {
        match &mut self.source {
            Source::Data(data, _) => Some((data, &mut self.found)),
            Source::Memory | Source::Saved(_) | Source::Store(_) => None,
        }
    }

    /// Starts the manager. What is unfinished in a data directory or a store goes on. To be called
    /// inside a tokio runtime.
    ///
    /// # Errors
    /// See [`DataError`].
    pub fn start(self) -> Result<ServerManager, DataError> {
        let Self { config, clock, driver, source, describe, .. } = self;
        let mut builder = ServerManager::builder().driver(Arc::clone(&driver)).clock(clock.clone());
        if let Some(describe) = describe {
            builder = builder.describe_machines(describe);
        }
        let store = match source {
            Source::Memory => None,
            Source::Saved(saved) => {
                let fleet = config.fleet(driver.expected_service());
                let store = LocalStore::resume(fleet, Arc::new(clock), *saved);
                Some(Arc::new(store) as Arc<dyn Store>)
            }
            Source::Data(data, on_trouble) => Some(data.store(&config, &*driver, on_trouble)?),
            Source::Store(store) => Some(store),
        };
        if let Some(store) = store {
            builder = builder.store(store);
        }
        Ok(builder.config(config).start()?)
    }
}

/// The driver that was chosen, and what is wrong with its profile's rules.
fn made(
    choice: DriverChoice,
    config: &EngineConfig,
    clock: &WorldClock,
    machines: usize,
) -> Result<(Arc<dyn Driver>, Vec<String>), DriverError> {
    let (name, registry, profile) = match choice {
        DriverChoice::Made(driver) => return Ok((driver, Vec::new())),
        DriverChoice::Named { name, registry, profile } => (name, registry, profile),
    };
    let names = Names {
        projects: config.projects.iter().map(|project| Arc::clone(&project.name)).collect(),
        hosts: config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
    };
    let unmatched_rules = match &*name {
        Simulated::NAME => Simulated::unmatched_rules(&profile, &names),
        _ => Vec::new(),
    };
    let mut setup = DriverSetup::new(profile, clock.clone(), Chance::new(config.seed));
    setup.names = names;
    setup.machines = machines;
    Ok((registry.make(&name, &setup)?, unmatched_rules))
}
