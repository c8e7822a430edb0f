//! The simulated driver: behaves as its [`Profile`] says and keeps only what runs now.
//!
//! A call enters, waits, computes, and only then takes effect, under the lock, if no newer call
//! for its server was seen meanwhile (`machines.rs`). Its delay and its fault are draws by seed,
//! client, request and attempt, never by what runs beside it: the same client's n-th request
//! meets the same fate in every execution model.
//!
//! As faithful as the service needs: machines have a power state and nothing inside, hosts have
//! no speed and no bound of their own, and a reboot shows no state between.

mod burn;
mod machines;
mod names;
mod plan;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use async_trait::async_trait;
use guichet_core::chance::Chance;
use guichet_core::rows::Outcome;
use guichet_core::server::Failure;

use crate::call::Call;
use crate::driver::{Driver, Machine};
use crate::profile::{FaultKind, Profile};
pub use burn::Calibration;
use guichet_clock::WorldClock;
use machines::{Denied, Machines};
pub use names::Names;
use plan::{Plan, Rule};

/// How far past a call's deadline a time-out stays silent: the caller has long given up.
const TIMEOUT_MARGIN: Duration = Duration::from_secs(1);

/// A driver without real machines: it waits, computes and fails as its profile says.
#[derive(Debug)]
pub struct Simulated {
    /// Read once a call, and replaced by [`Driver::behave`]. Never held across a wait.
    behaviour: RwLock<Behaviour>,
    names: Names,
    machines: Machines,
    clock: WorldClock,
    chance: Chance,
}

/// What a profile comes to.
#[derive(Debug)]
struct Behaviour {
    /// In the order of `Action::ALL`.
    plans: Vec<Arc<Plan>>,
    mean_service: Duration,
}

impl Behaviour {
    fn new(profile: &Profile, names: &Names, clock: &WorldClock) -> Self {
        let (plans, _) = Plan::all(profile, names);
        if !clock.is_virtual() && plans.iter().any(|plan| !plan.cpu().is_zero()) {
            burn::calibrate();
        }
        let plans = plans.into_iter().map(Arc::new).collect();
        Self { plans, mean_service: profile.mean_service() }
    }
}

impl Simulated {
    /// Its name in a configuration.
    pub const NAME: &'static str = "simulated";

    /// A driver without machines. If the profile has a CPU part and time is real, the first one
    /// of a process takes some milliseconds to measure the processor.
    #[expect(clippy::needless_pass_by_value, reason = "it is configuration, handed over")]
    pub fn new(profile: Profile, names: Names, clock: WorldClock, chance: Chance) -> Self {
        let behaviour = RwLock::new(Behaviour::new(&profile, &names, &clock));
        Self { behaviour, names, machines: Machines::default(), clock, chance }
    }

    /// The same with capacity for that many machines, so that its table never grows while calls
    /// wait for it. About 40 bytes a machine.
    #[must_use]
    pub fn with_capacity_for(self, machines: usize) -> Self {
        self.machines.reserve(machines);
        self
    }

    /// [`Driver::adopt`], for whoever has this driver in hand.
    pub fn adopt(&self, machines: impl IntoIterator<Item = Machine>) {
        for machine in machines {
            self.machines.adopt(machine);
        }
    }

    /// The fault rules of a profile that can never apply, as they name a project or host that does
    /// not exist: one sentence each, for whoever wrote the profile.
    pub fn unmatched_rules(profile: &Profile, names: &Names) -> Vec<String> {
        Plan::all(profile, names).1
    }

