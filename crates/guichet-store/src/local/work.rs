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
    fn expire(&self, state: &mut State, at: Timestamp) -> Deferred {
        let mut deferred = Deferred::default();
        for _ in 0..limits::EXPIRIES_PER_STEP {
            let Some(effects) = state.fleet.expire(at) else {
                break;
            };
            // What time asks for interrupts nothing and ends nothing, so no call is stopped and
            // nobody waits for an end.
            let step = self.defer(state, &effects);
            deferred.wake |= step.wake;
            deferred.write = deferred.write.max(step.write);
        }
        deferred
    }
}

impl Inner {
    /// Hands an operation out, if nothing holds it up.
    fn claim(
        &self,
        state: &mut State,
        worker: WorkerId,
        cancel: &CancellationToken,
        at: Timestamp,
    ) -> (NextJob, Deferred) {
        if state.holds_up_starts() {
            // Whoever writes wakes a worker when it has caught up.
            return (NextJob::Nothing { until: None }, Deferred::default());
        }
        let expired = self.expire(state, at);
        match state.fleet.claim(worker, at) {
            Some((effects, claim)) => {
                state.set_running(&claim, cancel);
                let mut deferred = self.defer(state, &effects);
                // This worker may be the one that had the alarm of a held job.
                deferred.wake |= next_alarm(state).is_some();
                deferred.write = deferred.write.max(expired.write);
                (NextJob::Claim(claim), deferred)
            }
            None => (NextJob::Nothing { until: next_alarm(state) }, expired),
        }
    }

    /// Takes an outcome in.
    fn settle(
        &self,
        state: &mut State,
        claim: &Claim,
        outcome: &Outcome,
        at: Timestamp,
    ) -> (Settled, Deferred) {
        let effects = state.fleet.finish(claim, outcome, at);
        state.clear_running(claim);
        let settled = match effects.jobs.first() {
            _ if effects.servers.is_empty() => Settled::Fenced,
            Some(JobChange::Requeue { .. }) => Settled::Requeued,
            _ => Settled::Final,
        };
        (settled, self.defer(state, &effects))
    }
}

impl Work for LocalStore {
    fn try_claim(&self, worker: WorkerId, cancel: &CancellationToken) -> NextJob {
        let inner = &*self.inner;
        let (next, deferred) = inner
            .state
            .with_moment(|state, moment| inner.claim(state, worker, cancel, inner.at(moment)));
        inner.run_deferred(deferred);
        next
    }

    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Reply<Settled> {
        let inner = &*self.inner;
        let (settled, deferred) = inner
            .state
            .with_moment(|state, moment| inner.settle(state, claim, outcome, inner.at(moment)));
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
        let (settled, next, deferred, wakes) = inner.state.with_moment(|state, moment| {
            let at = inner.at(moment);
            let (settled, mut deferred) = inner.settle(state, claim, outcome, at);
            if settled == Settled::Fenced || cancel.is_cancelled() {
                return (settled, None, deferred, false);
            }
            let (next, claimed) = inner.claim(state, claim.worker, cancel, at);
            // What the outcome left to do is this worker's, and so is an alarm by which it waits;
            // others are for what is left now.
            deferred.wake &= inner.wake.is_each();
            deferred.write = deferred.write.max(claimed.write);
            (settled, Some(next), deferred, claimed.wake)
        });
        inner.run_deferred(deferred);
        if wakes {
            inner.wake.one();
        }
        (settled, next)
    }

    fn observe(&self, observation: &Observation) {
        let inner = &*self.inner;
        let deferred = inner.state.with_moment(|state, moment| {
            let effects = state.fleet.observe(observation, inner.at(moment));
            inner.defer(state, &effects)
        });
        inner.run_deferred(deferred);
    }

    fn wake(&self) -> &Wake {
        &self.inner.wake
    }
}
