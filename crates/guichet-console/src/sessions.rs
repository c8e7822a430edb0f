//! Browsers that are signed in.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use guichet_core::limits;
use guichet_core::time::Timestamp;
use sha2::{Digest as _, Sha256};

/// Bytes of what a cookie says, and of a CSRF token: nobody guesses them.
const SECRET_BYTES: usize = 32;

/// A random text.
///
/// # Errors
/// The system gives no random bytes.
pub(crate) fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// What a browser that is signed in stands for.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// The user, by its position.
    pub(crate) user: usize,
    /// The token that the user signed in with; all others of the session end with it.
    pub(crate) root: Arc<str>,
    /// The token that is used: the same, or one for another project that was got by it.
    pub(crate) token: Arc<str>,
    /// What every form of the session has in it.
    pub(crate) csrf: Arc<str>,
}

type Digest = [u8; 32];

struct Entry {
    held: Held,
    used: Timestamp,
}

/// All browsers that are signed in, by a digest of what their cookie says: who learns how long a look-up
/// takes learns of a digest.
#[derive(Default)]
pub(crate) struct Sessions {
    /// Held for one look-up, or to find a place among a thousand. Never across a wait.
    table: Mutex<HashMap<Digest, Entry>>,
}

impl Sessions {
    fn table(&self) -> MutexGuard<'_, HashMap<Digest, Entry>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds one. What its cookie says, and the root tokens of those that made way: their tokens are to
    /// be revoked.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub(crate) fn open(
        &self,
        held: Held,
        now: Timestamp,
    ) -> Result<(String, Vec<Arc<str>>), getrandom::Error> {
        let cookie = secret()?;
        let mut table = self.table();
        let ended = make_place(&mut table, held.user, now);
        table.insert(key(&cookie), Entry { held, used: now });
        Ok((cookie, ended))
    }

    /// The one that a cookie names; it is in use from now on.
    pub(crate) fn find(&self, cookie: &str, now: Timestamp) -> Option<Held> {
        let mut table = self.table();
        let entry = table.get_mut(&key(cookie)).filter(|entry| !is_idle(entry, now))?;
        entry.used = now;
        Some(entry.held.clone())
    }

    /// The one that a cookie names, which is not in use for that.
    pub(crate) fn look_at(&self, cookie: &str, now: Timestamp) -> Option<Held> {
        let table = self.table();
        table.get(&key(cookie)).filter(|entry| !is_idle(entry, now)).map(|it| it.held.clone())
    }

    /// Has a session use another of its tokens.
    pub(crate) fn use_token(&self, cookie: &str, token: Arc<str>) {
        if let Some(entry) = self.table().get_mut(&key(cookie)) {
            entry.held.token = token;
        }
    }

    /// Ends the one that a cookie names.
    pub(crate) fn end(&self, cookie: &str) -> Option<Held> {
        self.table().remove(&key(cookie)).map(|entry| entry.held)
    }

    /// How many there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.table().len()
    }
}

fn key(cookie: &str) -> Digest {
    Sha256::digest(cookie.as_bytes()).into()
}

fn is_idle(entry: &Entry, now: Timestamp) -> bool {
    now.since(entry.used) > limits::CONSOLE_IDLE
}

/// Ends what is idle, and what must make way for one more of a user. A look at all of them, and only as
/// somebody signs in, after a password was hashed.
fn make_place(table: &mut HashMap<Digest, Entry>, user: usize, now: Timestamp) -> Vec<Arc<str>> {
    let mut ended = Vec::new();
    table.retain(|_, entry| {
        let stays = !is_idle(entry, now);
        if !stays {
            ended.push(Arc::clone(&entry.held.root));
        }
        stays
    });
    let mut counts: HashMap<usize, usize> = HashMap::new();
    table.values().for_each(|entry| *counts.entry(entry.held.user).or_default() += 1);
    let own = counts.get(&user).copied().unwrap_or_default();
    let full = if own >= limits::CONSOLE_SESSIONS_PER_USER_MAX {
        Some(user)
    } else if table.len() >= limits::CONSOLE_SESSIONS_MAX {
        counts.into_iter().max_by_key(|(user, count)| (*count, *user)).map(|(user, _)| user)
    } else {
        None
    };
    let of_full = table.iter().filter(|(_, entry)| Some(entry.held.user) == full);
    let oldest = of_full.min_by_key(|(key, entry)| (entry.used, **key)).map(|(key, _)| *key);
    if let Some(entry) = oldest.and_then(|oldest| table.remove(&oldest)) {
        ended.push(entry.held.root);
    }
    ended
}
