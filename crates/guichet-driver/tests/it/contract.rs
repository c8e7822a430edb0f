//! The contract against the simulated driver, and against drivers with one flaw each: the suite
//! must find it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::ids::ServerId;
use guichet_core::rows::Outcome;
use guichet_core::server::Failure;
use guichet_core::state::PowerState;
use guichet_driver::contract::{Fixture, run};
use guichet_driver::profile::Profile;
use guichet_driver::{Call, Driver, Machine};

use crate::support::{SEED, profile, seeded};

async fn check_virtual(profile: &Profile) {
    run(async || {
        let clock = WorldClock::virtual_time();
        Fixture::new(seeded(profile.clone(), clock.clone(), SEED), clock)
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn simulated_keeps_it_at_once() {
    check_virtual(&Profile::builtin("instant").unwrap()).await;
}

#[tokio::test(start_paused = true)]
async fn simulated_keeps_it_fast() {
    check_virtual(&Profile::builtin("fast").unwrap()).await;
}

#[tokio::test(start_paused = true)]
async fn simulated_keeps_it_at_realistic_speed() {
    check_virtual(&Profile::builtin("realistic").unwrap()).await;
}

/// A delete overtakes whatever is on its way, and returns long before it.
#[tokio::test(start_paused = true)]
async fn simulated_keeps_it_when_deletes_are_quickest() {
    let text = "default.delay.fixed.ms = 60_000\ndelete.delay.fixed.ms = 1";
    check_virtual(&profile(text)).await;
}

/// In real time: the CPU part really computes, in chunks.
#[tokio::test]
async fn simulated_keeps_it_while_it_computes() {
    let profile = profile("default.cpu_ms = 0.25");
    run(async || {
        let clock = WorldClock::real();
        Fixture::new(seeded(profile.clone(), clock.clone(), SEED), clock)
    })
    .await;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    ForgetsFences,
    LooksAtFencesTooEarly,
    ListsInNoOrder,
    IgnoresCancel,
    FailsOnRepeats,
    KeepsPower,
    AdoptsWhatIsOlder,
    DescribesTwice,
}

/// A driver that is right but for its flaw. It remembers every fence for ever.
#[derive(Debug)]
struct Flawed {
    flaw: Flaw,
    /// Held for one step, never across a wait.
    known: Mutex<HashMap<ServerId, (u32, Option<Machine>)>>,
}

impl Flawed {
    fn refuses(&self, call: &Call) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (seen, _) = known.entry(call.server.id).or_default();
        let older = call.fence < *seen;
        *seen = call.fence.max(*seen);
        older && self.flaw != Flaw::ForgetsFences
    }

    fn apply(&self, call: &Call) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, machine) = known.entry(call.server.id).or_default();
        let power_state = match (call.action, &machine) {
            (Action::Delete, _) => {
                *machine = None;
                return true;
            }
            (Action::Create, Some(_)) if self.flaw == Flaw::FailsOnRepeats => return false,
            (Action::Create, _) => PowerState::Running,
            (_, None) => return false,
            (_, Some(found)) if self.flaw == Flaw::KeepsPower => found.power_state,
            (Action::Stop, _) => PowerState::Shutdown,
            _ => PowerState::Running,
        };
        *machine = Some(Machine { server: call.server.id, fence: call.fence, power_state });
        true
    }
}

#[async_trait]
impl Driver for Flawed {
    async fn run(&self, call: Call) -> Outcome {
        let failed = |message: &str| Outcome::Failed {
            kind: Failure::Driver,
            transient: false,
            message: message.into(),
        };
        if self.flaw == Flaw::DescribesTwice {
            assert_eq!(call.spec(), call.spec());
        }
        if self.refuses(&call) {
            return failed("older");
        }
        let pause = tokio::time::sleep(Duration::from_secs(11));
        tokio::select! {
            () = call.cancel.cancelled(), if self.flaw != Flaw::IgnoresCancel => {
                return failed("cancelled");
            }
            // One second less for a delete, so that it is done before what it overtakes.
            () = tokio::time::sleep(Duration::from_secs(10)), if call.action == Action::Delete => {}
            () = pause => {}
        }
        if self.flaw != Flaw::LooksAtFencesTooEarly && self.refuses(&call) {
            return failed("overtaken");
        }
        if self.apply(&call) { Outcome::Succeeded } else { failed("cannot") }
    }

    async fn list(&self) -> Vec<Machine> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut machines: Vec<_> = known.values().filter_map(|(_, machine)| *machine).collect();
        machines.sort_by_key(|machine| machine.server);
        if self.flaw == Flaw::ListsInNoOrder {
            machines.reverse();
        }
        machines
    }

    fn expected_service(&self) -> Duration {
        Duration::from_secs(11)
    }

    fn adopt(&self, machines: &mut dyn Iterator<Item = Machine>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for machine in machines {
            let (seen, found) = known.entry(machine.server).or_default();
            if machine.fence >= *seen || self.flaw == Flaw::AdoptsWhatIsOlder {
                *seen = machine.fence;
                *found = Some(machine);
            }
        }
    }
}

async fn check_flawed(flaw: Flaw) {
    run(async || {
        let flawed = Flawed { flaw, known: Mutex::default() };
        Fixture::new(flawed, WorldClock::virtual_time())
    })
    .await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "an_older_fence_is_refused_and_changes_nothing: ")]
async fn finds_a_driver_that_forgets_fences() {
    check_flawed(Flaw::ForgetsFences).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "a_late_create_does_not_resurrect: ")]
async fn finds_a_driver_that_looks_at_fences_too_early() {
    check_flawed(Flaw::LooksAtFencesTooEarly).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "the_list_is_ordered_and_complete: ")]
async fn finds_a_driver_that_lists_in_no_order() {
    check_flawed(Flaw::ListsInNoOrder).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "a_cancelled_call_returns_and_can_be_made_again: no answer within 10s")]
async fn finds_a_driver_that_ignores_cancel() {
    check_flawed(Flaw::IgnoresCancel).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "every_action_is_idempotent: create with fence 1")]
async fn finds_a_driver_that_fails_on_repeats() {
    check_flawed(Flaw::FailsOnRepeats).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "stop_start_and_reboots_set_the_power: ")]
async fn finds_a_driver_that_keeps_the_power() {
    check_flawed(Flaw::KeepsPower).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "adopting_changes_nothing_that_is_newer: ")]
async fn finds_a_driver_that_adopts_what_is_older() {
    check_flawed(Flaw::AdoptsWhatIsOlder).await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "a_description_is_asked_for_once_a_call: ")]
async fn finds_a_driver_that_asks_for_descriptions_again() {
    check_flawed(Flaw::DescribesTwice).await;
}
