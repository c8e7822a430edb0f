//! What a run came to: one object for programs, a table for people.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, Table, presets};
use guichet_core::audit::Audit;
use guichet_core::refusal::RefusalKind;
use guichet_core::state::Status;
use guichet_engine::ServerManager;
use guichet_store::{Figures, Query};
use guichet_view::number::{span_s, time_ms};
use hdrhistogram::Histogram;
use serde::Serialize;

use super::tally::Counted;

/// Requests by what became of them; `sent = accepted + repeated + all refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Sent, reads left out.
    pub sent: u64,
    /// Taken in.
    pub accepted: u64,
    /// Seen before.
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
    /// 90 %.
    pub p90: f64,
    /// 99 %.
    pub p99: f64,
    /// 99.9 %.
    pub p999: f64,
    /// None was longer.
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

/// Reads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Queries {
    /// How many.
    pub count: u64,
    /// How long they took.
    pub latency_ms: Times,
}

/// Operations by how they ended; after a full drain `accepted = succeeded + failed + cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Operations {
    /// Taken in.
    pub accepted: u64,
    /// Done.
    pub succeeded: u64,
    /// Failed for good.
    pub failed: u64,
    /// Given up for a delete or a hard reboot.
    pub cancelled: u64,
    /// Attempts after the first.
    pub retried: u64,
}

/// Failures by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FailedBy {
    /// No host had room.
    pub no_valid_host: u64,
    /// The driver said so.
    pub driver: u64,
    /// The driver did not answer in time.
    pub deadline: u64,
    /// The service stopped during the last attempt.
    pub interrupted: u64,
}

/// What a journal wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Journal {
    /// Batches.
    pub batches: u64,
    /// Rows in them.
    pub rows: u64,
    /// Answers that waited for them.
    pub answers: u64,
    /// Most rows and answers that waited at once.
    pub backlog_max: usize,
}

/// Servers at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Servers {
    /// All that exist.
    pub total: u64,
    /// ACTIVE.
    pub active: u64,
    /// SHUTOFF.
    pub shutoff: u64,
    /// ERROR.
    pub error: u64,
}

/// The most there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Peak {
    /// Servers at once.
    pub servers: usize,
    /// Accepted creates in one clock hour of the load, counted from its start.
    pub creates_per_hour: u64,
}

