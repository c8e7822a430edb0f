//! Tokens: random texts, of which only a digest is recorded. One is made durable before it is
//! listed here: a place in the table is reserved for it until then.
//!
//! A user has a share of the table, and its oldest token makes way for a new one. If the table is
//! full all the same, the oldest of the user with the most tokens does. So nobody keeps others out
//! by asking for tokens. A token that was got by a token ends with it, in whatever way that ends.

mod table;

use std::sync::{Arc, PoisonError, RwLock};

use guichet_core::limits;
use guichet_core::time::Timestamp;
use sha2::{Digest as _, Sha256};

use super::digest::Digest;
use super::error::AccountError;
use super::session::Session;
use crate::random::random_text;
use table::Table;

/// Bytes of a token, drawn from the system.
const TOKEN_BYTES: usize = 32;
/// Characters of it as text.
const TOKEN_CHARS: usize = (TOKEN_BYTES * 4).div_ceil(3);

/// All tokens that are good.
pub(super) struct Tokens {
    /// What each begins with: of another cell than the first its number.
    prefix: Box<str>,
    /// Read for one look-up by every request; written for one entry, and those that end with it, by
    /// who asks for a token or revokes one. Never held across a wait.
    table: RwLock<Table>,
}

impl Tokens {
    /// Draws a token: its text, and the digest it goes by.
    ///
    /// # Errors
    /// [`AccountError::NoRandomBytes`].
    pub(super) fn draw(&self) -> Result<(String, Digest), AccountError> {
        let token = format!("{}{}", self.prefix, random_text::<TOKEN_BYTES>()?);
        let digest = Sha256::digest(token.as_bytes()).into();
        Ok((token, digest))
    }

    /// The digest of what may be a token of this cell.
    pub(super) fn key(&self, token: &str) -> Option<Digest> {
        let is_ours =
            token.len() == self.prefix.len() + TOKEN_CHARS && token.starts_with(&*self.prefix);
        is_ours.then(|| Sha256::digest(token.as_bytes()).into())
    }

    /// The session behind a token, expired or not.
    pub(super) fn find(&self, token: &str) -> Option<Arc<Session>> {
        let key = self.key(token)?;
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        table.session(&key).cloned()
    }

    /// Whether the first token that it goes back to is another cell's.
    pub(super) fn goes_back_elsewhere(&self, session: &Arc<Session>) -> bool {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        let mut first = session;
        // A token ends with the one it was got by, so all of them are there, or it has ended meanwhile.
        while let Some(parent) = first.parent.and_then(|parent| table.session(&parent)) {
            first = parent;
        }
        first.parent.is_some() || first.audit_root.is_some()
    }

    /// With the tokens of earlier processes: of each user as many as it may have, the newest ones,
    /// and none whose parent is not among them.
    pub(super) fn new(cell: usize, found: Vec<(Digest, Session)>) -> Self {
        let count = found.len();
        let table = Table::restored(found);
        if table.len() < count {
            let left_out = count - table.len();
            tracing::warn!(left_out, "tokens are left out: too many, or their parents have ended");
        }
        Self { prefix: prefix(cell), table: RwLock::new(table) }
    }

    /// Reserves a place for one more of a user; if there is none, an old token ends.
    ///
    /// # Errors
    /// [`AccountError::TokensFull`]: all of the user's share is reserved at this moment.
    pub(super) fn reserve(
        &self,
        user: usize,
        now: Timestamp,
    ) -> Result<Reserved<'_>, AccountError> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if !table.reserve(user, now) {
            return Err(AccountError::TokensFull { retry_after: limits::JOURNAL_RETRY });
        }
        Ok(Reserved { tokens: self, user })
    }

    /// Some that have ended, for their records to be removed: as many as one request should see
    /// to, or none if there are not so many yet.
    pub(super) fn take_ended(&self) -> Vec<Digest> {
        self.table.write().unwrap_or_else(PoisonError::into_inner).take_ended()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.table.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// How many a user has.
    pub(super) fn count_of(&self, user: usize) -> usize {
        self.table.read().unwrap_or_else(PoisonError::into_inner).count_of(user)
    }

    /// Makes those of a user worth nothing, or those that are for one project: gives their digests.
    pub(super) fn end_of(&self, user: usize, project: Option<usize>) -> Vec<Digest> {
        self.table.write().unwrap_or_else(PoisonError::into_inner).end_of(user, project)
    }

    /// Ends the tokens of these users that are over, and those that were got by them.
    pub(super) fn end_where(&self, users: &[usize], is_over: impl Fn(&Session) -> bool) {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        for user in users {
            table.end_where(*user, &is_over);
        }
    }

    /// All that have ended, for their records to be removed.
    pub(super) fn take_all_ended(&self) -> Vec<Digest> {
        self.table.write().unwrap_or_else(PoisonError::into_inner).take_all_ended()
    }

    /// Makes a token worth nothing, and those that were got by it.
    pub(super) fn remove(&self, digest: &Digest) {
        self.table.write().unwrap_or_else(PoisonError::into_inner).end(digest);
    }
}

/// A reserved place in the table, for a token that is being made durable; given back when dropped.
pub(super) struct Reserved<'a> {
    tokens: &'a Tokens,
    user: usize,
}

impl Reserved<'_> {
    /// Puts a session in the reserved place. False if the token that it was got by has ended
    /// meanwhile: then this one has, too, and its record is to be removed.
    pub(super) fn fill(self, digest: Digest, session: Arc<Session>) -> bool {
        let mut table = self.tokens.table.write().unwrap_or_else(PoisonError::into_inner);
        table.add(digest, session)
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.tokens.table.write().unwrap_or_else(PoisonError::into_inner).give_back(self.user);
    }
}

/// What a token of another cell than the first begins with: `c`, the cell's number, and a point, which
/// nothing that is drawn has in it.
fn prefix(cell: usize) -> Box<str> {
    if cell == 0 { Box::default() } else { format!("c{cell}.").into() }
}

/// The number of the cell that drew what may be a token: by its beginning alone.
pub fn cell_of(token: &str) -> usize {
    let number = token.strip_prefix('c').and_then(|rest| rest.split_once('.'));
    number.and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
}
