//! When requests are sent.

use std::pin::Pin;
use std::time::Duration;

use guichet_clock::{Alarm, WorldClock};
use guichet_core::time::{Clock, Timestamp};
use tokio_util::sync::WaitForCancellationFuture;

use crate::simulate::clients::Lab;

/// The virtual clock goes on in steps of this: who sleeps wakes up so much too late at most.
pub(super) const VIRTUAL_TICK: Duration = Duration::from_millis(1);

/// The times of requests, one after the other: to wait for the stop anew each time, or to take another
/// place among those who wait for the time, costs as much as the wait.
pub(super) struct Times<'a> {
    clock: &'a WorldClock,
    stopped: Pin<Box<WaitForCancellationFuture<'a>>>,
    alarm: Alarm,
}

impl<'a> Times<'a> {
    pub(super) fn new(lab: &'a Lab) -> Self {
        let alarm = Alarm::new(lab.clock.clone());
        Self { clock: &lab.clock, stopped: Box::pin(lab.stop.cancelled()), alarm }
    }

    /// Waits until it is time to send, or no more is to be sent.
    pub(super) async fn wait_until(&mut self, at: Timestamp) {
        if self.clock.now() < at {
            tokio::select! {
                biased;
                () = &mut self.stopped => {}
                () = self.alarm.until(at) => {}
            }
        }
    }
}

/// When a request that is sent now was meant to be: virtual time is late by less than a tick because
/// of how it is counted, and nobody has waited for that.
pub(super) fn meant(lab: &Lab, at: Timestamp, now: Timestamp) -> Timestamp {
    if lab.clock.is_virtual() && now.since(at) < VIRTUAL_TICK { at.max(now) } else { at }
}
