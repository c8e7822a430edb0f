//! Rounds on a disk that others use too: what is compared is measured in turn, between two looks
//! at the disk, and a round in which the disk changed is thrown away.

use std::time::Duration;

use super::disk::Disk;
use super::load::{Cloud, Figure};
use crate::median::median;

/// A round is thrown away if the disk was so many times slower at one look than at another.
const MOVED: f64 = 2.0;

/// Tries for each good round that is wanted.
const TRIES: usize = 6;

/// How long a measurement takes, and how many there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) runs: usize,
    pub(super) warm: Duration,
    pub(super) time: Duration,
}

/// One look at each cloud, in turn.
#[derive(Debug)]
pub(super) struct Round {
    /// The disk while each was measured.
    pub(super) rates: Vec<f64>,
    pub(super) figures: Vec<Figure>,
}

/// The rounds that count, and how many did not.
#[derive(Debug)]
pub(super) struct Rounds {
    pub(super) good: Vec<Round>,
    pub(super) thrown: usize,
    /// Whether none was good: those that were thrown away stand in.
    is_unsteady: bool,
}

impl Rounds {
    /// Measures all clouds with so many lives in flight. If the disk never holds still, the
    /// rounds that it moved in are kept, for there is nothing better, and counted as thrown away.
    pub(super) async fn measure(
        plan: &Plan,
        disk: &mut Disk,
        clouds: &[&Cloud],
        flight: u32,
    ) -> anyhow::Result<Self> {
        let mut rounds = Self { good: Vec::new(), thrown: 0, is_unsteady: false };
        let mut moved = Vec::new();
        for _ in 0..plan.runs * TRIES {
            let turn = rounds.good.len() + rounds.thrown;
            let (round, spread) = one(plan, disk, clouds, flight, turn % 2 == 1).await?;
            if spread > MOVED {
                rounds.thrown += 1;
                moved.push(round);
            } else {
                rounds.good.push(round);
            }
            if rounds.good.len() == plan.runs {
                break;
            }
        }
        if rounds.good.is_empty() {
            (rounds.good, rounds.is_unsteady) = (moved, true);
        }
        Ok(rounds)
    }

    /// How many count, of how many.
    pub(super) fn counted(&self) -> String {
        match self.good.len() {
            _ if self.is_unsteady => format!("0 of {}", self.thrown),
            good => format!("{good} of {}", good + self.thrown),
        }
    }

    /// The median of something of every round.
    pub(super) fn median(&self, of: impl Fn(&Round) -> f64) -> f64 {
        median(self.good.iter().map(of).collect())
    }
}

/// One round, the other way round if `backwards`; and how far the disk's rates were apart.
async fn one(
    plan: &Plan,
    disk: &mut Disk,
    clouds: &[&Cloud],
    flight: u32,
    backwards: bool,
) -> anyhow::Result<(Round, f64)> {
    let mut round =
        Round { rates: vec![0.0; clouds.len()], figures: vec![Figure::default(); clouds.len()] };
    let mut before = disk.rate()?;
    let (mut least, mut most) = (before, before);
    for turn in 0..clouds.len() {
        let place = if backwards { clouds.len() - 1 - turn } else { turn };
        round.figures[place] = clouds[place].measure(flight, plan.warm, plan.time).await?;
        let after = disk.rate()?;
        round.rates[place] = f64::midpoint(before, after);
        (least, most) = (least.min(after), most.max(after));
        before = after;
    }
    Ok((round, most / least))
}
