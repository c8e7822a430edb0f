//! Requests over HTTP, counted without a lock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What requests are told apart by, of their paths' first parts: a bounded number.
pub(crate) const SERVICES: [&str; 6] =
    ["identity", "compute", "image", "network", "control", "other"];
/// The methods that are told apart.
pub(crate) const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "other"];
/// The classes of statuses.
pub(crate) const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// The ends of the buckets of durations, µs: from what a read takes to what nobody waits for.
pub(crate) const ENDS_US: [u64; 12] =
    [50, 100, 250, 500, 1_000, 2_500, 10_000, 50_000, 250_000, 1_000_000, 5_000_000, 30_000_000];

/// Of one service and one method. Relaxed throughout: nothing else is ordered by a count.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    pub(crate) classes: [AtomicU64; CLASSES.len()],
    /// How many took no longer than each end and longer than the one before; the last: longer.
    pub(crate) buckets: [AtomicU64; ENDS_US.len() + 1],
    pub(crate) sum_us: AtomicU64,
}

/// Requests over HTTP, by service, method and status, and how long their answers took to begin.
#[derive(Debug, Default)]
pub struct HttpCounts {
    pub(crate) cells: [[Cell; METHODS.len()]; SERVICES.len()],
}

/// Which service and method a request is for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    service: usize,
    method: usize,
}

impl Asked {
    /// Of a path inside a world and a method.
    pub fn of(path: &str, method: &str) -> Self {
        let first = path.strip_prefix('/').unwrap_or(path).split('/').next().unwrap_or_default();
        let first = if first == "guichet" { "control" } else { first };
        let service = SERVICES.iter().position(|service| *service == first);
        let method = METHODS.iter().position(|known| *known == method);
        Self {
            service: service.unwrap_or(SERVICES.len() - 1),
            method: method.unwrap_or(METHODS.len() - 1),
        }
    }
}

impl HttpCounts {
    /// Counts a request that was answered.
    pub fn answered(&self, asked: Asked, status: u16, took: Duration) {
        let cell = &self.cells[asked.service][asked.method];
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = ENDS_US.partition_point(|end| *end < us);
        cell.classes[class].fetch_add(1, Ordering::Relaxed);
        cell.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        cell.sum_us.fetch_add(us, Ordering::Relaxed);
    }
}
