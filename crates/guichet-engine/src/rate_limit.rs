//! How many requests a second one project may send: a token bucket each, by the clock that is
//! handed in, so that virtual time holds here too.

use std::num::NonZeroU32;
use std::ops::Add;
use std::time::Duration;

use governor::clock::{Clock as GovernorClock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use guichet_clock::WorldClock;
use guichet_core::ids::ProjectId;
use guichet_core::time::{Clock, Timestamp};

/// An instant as the bucket counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Timestamp);

impl Add<Nanos> for Instant {
    type Output = Self;

    /// Rounded up to the clock's microsecond: who waits until then must not come too early.
    fn add(self, by: Nanos) -> Self {
        let micros = Duration::from(by).as_nanos().div_ceil(1_000);
        Self(self.0.after(Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))))
    }
}

impl Reference for Instant {
    fn duration_since(&self, earlier: Self) -> Nanos {
        Nanos::from(self.0.since(earlier.0))
    }

    fn saturating_sub(&self, by: Nanos) -> Self {
        let micros = u64::try_from(Duration::from(by).as_micros()).unwrap_or(u64::MAX);
        Self(Timestamp::from_micros(self.0.micros().saturating_sub(micros)))
    }
}

#[derive(Debug, Clone)]
struct BucketClock(WorldClock);

impl GovernorClock for BucketClock {
    type Instant = Instant;

    fn now(&self) -> Instant {
        Instant(self.0.now())
    }
}

/// The buckets of all projects.
pub struct ProjectRate {
    limiter:
        RateLimiter<ProjectId, HashMapStateStore<ProjectId>, BucketClock, NoOpMiddleware<Instant>>,
    clock: BucketClock,
}

impl std::fmt::Debug for ProjectRate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProjectRate").finish_non_exhaustive()
    }
}

impl ProjectRate {
    /// `per_second` requests a second for each project, as many at once.
    pub fn new(per_second: NonZeroU32, clock: WorldClock) -> Self {
        let clock = BucketClock(clock);
        let limiter = RateLimiter::new(
            Quota::per_second(per_second),
            HashMapStateStore::default(),
            clock.clone(),
        );
        Self { limiter, clock }
    }

    /// Counts one request of a project against its rate.
    ///
    /// # Errors
    /// The project has sent too many: how long until it may send another.
    pub fn check(&self, project: ProjectId) -> Result<(), Duration> {
        self.limiter
            .check_key(&project)
            .map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }
}
