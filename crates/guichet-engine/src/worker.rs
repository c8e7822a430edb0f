//! The one handler under all models: take an operation, have the driver do it, settle.
//!
//! ```text
//! next ──claim──▶ driven ──outcome─▶ finish ──▶ next
//!                   │ the driver's call, or
//!                   ├ cancelled (a delete came): cancelled, then CANCEL_GRACE, then abandoned
//!                   ├ deadline passed: the same, and it failed for now: another attempt may help
//!                   └ the service stops and its patience is over: left as it is
//! ```

mod waits;

use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use guichet_clock::Alarm;
use guichet_core::ids::WorkerId;
use guichet_core::limits;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::Failure;
use guichet_core::settle::deadline_passed;
use guichet_core::time::Clock;
use guichet_driver::{Call, Foreseen};
use guichet_store::wake::Wake;
use guichet_store::{NextJob, Settled};
use tokio_util::sync::CancellationToken;
use waits::{Cancelled, Waits};

use crate::contained::{Panicked, contained, contained_at_once};
use crate::shared::Shared;

/// One worker. It holds at most one claim, and gives its permits back by `finish`.
#[derive(Debug)]
pub(crate) struct Worker {
    shared: Arc<Shared>,
    id: WorkerId,
    waits: Waits,
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.waits.awake.lies_down(self.wake()) {
            self.wake().one();
        }
    }
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, id: WorkerId) -> Self {
        let waits = Waits::new(&shared);
        Self { shared, id, waits }
    }

    fn wake(&self) -> &Wake {
        self.shared.store.wake()
    }

    /// Works until the service stops.
    pub(crate) async fn run(mut self) {
        let mut found = None;
        loop {
            let claim = match found {
                Some(NextJob::Claim(claim)) => claim,
                found => match self.next_after(found).await {
                    Some(claim) => claim,
                    None => return,
                },
            };
            found = self.serve_and_claim(&claim).await;
            // A driver that never waits must not keep the thread from everybody else.
            tokio::task::coop::consume_budget().await;
        }
    }

    /// Waits for an operation; `None` when the service stops.
    pub(crate) async fn next(&mut self) -> Option<Claim> {
        self.next_after(None).await
    }

    /// The same for one who has just looked, and has found this.
    async fn next_after(&mut self, mut found: Option<NextJob>) -> Option<Claim> {
        let Self { shared, id, waits } = self;
        let Shared { store, clock, .. } = &**shared;
        let wake = store.wake();
        loop {
            let woken = wake.waiting();
            if wake.is_closed() {
                return None;
            }
            waits.awake.rises(wake);
            let look = || store.try_claim(*id, &waits.cancelled.token);
            let until = match found.take().unwrap_or_else(look) {
                NextJob::Claim(claim) => return Some(claim),
                NextJob::Nothing { until } => until,
            };
            if waits.awake.lies_down(wake) {
                continue;
            }
            let comes = async {
                match until {
                    None => woken.await,
                    Some(at) => {
                        tokio::select! {
                            biased;
                            () = woken => {}
                            () = clock.sleep_until(at) => {}
                        }
                    }
                }
            };
            let mut comes = std::pin::pin!(comes);
            waits.awake.while_polled(wake, |context| comes.as_mut().poll(context)).await;
            wake.up();
        }
    }

    /// Runs one claim to its outcome and settles it; `None` if it was abandoned.
    pub(crate) async fn serve(&mut self, claim: &Claim) -> Option<Settled> {
        let outcome = self.driven(claim).await?;
        let settled = self.shared.store.finish(claim, &outcome).wait().await;
        self.settled(claim, &outcome, settled, false).await;
        settled
    }

    /// The same, and looks for the next operation in the step that settles this one. None if it has
    /// not looked.
    async fn serve_and_claim(&mut self, claim: &Claim) -> Option<NextJob> {
        let outcome = self.driven(claim).await?;
        let store = &*self.shared.store;
        // Who stops, or has caused more than is read, takes no more at once; nor does who is about
        // to give way to others (see `run`): it would do so with an operation in its hands.
        let takes_none = store.wake().is_closed()
            || store.hub().is_behind()
            || !tokio::task::coop::has_budget_remaining();
        let (settled, found) = if takes_none {
            (store.finish(claim, &outcome).wait().await, None)
        } else {
            let (settled, found) =
                store.finish_and_claim(claim, &outcome, &self.waits.cancelled.token);
            (Some(settled), found)
        };
        let has_next = matches!(found, Some(NextJob::Claim(_)));
        self.settled(claim, &outcome, settled, has_next).await;
        found
    }

    /// What is to be done once an operation was settled, and perhaps the next one taken: what cancels
    /// that is there already.
    async fn settled(
        &mut self,
        claim: &Claim,
        outcome: &Outcome,
        settled: Option<Settled>,
        has_next: bool,
    ) {
        if settled == Some(Settled::Final) {
            self.log_failure(claim, outcome);
        }
        let cancelled = &mut self.waits.cancelled;
        if !has_next && (settled == Some(Settled::Fenced) || cancelled.token.is_cancelled()) {
            *cancelled = Cancelled::new(&self.shared);
        }
        if self.shared.admission.intake.is_closed() {
            self.shared.admission.intake.quiet.notify_waiters();
        }
        if self.shared.store.hub().is_behind() {
            // A lossless reader that has gone to sleep must not hold up the stop.
            tokio::select! {
                biased;
                () = self.shared.store.hub().caught_up() => {}
                () = self.shared.abandon.cancelled() => {}
            }
        }
    }

    /// Logs an operation that failed for good: one a second at most, with how many there were.
    fn log_failure(&self, claim: &Claim, outcome: &Outcome) {
        let Outcome::Failed { kind, message, .. } = outcome else {
            return;
        };
        let Some(not_shown) = self.shared.failures.count(&self.shared.watch) else {
            return;
        };
        tracing::warn!(
            action = claim.action.as_str(),
            server = %claim.operation.server,
            attempt = claim.attempt,
            reason = kind.as_str(),
            // As it is in quotes: it is the driver's own text.
            ?message,
            not_shown,
            "an operation failed"
        );
    }

    /// The driver's call, measured.
    async fn driven(&mut self, claim: &Claim) -> Option<Outcome> {
        let Self { shared, waits, .. } = self;
        let outcome = match contained_at_once(|| shared.driver.foresee(claim)) {
            Ok(Some(Foreseen::Over(outcome))) => outcome,
            Ok(Some(Foreseen::Later(after, end))) => {
                let is_cancelled = waits.until_over(shared, claim, after).await;
                outcome(contained_at_once(|| end(is_cancelled)))
            }
            Ok(None) => drive(shared, waits, claim).await?,
            Err(panicked) => outcome(Err(panicked)),
        };
        let Shared { clock, calls, .. } = &**shared;
        calls.add(claim.action, clock.now().since(claim.started));
        Some(outcome)
    }
}

