//! What servers are charged for over a time: those that exist, and those that were deleted and are still
//! remembered.
//!
//! A server that ran from `launched` on and was deleted at `ended` is charged in a period for the time
//! from `launched` to the period's end less that from `ended` to it, both counted from the period's
//! start at the earliest. So a sum over servers is one over instants at which they were launched less one over
//! those at which they ended, whichever of them belong together.

use std::sync::Arc;

use crate::ids::FlavorId;
use crate::server::{Server, Size};
use crate::time::Timestamp;

/// The time over which servers are charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first instant that is charged.
    pub start: Timestamp,
    /// The last: not before the first.
    pub stop: Timestamp,
}

/// A server that is charged.
#[derive(Debug, Clone)]
pub struct Charged {
    /// The server.
    pub server: Arc<Server>,
    /// The instant from which on it ran.
    pub launched: Timestamp,
    /// The instant at which it was deleted, if it was.
    pub ended: Option<Timestamp>,
    /// For how long it is charged, µs.
    pub time_us: u64,
}

/// What a project's servers of one kind are charged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Their flavor.
    pub flavor: FlavorId,
    /// What each takes.
    pub size: Size,
    /// How many they are, one at least.
    pub servers: u64,
    /// For how long they are charged, all together, µs.
    pub time_us: u128,
}

/// How many instants there are, and what they come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// Their sum, µs since 1970.
    pub micros: u128,
}

impl Sum {
    /// All of these but those.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_sub(other.count),
            micros: self.micros.saturating_sub(other.micros),
        }
    }
}

/// When a server was launched and when it was deleted, if it was launched at all.
pub fn instants(server: &Server) -> Option<(Timestamp, Option<Timestamp>)> {
    Some((server.launched?, server.is_deleted().then_some(server.updated)))
}

impl Period {
    /// What a server is charged for: nothing if it never ran, or not in this time.
    pub fn charged(self, server: &Arc<Server>) -> Option<Charged> {
        let (launched, ended) = instants(server)?;
        if launched > self.stop || ended.is_some_and(|ended| ended < self.start) {
            return None;
        }
        let stop = ended.map_or(self.stop, |ended| ended.min(self.stop));
        let time_us = stop.micros().saturating_sub(launched.max(self.start).micros());
        Some(Charged { server: Arc::clone(server), launched, ended, time_us })
    }

    /// The time from instants to the end of the period, all together, each counted from the period's
    /// start at the earliest. `until`: those that are not past an instant.
    pub fn time_us(self, until: impl Fn(Timestamp) -> Sum) -> u128 {
        let (start, stop) = (u128::from(self.start.micros()), u128::from(self.stop.micros()));
        let (before, all) = (until(self.start), until(self.stop));
        let inside = all.less(before);
        let whole = u128::from(before.count) * (stop - start.min(stop));
        whole + (u128::from(inside.count) * stop).saturating_sub(inside.micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_before_the_period_count_from_its_start_and_those_behind_not_at_all() {
        let at = Timestamp::from_micros;
        let period = Period { start: at(100), stop: at(160) };
        let time_us = |instants: &[u64]| {
            period.time_us(|until| {
                let known = instants.iter().filter(|instant| at(**instant) <= until);
                known.fold(Sum::default(), |sum, instant| Sum {
                    count: sum.count + 1,
                    micros: sum.micros + u128::from(*instant),
                })
            })
        };
        assert_eq!(time_us(&[]), 0);
        assert_eq!(time_us(&[7, 100]), 120);
        assert_eq!(time_us(&[101, 159, 160, 161]), 59 + 1);
    }
}
