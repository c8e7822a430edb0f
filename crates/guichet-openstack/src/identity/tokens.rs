//! Tokens: random texts, of which only a digest is kept.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use http::StatusCode;
use sha2::{Digest, Sha256};

use super::Session;
use crate::http::problem::Problem;

/// Bytes of a token, drawn from the system.
const TOKEN_BYTES: usize = 32;
/// Characters of it as text.
const TOKEN_CHARS: usize = (TOKEN_BYTES * 4).div_ceil(3);

type Key = [u8; 32];

/// Draws random bytes.
///
/// # Errors
/// 503 if the system has none.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "The system gives no random bytes.")
    })?;
    Ok(bytes)
}

/// A random text of `N` bytes in base64url.
pub(super) fn random_text<const N: usize>() -> Result<String, Problem> {
    random::<N>().map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

#[derive(Default)]
struct Table {
    /// By digest: who learns how long a look-up takes learns of a digest, never of a token.
    sessions: HashMap<Key, Arc<Session>>,
    /// The same, the first to expire in front.
    by_expiry: BTreeSet<(Timestamp, Key)>,
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

    /// Draws a token for a session.
    ///
    /// # Errors
    /// 503 if there are as many as there may be.
    pub(super) fn add(
        &self,
        session: Session,
        now: Timestamp,
    ) -> Result<(String, Arc<Session>), Problem> {
        let token = random_text::<TOKEN_BYTES>()?;
        let key: Key = Sha256::digest(token.as_bytes()).into();
        let session = Arc::new(session);
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        table.drop_expired(now);
        if table.sessions.len() >= limits::TOKENS_MAX {
            return Err(table.full(now));
        }
        table.by_expiry.insert((session.expires_at, key));
        table.sessions.insert(key, Arc::clone(&session));
        Ok((token, session))
    }

    /// Makes a token worth nothing.
    pub(super) fn revoke(&self, token: &str) {
        let Some(key) = key(token) else { return };
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = table.sessions.remove(&key) {
            table.by_expiry.remove(&(session.expires_at, key));
        }
    }
}

impl Table {
    /// Drops what has expired: a few at a time, more than are added, all if it is full.
    fn drop_expired(&mut self, now: Timestamp) {
        let is_full = self.sessions.len() >= limits::TOKENS_MAX;
        let most = if is_full { usize::MAX } else { limits::KEYS_EXPIRED_PER_STEP };
        for _ in 0..most {
            match self.by_expiry.first().copied() {
                Some((expires_at, key)) if expires_at <= now => {
                    self.by_expiry.pop_first();
                    self.sessions.remove(&key);
                }
                _ => return,
            }
        }
    }

    fn full(&self, now: Timestamp) -> Problem {
        let text = "As many tokens are good as there may be; revoke some, or come back later.";
        let wait = self.by_expiry.first().map_or_else(Default::default, |(at, _)| at.since(now));
        let most = Duration::from_secs(limits::RETRY_AFTER_MAX_S);
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, text).with_retry_after(wait.min(most))
    }
}

/// The digest of what may be a token.
fn key(token: &str) -> Option<Key> {
    (token.len() == TOKEN_CHARS).then(|| Sha256::digest(token.as_bytes()).into())
}
