//! Drivers by name, so that a configuration can say which one it wants.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;

use crate::Driver;
use crate::profile::Profile;
use crate::simulated::{Names, Simulated};

/// What a driver is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DriverSetup {
    /// The names of the projects and hosts it will see the ids of.
    pub names: Names,
    /// The clock that deadlines and delays go by.
    pub clock: WorldClock,
    /// What it draws by, if it leaves anything to chance.
    pub chance: Chance,
    /// How a simulated driver behaves.
    pub profile: Profile,
    /// How many machines it is to have capacity for from the start.
    pub machines: usize,
}

impl DriverSetup {
    /// A setup that knows no project and no host by name, and has capacity for no machine yet.
    pub fn new(profile: Profile, clock: WorldClock, chance: Chance) -> Self {
        Self { names: Names::default(), clock, chance, profile, machines: 0 }
    }
}

/// Why there is no driver.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriverError {
    /// No driver has that name: the configuration is to name another.
    #[error("there is no driver `{name}`, expected one of: {known}")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names there are, in order.
        known: String,
    },
    /// The driver could not be made.
    #[error("the driver `{name}` cannot be used: {reason}")]
    Unusable {
        /// The name by which it was asked for.
        name: String,
        /// Why not, and what to do.
        reason: String,
    },
}

/// Makes a driver, or says why it cannot be used here.
type Constructor = Box<dyn Fn(&DriverSetup) -> Result<Arc<dyn Driver>, String> + Send + Sync>;

/// The drivers there are.
pub struct DriverRegistry {
    constructors: BTreeMap<&'static str, Constructor>,
}

impl DriverRegistry {
    /// The drivers that come with this crate: `simulated`.
    pub fn builtin() -> Self {
        let mut registry = Self { constructors: BTreeMap::new() };
        registry.add(Simulated::NAME, |setup| {
            let (profile, clock) = (setup.profile.clone(), setup.clock.clone());
            let driver = Simulated::new(profile, setup.names.clone(), clock, setup.chance);
            Ok(Arc::new(driver.with_capacity_for(setup.machines)))
        });
        registry
    }

    /// Adds a driver, in place of one of the same name. The text of its error is to say what to
    /// do.
    pub fn add(
        &mut self,
        name: &'static str,
        make: impl Fn(&DriverSetup) -> Result<Arc<dyn Driver>, String> + Send + Sync + 'static,
    ) {
        self.constructors.insert(name, Box::new(make));
    }

    /// The names there are, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.constructors.keys().copied()
    }

    /// Whether there is a driver of that name: what a configuration is checked by before anything
    /// is made.
    ///
    /// # Errors
    /// No driver has the name.
    pub fn check(&self, name: &str) -> Result<(), DriverError> {
        self.constructor(name).map(drop)
    }

    fn constructor(&self, name: &str) -> Result<&Constructor, DriverError> {
        self.constructors.get(name).ok_or_else(|| {
            let known: Vec<_> = self.names().collect();
            DriverError::Unknown { name: name.to_owned(), known: known.join(", ") }
        })
    }

    /// Makes the driver of that name.
    ///
    /// # Errors
    /// No driver has the name, or the driver cannot be used here.
    pub fn make(&self, name: &str, setup: &DriverSetup) -> Result<Arc<dyn Driver>, DriverError> {
        let make = self.constructor(name)?;
        make(setup).map_err(|reason| DriverError::Unusable { name: name.to_owned(), reason })
    }
}

impl Default for DriverRegistry {
    fn default() -> Self {
        Self::builtin()
    }
}

impl fmt::Debug for DriverRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
