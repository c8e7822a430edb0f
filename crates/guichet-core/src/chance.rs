//! Every draw is a function of (seed, purpose, client, n, attempt), never of a shared generator:
//! a client's n-th request meets the same fate whatever else runs beside it.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// What a draw is for: each purpose has a stream of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Which action a client asks for.
    Action = 1,
    /// Which of the project's servers it names.
    Target = 2,
    /// Ids and names.
    Ids = 3,
    /// How long a client pauses.
    Think = 4,
    /// When an open-loop request arrives.
    Arrival = 5,
    /// Size of a new server.
    Flavor = 6,
    /// The driver's delay and CPU part.
    Delay = 7,
    /// The driver's faults.
    Fault = 8,
    /// Jitter of a retry's pause.
    Backoff = 9,
    /// Spread of Retry-After.
    RetryAfter = 10,
    /// Ids of requests that time makes.
    Expiry = 11,
}

/// The source of all chance in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    seed: u64,
}

/// One step of SplitMix64 (Steele, Lea, Flood 2014): a bijection that spreads every bit.
fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Chance {
    /// Chance from a seed: the same seed, the same draws.
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The seed it was made from.
    pub const fn seed(self) -> u64 {
        self.seed
    }

    /// The chance of a cloud that goes on from a snapshot of one with this chance: it draws no id
    /// again that is in the snapshot.
    #[must_use]
    pub fn going_on(self) -> Self {
        Self { seed: mix(self.seed) }
    }

    /// The generator of one draw (or of several in a fixed order).
    pub fn draw(self, purpose: Purpose, client: u64, n: u64, attempt: u64) -> Pcg64Mcg {
        let head = mix(mix(self.seed ^ mix(purpose as u64)) ^ client);
        let tail = mix(mix(head ^ n) ^ attempt);
        Pcg64Mcg::new((u128::from(head) << 64) | u128::from(tail))
    }

    /// One draw as 64 random bits.
    pub fn bits(self, purpose: Purpose, client: u64, n: u64, attempt: u64) -> u64 {
        self.draw(purpose, client, n, attempt).next_u64()
    }

    /// One draw as 128 random bits, for an id.
    pub fn wide(self, purpose: Purpose, client: u64, n: u64, attempt: u64) -> u128 {
        let mut rng = self.draw(purpose, client, n, attempt);
        (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64())
    }

    /// One draw in [0, 1).
    pub fn unit(self, purpose: Purpose, client: u64, n: u64, attempt: u64) -> f64 {
        unit_of(self.bits(purpose, client, n, attempt))
    }
}

/// 64 random bits as a number in [0, 1), from the upper 53.
pub fn unit_of(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A generator from one number, for the rare draw outside a run's own (a fresh seed's expansion).
pub fn generator(seed: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed)
}
