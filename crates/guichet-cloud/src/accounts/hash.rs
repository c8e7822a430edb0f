//! Secrets as they are recorded: salted, and hashed with argon2.

use std::borrow::Cow;
use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use subtle::ConstantTimeEq;

/// Bytes of a salt.
pub(super) const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// What is recorded of a secret.
#[derive(Clone)]
pub(crate) struct Hashed {
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
}

impl Hashed {
    /// Hashes a secret.
    pub(super) fn new(secret: &str, salt: [u8; SALT_BYTES]) -> Self {
        Self { salt, hash: argon2(secret, &salt) }
    }

    /// What is written so. Only at the cost that all have: by another the time of a login would
    /// tell who has it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let cost = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$");
        let (salt, hash) = text.strip_prefix(&cost)?.split_once('$')?;
        let decode = |part: &str| BASE64_STANDARD_NO_PAD.decode(part).ok();
        let (salt, hash) = (decode(salt)?, decode(hash)?);
        Some(Self { salt: salt.try_into().ok()?, hash: hash.try_into().ok()? })
    }

    /// Whether it was made of this secret.
    pub(super) fn fits(&self, offered: &str) -> bool {
        argon2(offered, &self.salt).ct_eq(&self.hash).into()
    }
}

impl fmt::Display for Hashed {
    /// As others write it, too: `$argon2id$v=19$m=7168,t=5,p=1$salt$hash`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [salt, hash] =
            [&self.salt[..], &self.hash].map(|part| BASE64_STANDARD_NO_PAD.encode(part));
        write!(f, "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${salt}${hash}")
    }
}

impl Serialize for Hashed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hashed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom("expected a hash by argon2id at this cost"))
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
/// Enough stack for them, and for what computes.
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
