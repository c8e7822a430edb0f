//! What a run came to: one object for programs, a table for people.

mod text;
mod words;

use std::collections::BTreeMap;

use guichet_core::audit::Audit;
use guichet_core::fleet::Counts;
use guichet_core::refusal::RefusalKind;
use guichet_core::state::Status;
use guichet_engine::ServerManager;
use guichet_store::{Figures, Query};
use hdrhistogram::Histogram;
use serde::Serialize;

use super::tally::Counted;

/// Requests by what became of them; `sent = accepted + repeated + all refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Requests sent; reads are counted apart.
    pub sent: u64,
    /// Taken in.
    pub accepted: u64,
    /// How many of them were repeats of an earlier request.
    pub repeated: u64,
    /// Refused, by kind; every kind is there.
    pub refused: BTreeMap<&'static str, u64>,
    /// What was sent, by action; reads too.
    pub by_action: BTreeMap<&'static str, u64>,
}

/// A distribution of times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Times {
    /// Half were no longer than this.
    pub p50: f64,
    /// 90 % were no longer than this.
    pub p90: f64,
    /// 99 % were no longer than this.
    pub p99: f64,
    /// 99.9 % were no longer than this.
    pub p999: f64,
    /// The longest of all.
    pub max: f64,
}

impl Times {
    fn of(micros: &Histogram<u64>) -> Self {
        let at = |quantile: f64| micros.value_at_quantile(quantile) as f64 / 1_000.0;
        Self {
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            p999: at(0.999),
            max: micros.max() as f64 / 1_000.0,
        }
    }
}

/// Reads of a list, and how long they took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Queries {
    /// How many reads were answered.
    pub count: u64,
    /// How long they took, in milliseconds.
    pub latency_ms: Times,
}

/// Operations by how they ended; after a full drain `accepted = succeeded + failed + cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Operations {
    /// Taken in.
    pub accepted: u64,
    /// Those that did what was asked for.
    pub succeeded: u64,
    /// Those that failed for good, after the last attempt.
    pub failed: u64,
    /// Given up for a delete or a hard reboot.
    pub cancelled: u64,
    /// Attempts after the first.
    pub retried: u64,
}

impl Operations {
    const fn of(counts: &Counts) -> Self {
        Self {
            accepted: counts.accepted,
            succeeded: counts.succeeded,
            failed: counts.failed,
            cancelled: counts.cancelled,
            retried: counts.retried,
        }
    }
}

/// Operations that failed for good, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FailedBy {
    /// No host had enough free capacity.
    pub no_valid_host: u64,
    /// The driver answered with an error.
    pub driver: u64,
    /// The driver did not answer in time.
    pub deadline: u64,
    /// The service stopped during the last attempt.
    pub interrupted: u64,
}

impl FailedBy {
    const fn of(counts: &Counts) -> Self {
        Self {
            no_valid_host: counts.failed_no_valid_host,
            driver: counts.failed_driver,
            deadline: counts.failed_deadline,
            interrupted: counts.failed_interrupted,
        }
    }
}

/// What a journal wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Journal {
    /// How many batches were written.
    pub batches: u64,
    /// How many rows there were in them.
    pub rows: u64,
    /// Answers that waited for them.
    pub answers: u64,
    /// Most rows and answers that waited at once.
    pub backlog_max: usize,
}

/// Servers at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Servers {
    /// All servers that exist.
    pub total: u64,
    /// Servers whose status is ACTIVE.
    pub active: u64,
    /// Servers whose status is SHUTOFF.
    pub shutoff: u64,
    /// Servers whose status is ERROR.
    pub error: u64,
}

/// The most there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Peak {
    /// The most servers at once.
    pub servers: usize,
    /// Accepted creates in one clock hour of the load, counted from its start.
    pub creates_per_hour: u64,
}

