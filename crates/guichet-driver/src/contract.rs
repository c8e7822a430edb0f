//! The contract of a driver, as checks: what every driver must pass before the service may trust
//! it. A driver's own tests call [`run`]; what fails panics with the name of its check.
//!
//! ```
//! # use guichet_core::chance::Chance;
//! # use guichet_clock::WorldClock;
//! # use guichet_driver::contract::{self, Fixture};
//! # use guichet_driver::profile::Profile;
//! # use guichet_driver::simulated::{Names, Simulated};
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! contract::run(async || {
//!     let (profile, clock) = (Profile::builtin("fast").unwrap(), WorldClock::virtual_time());
//!     Fixture::new(Simulated::new(profile, Names::default(), clock.clone(), Chance::new(1)), clock)
//! })
//! .await;
//! # }
//! ```
//!
//! Every check has a driver of its own, empty and without faults. A check waits for answers, or
//! lets a call run on beside another, but never for time to pass, so it suits real and virtual
//! time and drivers of any speed.

mod bench;
mod checks;

use std::sync::Arc;

use guichet_core::ids::{FlavorId, HostId, ImageId, ProjectId, ServerId};
use guichet_core::server::{Server, Size};
use guichet_core::state::{PowerState, VmState};
use guichet_core::time::Clock;

use crate::Driver;
use bench::Bench;
use guichet_clock::WorldClock;

/// What a check is made on.
#[derive(Debug)]
pub struct Fixture {
    /// The driver, without machines. It must not be told to fail.
    pub driver: Box<dyn Driver>,
    /// The clock that its deadlines go by.
    pub clock: WorldClock,
    /// What the checks' servers are like, but for id, fence and operation. A driver whose hosts,
    /// flavors or images matter puts in some that it knows.
    pub template: Server,
}

impl Fixture {
    /// A fixture whose servers are the smallest, on the first host of the first project.
    pub fn new(driver: impl Driver + 'static, clock: WorldClock) -> Self {
        let template = Server {
            created_by: guichet_core::ids::ClientId(0),
            details: None,
            launched: None,
            id: ServerId::from_bits(0),
            project: ProjectId(0),
            size: Size { vcpus: 1, ram_mib: 64 },
            flavor: FlavorId(0),
            image: ImageId(0),
            host: Some(HostId(0)),
            vm_state: VmState::Building,
            task_state: None,
            power_state: PowerState::None,
            ever_started: true,
            fence: 0,
            operations: 1,
            created: clock.now(),
            updated: clock.now(),
            name: Arc::from("contract"),
            fault: None,
            active: None,
        };
        Self { driver: Box::new(driver), clock, template }
    }
}

/// Makes each check on a fixture of its own, one after another.
///
/// # Panics
/// At the first check that fails, with its name and what was expected.
pub async fn run(make: impl AsyncFn() -> Fixture) {
    macro_rules! each {
        ($($check:ident)*) => { $(
            checks::$check(&Bench::new(stringify!($check), make().await)).await;
        )* };
    }
    each! {
        create_makes_a_running_machine
        the_list_is_ordered_and_complete
        stop_start_and_reboots_set_the_power
        every_action_is_idempotent
        delete_removes_the_machine_and_nothing_else
        what_needs_a_machine_fails_for_good_without_one
        an_older_fence_is_refused_and_changes_nothing
        a_cancelled_call_returns_and_can_be_made_again
        a_call_cancelled_before_it_began_returns
        a_late_create_does_not_resurrect
        a_late_change_does_not_resurrect
        a_dropped_call_blocks_nothing
    }
}
