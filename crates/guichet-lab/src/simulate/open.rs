//! How a run gets its manager: in memory, or on a data directory that an earlier run may have left
//! something in. Nothing else in the lab opens one.

use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_driver::Driver;
use guichet_driver::simulated::{Names, Simulated};
use guichet_cloud::data::Data;
use guichet_engine::manager::StartError;
use guichet_engine::{EngineConfig, ServerManager};

use super::error::RunError;
use super::scenario::{DataDir, Scenario};

/// Everything that a manager needs, checked, but not started yet.
pub(super) struct Opening<'a> {
    data: Option<(Data, &'a DataDir)>,
    /// The scenario's configuration, with the seed that the data directory began with.
    pub(super) config: EngineConfig,
    /// The world's clock: of a data directory it goes on from its newest stamp.
    pub(super) clock: WorldClock,
    /// The driver that the manager will have.
    pub(super) driver: Arc<Simulated>,
}

impl<'a> Opening<'a> {
    /// Opens the data directory, if there is one, and checks the configuration. Nothing is
    /// started, so that what else may fail can be tried before [`start`](Self::start).
    ///
    /// # Errors
    /// A data directory or a configuration that nothing can be started with.
    pub(super) fn prepare(scenario: &'a Scenario) -> Result<Self, RunError> {
        let data = match &scenario.data {
            Some(dir) => {
                Some((Data::open(&dir.dir, &scenario.config, Vec::new(), Vec::new())?, dir))
            }
            None => None,
        };
        let clock = match &data {
            Some((data, _)) => data.clock.clone(),
            None if scenario.virtual_time => WorldClock::virtual_time(),
            None => WorldClock::real(),
        };
        let seed = scenario.config.seed;
        let seed = data.as_ref().map_or(seed, |(data, _)| data.seed(seed));
        let config = EngineConfig { seed, ..scenario.config.clone() };
        config.check(&clock).map_err(StartError::from)?;
        let names = Names {
            projects: config.projects.iter().map(|project| Arc::clone(&project.name)).collect(),
            hosts: config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
        };
        let chance = Chance::new(config.seed);
        let driver = Simulated::new(scenario.profile.clone(), names, clock.clone(), chance);
        let driver = Arc::new(driver.with_capacity_for(config.servers_max));
        Ok(Self { data, config, clock, driver })
    }

    /// Starts the manager. With a data directory it goes on with what is unfinished there.
    ///
    /// # Errors
    /// A manager that cannot be started.
    pub(super) fn start(&mut self) -> Result<ServerManager, RunError> {
        let driver: Arc<dyn Driver> = Arc::clone(&self.driver) as Arc<dyn Driver>;
        Ok(match self.data.take() {
            Some((data, dir)) => {
                self.driver.adopt(data.machines());
                data.start(&self.config, driver, Box::new(dir.on_trouble))?
            }
            None => ServerManager::start(&self.config, driver, self.clock.clone())?,
        })
    }
}
