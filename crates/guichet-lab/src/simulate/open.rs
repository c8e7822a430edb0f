//! How a run gets its manager: as a service does, in memory or on a data directory that an earlier
//! run may have left something in. Nothing else in the lab opens one.

use guichet_clock::WorldClock;
use guichet_cloud::data::DataPlace;
use guichet_cloud::opening::{DataDir, DriverChoice, FleetPlace, Opening, Ready};

use super::error::RunError;
use super::scenario::Scenario;

/// Opens the data directory, if there is one, checks the configuration and makes the driver.
/// Nothing is started, so that what else may fail can be tried before.
///
/// # Errors
/// A data directory or a configuration that nothing can be started with.
pub(super) fn prepare(scenario: &Scenario) -> Result<Ready, RunError> {
    let clock = match scenario.virtual_time {
        true => WorldClock::noted_virtual_time(),
        false => WorldClock::real(),
    };
    let fleet = match &scenario.data {
        // Nobody here has a name, and no server a network.
        Some(data) => FleetPlace::Data(DataDir {
            place: DataPlace::Dir(data.dir.clone()),
            networks: Vec::new(),
            users: Vec::new(),
            on_trouble: Box::new(data.on_trouble),
        }),
        None => FleetPlace::Memory,
    };
    let opening = Opening {
        config: scenario.config.clone(),
        fleet,
        driver: DriverChoice::simulated(scenario.profile.clone()),
        clock,
        // Under virtual time nobody waits while a table grows.
        machines: if scenario.virtual_time { 0 } else { scenario.config.servers_max },
    };
    Ok(opening.prepare()?)
}
