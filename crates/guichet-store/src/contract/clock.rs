//! The clock of the suite.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use guichet_core::time::{Clock, Timestamp, VIRTUAL_START};

/// A clock that moves only when it is moved.
#[derive(Debug)]
pub struct ManualClock {
    /// Microseconds since 1970. Relaxed: it orders nothing but itself.
    micros: AtomicU64,
}

impl ManualClock {
    /// A clock at [`VIRTUAL_START`].
    pub fn new() -> Self {
        Self { micros: AtomicU64::new(VIRTUAL_START.micros()) }
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        let micros = u64::try_from(by.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::Relaxed))
    }
}
