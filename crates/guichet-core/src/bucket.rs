//! How often something may be done in a minute: a bucket that a number describes.

use std::time::Duration;

use crate::time::Timestamp;

/// How far ahead of now a full bucket is empty.
pub const MINUTE: Duration = Duration::from_secs(60);

/// Counts one more by the generic cell rate algorithm: a bucket is full when the time at which it would
/// be empty, `empty_at`, lies a minute ahead. `per_min` at once fill it, then one fits each minute ÷
/// `per_min`.
///
/// # Errors
/// It is full, and stays as it is: how long until one fits.
pub fn count(empty_at: &mut Timestamp, per_min: u32, now: Timestamp) -> Result<(), Duration> {
    let next = (*empty_at).max(now).after(MINUTE / per_min.max(1));
    let ahead = next.since(now);
    if ahead > MINUTE {
        return Err(ahead - MINUTE);
    }
    *empty_at = next;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_leaves_a_bucket_as_it_is() {
        let now = Timestamp::from_micros(1_000_000);
        let mut empty_at = Timestamp::from_micros(0);
        count(&mut empty_at, 2, now).unwrap();
        count(&mut empty_at, 2, now).unwrap();
        let full = empty_at;
        for _ in 0..3 {
            assert_eq!(count(&mut empty_at, 2, now), Err(Duration::from_secs(30)));
            assert_eq!(empty_at, full);
        }
        count(&mut empty_at, 2, now.after(Duration::from_secs(30))).unwrap();
    }
}
