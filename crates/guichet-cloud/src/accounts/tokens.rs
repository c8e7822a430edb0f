//! Tokens: random texts, of which only a digest is recorded. One is made durable before it is
//! listed here: a place in the table is reserved for it until then.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use guichet_core::limits;
use guichet_core::time::Timestamp;
use sha2::{Digest as _, Sha256};

use super::error::AccountError;
use super::random::random_text;
use super::session::Session;

/// The digest of a token, which it goes by.
pub(super) type Digest = [u8; 32];

/// Bytes of a token, drawn from the system.
const TOKEN_BYTES: usize = 32;
/// Characters of it as text.
const TOKEN_CHARS: usize = (TOKEN_BYTES * 4).div_ceil(3);

#[derive(Default)]
struct Table {
    /// By digest: who learns how long a look-up takes learns of a digest, never of a token.
    sessions: HashMap<Digest, Arc<Session>>,
    /// The same, the first to expire in front.
    by_expiry: BTreeSet<(Timestamp, Digest)>,
    /// Places reserved for those that are being made durable: they count as tokens.
    reserved: usize,
    /// Expired ones whose records are still to be removed. Each token comes here once at most, and
    /// more are taken than come in.
    expired: Vec<Digest>,
}

/// All tokens that are good.
#[derive(Default)]
pub(super) struct Tokens {
    /// Read for one look-up by every request; written for one entry by who asks for a token or
    /// revokes one. Never held across a wait.
    table: RwLock<Table>,
}

impl Tokens {
    /// The session behind a token, expired or not.
    pub(super) fn find(&self, token: &str) -> Option<Arc<Session>> {
        let key = key(token)?;
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.sessions.get(&key).cloned()
    }

    /// With the tokens of earlier processes: at most as many as there may be, the last to expire if
    /// there are more.
    pub(super) fn new(mut found: Vec<(Digest, Session)>) -> Self {
        if found.len() > limits::TOKENS_MAX {
            tracing::warn!(found = found.len(), most = limits::TOKENS_MAX, "tokens are left out");
            found.sort_unstable_by_key(|(_, session)| std::cmp::Reverse(session.expires_at));
            found.truncate(limits::TOKENS_MAX);
        }
        let mut table = Table::default();
        for (digest, session) in found {
            table.add(digest, Arc::new(session));
        }
        Self { table: RwLock::new(table) }
    }

    /// Reserves a place for one more.
    ///
    /// # Errors
    /// [`AccountError::TokensFull`].
    pub(super) fn reserve(&self, now: Timestamp) -> Result<Reserved<'_>, AccountError> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        table.drop_expired(now);
        if table.len() >= limits::TOKENS_MAX {
            return Err(table.full(now));
        }
        table.reserved += 1;
        Ok(Reserved { tokens: self })
    }

    /// Some that have expired, for their records to be removed: as many as one request should see
    /// to, or none if there are not so many yet.
    pub(super) fn take_expired(&self) -> Vec<Digest> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        let rest = table.expired.len().checked_sub(limits::KEYS_EXPIRED_PER_STEP);
        rest.map(|rest| table.expired.split_off(rest)).unwrap_or_default()
    }

    /// Makes a token worth nothing.
    pub(super) fn remove(&self, digest: &Digest) {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = table.sessions.remove(digest) {
            table.by_expiry.remove(&(session.expires_at, *digest));
        }
    }
}

/// A reserved place in the table, for a token that is being made durable; given back when dropped.
pub(super) struct Reserved<'a> {
    tokens: &'a Tokens,
}

impl Reserved<'_> {
    /// Puts a session in the reserved place.
    pub(super) fn fill(self, digest: Digest, session: Arc<Session>) {
        let mut table = self.tokens.table.write().unwrap_or_else(PoisonError::into_inner);
        table.add(digest, session);
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.tokens.table.write().unwrap_or_else(PoisonError::into_inner).reserved -= 1;
    }
}

/// Draws a token: its text, and the digest it goes by.
///
/// # Errors
/// [`AccountError::NoRandomBytes`].
pub(super) fn draw() -> Result<(String, Digest), AccountError> {
    let token = random_text::<TOKEN_BYTES>()?;
    let digest = Sha256::digest(token.as_bytes()).into();
    Ok((token, digest))
}

impl Table {
    fn len(&self) -> usize {
        self.sessions.len() + self.reserved
    }

    fn add(&mut self, digest: Digest, session: Arc<Session>) {
        self.by_expiry.insert((session.expires_at, digest));
        self.sessions.insert(digest, session);
    }

    /// Drops what has expired: a few at a time, more than are added, all if it is full.
    fn drop_expired(&mut self, now: Timestamp) {
        let is_full = self.len() >= limits::TOKENS_MAX;
        let most = if is_full { usize::MAX } else { limits::KEYS_EXPIRED_PER_STEP };
        for _ in 0..most {
            match self.by_expiry.first().copied() {
                Some((expires_at, key)) if expires_at <= now => {
                    self.by_expiry.pop_first();
                    self.sessions.remove(&key);
                    self.expired.push(key);
                }
                _ => return,
            }
        }
    }

    fn full(&self, now: Timestamp) -> AccountError {
        let wait = self.by_expiry.first().map_or_else(Default::default, |(at, _)| at.since(now));
        let most = Duration::from_secs(limits::RETRY_AFTER_MAX_S);
        AccountError::TokensFull { retry_after: wait.min(most) }
    }
}

/// The digest of what may be a token.
pub(super) fn key(token: &str) -> Option<Digest> {
    (token.len() == TOKEN_CHARS).then(|| Sha256::digest(token.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(expires_at: u64) -> Session {
        Session { expires_at: Timestamp::from_micros(expires_at), ..Session::new(0, None) }
    }

    fn digest(number: usize) -> Digest {
        Sha256::digest(number.to_le_bytes()).into()
    }

    #[test]
    fn the_last_to_expire_are_taken_over_if_there_are_too_many() {
        let more = limits::TOKENS_MAX + 2;
        let found = (0..more).map(|number| (digest(number), session(number as u64 + 1)));
        let tokens = Tokens::new(found.collect());
        let table = tokens.table.read().expect("no panic");
        assert_eq!(table.sessions.len(), limits::TOKENS_MAX);
        assert_eq!(table.by_expiry.len(), limits::TOKENS_MAX);
        for (number, is_there) in [(0, false), (1, false), (2, true), (more - 1, true)] {
            assert_eq!(table.sessions.contains_key(&digest(number)), is_there, "{number}");
        }
    }

    #[test]
    fn what_expired_is_forgotten_a_batch_at_a_time() {
        let batch = limits::KEYS_EXPIRED_PER_STEP;
        let found = (0..batch + 3).map(|number| (digest(number), session(number as u64 + 1)));
        let tokens = Tokens::new(found.collect());
        let late = Timestamp::from_micros(1_000);
        assert!(tokens.take_expired().is_empty());
        drop(tokens.reserve(late));
        assert_eq!(tokens.take_expired().len(), batch);
        drop(tokens.reserve(late));
        assert!(tokens.take_expired().is_empty(), "three wait for more");
        let table = tokens.table.read().expect("no panic");
        assert_eq!((table.len(), table.expired.len()), (0, 3), "no place is left taken");
    }
}
