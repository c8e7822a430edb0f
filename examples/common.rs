//! What the examples share: a simulated driver for the default cloud.

use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_driver::Driver;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};

/// A simulated driver that behaves as one of the built-in profiles.
pub fn simulated(profile: &str, clock: WorldClock) -> Arc<dyn Driver> {
    let profile = Profile::builtin(profile).expect("the name is a built-in profile's");
    let names = Names { projects: Vec::new(), hosts: Vec::new() };
    Arc::new(Simulated::new(profile, names, clock, Chance::new(1)))
}
