//! Passwords: hashed with argon2, few at once, in a bounded queue, off the event loop.
//!
//! A login storm waits for itself here and for nothing else: reads go on, and so do logins from
//! elsewhere (see [`super::hash_queue`]). Whoever is not known
//! costs as much as a wrong password, so the time tells nobody which names there are.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_core::limits;
use sha2::{Digest, Sha256};

use super::error::AccountError;
use super::hash::{Hashed, SALT_BYTES};
use super::hash_queue::{Asker, HashQueue, Permit, QueueFull};
use crate::ids::hexadecimal;
use crate::replaceable::Replaceable;

/// What is known of a user's password at the start.
pub(super) enum Given {
    /// The password.
    Text(String),
    /// The hash of one that was drawn at an earlier start.
    Hash(Hashed),
    /// Nothing: nobody logs in with one.
    Nothing,
}

/// A declared user's password. The start does not wait for argon2: the text is kept until the
/// hash is made, by [`Passwords::hashed`] or by the first login.
struct Password {
    /// Held while the text is taken or put; gone once there is a hash.
    text: Mutex<Option<String>>,
    salt: [u8; SALT_BYTES],
    /// Set once. Who finds it unset makes it; another who comes meanwhile waits for that.
    hashed: OnceLock<Hashed>,
}

impl Password {
    fn hashed(&self) -> &Hashed {
        self.hashed.get_or_init(|| {
            let text = self.text.lock().unwrap_or_else(PoisonError::into_inner).take();
            Hashed::new(text.as_deref().unwrap_or_default(), self.salt)
        })
    }
}

/// The password of the user in this position. `seed` is random; a user with no password gets one
/// that nobody has.
fn password_of(position: usize, given: Given, seed: &[u8; 32]) -> Arc<Password> {
    let drawn = |purpose: &[u8]| -> [u8; 32] {
        let digest = Sha256::new().chain_update(seed).chain_update(purpose);
        digest.chain_update(position.to_le_bytes()).finalize().into()
    };
    let mut salt = [0; SALT_BYTES];
    salt.copy_from_slice(&drawn(b"salt")[..SALT_BYTES]);
    let nobodys = || hexadecimal(&drawn(b"nobody"));
    let (text, hashed) = match given {
        Given::Text(text) => (Some(text), OnceLock::new()),
        Given::Hash(hashed) => (None, OnceLock::from(hashed)),
        Given::Nothing => (Some(nobodys()), OnceLock::new()),
    };
    Arc::new(Password { text: Mutex::new(text), salt, hashed })
}

/// One for each user in turn.
fn passwords_of(
    given: impl Iterator<Item = Given>,
    seed: &[u8; 32],
) -> Replaceable<Vec<Arc<Password>>> {
    let all = given.enumerate().map(|(position, given)| password_of(position, given, seed));
    Replaceable::new(all.collect())
}

/// The queue of those who want something hashed: one a process, whose clouds and cells have it from one
/// another, as they share its cores. Clones are the same.
#[derive(Clone)]
pub struct Hashing {
    /// Those who wait, and one permit for each hash that is computed; it is held by the blocking
    /// task to its end, also if its client has gone, so never more run than there are permits.
    queue: HashQueue,
    /// µs that the last hash took, for [`AccountError::PasswordsBusy`]. Relaxed: any recent value will do.
    last_us: Arc<AtomicU64>,
}

impl Default for Hashing {
    fn default() -> Self {
        let queue = HashQueue::new(limits::HASHES_AT_ONCE, limits::HASHES_WAITING_MAX);
        Self { queue, last_us: Arc::new(AtomicU64::new(20_000)) }
    }
}

impl fmt::Debug for Hashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hashing").finish_non_exhaustive()
    }
}

/// All users' passwords, and where they are hashed.
pub(super) struct Passwords {
    passwords: Replaceable<Vec<Arc<Password>>>,
    hashing: Hashing,
}

impl Passwords {
    /// One for each user in turn. `seed` is random; a user with no password gets one that nobody
    /// has.
    pub(super) fn new(
        passwords: impl Iterator<Item = Given>,
        seed: &[u8; 32],
        hashing: Hashing,
    ) -> Self {
        Self { passwords: passwords_of(passwords, seed), hashing }
    }

    /// Other users' passwords, hashed in the same queue.
    pub(super) fn of_others(
        &self,
        passwords: impl Iterator<Item = Given>,
        seed: &[u8; 32],
    ) -> Self {
        self.beside(passwords_of(passwords, seed))
    }

    /// The same users' passwords, each hashed once for both. What is put in place of one later is
    /// not in the other.
    pub(super) fn of_the_same(&self) -> Self {
        self.beside(Replaceable::new(self.passwords.look(Vec::clone)))
    }

    fn beside(&self, passwords: Replaceable<Vec<Arc<Password>>>) -> Self {
        Self { passwords, hashing: self.hashing.clone() }
    }

