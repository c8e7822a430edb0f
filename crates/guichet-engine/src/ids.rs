//! Ids for requests that do not bring their own: drawn by the seed and a count, so that the same
//! seed gives the same ids.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::{ClientId, RequestId, ServerId};

/// A seed like no other, from the operating system's randomness (by way of the keys that the
/// standard library draws for its hash tables).
pub fn fresh_seed() -> u64 {
    RandomState::new().hash_one(0u64)
}

/// The id of a client's `n`-th request.
pub fn request_id(chance: Chance, client: ClientId, n: u64) -> RequestId {
    RequestId::from_bits(chance.wide(Purpose::Ids, u64::from(client.0), n, 0))
}

/// The id of the `which`-th server that a client's `n`-th request would create.
pub fn server_id(chance: Chance, client: ClientId, n: u64, which: usize) -> ServerId {
    ServerId::from_bits(chance.wide(Purpose::Ids, u64::from(client.0), n, which as u64 + 1))
}

/// Counts requests and gives each its ids.
#[derive(Debug, Clone)]
pub struct Ids {
    chance: Chance,
    /// Relaxed: only uniqueness matters.
    next: Arc<AtomicU64>,
}

impl Ids {
    /// Ids by this chance, from the first on.
    pub fn new(chance: Chance) -> Self {
        Self { chance, next: Arc::new(AtomicU64::new(0)) }
    }

    /// The id of the next request, and those of `servers` servers it may create.
    pub fn next(&self, client: ClientId, servers: usize) -> (RequestId, Vec<ServerId>) {
        // The upper half: apart from the numbers that simulated clients count by themselves.
        let n = self.next.fetch_add(1, Ordering::Relaxed) | 1 << 63;
        let ids = (0..servers).map(|which| server_id(self.chance, client, n, which));
        (request_id(self.chance, client, n), ids.collect())
    }
}
