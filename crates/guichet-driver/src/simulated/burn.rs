//! The CPU part: a fixed amount of work, never a loop until the clock moves. Work costs the same
//! however many share the processor; a loop until the clock moves would get cheaper, the more
//! there are.

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use guichet_clock::Stopwatch;

/// Work between two looks at `cancel`: short beside a scheduler's time slice, long beside a yield.
const CHUNK: Duration = Duration::from_micros(100);
/// How long one calibration runs at least: hundreds of times what reading the clock costs.
const CALIBRATION: Duration = Duration::from_millis(2);
/// Calibrations made. The quickest counts: others on the machine only ever slow one down.
const CALIBRATIONS: usize = 3;
/// Where the search for a long enough calibration ends, whatever the clock says.
const ROUNDS_MAX: u32 = 1 << 26;

/// Rounds that fill a chunk, measured once per process so that all calls do the same work.
static ROUNDS_PER_CHUNK: OnceLock<f64> = OnceLock::new();

/// How many rounds of the CPU part's hash fill 0.1 ms here: what a millisecond of work means.
/// Measured once per process, which takes some milliseconds; processes that are to be compared
/// with each other must all [adopt](Self::adopt) the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration(f64);

impl Calibration {
    /// What this process goes by.
    pub fn of_this_process() -> Self {
        Self(calibrate())
    }

    /// From what [`rounds`](Self::rounds) was elsewhere; none that could not have been measured.
    pub fn from_rounds(rounds: f64) -> Option<Self> {
        (1.0..=f64::from(ROUNDS_MAX)).contains(&rounds).then_some(Self(rounds))
    }

    /// Rounds in 0.1 ms.
    pub const fn rounds(self) -> f64 {
        self.0
    }

    /// Has this process go by it; false if it already goes by another.
    pub fn adopt(self) -> bool {
        *ROUNDS_PER_CHUNK.get_or_init(|| self.0) == self.0
    }
}

/// Measures how many rounds fill a chunk, if that is not known yet. Takes some milliseconds.
pub(super) fn calibrate() -> f64 {
    *ROUNDS_PER_CHUNK.get_or_init(|| {
        let seconds_per_round = |_| {
            let mut rounds = 256;
            loop {
                let watch = Stopwatch::start();
                hash(rounds);
                let elapsed = watch.elapsed();
                if elapsed >= CALIBRATION || rounds >= ROUNDS_MAX {
                    return elapsed.as_secs_f64() / f64::from(rounds);
                }
                rounds *= 2;
            }
        };
        let quickest = (0..CALIBRATIONS).map(seconds_per_round).fold(f64::INFINITY, f64::min);
        (CHUNK.as_secs_f64() / quickest).clamp(1.0, f64::from(ROUNDS_MAX))
    })
}

/// That many rounds of SHA-256, each over the one before.
fn hash(rounds: u32) {
    let mut state = [0u8; 32];
    for _ in 0..rounds {
        state = Sha256::digest(state).into();
    }
    black_box(state);
}

/// Computes for as long as `work` takes on a processor of its own; false if it was
/// cancelled before the end.
pub(super) async fn burn(work: Duration, cancel: &CancellationToken) -> bool {
    let per_chunk = calibrate();
    let chunks = work.as_secs_f64() / CHUNK.as_secs_f64();
    // At most limits::PROFILE_CPU_MAX_MS of work, so the count of chunks is small.
    for _ in 0..chunks as u64 {
        hash(per_chunk as u32);
        tokio::task::yield_now().await;
        if cancel.is_cancelled() {
            return false;
        }
    }
    hash((chunks.fract() * per_chunk) as u32);
    true
}
