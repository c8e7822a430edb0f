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
mod fixture;

use bench::Bench;
pub use fixture::Fixture;

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
        adopted_machines_are_machines
        adopting_changes_nothing_that_is_newer
        a_description_is_asked_for_once_a_call
    }
}
