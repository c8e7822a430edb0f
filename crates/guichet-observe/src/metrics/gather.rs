//! Where the values come from.

use guichet_cloud::Cloud;
use guichet_cloud::worlds::Worlds;
use guichet_core::scheduler::Load;
use guichet_core::times::Times;
use guichet_http::answered::CLASSES;
use guichet_http::connections::{Connections, NotServed};
use guichet_store::{Detail, Figures};

use super::process;
use super::values::{Labels, Value, Values};
use crate::depths;
use crate::followed::Followed;
use crate::http::{HttpCounts, Under};
use crate::readiness::Readiness;

pub(super) fn all(
    values: &mut Values,
    worlds: &Worlds,
    followed: Option<&Followed>,
    (http, connections): (&HttpCounts, &Connections),
) {
    let build = vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("commit", option_env!("GUICHET_COMMIT").unwrap_or("unknown").to_owned()),
    ];
    values.number("guichet_build_info", build, 1.0);
    values.one("guichet_ready", f64::from(u8::from(Readiness::of(worlds).is_ready())));
    of_http(values, http);
    of_connections(values, connections);
    if let Some(followed) = followed {
        happened(values, followed);
    }
    let cloud = worlds.first().cloud();
    let (figures, detail) = (cloud.manager().figures(), cloud.manager().detail());
    fleet(values, &cloud, &figures, detail.commits.as_ref());
    queue(values, &cloud, figures.load, detail);
    accounts(values, &cloud);
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
    for (Under { service, route, method }, counted) in http.read() {
        let labels = || -> Labels {
            let method = ("method", method.to_owned());
            vec![("service", service.to_owned()), ("route", route.to_string()), method]
        };
        for (class, count) in CLASSES.iter().zip(counted.classes) {
            if count > 0 {
                let mut labels = labels();
                labels.push(("status", (*class).to_owned()));
                values.number("guichet_http_requests", labels, count as f64);
            }
        }
        let value = Value::Exemplified(counted.times, Box::new(counted.exemplars));
        values.add("guichet_http_request_duration_seconds", labels(), value);
    }
}

fn of_connections(values: &mut Values, connections: &Connections) {
    values.one("guichet_connections", connections.open() as f64);
    values.one("guichet_connections_opened", connections.opened() as f64);
    for why in NotServed::ALL {
        let labels = vec![("reason", why.as_str().to_owned())];
        let count = connections.not_served(why) as f64;
        values.number("guichet_connections_not_served", labels, count);
    }
}

fn accounts(values: &mut Values, cloud: &Cloud) {
    for (outcome, count) in cloud.accounts().logins() {
        let labels = vec![("outcome", outcome.to_owned())];
        values.number("guichet_logins", labels, count as f64);
    }
    values.one("guichet_tokens", cloud.accounts().tokens() as f64);
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
    for (action, wait, service) in counted.total.times() {
        let labels = || vec![("action", action.to_owned())];
        values.times("guichet_operation_wait_seconds", labels(), wait);
        values.times("guichet_operation_service_seconds", labels(), service);
    }
    values.one("guichet_log_missed", counted.missed as f64);
}

fn queue(values: &mut Values, cloud: &Cloud, load: Load, detail: Detail) {
    let oldest = detail.depths.iter().filter_map(|depth| depth.oldest).min();
    let oldest_s = oldest.map_or(0.0, |oldest| cloud.now().since(oldest).as_secs_f64());
    for (name, value) in [
        ("guichet_queue_waiting", load.waiting),
        ("guichet_queue_requeued", load.requeued),
        ("guichet_queue_bound", detail.bounds.queue),
        ("guichet_operations_in_flight", load.in_flight),
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

fn fleet(values: &mut Values, cloud: &Cloud, figures: &Figures, commits: Option<&Times>) {
    values.one("guichet_lock_hold_max_seconds", figures.longest_lock_ns as f64 / 1e9);
    values.one("guichet_driver_observer_panics", f64::from(cloud.manager().observer_panics()));
    for (action, times) in cloud.manager().driver_calls() {
        let labels = vec![("action", action.as_str().to_owned())];
        values.times("guichet_driver_call_seconds", labels, &times);
    }
    let Some(journal) = &figures.journal else { return };
    if let Some(commits) = commits {
        values.times("guichet_journal_commit_seconds", Vec::new(), commits);
    }
    for (name, value) in [
        ("guichet_journal_batches", journal.batches),
        ("guichet_journal_rows", journal.rows),
        ("guichet_journal_answers", journal.answers),
        ("guichet_journal_backlog", journal.backlog as u64),
        ("guichet_journal_backlog_max", journal.backlog_max as u64),
        ("guichet_journal_file_bytes", journal.file_bytes),
        ("guichet_journal_wal_bytes", journal.wal_bytes),
        ("guichet_journal_stalled", u64::from(journal.is_stalled)),
    ] {
        values.one(name, value as f64);
    }
}