/// A call that the driver does not foresee, bounded by its deadline and by cancellation.
async fn drive(shared: &Shared, waits: &mut Waits, claim: &Claim) -> Option<Outcome> {
    let Waits { cancelled, awake, alarms } = waits;
    let wake = shared.store.wake();
    let call = Call::new(claim, cancelled.token.clone()).described_by(shared.describe.clone());
    let mut running = contained(shared.driver.run(call));
    // Most of what a wait needs is not needed by a call that is over at once.
    let first = std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut running).poll(context)));
    if let Poll::Ready(answer) = first.await {
        return Some(outcome(answer));
    }
    if awake.lies_down(wake) {
        wake.one();
    }
    let (_, alarm) = alarms.for_call(claim.action);
    let mut answer = std::pin::pin!(wait_for(shared, &cancelled.token, claim, alarm, running));
    awake.while_polled(wake, |context| answer.as_mut().poll(context)).await
}

/// Waits for a call that was not over at once.
async fn wait_for(
    shared: &Shared,
    cancel: &CancellationToken,
    claim: &Claim,
    alarm: &mut Alarm,
    mut running: impl Future<Output = Result<Outcome, Panicked>> + Unpin,
) -> Option<Outcome> {
    let late = tokio::select! {
        biased;
        answer = &mut running => return Some(outcome(answer)),
        () = cancel.cancelled() => false,
        () = alarm.until(claim.deadline) => true,
    };
    cancel.cancel();
    let returned = tokio::select! {
        biased;
        answer = &mut running => Some(outcome(answer)),
        () = shared.abandon.cancelled() => return None,
        () = shared.clock.sleep(limits::CANCEL_GRACE) => None,
    };
    Some(match returned {
        // It made it after all.
        Some(Outcome::Succeeded) => Outcome::Succeeded,
        Some(_) | None if late => deadline_passed(claim),
        Some(failed) => failed,
        None => Outcome::Failed {
            kind: Failure::Driver,
            transient: true,
            message: Arc::from("The call was told to stop and did not return."),
        },
    })
}

/// What a call came to: its outcome, or that the driver panicked, which trying again would not
/// change.
fn outcome(answer: Result<Outcome, Panicked>) -> Outcome {
    answer.unwrap_or_else(|_| Outcome::Failed {
        kind: Failure::Driver,
        transient: false,
        message: Arc::from("The driver panicked."),
    })
}
