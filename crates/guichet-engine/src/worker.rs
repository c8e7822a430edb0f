//! The one handler under all models: take an operation, have the driver do it, settle.
//!
//! ```text
//! next ──claim──▶ drive ──outcome──▶ finish ──▶ next
//!                   │ the driver's call, or
//!                   ├ cancelled (a delete came): cancelled, then CANCEL_GRACE, then abandoned
//!                   ├ deadline passed: the same, and it failed for now: another attempt may help
//!                   └ the service stops and its patience is over: left as it is
//! ```

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use guichet_clock::{Alarm, WorldClock};
use guichet_core::action::Action;
use guichet_core::ids::WorkerId;
use guichet_core::limits;
use guichet_core::rows::{Claim, Outcome};
use guichet_core::server::Failure;
use guichet_core::settle::deadline_passed;
use guichet_core::time::Clock;
use guichet_driver::Call;
use guichet_store::{NextJob, Settled};
use tokio_util::sync::CancellationToken;

use crate::contained::{Panicked, contained};
use crate::shared::Shared;

/// One worker. It holds at most one claim, and gives its permits back by `finish`.
#[derive(Debug)]
pub(crate) struct Worker {
    shared: Arc<Shared>,
    id: WorkerId,
    /// Cancelled when the call this worker runs is. Reused from call to call, and replaced once it
    /// was cancelled: the store answers `Fenced` then.
    cancel: CancellationToken,
    /// Whether it counts among those that are awake: while it looks for work, or does some that
    /// waits for nothing. Relaxed, and read before it is written: no other thread looks at it.
    is_awake: AtomicBool,
    /// None while a call is waited for.
    alarms: Option<Alarms>,
}

/// The deadlines of calls, one after the other: by how long they are, so that each alarm goes forward only.
#[derive(Debug)]
struct Alarms {
    long: Alarm,
    short: Alarm,
}

impl Alarms {
    fn new(clock: &WorldClock) -> Self {
        Self { long: Alarm::new(clock.clone()), short: Alarm::new(clock.clone()) }
    }

    fn of(&mut self, action: Action) -> &mut Alarm {
        let is_long = action.rule().deadline > limits::ACTION_DEADLINE;
        if is_long { &mut self.long } else { &mut self.short }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.lies_down() {
            self.shared.store.wake().one();
        }
    }
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, id: WorkerId) -> Self {
        let cancel = shared.abandon.child_token();
        Self { shared, id, cancel, is_awake: AtomicBool::new(false), alarms: None }
    }

    fn rises(&self) {
        if !self.is_awake.load(Ordering::Relaxed) {
            self.is_awake.store(true, Ordering::Relaxed);
            self.shared.store.wake().rise();
        }
    }

    /// Whether somebody has to look for work that this worker was awake for.
    fn lies_down(&self) -> bool {
        let was_awake = self.is_awake.load(Ordering::Relaxed);
        self.is_awake.store(false, Ordering::Relaxed);
        was_awake && self.shared.store.wake().lie_down()
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
        let Shared { store, clock, .. } = &*self.shared;
        let wake = store.wake();
        loop {
            let woken = wake.waiting();
            if wake.is_closed() {
                return None;
            }
            self.rises();
            let look = || store.try_claim(self.id, &self.cancel);
            let until = match found.take().unwrap_or_else(look) {
                NextJob::Claim(claim) => return Some(claim),
                NextJob::Nothing { until } => until,
            };
            if self.lies_down() {
                continue;
            }
            let waits = async {
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
            self.awake_while_polled(std::pin::pin!(waits)).await;
            wake.up();
        }
    }

    /// Runs one claim to its outcome and settles it; `None` if it was abandoned.
    pub(crate) async fn serve(&mut self, claim: &Claim) -> Option<Settled> {
        let outcome = self.driven(claim).await?;
        let settled = self.shared.store.finish(claim, &outcome).wait().await;
        self.settled(claim, &outcome, settled).await;
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
            let (settled, found) = store.finish_and_claim(claim, &outcome, &self.cancel);
            (Some(settled), found)
        };
        self.settled(claim, &outcome, settled).await;
        found
    }

    /// What is to be done once an operation was settled.
    async fn settled(&mut self, claim: &Claim, outcome: &Outcome, settled: Option<Settled>) {
        if settled == Some(Settled::Final) {
            self.log_failure(claim, outcome);
        }
        if settled == Some(Settled::Fenced) || self.cancel.is_cancelled() {
            self.cancel = self.shared.abandon.child_token();
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
        let alarms = self.alarms.take();
        let mut alarms = alarms.unwrap_or_else(|| Alarms::new(&self.shared.clock));
        let outcome = self.drive(claim, alarms.of(claim.action)).await;
        self.alarms = Some(alarms);
        let outcome = outcome?;
        let Shared { clock, calls, .. } = &*self.shared;
        calls.add(claim.action, clock.now().since(claim.started));
        Some(outcome)
    }

    /// The driver's call, bounded by its deadline and by cancellation.
    async fn drive(&self, claim: &Claim, alarm: &mut Alarm) -> Option<Outcome> {
        let call = Call::new(claim, self.cancel.clone()).described_by(self.shared.describe.clone());
        let mut running = contained(self.shared.driver.run(call));
        // Most of what a wait needs is not needed by a call that is over at once.
        let first =
            std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut running).poll(context)));
        if let Poll::Ready(answer) = first.await {
            return Some(outcome(answer));
        }
        if self.lies_down() {
            self.shared.store.wake().one();
        }
        let waits = std::pin::pin!(self.wait_for(claim, alarm, running));
        self.awake_while_polled(waits).await
    }

    /// Waits, and counts as awake whenever there is something to look at: who looks at both sees either
    /// that somebody's time has come, or that this worker is at work.
    async fn awake_while_polled<T>(&self, mut waits: Pin<&mut impl Future<Output = T>>) -> T {
        std::future::poll_fn(|context| {
            self.rises();
            let polled = waits.as_mut().poll(context);
            if polled.is_pending() && self.lies_down() {
                self.shared.store.wake().one();
            }
            polled
        })
        .await
    }

    /// Waits for a call that was not over at once.
    async fn wait_for(
        &self,
        claim: &Claim,
        alarm: &mut Alarm,
        mut running: impl Future<Output = Result<Outcome, Panicked>> + Unpin,
    ) -> Option<Outcome> {
        let late = tokio::select! {
            biased;
            answer = &mut running => return Some(outcome(answer)),
            () = self.cancel.cancelled() => false,
            () = alarm.until(claim.deadline) => true,
        };
        self.cancel.cancel();
        let returned = tokio::select! {
            biased;
            answer = &mut running => Some(outcome(answer)),
            () = self.shared.abandon.cancelled() => return None,
            () = self.shared.clock.sleep(limits::CANCEL_GRACE) => None,
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