/// What a run was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Setup {
    /// The seed that repeats it.
    pub seed: u64,
    /// The execution model.
    pub model: &'static str,
    /// Size of the pool.
    pub workers: usize,
    /// The semaphore, if there was one.
    pub permits: Option<usize>,
    /// Places to wait.
    pub queue: usize,
    /// Clients.
    pub clients: usize,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// What the run was made with; its fields stand beside the others.
    #[serde(flatten)]
    pub setup: Setup,
    /// Requests.
    pub requests: Requests,
    /// Reads.
    pub queries: Queries,
    /// Operations.
    pub operations: Operations,
    /// Why operations failed.
    pub failed_by: FailedBy,
    /// Servers at the end.
    pub servers: Servers,
    /// Peaks.
    pub peak: Peak,
    /// Real time from the first request to the last end, s.
    pub seconds: f64,
    /// Virtual time for the same, s, if time was virtual.
    pub virtual_seconds: Option<f64>,
    /// Requests sent a second of real time.
    pub requests_per_s: f64,
    /// Operations ended a second of real time.
    pub operations_per_s: f64,
    /// CPU of the whole process, clients too, for each accepted operation, µs.
    pub cpu_us_per_operation: f64,
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
    /// Longest hold of the store's lock, µs.
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
    /// Of `wait_ms`.
    pub wait: u64,
    /// Of `service_ms`.
    pub service: u64,
    /// Of `latency_ms`.
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
            operations: Operations {
                accepted: counts.accepted,
                succeeded: counts.succeeded,
                failed: counts.failed,
                cancelled: counts.cancelled,
                retried: counts.retried,
            },
            failed_by: FailedBy {
                no_valid_host: counts.failed_no_valid_host,
                driver: counts.failed_driver,
                deadline: counts.failed_deadline,
                interrupted: counts.failed_interrupted,
            },
            servers,
            peak: Peak {
                servers: counts.peak_servers,
                creates_per_hour: counted.creates_by_hour.values().copied().max().unwrap_or(0),
            },
            seconds: measured.seconds,
            virtual_seconds: measured.virtual_seconds,
            requests_per_s: per_second(counted.sent + counted.queries),
            operations_per_s: per_second(counts.finished()),
            cpu_us_per_operation: measured.cpu_s * 1e6 / counts.accepted.max(1) as f64,
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

    /// The table people read.
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::UTF8_BORDERS_ONLY);
        table.set_header(["", "count", "p50", "p90", "p99", "p99.9", "max"]);
        let times = |table: &mut Table, what: &str, count: u64, times: &Times| {
            let mut row = vec![what.to_owned(), count.to_string()];
            let values = [times.p50, times.p90, times.p99, times.p999, times.max];
            // Of nothing there is no time.
            row.extend(values.map(|ms| if count > 0 { time_ms(ms) } else { "-".to_owned() }));
            table.add_row(row);
        };
        times(&mut table, "wait", self.samples.wait, &self.wait_ms);
        times(&mut table, "service time", self.samples.service, &self.service_ms);
        times(&mut table, "latency", self.samples.latency, &self.latency_ms);
        times(&mut table, "reads", self.queries.count, &self.queries.latency_ms);
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }

    /// The sentences above and below the table.
    pub fn lines(&self) -> Vec<String> {
        let (requests, operations) = (&self.requests, &self.operations);
        let refused: u64 = requests.refused.values().sum();
        let reasons: Vec<String> = requests
            .refused
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        let reads = match self.queries.count {
            0 => String::new(),
            1 => String::from("; and 1 read"),
            count => format!("; and {count} reads"),
        };
        let mut lines = vec![format!(
            "requests    {} sent: {} accepted, {} repeated, {refused} refused{}{reads}",
            requests.sent,
            requests.accepted,
            requests.repeated,
            if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) },
        )];
        let mut by_action: Vec<String> =
            requests.by_action.iter().map(|(action, count)| format!("{action} {count}")).collect();
        if by_action.is_empty() {
            by_action.push("none".to_owned());
        }
        lines.push(format!("actions     {}", by_action.join(", ")));
        lines.push(format!(
            "operations  {} accepted = {} succeeded + {} failed + {} cancelled; {} retried",
            operations.accepted,
            operations.succeeded,
            operations.failed,
            operations.cancelled,
            operations.retried,
        ));
        if operations.failed > 0 {
            let FailedBy { no_valid_host, driver, deadline, interrupted } = self.failed_by;
            let interrupted = match interrupted {
                0 => String::new(),
                count => format!(", interrupted {count}"),
            };
            lines.push(format!(
                "failed by   no valid host {no_valid_host}, driver {driver}, deadline {deadline}{interrupted}"
            ));
        }
        // Of a run shorter than an hour the busiest hour says nothing.
        let busiest = match self.virtual_seconds.unwrap_or(self.seconds) {
            s if s >= 3_600.0 => {
                format!(", {} creates in the busiest hour", self.peak.creates_per_hour)
            }
            _ => String::new(),
        };
        lines.push(format!(
            "servers     {} at the end ({} ACTIVE, {} SHUTOFF, {} ERROR); at most {} at once{busiest}",
            self.servers.total,
            self.servers.active,
            self.servers.shutoff,
            self.servers.error,
            self.peak.servers,
        ));
        lines.push(format!(
            "bounds      {} in flight at most, {} waiting at most (queue {}), {} waiting for another attempt at most",
            self.max_in_flight, self.max_queue_depth, self.setup.queue, self.max_requeued
        ));
        let span = match self.virtual_seconds {
            Some(seconds) => {
                format!("{} of virtual time in {:.2} s", span_s(seconds), self.seconds)
            }
            None => format!("{:.2} s", self.seconds),
        };
        lines.push(format!(
            "speed       {span}: {:.0} requests/s, {:.0} operations/s; {:.2} s CPU, {:.2} µs an operation; lock held {:.1} µs at most; {:.1} MiB",
            self.requests_per_s,
            self.operations_per_s,
            self.cpu_s,
            self.cpu_us_per_operation,
            self.longest_lock_us,
            self.peak_rss_mib,
        ));
        if let Some(journal) = &self.journal {
            lines.push(format!(
                "journal     {} batches of {:.1} rows and {:.1} answers; {} waited at most",
                journal.batches,
                journal.rows as f64 / journal.batches.max(1) as f64,
                journal.answers as f64 / journal.batches.max(1) as f64,
                journal.backlog_max,
            ));
        }
        lines
    }

    /// The last line: what was checked.
    pub fn invariants_line(&self) -> String {
        format!(
            "invariants: {} checked, {} broken",
            self.invariants.checked,
            self.invariants.violations.len()
        )
    }
}

/// Counts the servers that exist, by status.
pub fn count_servers(manager: &ServerManager) -> Servers {
    let mut servers = Servers::default();
    let limit = Some(guichet_core::limits::PAGE_MAX);
    let mut query = Query { limit, ..Query::default() };
    loop {
        let page = manager.servers(&query);
        for server in &page.servers {
            servers.total += 1;
            match server.status() {
                Status::Active => servers.active += 1,
                Status::Shutoff => servers.shutoff += 1,
                Status::Error => servers.error += 1,
                _ => {}
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return servers,
        }
    }
}
