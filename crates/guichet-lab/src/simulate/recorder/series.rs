//! What there was over time, in bounded memory: as many buckets as
//! [`limits::REPORT_POINTS_MAX`], which double their width when the run outgrows them. A bucket
//! keeps the most there was of each level, and adds up what is counted, so nothing that stands
//! out is thinned away.

use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::refusal::RefusalKind;
use guichet_core::state::Status;

/// The first width: the finest that a short run is drawn with.
const FIRST_WIDTH_US: u64 = 100;

/// Operations by what they wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Levels {
    /// Waiting for their first start.
    pub waiting: u64,
    /// Waiting for another attempt.
    pub again: u64,
    /// Operations that a worker runs.
    pub running: u64,
}

impl Levels {
    /// The greater of both, each for itself.
    fn most(self, other: Self) -> Self {
        Self {
            waiting: self.waiting.max(other.waiting),
            again: self.again.max(other.again),
            running: self.running.max(other.running),
        }
    }
}

/// What happened so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Operations accepted, by action.
    pub accepted: [u64; Action::LAB.len()],
    /// Requests refused, by kind.
    pub refused: [u64; RefusalKind::ALL.len()],
    /// Operations that ended, however they did.
    pub ended: u64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        for (into, from) in self.accepted.iter_mut().zip(other.accepted) {
            *into += from;
        }
        for (into, from) in self.refused.iter_mut().zip(other.refused) {
            *into += from;
        }
        self.ended += other.ended;
    }

    /// All of them together.
    pub fn sum<'a>(counts: impl IntoIterator<Item = &'a Self>) -> Self {
        counts.into_iter().fold(Self::default(), |mut sum, counts| {
            sum.add(counts);
            sum
        })
    }
}

/// Servers by status, in the order of [`Status::ALL`].
pub type Statuses = [u64; Status::ALL.len()];

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// The most there was at any moment of it, each level for itself.
    pub most: Levels,
    /// Servers at its end.
    pub servers: Statuses,
    /// What happened in it.
    pub counts: Counts,
}

/// Levels, servers and counts over the time of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    width_us: u64,
    buckets: Vec<Bucket>,
    levels: Levels,
    servers: Statuses,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            width_us: FIRST_WIDTH_US,
            buckets: Vec::new(),
            levels: Levels::default(),
            servers: Statuses::default(),
        }
    }
}

impl Series {
    /// The buckets, from the run's begin.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// How long each is, µs.
    pub const fn width_us(&self) -> u64 {
        self.width_us
    }

    /// What there is now.
    pub const fn levels(&self) -> Levels {
        self.levels
    }

    /// Servers by status, as of the last change.
    pub const fn servers(&self) -> &Statuses {
        &self.servers
    }

    /// At a time since the begin, which is not before the last one: levels and servers change,
    /// something is counted.
    pub fn change(
        &mut self,
        at_us: u64,
        levels: Levels,
        step: impl FnOnce(&mut Statuses, &mut Counts),
    ) {
        self.reach(at_us);
        self.levels = levels;
        let Some(bucket) = self.buckets.last_mut() else {
            return;
        };
        bucket.most = bucket.most.most(levels);
        step(&mut self.servers, &mut bucket.counts);
        bucket.servers = self.servers;
    }

    /// Makes buckets up to that time; in those between nothing changed.
    pub fn reach(&mut self, at_us: u64) {
        while at_us / self.width_us >= limits::REPORT_POINTS_MAX as u64 {
            self.halve();
        }
        let wanted = (at_us / self.width_us) as usize + 1;
        let still = Bucket { most: self.levels, servers: self.servers, counts: Counts::default() };
        if self.buckets.len() < wanted {
            self.buckets.resize(wanted, still);
        }
    }

    /// Makes one bucket of each two.
    fn halve(&mut self) {
        self.width_us *= 2;
        let pairs = self.buckets.chunks(2).map(|pair| {
            let mut both = pair[0];
            if let Some(later) = pair.get(1) {
                both.most = both.most.most(later.most);
                both.servers = later.servers;
                both.counts.add(&later.counts);
            }
            both
        });
        self.buckets = pairs.collect();
    }
}

#[cfg(test)]
mod tests;