    fn behaviour(&self) -> RwLockReadGuard<'_, Behaviour> {
        self.behaviour.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call that takes time or may go wrong.
    async fn simulate(&self, call: &Call, plan: &Plan) -> Outcome {
        // Held to the end: while it is out, newer calls cannot be forgotten.
        let pass = match self.machines.enter(call.server.id, call.fence) {
            Ok(pass) => pass,
            Err(denied) => return denial(denied),
        };
        let fault = plan.fault(call, self.chance);
        let went_on = match fault.map(|rule| rule.kind) {
            Some(FaultKind::Stuck) => std::future::pending().await,
            Some(FaultKind::Timeout) => self.outlast(call).await,
            Some(FaultKind::Error | FaultKind::FailedButDone) | None => {
                self.take_time(call, plan).await
            }
        };
        if !went_on {
            return cancelled();
        }
        let Some(rule) = fault else {
            return answer(pass.apply(call.action, call.server.vm_state));
        };
        match rule.kind {
            FaultKind::Timeout => failure(rule, Failure::Deadline),
            FaultKind::FailedButDone => match pass.apply(call.action, call.server.vm_state) {
                Ok(()) => failure(rule, Failure::Driver),
                Err(denied) => denial(denied),
            },
            FaultKind::Error | FaultKind::Stuck => failure(rule, Failure::Driver),
        }
    }

    /// Waits and computes as long as the call takes; false if it was cancelled before.
    async fn take_time(&self, call: &Call, plan: &Plan) -> bool {
        let (mut delay, mut work) = (plan.delay(call, self.chance), plan.cpu());
        if self.clock.is_virtual() {
            // Work costs no virtual time, so there it has to be a wait.
            delay += std::mem::take(&mut work);
        }
        if !delay.is_zero() {
            tokio::select! {
                biased;
                () = call.cancel.cancelled() => return false,
                () = self.clock.sleep(delay) => {}
            }
        }
        if !work.is_zero() && !burn::burn(work, &call.cancel).await {
            return false;
        }
        !call.cancel.is_cancelled()
    }

    /// Does nothing until the caller has given up; false if the call was cancelled before.
    async fn outlast(&self, call: &Call) -> bool {
        tokio::select! {
            biased;
            () = call.cancel.cancelled() => false,
            () = self.clock.sleep_until(call.deadline.after(TIMEOUT_MARGIN)) => true,
        }
    }
}

#[async_trait]
impl Driver for Simulated {
    async fn run(&self, call: Call) -> Outcome {
        let plan = Arc::clone(&self.behaviour().plans[call.action as usize]);
        if plan.is_instant() {
            if call.cancel.is_cancelled() {
                return cancelled();
            }
            let what = (call.action, call.server.vm_state);
            return answer(self.machines.apply_at_once(call.server.id, call.fence, what));
        }
        // Boxed apart, so that the box of an instant call stays small.
        Box::pin(self.simulate(&call, &plan)).await
    }

    /// Copies under the lock, which holds up calls meanwhile: meant for start-up and checks.
    async fn list(&self) -> Vec<Machine> {
        let mut machines = self.machines.list();
        machines.sort_unstable_by_key(|machine| machine.server);
        machines
    }

    fn expected_service(&self) -> Duration {
        self.behaviour().mean_service
    }

    fn behave(&self, profile: &Profile) -> bool {
        let behaviour = Behaviour::new(profile, &self.names, &self.clock);
        *self.behaviour.write().unwrap_or_else(PoisonError::into_inner) = behaviour;
        true
    }

    fn adopt(&self, machines: &mut dyn Iterator<Item = Machine>) {
        Self::adopt(self, machines);
    }
}

fn answer(done: Result<(), Denied>) -> Outcome {
    match done {
        Ok(()) => Outcome::Succeeded,
        Err(denied) => denial(denied),
    }
}

/// What a call that a rule hit answers.
fn failure(rule: &Rule, kind: Failure) -> Outcome {
    Outcome::Failed { kind, transient: rule.transient, message: Arc::clone(&rule.message) }
}

/// What a call that did nothing answers. Trying again would do nothing again.
fn denial(denied: Denied) -> Outcome {
    let message = match denied {
        Denied::Overtaken => "A newer call for this server overtook this one.",
        Denied::NoMachine => "The machine does not exist.",
    };
    Outcome::Failed { kind: Failure::Driver, transient: false, message: Arc::from(message) }
}

/// What a call that was cancelled answers.
fn cancelled() -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient: true, message: Arc::from("cancelled") }
}
