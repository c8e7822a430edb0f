//! Handing out operations and taking their outcomes.

use guichet_core::ids::WorkerId;
use guichet_core::rows::{Claim, JobChange, Outcome};
use tokio_util::sync::CancellationToken;

use super::state::Deferred;
use super::store::LocalStore;
use crate::reply::Reply;
use crate::wake::Wake;
use crate::work::{NextJob, Settled, Work};

impl Work for LocalStore {
    fn try_claim(&self, worker: WorkerId, cancel: &CancellationToken) -> NextJob {
        let inner = &*self.inner;
        let (next, deferred) = inner.state.with_moment(|state, moment| {
            if state.is_busy() {
                // Whoever writes wakes a worker when it has caught up.
                return (NextJob::Nothing { until: None }, Deferred::default());
            }
            let at = inner.clock.at(moment);
            match state.fleet.claim(worker, at) {
                Some((effects, claim)) => {
                    state.set_running(&claim, cancel);
                    let mut deferred = inner.defer(state, &effects);
                    // This worker may be the one that had the alarm of a held job.
                    deferred.wake |= state.fleet.scheduler().next_timer().is_some();
                    (NextJob::Claim(claim), deferred)
                }
                None => {
                    let until = state.fleet.scheduler().next_timer();
                    (NextJob::Nothing { until }, Deferred::default())
                }
            }
        });
        inner.run_deferred(deferred);
        next
    }

    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Reply<Settled> {
        let inner = &*self.inner;
        let (settled, deferred) = inner.state.with_moment(|state, moment| {
            let at = inner.clock.at(moment);
            let effects = state.fleet.finish(claim, outcome, at);
            state.clear_running(claim);
            let settled = match effects.jobs.first() {
                _ if effects.servers.is_empty() => Settled::Fenced,
                Some(JobChange::Requeue { .. }) => Settled::Requeued,
                _ => Settled::Final,
            };
            (settled, inner.defer(state, &effects))
        });
        inner.run_deferred(deferred);
        // A worker does not wait for the disk: whoever watches the operation does.
        Reply::Ready(settled)
    }

    fn wake(&self) -> &Wake {
        &self.inner.wake
    }
}
