//! The first servers of an order, of however many there are.

use std::cmp::Ordering;
use std::sync::Arc;

use guichet_core::server::Server;

use super::order::Order;

/// The first servers of an order behind a marker. Holds twice as many as are wanted at most, and
/// sorts them as often as it has filled up: n servers cost about n log(wanted) comparisons.
pub(super) struct First<'a> {
    order: &'a Order,
    marker: Option<Arc<Server>>,
    wanted: usize,
    held: Vec<Arc<Server>>,
}

impl<'a> First<'a> {
    /// The first `wanted` behind `marker`.
    pub(super) fn new(order: &'a Order, marker: Option<Arc<Server>>, wanted: usize) -> Self {
        Self { order, marker, wanted, held: Vec::new() }
    }

    /// Looks at more servers.
    pub(super) fn extend(&mut self, servers: impl Iterator<Item = Arc<Server>>) {
        for server in servers {
            let is_behind = self
                .marker
                .as_ref()
                .is_none_or(|marker| self.order.compare(&server, marker) == Ordering::Greater);
            if is_behind {
                self.held.push(server);
            }
            if self.held.len() >= self.wanted.saturating_mul(2).max(1) {
                self.cut(self.wanted);
            }
        }
    }

    /// Takes out those that do not fulfil this.
    pub(super) fn retain(&mut self, stays: impl Fn(&Server) -> bool) {
        self.held.retain(|server| stays(server));
    }

    /// The first `limit` of them, in order.
    pub(super) fn into_page(mut self, limit: usize) -> Vec<Arc<Server>> {
        self.cut(limit);
        self.held
    }

    fn cut(&mut self, count: usize) {
        self.held.sort_by(|one, other| self.order.compare(one, other));
        self.held.truncate(count);
    }
}
