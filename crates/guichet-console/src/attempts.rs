//! How often somebody may try to sign in, by address.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use guichet_core::bucket;
use guichet_core::limits;
use guichet_core::time::Timestamp;

/// A [`bucket`] for each of so many addresses. Which addresses share one nobody knows beforehand.
pub(crate) struct Attempts {
    hashes: RandomState,
    /// When each is empty. Held to read and write one number.
    empty_at: Mutex<Vec<Timestamp>>,
}

impl Default for Attempts {
    fn default() -> Self {
        let empty_at = vec![Timestamp::from_micros(0); limits::CONSOLE_LOGIN_BUCKETS];
        Self { hashes: RandomState::new(), empty_at: Mutex::new(empty_at) }
    }
}

impl Attempts {
    /// Counts a try.
    ///
    /// # Errors
    /// How long until the address may try again.
    pub(crate) fn count(&self, source: Option<IpAddr>, now: Timestamp) -> Result<(), Duration> {
        let number = self.hashes.hash_one(source) as usize % limits::CONSOLE_LOGIN_BUCKETS;
        let mut empty_at = self.empty_at.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(empty_at) = empty_at.get_mut(number) else { return Ok(()) };
        bucket::count(empty_at, limits::CONSOLE_LOGINS_PER_MIN, now)
    }
}

#[cfg(test)]
mod tests {
    use guichet_core::bucket::MINUTE;

    use super::*;

    #[test]
    fn so_many_a_minute_and_then_one_at_a_time() {
        let attempts = Attempts::default();
        let start = Timestamp::from_micros(1_000_000);
        for _ in 0..limits::CONSOLE_LOGINS_PER_MIN {
            attempts.count(None, start).unwrap();
        }
        let wait = attempts.count(None, start).unwrap_err();
        assert_eq!(wait, MINUTE / limits::CONSOLE_LOGINS_PER_MIN);
        attempts.count(None, start.after(wait)).unwrap();
        attempts.count(None, start.after(wait)).unwrap_err();
    }
}
