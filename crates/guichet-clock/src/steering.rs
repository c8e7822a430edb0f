//! Time that is steered: stopped, made faster, moved on.
//!
//! Whoever sleeps by such a clock is listed until it wakes, so whoever steers it knows what comes
//! next, and whether all that was due has been seen to. A change wakes all of them: each looks at the
//! time anew, and most go on sleeping.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use guichet_core::time::Timestamp;
use tokio::sync::Notify;

/// How a world's time goes.
#[derive(Debug, Default)]
pub(crate) struct Steering {
    /// Whether it was ever steered; until then it is the real one. Release: what `state` says was
    /// written before.
    is_steered: AtomicBool,
    /// The latest time that anybody was told, µs: whatever is set meanwhile, it does not go back.
    /// Relaxed: each reads and raises it in one step.
    latest_us: AtomicU64,
    /// Held to read or change one thing, never across a wait.
    state: Mutex<State>,
    /// Wakes those who sleep, once the time is another.
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// The process's time of the last change, since the clock's origin.
    since: Duration,
    /// The world's time at that moment.
    at: Timestamp,
    /// Seconds of the world in a second of the process; 0 is stopped.
    speed: f64,
    /// Until when they sleep, each with a number of its own.
    sleepers: BTreeSet<(Timestamp, u64)>,
    number: u64,
}

impl Default for State {
    fn default() -> Self {
        let at = Timestamp::from_micros(0);
        Self { since: Duration::ZERO, at, speed: 1.0, sleepers: BTreeSet::new(), number: 0 }
    }
}

impl State {
    fn now(&self, elapsed: Duration) -> Timestamp {
        self.at.after(elapsed.saturating_sub(self.since).mul_f64(self.speed))
    }
}

/// Somebody who sleeps; listed until it is dropped.
pub(crate) struct Sleeper<'a> {
    steering: &'a Steering,
    place: (Timestamp, u64),
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.steering.state().sleepers.remove(&self.place);
    }
}

impl Steering {
    /// Steered from the beginning of the process's time for it.
    pub(crate) fn from(at: Timestamp, speed: f64) -> Self {
        let steering = Self::default();
        {
            let mut state = steering.state();
            (state.at, state.speed) = (at, speed);
        }
        steering.is_steered.store(true, Ordering::Release);
        steering
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world's time, if it is another than the real one by now.
    pub(crate) fn now(&self, elapsed: Duration) -> Option<Timestamp> {
        self.is_steered.load(Ordering::Acquire).then(|| self.state().now(elapsed))
    }

    /// Seconds of the world in a second of the process.
    pub(crate) fn speed(&self) -> f64 {
        self.state().speed
    }

    /// What is told of a time: not less than was told before.
    pub(crate) fn ratchet(&self, now: Timestamp) -> Timestamp {
        let before = self.latest_us.fetch_max(now.micros(), Ordering::Relaxed);
        now.max(Timestamp::from_micros(before))
    }

    /// Goes on from `at` or from now, whichever is later, and at this speed if one is said. `elapsed` says
    /// how late it is for the process, `real` what that is for the world if nobody has steered it yet.
    pub(crate) fn set(
        &self,
        (at, speed): (Option<Timestamp>, Option<f64>),
        elapsed: impl Fn() -> Duration,
        real: impl Fn(Duration) -> Timestamp,
    ) {
        let mut state = self.state();
        let elapsed = elapsed();
        let is_steered = self.is_steered.load(Ordering::Acquire);
        let now = if is_steered { state.now(elapsed) } else { real(elapsed) };
        let now = self.ratchet(now);
        state.since = elapsed;
        state.at = at.map_or(now, |at| at.max(now));
        state.speed = speed.unwrap_or(state.speed);
        self.is_steered.store(true, Ordering::Release);
        drop(state);
        self.changed.notify_waiters();
    }

    /// Lists somebody who is about to sleep.
    pub(crate) fn sleeper(&self, until: Timestamp) -> Sleeper<'_> {
        let mut state = self.state();
        state.number += 1;
        let place = (until, state.number);
        state.sleepers.insert(place);
        drop(state);
        Sleeper { steering: self, place }
    }

    /// Comes when the time has been changed after this call, which is to be followed by a look at it.
    pub(crate) fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.changed.notified()
    }

    /// Of those who sleep: how many are due by then, and when the first of the others is.
    pub(crate) fn sleepers(&self, now: Timestamp) -> Sleepers {
        let state = self.state();
        let due = state.sleepers.range(..=(now, u64::MAX)).count();
        let next = state.sleepers.iter().nth(due).map(|(at, _)| *at);
        Sleepers { due, next }
    }
}

/// Who sleeps by a clock that can be steered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sleepers {
    /// How many of them should be awake by now, and will be in a moment.
    pub due: usize,
    /// When the first of the others is to wake.
    pub next: Option<Timestamp>,
}
