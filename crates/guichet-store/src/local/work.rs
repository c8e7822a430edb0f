//! Handing out operations and taking their outcomes.

use guichet_core::ids::WorkerId;
use guichet_core::limits;
use guichet_core::observation::Observation;
use guichet_core::rows::{Claim, JobChange, Outcome};
use guichet_core::time::Timestamp;
use tokio_util::sync::CancellationToken;

use super::inner::Inner;
use super::state::{Deferred, State};
use super::store::LocalStore;
use crate::reply::Reply;
use crate::wake::Wake;
use crate::work::{NextJob, Settled, Work};

/// When something can be done that nothing but time brings about.
fn next_alarm(state: &State) -> Option<Timestamp> {
    let held = state.fleet.scheduler().next_timer();
    held.into_iter().chain(state.fleet.next_expiry()).min()
}

impl Inner {
    /// Ends states whose time is over, some at a time: the next look for work goes on.
    fn expire(&self, state: &mut State, at: Timestamp, deferred: &mut Deferred) {
        for _ in 0..limits::EXPIRIES_PER_STEP {
            let Some(effects) = state.fleet.expire(at) else {
                break;
            };
            // What time asks for interrupts nothing and ends nothing, so no call is stopped and
            // nobody waits for an end.
            self.defer(state, &effects, deferred);
        }
    }

    /// Hands an operation out, if nothing holds it up.
    fn claim(
        &self,
        state: &mut State,
        worker: WorkerId,
        cancel: &CancellationToken,
        at: Timestamp,
        deferred: &mut Deferred,
    ) -> NextJob {
        if state.holds_up_starts() {
            // Whoever writes wakes a worker when it has caught up.
            return NextJob::Nothing { until: None };
        }
        self.expire(state, at, deferred);
        match state.fleet.claim(worker, at) {
            Some((effects, claim)) => {
                state.set_running(&claim, cancel);
                // Work that states left is looked at once more.
                deferred.wake = false;
                self.defer(state, &effects, deferred);
                // This worker may be the one that had the alarm of a held job.
                deferred.wake |= next_alarm(state).is_some();
                NextJob::Claim(claim)
            }
            None => NextJob::Nothing { until: next_alarm(state) },
        }
    }

    /// Takes an outcome in.
    fn settle(
        &self,
        state: &mut State,
        claim: &Claim,
        outcome: &Outcome,
        at: Timestamp,
        deferred: &mut Deferred,
    ) -> Settled {
        let effects = state.fleet.finish(claim, outcome, at);
        state.clear_running(claim);
        self.defer(state, &effects, deferred);
        match effects.jobs.first() {
            _ if effects.servers.is_empty() => Settled::Fenced,
            Some(JobChange::Requeue { .. }) => Settled::Requeued,
            _ => Settled::Final,
        }
    }
}

impl Work for LocalStore {
    fn try_claim(&self, worker: WorkerId, cancel: &CancellationToken) -> NextJob {
        let (inner, mut deferred) = (&*self.inner, Deferred::default());
        let next = inner.state.briefly(|state, moment| {
            inner.claim(state, worker, cancel, inner.at(moment), &mut deferred)
        });
        inner.run_deferred(deferred);
        next
    }

    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Reply<Settled> {
        let (inner, mut deferred) = (&*self.inner, Deferred::default());
        let settled = inner.state.briefly(|state, moment| {
            inner.settle(state, claim, outcome, inner.at(moment), &mut deferred)
        });
        inner.run_deferred(deferred);
        // A worker does not wait for the disk: whoever watches the operation does.
        Reply::Ready(settled)
    }

    fn finish_and_claim(
        &self,
        claim: &Claim,
        outcome: &Outcome,
        cancel: &CancellationToken,
    ) -> (Settled, Option<NextJob>) {
        let inner = &*self.inner;
        let (mut deferred, mut wakes) = (Deferred::default(), false);
        let (settled, next) = inner.state.briefly(|state, moment| {
            let at = inner.at(moment);
            let settled = inner.settle(state, claim, outcome, at, &mut deferred);
            if settled == Settled::Fenced || cancel.is_cancelled() {
                return (settled, None);
            }
            // What the outcome left to do is this worker's, and so is an alarm by which it waits;
            // others are for what is left now.
            deferred.wake &= inner.wake.is_each();
            let mut claimed = Deferred::default();
            let next = inner.claim(state, claim.worker, cancel, at, &mut claimed);
            deferred.write = deferred.write.max(claimed.write);
            wakes = claimed.wake;
            (settled, Some(next))
        });
        inner.run_deferred(deferred);
        if wakes {
            inner.wake.one();
        }
        (settled, next)
    }

    fn observe(&self, observation: &Observation) {
        let (inner, mut deferred) = (&*self.inner, Deferred::default());
        inner.state.with_moment(|state, moment| {
            let effects = state.fleet.observe(observation, inner.at(moment));
            inner.defer(state, &effects, &mut deferred);
        });
        inner.run_deferred(deferred);
    }

    fn wake(&self) -> &Wake {
        &self.inner.wake
    }
}