/// What a run was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Setup {
    /// The seed that repeats it.
    pub seed: u64,
    /// The execution model, by its name.
    pub model: &'static str,
    /// Size of the pool.
    pub workers: usize,
    /// The semaphore, if there was one.
    pub permits: Option<usize>,
    /// How many operations may wait for their first start.
    pub queue: usize,
    /// How many clients sent the load.
    pub clients: usize,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// What the run was made with; its fields stand beside the others.
    #[serde(flatten)]
    pub setup: Setup,
    /// Requests, by what became of them.
    pub requests: Requests,
    /// Reads, which take no part in the queue.
    pub queries: Queries,
    /// Operations, by how they ended.
    pub operations: Operations,
    /// Why those operations failed that did.
    pub failed_by: FailedBy,
    /// Servers at the end.
    pub servers: Servers,
    /// The most there was at any time.
    pub peak: Peak,
    /// Real time from the first request to the last end, s.
    pub seconds: f64,
    /// Virtual time for the same, s, if time was virtual.
    pub virtual_seconds: Option<f64>,
    /// Requests sent a second of real time.
    pub requests_per_s: f64,
    /// Operations ended a second of real time.
    pub operations_per_s: f64,
    /// CPU of the whole process, clients too, for each accepted operation, µs; of none there is
    /// none.
    pub cpu_us_per_operation: Option<f64>,
    /// Accepted → first started.
    pub wait_ms: Times,
    /// First started → finished.
    pub service_ms: Times,
    /// Meant to be sent → finished.
    pub latency_ms: Times,
    /// Most operations running at once.
    pub max_in_flight: usize,
    /// Most operations waiting for their first start.
    pub max_queue_depth: usize,
    /// Most operations waiting for another attempt.
    pub max_requeued: usize,
    /// Longest hold of the store's lock, µs. Of the steps that every operation takes one in 16 is measured, under
    /// virtual time one in 16 of all.
    pub longest_lock_us: f64,
    /// CPU of the whole process during the run, s.
    pub cpu_s: f64,
    /// Most memory the process ever held, MiB.
    pub peak_rss_mib: f64,
    /// What went to the disk, with a data directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal: Option<Journal>,
    /// What was checked and what broke.
    pub invariants: Audit,
    /// How many operations the times are of.
    #[serde(skip)]
    pub samples: Samples,
}

/// How many operations the times of a summary are of: one that ended before it was started has
/// no service time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Samples {
    /// How many operations `wait_ms` is of.
    pub wait: u64,
    /// How many operations `service_ms` is of.
    pub service: u64,
    /// How many operations `latency_ms` is of.
    pub latency: u64,
}

/// What was measured around a run.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Real time, s.
    pub seconds: f64,
    /// Virtual time, s.
    pub virtual_seconds: Option<f64>,
    /// CPU, s.
    pub cpu_s: f64,
    /// Most memory, MiB.
    pub peak_rss_mib: f64,
}

impl Summary {
    /// Puts together what was counted and measured.
    pub fn new(
        setup: Setup,
        counted: &Counted,
        figures: &Figures,
        servers: Servers,
        measured: Measured,
        invariants: Audit,
    ) -> Self {
        let counts = figures.counts;
        let refused = RefusalKind::ALL
            .map(|kind| (kind.as_str(), counted.refused.get(&kind).copied().unwrap_or(0)));
        let per_second = |count: u64| count as f64 / measured.seconds.max(1e-9);
        Self {
            setup,
            requests: Requests {
                sent: counted.sent,
                accepted: counted.accepted,
                repeated: counted.repeated,
                refused: refused.into_iter().collect(),
                by_action: counted.by_action.clone(),
            },
            queries: Queries {
                count: counted.queries,
                latency_ms: Times::of(&counted.query_latency),
            },
            operations: Operations::of(&counts),
            failed_by: FailedBy::of(&counts),
            servers,
            peak: Peak {
                servers: counts.peak_servers,
                creates_per_hour: counted.creates_by_hour.values().copied().max().unwrap_or(0),
            },
            seconds: measured.seconds,
            virtual_seconds: measured.virtual_seconds,
            requests_per_s: per_second(counted.sent + counted.queries),
            operations_per_s: per_second(counts.finished()),
            cpu_us_per_operation: (counts.accepted > 0)
                .then(|| measured.cpu_s * 1e6 / counts.accepted as f64),
            wait_ms: Times::of(&counted.wait),
            service_ms: Times::of(&counted.service),
            latency_ms: Times::of(&counted.latency),
            max_in_flight: figures.load.max_in_flight,
            max_queue_depth: figures.load.max_waiting,
            max_requeued: figures.load.max_requeued,
            longest_lock_us: figures.longest_lock_ns as f64 / 1_000.0,
            cpu_s: measured.cpu_s,
            peak_rss_mib: measured.peak_rss_mib,
            journal: figures.journal.map(|journal| Journal {
                batches: journal.batches,
                rows: journal.rows,
                answers: journal.answers,
                backlog_max: journal.backlog_max,
            }),
            invariants,
            samples: Samples {
                wait: counted.wait.len(),
                service: counted.service.len(),
                latency: counted.latency.len(),
            },
        }
    }
}

/// Counts the servers that exist, by status.
pub fn count_servers(manager: &ServerManager) -> Servers {
    let mut servers = Servers::default();
    for server in manager.scan(&Query::default()) {
        servers.total += 1;
        match server.status() {
            Status::Active => servers.active += 1,
            Status::Shutoff => servers.shutoff += 1,
            Status::Error => servers.error += 1,
            _ => {}
        }
    }
    servers
}
