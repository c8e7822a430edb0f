//! The first servers of an order, of however many there are.

use std::collections::HashSet;
use std::sync::Arc;

use guichet_core::ids::ServerId;
use guichet_core::server::Server;

use super::order::Order;

/// The first servers of an order behind a marker. Holds twice as many as are wanted at most, and
/// sorts them as often as it has filled up; what comes behind all that is wanted is not held at all.
pub(super) struct First {
    order: Order,
    marker: Option<Arc<Server>>,
    wanted: usize,
    held: Vec<Arc<Server>>,
    /// The last of those that were wanted when they were last sorted.
    last: Option<Arc<Server>>,
}

impl First {
    /// The first `wanted` behind `marker`.
    pub(super) const fn new(order: Order, marker: Option<Arc<Server>>, wanted: usize) -> Self {
        Self { order, marker, wanted, held: Vec::new(), last: None }
    }

    /// Looks at one more server that exists.
    pub(super) fn push(&mut self, server: Arc<Server>) {
        let is_wanted =
            self.last.as_ref().is_none_or(|last| self.order.compare(&server, last).is_lt());
        if !is_wanted || !self.is_behind_marker(&server) {
            return;
        }
        self.held.push(server);
        if self.held.len() >= self.wanted.saturating_mul(2).max(2) {
            self.sort();
            self.held.truncate(self.wanted);
            self.last = self.held.last().cloned();
        }
    }

    /// Looks at one more that was deleted. As many are held as there are.
    pub(super) fn push_deleted(&mut self, server: Arc<Server>) {
        if self.is_behind_marker(&server) {
            self.held.push(server);
        }
    }

    fn is_behind_marker(&self, server: &Server) -> bool {
        self.marker.as_ref().is_none_or(|marker| self.order.compare(server, marker).is_gt())
    }

    fn sort(&mut self) {
        self.held.sort_by(|one, other| self.order.compare(one, other));
    }

    /// Begins anew.
    pub(super) fn clear(&mut self) {
        self.held.clear();
        self.last = None;
    }

    /// Takes out those that were found to exist and have gone since. How many.
    pub(super) fn drop_gone(&mut self, gone: &HashSet<ServerId>) -> usize {
        let before = self.held.len();
        self.held.retain(|server| server.is_deleted() || !gone.contains(&server.id));
        before - self.held.len()
    }

    /// The first `limit` of them, in order, each once: one that changed while it was looked for may
    /// have been found twice.
    pub(super) fn into_page(mut self, limit: usize) -> Vec<Arc<Server>> {
        self.sort();
        let mut seen = HashSet::with_capacity(limit.min(self.held.len()));
        self.held.retain(|server| seen.len() < limit && seen.insert(server.id));
        self.held
    }
}
