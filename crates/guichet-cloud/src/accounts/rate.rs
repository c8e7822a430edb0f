//! How many requests about accounts one user may send in a minute.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use guichet_core::bucket;
use guichet_core::time::Timestamp;

use super::error::AccountError;

/// Buckets of names that nobody has: they are limited as the others, so that a refusal tells nothing,
/// and share these, so that no one can make up names until memory is full.
const STRANGERS: usize = 256;

/// A [`bucket`] for each user.
pub(super) struct UserRate {
    per_min: NonZeroU32,
    /// When each bucket is empty, those of strangers in front. Held for one reading and writing of a
    /// number.
    empty_at: Mutex<Vec<Timestamp>>,
    strangers: RandomState,
}

impl UserRate {
    pub(super) fn new(per_min: NonZeroU32) -> Self {
        let empty_at = vec![Timestamp::from_micros(0); STRANGERS];
        Self { per_min, empty_at: Mutex::new(empty_at), strangers: RandomState::new() }
    }

    /// Counts a request of a user, or by a name that is none's.
    ///
    /// # Errors
    /// [`AccountError::RateLimited`].
    pub(super) fn check(
        &self,
        user: Result<usize, &str>,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let stranger = |name| self.strangers.hash_one(name) as usize % STRANGERS;
        let number = user.map_or_else(stranger, |user| STRANGERS + user);
        let mut empty_at = self.empty_at.lock().unwrap_or_else(PoisonError::into_inner);
        if number >= empty_at.len() {
            // As many as there are users at most.
            empty_at.resize(number + 1, Timestamp::from_micros(0));
        }
        let Some(empty_at) = empty_at.get_mut(number) else { return Ok(()) };
        bucket::count(empty_at, self.per_min.get(), now)
            .map_err(|retry_after| AccountError::RateLimited { per_min: self.per_min, retry_after })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn limited(per_min: u32, seconds: u64) -> AccountError {
        let per_min = NonZeroU32::new(per_min).unwrap();
        AccountError::RateLimited { per_min, retry_after: Duration::from_secs(seconds) }
    }

    #[test]
    fn so_many_a_minute_and_then_one_at_a_time_when_it_was_said() {
        let rate = UserRate::new(NonZeroU32::new(3).unwrap());
        let start = Timestamp::from_micros(1_000_000);
        for _ in 0..3 {
            rate.check(Ok(0), start).unwrap();
        }
        let refused = rate.check(Ok(0), start).unwrap_err();
        assert_eq!(refused, limited(3, 20));
        rate.check(Ok(1), start).unwrap();
        rate.check(Err("nobody"), start).unwrap();
        rate.check(Ok(0), start.after(Duration::from_secs(19))).unwrap_err();
        rate.check(Ok(0), start.after(Duration::from_secs(20))).unwrap();
        rate.check(Ok(0), start.after(Duration::from_secs(20))).unwrap_err();
    }

    #[test]
    fn names_that_nobody_has_are_limited_alike() {
        let rate = UserRate::new(NonZeroU32::MIN);
        let start = Timestamp::from_micros(1);
        rate.check(Err("nobody"), start).unwrap();
        assert_eq!(rate.check(Err("nobody"), start).unwrap_err(), limited(1, 60));
    }
}
