//! What a worker waits by: who wakes it, and what of that it keeps from call to call.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use guichet_clock::{Alarm, WorldClock};
use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::rows::Claim;
use guichet_store::wake::Wake;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::shared::Shared;

/// What one worker waits by.
#[derive(Debug)]
pub(super) struct Waits {
    pub(super) cancelled: Cancelled,
    pub(super) awake: Awake,
    pub(super) alarms: Alarms,
}

impl Waits {
    pub(super) fn new(shared: &Shared) -> Self {
        Self {
            cancelled: Cancelled::new(shared),
            awake: Awake::default(),
            alarms: Alarms::new(&shared.clock),
        }
    }

    /// Waits until a call is over that takes so long, or is cancelled: whether it is.
    pub(super) async fn until_over(
        &mut self,
        shared: &Shared,
        claim: &Claim,
        after: Duration,
    ) -> bool {
        let Self { cancelled, awake, alarms } = self;
        // It has nothing to do with this call. But where other calls may last until their deadlines,
        // which of those is noticed first goes by what the alarm stood at before.
        let mut deadline = (!shared.driver.foresees_all()).then_some(claim.deadline);
        let (end, alarm) = alarms.for_call(claim.action);
        let is_cancelled = {
            let mut is_over = pin!(end.after(after));
            let poll = |context: &mut Context<'_>| {
                if cancelled.poll(context) {
                    return Poll::Ready(true);
                }
                let polled = is_over.as_mut().poll(context).map(|()| false);
                if let Some(at) = deadline.take() {
                    alarm.set(at);
                }
                polled
            };
            awake.while_polled(shared.store.wake(), poll).await
        };
        if is_cancelled {
            // Its time has not come, and moved on it would keep its old place.
            end.clear();
        }
        is_cancelled
    }
}

/// Whether a worker counts among those that are awake: while it looks for work, or does some that
/// waits for nothing. Relaxed, and read before it is written: no other thread looks at it.
#[derive(Debug, Default)]
pub(super) struct Awake(AtomicBool);

impl Awake {
    pub(super) fn rises(&self, wake: &Wake) {
        if !self.0.load(Ordering::Relaxed) {
            self.0.store(true, Ordering::Relaxed);
            wake.rise();
        }
    }

    /// Whether somebody has to look for work that this worker was awake for.
    pub(super) fn lies_down(&self, wake: &Wake) -> bool {
        let was_awake = self.0.load(Ordering::Relaxed);
        self.0.store(false, Ordering::Relaxed);
        was_awake && wake.lie_down()
    }

    /// Waits, and counts as awake whenever there is something to look at: who looks at both sees either
    /// that somebody's time has come, or that this worker is at work.
    pub(super) async fn while_polled<T>(
        &self,
        wake: &Wake,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> T {
        std::future::poll_fn(|context| {
            self.rises(wake);
            let polled = poll(context);
            if polled.is_pending() && self.lies_down(wake) {
                wake.one();
            }
            polled
        })
        .await
    }
}

/// What tells a worker to stop its call: used for call after call, and replaced once it was cancelled; the
/// store answers `Fenced` then.
#[derive(Debug)]
pub(super) struct Cancelled {
    pub(super) token: CancellationToken,
    /// Waits for that, from when it is first polled on.
    waits: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Who is woken by it, if it was polled.
    waker: Option<Waker>,
}

impl Cancelled {
    pub(super) fn new(shared: &Shared) -> Self {
        let token = shared.abandon.child_token();
        Self { waits: Box::pin(token.clone().cancelled_owned()), waker: None, token }
    }

    /// Whether it is cancelled; if not, whoever asks is woken when it is. To take a place among those who
    /// wait and give it back costs several times what keeping it does.
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        match &self.waker {
            Some(waker) if waker.will_wake(context.waker()) => self.token.is_cancelled(),
            _ => {
                self.waker = Some(context.waker().clone());
                self.waits.as_mut().poll(context).is_ready()
            }
        }
    }
}

/// When calls are over, and their deadlines by how long those are: one call after the other, so that each
/// alarm mostly goes forward.
#[derive(Debug)]
pub(super) struct Alarms {
    end: Alarm,
    long: Alarm,
    short: Alarm,
}

impl Alarms {
    fn new(clock: &WorldClock) -> Self {
        let alarm = || Alarm::new(clock.clone());
        Self { end: alarm(), long: alarm(), short: alarm() }
    }

    /// For the end of a call of this action, and for its deadline.
    pub(super) fn for_call(&mut self, action: Action) -> (&mut Alarm, &mut Alarm) {
        let is_long = action.rule().deadline > limits::ACTION_DEADLINE;
        (&mut self.end, if is_long { &mut self.long } else { &mut self.short })
    }
}
