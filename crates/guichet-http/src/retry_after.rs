//! When a client should come back: the `Retry-After` header, in whole seconds.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

/// A wait in whole seconds, rounded up, at least one: with 0 a client would come back at once.
pub fn seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// Tells a client to come back in so many seconds.
pub fn insert(headers: &mut HeaderMap, seconds: u64) {
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_to_a_second() {
        for (wait_ms, expected) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (20_000, 20)] {
            assert_eq!(seconds(Duration::from_millis(wait_ms)), expected, "{wait_ms} ms");
        }
    }
}
