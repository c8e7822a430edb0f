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
use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::Failure;
use guichet_core::state::VmState;
use guichet_core::time::{Clock, Timestamp};

use crate::call::Call;
use crate::driver::{Driver, Foreseen, Machine};
use crate::profile::{FaultKind, Profile};
pub use burn::Calibration;
use guichet_clock::WorldClock;
use machines::{Denied, Machines, Pass};
pub use names::Names;
use plan::{Fault, Plan, Subject};

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
    /// Whether every call is over before its deadline, and by time alone.
    foresees_all: bool,
}

impl Behaviour {
    fn new(profile: &Profile, names: &Names, clock: &WorldClock) -> Self {
        let (plans, _) = Plan::all(profile, names);
        if !clock.is_virtual() && plans.iter().any(|plan| !plan.cpu().is_zero()) {
            burn::calibrate();
        }
        let foresees = |(action, plan): (&Action, &Plan)| {
            !plan.may_outlast(action.rule().deadline)
                && (clock.is_virtual() || plan.cpu().is_zero())
        };
        let foresees_all = Action::ALL.iter().zip(&plans).all(foresees);
        let plans = plans.into_iter().map(Arc::new).collect();
        Self { plans, mean_service: profile.mean_service(), foresees_all }
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

    fn plan(&self, action: Action) -> Arc<Plan> {
        Arc::clone(&self.behaviour().plans[action as usize])
    }

    /// A call, begun, if time alone brings it about, before its deadline.
    fn begin(
        &self,
        subject: Subject<'_>,
        (now, deadline): (Timestamp, Timestamp),
    ) -> Option<Foreseen<'_>> {
        let plan = self.plan(subject.action);
        let (action, from) = (subject.action, subject.server.vm_state);
        if plan.is_instant() {
            let done =
                self.machines.apply_at_once(subject.server.id, subject.fence, (action, from));
            return Some(Foreseen::Over(answer(done)));
        }
        let fault = plan.fault(subject, self.chance).cloned();
        if fault.as_ref().is_some_and(|fault| fault.kind.outlasts()) {
            return None;
        }
        let (mut delay, work) = (plan.delay(subject, self.chance), plan.cpu());
        if !work.is_zero() {
            // Work costs no virtual time, so there it has to be a wait.
            if !self.clock.is_virtual() {
                return None;
            }
            delay += work;
        }
        if now.after(delay) >= deadline {
            return None;
        }
        // Held to the end: while it is out, newer calls cannot be forgotten.
        let pass = match self.machines.enter(subject.server.id, subject.fence) {
            Ok(pass) => pass,
            Err(denied) => return Some(Foreseen::Over(denial(denied))),
        };
        let end = move |is_cancelled| match is_cancelled {
            true => cancelled(),
            false => done(pass, fault.as_ref(), action, from),
        };
        Some(match delay.is_zero() {
            true => Foreseen::Over(end(false)),
            false => Foreseen::Later(delay, Box::new(end)),
        })
    }

    /// A call that computes, or may outlast its deadline.
    async fn simulate(&self, call: &Call) -> Outcome {
        let (plan, subject) = (self.plan(call.action), Subject::from(call));
        let pass = match self.machines.enter(call.server.id, call.fence) {
            Ok(pass) => pass,
            Err(denied) => return denial(denied),
        };
        let fault = plan.fault(subject, self.chance);
        let went_on = match fault.map(|fault| fault.kind) {
            Some(FaultKind::Stuck) => std::future::pending().await,
            Some(FaultKind::Timeout) => self.outlast(call).await,
            Some(FaultKind::Error | FaultKind::FailedButDone) | None => {
                let delay = plan.delay(subject, self.chance);
                self.take_time(call, delay, plan.cpu()).await
            }
        };
        if went_on { done(pass, fault, call.action, call.server.vm_state) } else { cancelled() }
    }

    /// Waits and computes as long as the call takes; false if it was cancelled before.
    async fn take_time(&self, call: &Call, mut delay: Duration, mut work: Duration) -> bool {
        if self.clock.is_virtual() {
            delay += std::mem::take(&mut work);
        }
        if !self.wait(call, delay).await {
            return false;
        }
        if !work.is_zero() && !burn::burn(work, &call.cancel).await {
            return false;
        }
        !call.cancel.is_cancelled()
    }

    /// Waits so long; false if the call was cancelled before.
    async fn wait(&self, call: &Call, delay: Duration) -> bool {
        if delay.is_zero() {
            return true;
        }
        tokio::select! {
            biased;
            () = call.cancel.cancelled() => false,
            () = self.clock.sleep(delay) => true,
        }
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
        if call.cancel.is_cancelled() {
            return cancelled();
        }
        match self.begin(Subject::from(&call), (self.clock.now(), call.deadline)) {
            Some(Foreseen::Over(outcome)) => outcome,
            Some(Foreseen::Later(delay, end)) => end(!self.wait(&call, delay).await),
            // Boxed, so that the box of another call stays small.
            None => Box::pin(self.simulate(&call)).await,
        }
    }

    fn foresee(&self, claim: &Claim) -> Option<Foreseen<'_>> {
        self.begin(Subject::from(claim), (claim.started, claim.deadline))
    }

    fn foresees_all(&self) -> bool {
        self.behaviour().foresees_all
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

/// What comes of a call whose time has come.
fn done(pass: Pass<'_>, fault: Option<&Fault>, action: Action, from: VmState) -> Outcome {
    let Some(fault) = fault else {
        return answer(pass.apply(action, from));
    };
    match fault.kind {
        FaultKind::Timeout => fault.outcome(Failure::Deadline),
        FaultKind::FailedButDone => match pass.apply(action, from) {
            Ok(()) => fault.outcome(Failure::Driver),
            Err(denied) => denial(denied),
        },
        FaultKind::Error | FaultKind::Stuck => fault.outcome(Failure::Driver),
    }
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
