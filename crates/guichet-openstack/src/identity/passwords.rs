//! Passwords: hashed with argon2, few at once, in a bounded line, off the event loop.
//!
//! A login storm waits for itself here and for nothing else: reads go on. Whoever is not known
//! costs as much as a wrong password, so the time tells nobody which names there are.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use guichet_clock::Stopwatch;
use guichet_core::limits;
use guichet_http::hex::Hex;
use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::http::problem::Problem;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// What is kept of a secret.
#[derive(Clone)]
pub(crate) struct Hashed {
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
}

impl Hashed {
    fn new(secret: &str, salt: [u8; SALT_BYTES]) -> Self {
        Self { salt, hash: argon2(secret, &salt) }
    }

    fn fits(&self, offered: &str) -> bool {
        argon2(offered, &self.salt).ct_eq(&self.hash).into()
    }
}

impl Serialize for Hashed {
    /// As others write it, too: `$argon2id$v=19$m=7168,t=5,p=1$salt$hash`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [salt, hash] =
            [&self.salt[..], &self.hash].map(|part| BASE64_STANDARD_NO_PAD.encode(part));
        let cost = format_args!("v=19$m={MEMORY_KIB},t={PASSES},p=1");
        serializer.collect_str(&format_args!("$argon2id${cost}${salt}${hash}"))
    }
}

impl<'de> Deserialize<'de> for Hashed {
    /// Only at the cost that all have: by another the time of a login would tell who has it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let cost = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$");
        let parts = text.strip_prefix(&cost).and_then(|rest| rest.split_once('$'));
        let hashed = parts.and_then(|(salt, hash)| {
            let decode = |part: &str| BASE64_STANDARD_NO_PAD.decode(part).ok();
            let (salt, hash) = (decode(salt)?, decode(hash)?);
            Some(Self { salt: salt.try_into().ok()?, hash: hash.try_into().ok()? })
        });
        hashed.ok_or_else(|| de::Error::custom("expected a hash by argon2id at this cost"))
    }
}

/// Memory of one hash, KiB, and its passes: of the pairs that OWASP's "Password Storage Cheat
/// Sheet" holds to be as good as each other, the one with the least memory. A service that holds
/// an empty cloud should not be mostly the memory of its logins.
const MEMORY_KIB: u32 = 7 * 1024;
const PASSES: u32 = 5;

/// Argon2id in memory that the system has back at the end: the stack of a thread that ends with
/// it. What is freed instead, the allocator keeps until a while later something else is freed,
/// which in a service at rest nothing is; it would hold more for its last logins than for all else.
fn argon2(secret: &str, salt: &[u8; SALT_BYTES]) -> [u8; HASH_BYTES] {
    let on_a_stack = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("hash".to_owned()).stack_size(STACK_BYTES);
        let hashing = || argon2_in(&mut [Block::new(); BLOCKS], secret, salt);
        thread.spawn_scoped(scope, hashing).ok()?.join().ok()
    });
    // The system has no thread to give: then what is freed stays.
    on_a_stack.unwrap_or_else(|| argon2_in(&mut vec![Block::new(); BLOCKS], secret, salt))
}

/// Blocks of one hash.
const BLOCKS: usize = MEMORY_KIB as usize * 1024 / Block::SIZE;
/// Room for them, and for what computes.
const STACK_BYTES: usize = BLOCKS * Block::SIZE + (1 << 20);

/// Argon2id, one lane.
fn argon2_in(memory: &mut [Block], secret: &str, salt: &[u8; SALT_BYTES]) -> [u8; HASH_BYTES] {
    let mut hash = [0; HASH_BYTES];
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(HASH_BYTES))
        .expect("7 MiB, 5 passes and 32 bytes are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into_with_memory(secret.as_bytes(), salt, &mut hash, memory)
        .expect("a body's length, 16 bytes of salt and 32 of hash are within argon2's bounds");
    hash
}

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
struct RecordChange {
    /// Held while the text is taken or put; gone once there is a hash.
    text: Mutex<Option<String>>,
    salt: [u8; SALT_BYTES],
    /// Set once. Who finds it unset makes it; another who comes meanwhile waits for that.
    hashed: OnceLock<Hashed>,
}

impl RecordChange {
    fn hashed(&self) -> &Hashed {
        self.hashed.get_or_init(|| {
            let text = self.text.lock().unwrap_or_else(PoisonError::into_inner).take();
            Hashed::new(text.as_deref().unwrap_or_default(), self.salt)
        })
    }
}

