//! The two clocks. [`WorldClock`] is the world's: real, or virtual under a paused tokio runtime.
//! [`Stopwatch`] is the process's, for measuring what a step really costs.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the time")]

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp, VIRTUAL_START};
use tokio::time::Instant;

/// The wall clock is behind what was written by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the clock says {now}, and the newest row was written at {newest}: set the clock right, or \
     wait until it has passed that"
)]
pub struct ClockBehind {
    /// What the clock says.
    pub now: Timestamp,
    /// The newest stamp.
    pub newest: Timestamp,
}

/// The world's clock: what delays, deadlines and stamps go by. It never goes back, and it moves
/// with tokio's time: under a paused runtime it is virtual. All clones are the same clock.
#[derive(Debug, Clone)]
pub struct WorldClock {
    shared: Arc<Shared>,
}

/// What all clones of a clock share. Nothing in it changes, so it needs no lock.
#[derive(Debug)]
struct Shared {
    base: Timestamp,
    origin: Instant,
    is_virtual: bool,
}

impl WorldClock {
    /// Real time: the wall clock's at this moment, carried on by the monotonic clock.
    pub fn real() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let micros = u64::try_from(since.as_micros()).unwrap_or(1);
        Self::starting_at(Timestamp::from_micros(micros), false)
    }

    /// Real time that goes on from `newest`, the newest stamp there is, if the wall clock is a
    /// little behind it.
    ///
    /// # Errors
    /// It is further behind than [`limits::CLOCK_BACK_MAX`]: somebody should look.
    pub fn real_after(newest: Option<Timestamp>) -> Result<Self, ClockBehind> {
        let clock = Self::real();
        let now = clock.start();
        match newest {
            Some(newest) if newest.since(now) > limits::CLOCK_BACK_MAX => {
                Err(ClockBehind { now, newest })
            }
            Some(newest) if newest > now => Ok(Self::starting_at(newest, false)),
            _ => Ok(clock),
        }
    }

    /// Virtual time from [`VIRTUAL_START`]. To be made inside a paused runtime, which moves it.
    pub fn virtual_time() -> Self {
        Self::starting_at(VIRTUAL_START, true)
    }

    fn starting_at(base: Timestamp, is_virtual: bool) -> Self {
        Self { shared: Arc::new(Shared { base, origin: Instant::now(), is_virtual }) }
    }

    /// Whether time is virtual: then nothing may wait for another OS thread.
    pub fn is_virtual(&self) -> bool {
        self.shared.is_virtual
    }

    /// When this clock was made.
    pub fn start(&self) -> Timestamp {
        self.shared.base
    }

    /// Waits until `at`; at once if that has passed.
    pub async fn sleep_until(&self, at: Timestamp) {
        tokio::time::sleep_until(self.shared.origin + at.since(self.shared.base)).await;
    }

    /// Waits for `duration`.
    pub async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        self.shared.base.after(self.shared.origin.elapsed())
    }

    fn at(&self, moment: std::time::Instant) -> Timestamp {
        if self.shared.is_virtual {
            return self.now();
        }
        let origin = self.shared.origin.into_std();
        self.shared.base.after(moment.saturating_duration_since(origin))
    }
}

/// Measures real time, under virtual time too. Nothing it says may reach an output that a seed
/// must repeat.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Real time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
