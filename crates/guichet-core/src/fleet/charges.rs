//! What the servers of a project are charged for, by flavor and size, as readers were shown them: kept as
//! sums, so that a report costs what it shows and not what there is.

use std::collections::BTreeMap;

use super::moments::Moments;
use crate::charge::{Charge, Period, instants};
use crate::ids::FlavorId;
use crate::server::{Server, Size};
use crate::time::Timestamp;

/// The instants at which servers were launched and deleted, also of deleted ones that are remembered.
#[derive(Debug, Clone, Default)]
pub(super) struct Charges(BTreeMap<(FlavorId, Size), Kind>);

/// Those of one flavor and size.
#[derive(Debug, Clone, Default)]
struct Kind {
    launched: Moments,
    ended: Moments,
}

/// All of a server that matters here; none if it never ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ran {
    kind: (FlavorId, Size),
    launched: Timestamp,
    ended: Option<Timestamp>,
}

/// Whether both images of a server say the same of what it is charged for.
pub(super) fn is_same(before: &Server, now: &Server) -> bool {
    let what = |server: &Server| (server.launched, server.flavor, server.size);
    what(before) == what(now) && !before.is_deleted() && !now.is_deleted()
}

impl Ran {
    pub(super) fn of(server: &Server) -> Option<Self> {
        let (launched, ended) = instants(server)?;
        Some(Self { kind: (server.flavor, server.size), launched, ended })
    }

    pub(super) const fn is_over(&self) -> bool {
        self.ended.is_some()
    }
}

impl Charges {
    /// A server was shown as `before` so far, and is shown as `now`.
    pub(super) fn change(&mut self, before: Option<Ran>, now: Option<Ran>) {
        if before == now {
            return;
        }
        // A server that ends goes on having been launched.
        let launched = |ran: Option<Ran>| ran.map(|ran| (ran.kind, ran.launched));
        let ended = |ran: Option<Ran>| ran.and_then(|ran| Some((ran.kind, ran.ended?)));
        if launched(before) != launched(now) {
            self.put(launched(now), |kind| &mut kind.launched);
            self.take(launched(before), |kind| &mut kind.launched);
        }
        if ended(before) != ended(now) {
            self.put(ended(now), |kind| &mut kind.ended);
            self.take(ended(before), |kind| &mut kind.ended);
        }
    }

    fn put(
        &mut self,
        instant: Option<((FlavorId, Size), Timestamp)>,
        of: fn(&mut Kind) -> &mut Moments,
    ) {
        if let Some((kind, at)) = instant {
            of(self.0.entry(kind).or_default()).insert(at);
        }
    }

    fn take(
        &mut self,
        instant: Option<((FlavorId, Size), Timestamp)>,
        of: fn(&mut Kind) -> &mut Moments,
    ) {
        if let Some((kind, at)) = instant
            && let Some(known) = self.0.get_mut(&kind)
        {
            of(known).remove(at);
            if known.launched.len() + known.ended.len() == 0 {
                self.0.remove(&kind);
            }
        }
    }

    /// What is charged in a period, kind by kind.
    pub(super) fn over(&self, period: Period) -> impl Iterator<Item = Charge> {
        self.0.iter().filter_map(move |((flavor, size), kind)| {
            let launched = kind.launched.until(period.stop).count;
            // What ended before the period is not charged; at its first instant it is, for no time.
            let ended = kind.ended.until(period.start.before(std::time::Duration::from_micros(1)));
            let servers = launched.saturating_sub(ended.count);
            let time_us = period.time_us(|at| kind.launched.until(at));
            let time_us = time_us.saturating_sub(period.time_us(|at| kind.ended.until(at)));
            let charge = Charge { flavor: *flavor, size: *size, servers, time_us };
            (servers > 0).then_some(charge)
        })
    }

    /// How many were launched, and how many of them ended.
    pub(super) fn sizes(&self) -> [usize; 2] {
        let sum = |of: fn(&Kind) -> usize| self.0.values().map(of).sum();
        [sum(|kind| kind.launched.len()), sum(|kind| kind.ended.len())]
    }
}