/// All users' passwords, and the line of those who want something hashed.
pub(super) struct Passwords {
    kept: Arc<[RecordChange]>,
    /// One permit for each hash that is computed; held by the blocking task to its end, also if
    /// its client has gone, so never more run than there are permits.
    running: Arc<Semaphore>,
    /// One permit for each login in the line or being checked, held by its handler: past that a
    /// login is refused. Without it a storm would fill the memory with waiting requests.
    line: Semaphore,
    /// µs that the last hash took, for `Retry-After`. Relaxed: any recent value will do.
    last_us: AtomicU64,
}

impl Passwords {
    /// One for each user in turn. `seed` is random; a user with no password gets one that nobody
    /// has.
    pub(super) fn new(passwords: impl Iterator<Item = Given>, seed: &[u8; 32]) -> Self {
        let kept = passwords.enumerate().map(|(place, given)| {
            let drawn = |purpose: &[u8]| -> [u8; 32] {
                let digest = Sha256::new().chain_update(seed).chain_update(purpose);
                digest.chain_update(place.to_le_bytes()).finalize().into()
            };
            let mut salt = [0; SALT_BYTES];
            salt.copy_from_slice(&drawn(b"salt")[..SALT_BYTES]);
            let nobodys = || Hex(&drawn(b"nobody")).to_string();
            let (text, hashed) = match given {
                Given::Text(text) => (Some(text), OnceLock::new()),
                Given::Hash(hashed) => (None, OnceLock::from(hashed)),
                Given::Nothing => (Some(nobodys()), OnceLock::new()),
            };
            RecordChange { text: Mutex::new(text), salt, hashed }
        });
        Self {
            kept: kept.collect(),
            running: Arc::new(Semaphore::new(limits::HASHES_AT_ONCE)),
            line: Semaphore::new(limits::HASHES_AT_ONCE + limits::HASHES_WAITING_MAX),
            last_us: AtomicU64::new(20_000),
        }
    }

    /// The hash of a user's password, made if it is not yet; `None` if the runtime ends meanwhile.
    pub(super) async fn hashed(&self, user: usize) -> Option<Hashed> {
        if let Some(hashed) = self.kept[user].hashed.get() {
            return Some(hashed.clone());
        }
        let kept = Arc::clone(&self.kept);
        self.off_the_loop(move || Some(kept[user].hashed().clone())).await
    }

    /// Whether the password is the user's. A place that is no user's costs the same and is never
    /// right.
    ///
    /// # Errors
    /// 503 if too many wait.
    pub(super) async fn check(
        &self,
        user: Option<usize>,
        offered: String,
    ) -> Result<bool, Problem> {
        let _place = self.line_up()?;
        let kept = Arc::clone(&self.kept);
        let place = user.unwrap_or(0);
        let fits = self
            .off_the_loop(move || kept.get(place).is_some_and(|kept| kept.hashed().fits(&offered)))
            .await;
        Ok(fits && user.is_some())
    }

    /// Whether the secret is what was hashed; of no hash at the same cost, and never.
    ///
    /// # Errors
    /// 503 if too many wait.
    pub(super) async fn check_secret(
        &self,
        hashed: Option<Hashed>,
        offered: String,
    ) -> Result<bool, Problem> {
        let Some(hashed) = hashed else {
            return self.check(None, offered).await;
        };
        let _place = self.line_up()?;
        Ok(self.off_the_loop(move || hashed.fits(&offered)).await)
    }

    /// Hashes a new secret.
    ///
    /// # Errors
    /// 503 if too many wait, or the service stops.
    pub(super) async fn hash(
        &self,
        secret: String,
        salt: [u8; SALT_BYTES],
    ) -> Result<Hashed, Problem> {
        let _place = self.line_up()?;
        let made = self.off_the_loop(move || Some(Hashed::new(&secret, salt))).await;
        made.ok_or_else(|| {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "The service is stopping.")
        })
    }

    fn line_up(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.line.try_acquire().map_err(|_| {
            let turns = limits::HASHES_WAITING_MAX.div_ceil(limits::HASHES_AT_ONCE) as u64;
            let wait = Duration::from_micros(self.last_us.load(Ordering::Relaxed) * turns);
            let most = Duration::from_secs(limits::RETRY_AFTER_MAX_S);
            let text = "Too many logins wait for their password to be checked; come back later.";
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, text);
            problem.with_retry_after(wait.min(most))
        })
    }

    /// Runs it when its turn comes, on a thread that may compute. Its permit goes with it.
    async fn off_the_loop<T>(&self, work: impl FnOnce() -> T + Send + 'static) -> T
    where
        T: Send + Default + 'static,
    {
        let permit = Arc::clone(&self.running).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let watch = Stopwatch::start();
            let result = work();
            drop(permit);
            (result, watch.elapsed())
        });
        match done.await {
            Ok((result, took)) => {
                let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
                self.last_us.store(us.min(10_000_000), Ordering::Relaxed);
                result
            }
            // The runtime ends: nothing fits any more.
            Err(_) => T::default(),
        }
    }
}
