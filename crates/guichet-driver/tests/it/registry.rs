//! Drivers by the name that a configuration gives.

use std::sync::Arc;

use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::rows::Outcome;
use guichet_driver::profile::Profile;
use guichet_driver::{DriverRegistry, DriverSetup};

use crate::support::{Ask, SEED, names, profile};

fn setup(profile: Profile) -> DriverSetup {
    let clock = WorldClock::virtual_time();
    let mut setup = DriverSetup::new(profile, clock, Chance::new(SEED));
    setup.names = names();
    setup.machines = 10;
    setup
}

#[tokio::test(start_paused = true)]
async fn the_simulated_driver_is_made_by_its_name() {
    let setup = setup(profile("default.delay.fixed.ms = 7"));
    let driver = DriverRegistry::builtin().make("simulated", &setup).unwrap();
    assert_eq!(driver.expected_service().as_millis(), 7);
    let call = Ask::new(Action::Create).call(&setup.clock);
    assert_eq!(driver.run(call).await, Outcome::Succeeded);
    assert_eq!(driver.list().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_name_is_answered_with_the_known_ones() {
    let mut registry = DriverRegistry::builtin();
    let setup = setup(profile(""));
    let error = registry.make("libvrt", &setup).unwrap_err();
    assert_eq!(error.to_string(), "there is no driver `libvrt`, expected one of: simulated");
    registry.add("libvirt", |_| Err("no socket at /run: start the daemon".to_owned()));
    assert_eq!(registry.names().collect::<Vec<_>>(), ["libvirt", "simulated"]);
    let error = registry.make("libvrt", &setup).unwrap_err().to_string();
    assert_eq!(error, "there is no driver `libvrt`, expected one of: libvirt, simulated");
    let error = registry.make("libvirt", &setup).unwrap_err().to_string();
    assert_eq!(error, "the driver `libvirt` cannot be used: no socket at /run: start the daemon");
}

/// A driver of one's own, under its own name or in place of a built-in one.
#[tokio::test(start_paused = true)]
async fn a_driver_of_ones_own_is_made_by_its_name() {
    let mut registry = DriverRegistry::builtin();
    let own: Arc<dyn guichet_driver::Driver> =
        registry.make("simulated", &setup(profile("default.delay.fixed.ms = 1"))).unwrap();
    let given = Arc::clone(&own);
    registry.add("simulated", move |_| Ok(Arc::clone(&given)));
    let made = registry.make("simulated", &setup(profile(""))).unwrap();
    assert!(Arc::ptr_eq(&made, &own));
}
