//! Every metric, with what it means: `docs/metrics.md` is made from this.

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows; begins anew with the process. Its name ends in `_total` where it is written.
    Counter,
    /// As it is now.
    Gauge,
    /// Counts by size.
    Histogram,
}

/// A metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its labels.
    pub labels: &'static str,
    /// What it means.
    pub help: &'static str,
}

const fn metric(
    name: &'static str,
    kind: Kind,
    labels: &'static str,
    help: &'static str,
) -> Metric {
    Metric { name, kind, labels, help }
}

use Kind::{Counter, Gauge, Histogram};

/// All metrics, in the order in which they are written.
pub const METRICS: &[Metric] = &[
    metric(
        "guichet_build_info",
        Gauge,
        "version, commit",
        "Always 1; says which version runs, and the commit that it was made of if that is known",
    ),
    metric("guichet_ready", Gauge, "", "1 if /readyz says that the service takes requests"),
    metric(
        "guichet_http_requests",
        Counter,
        "service, route, method, status",
        "Requests that were answered, by route and by the class of the status. A route is as it is declared, without ids; `other` is all that came to none, such as 404, and 401 before it",
    ),
    metric(
        "guichet_http_request_duration_seconds",
        Histogram,
        "service, route, method",
        "From the head of a request to the head of its answer; exemplars have the request's id",
    ),
    metric("guichet_connections", Gauge, "", "Connections to the service's address that are open"),
    metric("guichet_connections_opened", Counter, "", "Connections that were opened"),
    metric(
        "guichet_connections_not_served",
        Counter,
        "reason",
        "Connections that were not served, or not to their end: the address has its share, not_accepted (no file or memory is left), evicted (idle, and another needed the place), no_tls, tls_handshake",
    ),
    metric(
        "guichet_logins",
        Counter,
        "outcome",
        "Requests for a token: granted, refused, rate_limited, busy (too many wait), failed",
    ),
    metric("guichet_tokens", Gauge, "", "Tokens that are kept; some may have expired"),
    metric(
        "guichet_operations",
        Counter,
        "action, outcome",
        "What happened to operations: accepted, started, requeued, succeeded, failed, cancelled",
    ),
    metric(
        "guichet_operation_wait_seconds",
        Histogram,
        "action",
        "Accepted to first started, by the world's time",
    ),
    metric(
        "guichet_operation_service_seconds",
        Histogram,
        "action",
        "First started to succeeded or failed, by the world's time",
    ),
    metric(
        "guichet_requests_refused",
        Counter,
        "reason",
        "Requests that the engine refused, by why",
    ),
    metric(
        "guichet_log_missed",
        Counter,
        "",
        "Entries that were not counted because the counting task was held up",
    ),
    metric("guichet_queue_waiting", Gauge, "", "Operations that wait for their first start"),
    metric("guichet_queue_requeued", Gauge, "", "Operations that wait for another attempt"),
    metric("guichet_queue_bound", Gauge, "", "How many may wait for their first start"),
    metric(
        "guichet_queue_oldest_seconds",
        Gauge,
        "",
        "How long the oldest has waited for its first start; 0 if none does",
    ),
    metric(
        "guichet_project_waiting",
        Gauge,
        "project",
        "Operations of a project that wait for their first start; the 20 with the most, and `other`",
    ),
    metric(
        "guichet_project_in_flight",
        Gauge,
        "project",
        "Operations of a project that run; the same projects",
    ),
    metric(
        "guichet_project_oldest_seconds",
        Gauge,
        "project",
        "How long the oldest of a project has waited; the same projects",
    ),
    metric(
        "guichet_operations_in_flight",
        Gauge,
        "",
        "Operations that run: each has a permit and a worker",
    ),
    metric("guichet_permits", Gauge, "", "Operations that may run at once"),
    metric("guichet_workers", Gauge, "", "Workers that there are"),
    metric("guichet_servers", Gauge, "status", "Servers that exist, by status"),
    metric(
        "guichet_lock_hold_max_seconds",
        Gauge,
        "",
        "The longest that the fleet's lock was held since the start; of operations' steps one in 16 is measured",
    ),
    metric(
        "guichet_driver_observer_panics",
        Gauge,
        "",
        "How often in a row the driver panicked where it should have said what it saw",
    ),
    metric(
        "guichet_driver_call_seconds",
        Histogram,
        "action",
        "One call of the driver, by the world's time; an operation may take several",
    ),
    metric("guichet_journal_batches", Counter, "", "Batches that were written"),
    metric("guichet_journal_rows", Counter, "", "Rows in those batches"),
    metric("guichet_journal_answers", Counter, "", "Answers that waited for those batches"),
    metric("guichet_journal_backlog", Gauge, "", "Rows and answers that wait for the disk"),
    metric("guichet_journal_backlog_max", Gauge, "", "The most that ever waited for it"),
    metric(
        "guichet_journal_commit_seconds",
        Histogram,
        "",
        "Until a batch was durable, a wait for room on the disk with it",
    ),
    metric(
        "guichet_journal_file_bytes",
        Gauge,
        "",
        "Length of the database, as of its last checkpoint",
    ),
    metric(
        "guichet_journal_wal_bytes",
        Gauge,
        "",
        "Length of the write-ahead log; far more than 64 MiB is a reader that does not end",
    ),
    metric(
        "guichet_journal_stalled",
        Gauge,
        "",
        "1 while nothing can be written: writes are answered 503",
    ),
    metric("guichet_worlds", Gauge, "", "Worlds beside the first"),
    metric("process_cpu_seconds", Counter, "", "Processor time of the process"),
    metric("process_resident_memory_bytes", Gauge, "", "Memory of the process"),
    metric("process_open_fds", Gauge, "", "Open files of the process, connections among them"),
];
