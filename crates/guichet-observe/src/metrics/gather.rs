//! Where the values come from.

use std::sync::atomic::Ordering;

use guichet_cloud::Cloud;
use guichet_cloud::worlds::Worlds;
use hdrhistogram::Histogram;

use super::process;
use super::values::{Labels, Value, Values};
use crate::depths;
use crate::followed::Followed;
use crate::http::{CLASSES, ENDS_US, HttpCounts, METHODS, SERVICES};
use crate::readiness::Readiness;

/// The ends of the buckets of waits and service times, µs.
const ENDS: [u64; 14] = [
    100,
    500,
    1_000,
    5_000,
    10_000,
    50_000,
    100_000,
    500_000,
    1_000_000,
    5_000_000,
    10_000_000,
    60_000_000,
    300_000_000,
    3_600_000_000,
];

pub(super) fn all(
    values: &mut Values,
    worlds: &Worlds,
    followed: Option<&Followed>,
    http: &HttpCounts,
) {
    let version = vec![("version", env!("CARGO_PKG_VERSION").to_owned())];
    values.number("guichet_build_info", version, 1.0);
    values.one("guichet_ready", f64::from(u8::from(Readiness::of(worlds).is_ready())));
    of_http(values, http);
    if let Some(followed) = followed {
        happened(values, followed);
    }
    let cloud = worlds.first().cloud();
    queue(values, &cloud);
    fleet(values, &cloud);
    values.one("guichet_worlds", worlds.len() as f64);
    let known = [
        ("process_cpu_seconds", process::cpu_s()),
        ("process_resident_memory_bytes", process::resident_bytes()),
        ("process_open_fds", process::open_files()),
    ];
    for (name, value) in known {
        if let Some(value) = value {
            values.one(name, value);
        }
    }
}

fn of_http(values: &mut Values, http: &HttpCounts) {
    for (service, cells) in SERVICES.iter().zip(&http.cells) {
        for (method, cell) in METHODS.iter().zip(cells) {
            let labels =
                || vec![("service", (*service).to_owned()), ("method", (*method).to_owned())];
            let mut buckets: Vec<(f64, u64)> = Vec::with_capacity(ENDS_US.len() + 1);
            let ends = ENDS_US.iter().map(|end| *end as f64 / 1e6).chain([f64::INFINITY]);
            buckets.extend(ends.zip(cell.buckets.iter().map(|it| it.load(Ordering::Relaxed))));
            if buckets.iter().all(|(_, count)| *count == 0) {
                continue;
            }
            for (class, count) in CLASSES.iter().zip(&cell.classes) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let mut labels = labels();
                    labels.push(("status", (*class).to_owned()));
                    values.number("guichet_http_requests", labels, count as f64);
                }
            }
            let sum = cell.sum_us.load(Ordering::Relaxed) as f64 / 1e6;
            let value = Value::Histogram(sum, buckets);
            values.add("guichet_http_request_duration_seconds", labels(), value);
        }
    }
}

/// What was counted from the log.
fn happened(values: &mut Values, followed: &Followed) {
    let counted = followed.counted();
    for row in counted.total.operations() {
        let labels: Labels =
            vec![("action", row.action.to_owned()), ("outcome", row.outcome.to_owned())];
        values.number("guichet_operations", labels, row.count as f64);
    }
    for row in counted.total.refused() {
        let labels = vec![("reason", row.reason.to_owned())];
        values.number("guichet_requests_refused", labels, row.count as f64);
    }
    let (wait, service) = counted.total.times();
    values.add("guichet_operation_wait_seconds", Vec::new(), histogram(wait));
    values.add("guichet_operation_service_seconds", Vec::new(), histogram(service));
    values.one("guichet_log_missed", counted.missed as f64);
}

/// A histogram in buckets; two digits of each time are right, so one at an end may be in either.
fn histogram(times: &Histogram<u64>) -> Value {
    let mut buckets: Vec<(f64, u64)> =
        ENDS.iter().map(|end| (*end as f64 / 1e6, 0)).chain([(f64::INFINITY, 0)]).collect();
    let mut sum = 0.0;
    for step in times.iter_recorded() {
        let (us, count) = (step.value_iterated_to(), step.count_since_last_iteration());
        buckets[ENDS.partition_point(|end| *end < us)].1 += count;
        sum += us as f64 / 1e6 * count as f64;
    }
    Value::Histogram(sum, buckets)
}

fn queue(values: &mut Values, cloud: &Cloud) {
    let (figures, detail) = (cloud.manager().figures(), cloud.manager().detail());
    let oldest = detail.depths.iter().filter_map(|depth| depth.oldest).min();
    let oldest_s = oldest.map_or(0.0, |oldest| cloud.now().since(oldest).as_secs_f64());
    for (name, value) in [
        ("guichet_queue_waiting", figures.load.waiting),
        ("guichet_queue_requeued", figures.load.requeued),
        ("guichet_queue_bound", detail.bounds.queue),
        ("guichet_operations_in_flight", figures.load.in_flight),
        ("guichet_permits", detail.bounds.service),
        ("guichet_workers", cloud.manager().workers()),
    ] {
        values.one(name, value as f64);
    }
    values.one("guichet_queue_oldest_seconds", oldest_s);
    for (status, count) in &detail.statuses {
        let labels = vec![("status", status.as_str().to_owned())];
        values.number("guichet_servers", labels, *count as f64);
    }
    let (shown, other) = depths::longest(cloud, detail.depths);
    let other = other.map(|other| ("other".to_owned(), other.waiting, other.in_flight, None));
    let rows = shown.into_iter().map(|it| (it.name, it.waiting, it.in_flight, it.oldest_s));
    for (project, waiting, in_flight, oldest_s) in rows.chain(other) {
        let labels = || vec![("project", project.clone())];
        values.number("guichet_project_waiting", labels(), waiting as f64);
        values.number("guichet_project_in_flight", labels(), in_flight as f64);
        if let Some(oldest_s) = oldest_s {
            values.number("guichet_project_oldest_seconds", labels(), oldest_s);
        }
    }
}

fn fleet(values: &mut Values, cloud: &Cloud) {
    let figures = cloud.manager().figures();
    values.one("guichet_lock_hold_max_seconds", figures.longest_lock_ns as f64 / 1e9);
    values.one("guichet_driver_observer_panics", f64::from(cloud.manager().observer_panics()));
    let Some(journal) = figures.journal else { return };
    for (name, value) in [
        ("guichet_journal_batches", journal.batches),
        ("guichet_journal_rows", journal.rows),
        ("guichet_journal_answers", journal.answers),
        ("guichet_journal_backlog", journal.backlog as u64),
        ("guichet_journal_backlog_max", journal.backlog_max as u64),
        ("guichet_journal_stalled", u64::from(journal.is_stalled)),
    ] {
        values.one(name, value as f64);
    }
}