    /// Has users have these passwords from now on. Positions behind all others are new users', in
    /// their order. `seed` is random.
    pub(super) fn put(&self, given: Vec<(usize, String)>, seed: &[u8; 32]) {
        self.passwords.change(|passwords| {
            for (position, text) in given {
                let password = password_of(position, Given::Text(text), seed);
                match passwords.get_mut(position) {
                    Some(place) => *place = password,
                    None => passwords.push(password),
                }
            }
        });
    }

    fn of(&self, user: usize) -> Option<Arc<Password>> {
        self.passwords.look(|passwords| passwords.get(user).cloned())
    }

    /// The hash of a user's password, made if it is not yet; `None` if the runtime ends meanwhile.
    pub(super) async fn hashed(&self, user: usize) -> Option<Hashed> {
        let password = self.of(user)?;
        if let Some(hashed) = password.hashed.get() {
            return Some(hashed.clone());
        }
        let asker = Asker { source: None, user: Some(user) };
        let permit = loop {
            match self.hashing.queue.enter(asker).await {
                Ok(permit) => break permit,
                // As many addresses as may wait: this one has no client who could come back.
                Err(QueueFull) => tokio::time::sleep(limits::JOURNAL_RETRY).await,
            }
        };
        self.off_the_loop(permit, move || Some(password.hashed().clone())).await
    }

    /// Whether the password is the user's. A user that there is not costs the same and is never
    /// right.
    ///
    /// # Errors
    /// [`AccountError::PasswordsBusy`].
    pub(super) async fn check(&self, asker: Asker, offered: String) -> Result<bool, AccountError> {
        let permit = self.enter_queue(asker).await?;
        let password = self.of(asker.user.unwrap_or(0));
        let check = move || password.is_some_and(|password| password.hashed().fits(&offered));
        let fits = self.off_the_loop(permit, check).await;
        Ok(fits && asker.user.is_some())
    }

    /// Whether the secret is what was hashed; of no hash at the same cost, and never.
    ///
    /// # Errors
    /// [`AccountError::PasswordsBusy`].
    pub(super) async fn check_secret(
        &self,
        asker: Asker,
        hashed: Option<Hashed>,
        offered: String,
    ) -> Result<bool, AccountError> {
        let Some(hashed) = hashed else {
            return self.check(Asker { user: None, ..asker }, offered).await;
        };
        let permit = self.enter_queue(asker).await?;
        Ok(self.off_the_loop(permit, move || hashed.fits(&offered)).await)
    }

    /// Hashes a new secret.
    ///
    /// # Errors
    /// Too many wait, or the service stops.
    pub(super) async fn hash(
        &self,
        user: usize,
        secret: String,
        salt: [u8; SALT_BYTES],
    ) -> Result<Hashed, AccountError> {
        let permit = self.enter_queue(Asker { source: None, user: Some(user) }).await?;
        let made = self.off_the_loop(permit, move || Some(Hashed::new(&secret, salt))).await;
        made.ok_or(AccountError::Stopping)
    }

    /// Waits for its turn.
    async fn enter_queue(&self, asker: Asker) -> Result<Permit, AccountError> {
        self.hashing.queue.enter(asker).await.map_err(|QueueFull| {
            let rounds = limits::HASHES_WAITING_MAX.div_ceil(limits::HASHES_AT_ONCE) as u64;
            let wait = Duration::from_micros(self.hashing.last_us.load(Ordering::Relaxed) * rounds);
            let most = Duration::from_secs(limits::RETRY_AFTER_MAX_S);
            AccountError::PasswordsBusy { retry_after: wait.min(most) }
        })
    }

    /// Runs it on a thread that may compute. Its permit goes with it.
    async fn off_the_loop<T>(&self, permit: Permit, work: impl FnOnce() -> T + Send + 'static) -> T
    where
        T: Send + Default + 'static,
    {
        let done = tokio::task::spawn_blocking(move || {
            let watch = Stopwatch::start();
            let result = work();
            drop(permit);
            (result, watch.elapsed())
        });
        match done.await {
            Ok((result, took)) => {
                let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
                self.hashing.last_us.store(us.min(10_000_000), Ordering::Relaxed);
                result
            }
            // The runtime ends: nothing fits any more.
            Err(_) => T::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    /// However many cells a process leads: what one of them computes the others wait for.
    #[tokio::test]
    async fn cells_of_a_process_hash_in_one_queue() {
        let hashing = Hashing::default();
        let cell = || {
            let given = [Given::Text("x".to_owned())].into_iter();
            Passwords::new(given, &[1; 32], hashing.clone())
        };
        let (one, other) = (cell(), cell());
        let asker = Asker { source: None, user: Some(0) };
        let mut permits = Vec::new();
        for _ in 0..limits::HASHES_AT_ONCE {
            permits.push(one.enter_queue(asker).await.expect("there is a place"));
        }
        let mut check = pin!(other.check(asker, "x".to_owned()));
        assert!(check.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(other.hashing.queue.waiting(), 1);
        drop(permits);
        assert_eq!(check.await, Ok(true));
    }
}
