//! What workers use: the next operation in fair order, and its outcome.

use guichet_core::ids::WorkerId;
use guichet_core::observation::Observation;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::time::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::reply::Reply;
use crate::wake::Wake;

/// What a worker that looks for work finds.
#[derive(Debug)]
pub enum NextJob {
    /// The worker is to do this; the permits are taken.
    Claim(Claim),
    /// Nothing can start. The worker looks again when woken, and at this time if one is given.
    Nothing {
        /// When a job that waits for a time may start, or a state ends.
        until: Option<Timestamp>,
    },
}

/// What became of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The operation is over.
    Final,
    /// It went back to the queue for another attempt.
    Requeued,
    /// It was not waited for any more: it had been cancelled, or settled before.
    Fenced,
}

/// The part of a store that hands out work.
pub trait Work {
    /// Hands the next operation in fair order to a worker, with all its permits. `cancel` is
    /// cancelled if the operation is, while it runs.
    fn try_claim(&self, worker: WorkerId, cancel: &CancellationToken) -> NextJob;

    /// Takes the outcome of a claim and gives its permits back.
    fn finish(&self, claim: &Claim, outcome: &Outcome) -> Reply<Settled>;

    /// Both as one step: takes the outcome of a claim, and hands its worker the next operation, or
    /// says that there is none: then the worker waits as after [`try_claim`](Self::try_claim). It was
    /// not looked (`None`) if the outcome was not waited for any more, for the call was told to stop
    /// then: the worker looks for itself, with another `cancel`.
    fn finish_and_claim(
        &self,
        claim: &Claim,
        outcome: &Outcome,
        cancel: &CancellationToken,
    ) -> (Settled, Option<NextJob>);

    /// Takes in what a driver has seen happen to a machine.
    fn observe(&self, observation: &Observation);

    /// What wakes idle workers.
    fn wake(&self) -> &Wake;
}
