//! Requests for tokens, counted.

use std::sync::atomic::{AtomicU64, Ordering};

use super::error::AccountError;

/// What can come of one.
const OUTCOMES: [&str; 5] = ["granted", "refused", "rate_limited", "busy", "failed"];

/// Requests for tokens by what came of them. Relaxed: nothing else is ordered by a count.
#[derive(Debug, Default)]
pub(super) struct Logins([AtomicU64; OUTCOMES.len()]);

impl Logins {
    /// Counts one, with what stood in its way.
    pub(super) fn count(&self, error: Option<&AccountError>) {
        let outcome = match error {
            None => 0,
            Some(
                AccountError::Unauthorized | AccountError::Forbidden | AccountError::GotElsewhere,
            ) => 1,
            Some(AccountError::RateLimited { .. }) => 2,
            Some(AccountError::TokensFull { .. } | AccountError::PasswordsBusy { .. }) => 3,
            Some(_) => 4,
        };
        self.0[outcome].fetch_add(1, Ordering::Relaxed);
    }

    /// As they are now.
    pub(super) fn read(&self) -> impl Iterator<Item = (&'static str, u64)> {
        OUTCOMES.into_iter().zip(self.0.iter().map(|count| count.load(Ordering::Relaxed)))
    }
}
