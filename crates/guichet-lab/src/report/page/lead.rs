//! What came of a run, in a few sentences: the first thing read.

use guichet_core::refusal::RefusalKind;
use guichet_locale::{Locale, text};

use crate::simulate::Ran;
use crate::simulate::recorder::Recorded;
use crate::simulate::scenario::{Load, Scenario};

/// What came of it, in a few sentences.
pub(super) fn lead(scenario: &Scenario, ran: &Ran, locale: Locale) -> Vec<String> {
    let mut lead = Vec::new();
    if ran.interrupted {
        lead.push(text!(locale, "report-interrupted"));
    }
    lead.push(format!("{} {}", sent(scenario, ran, locale), ended(ran, locale)));
    if let Some(recorded) = &ran.recorded {
        let limited = limited_by(scenario, ran, recorded, locale);
        lead.push(format!("{} {limited}", peaks(recorded, locale)));
    }
    let summary = &ran.summary;
    if summary.samples.latency > 0 {
        let time = |ms: f64| locale.time_us((ms * 1e3) as u64);
        let (half, most) = (time(summary.latency_ms.p50), time(summary.latency_ms.p99));
        lead.push(text!(locale, "report-over-within", half = half, most = most));
    }
    lead.push(invariants(ran, locale));
    lead
}

/// How many requests there were, and what became of them at once.
fn sent(scenario: &Scenario, ran: &Ran, locale: Locale) -> String {
    let (summary, requests) = (&ran.summary, &ran.summary.requests);
    let refused: u64 = requests.refused.values().sum();
    let seconds = summary.virtual_seconds.unwrap_or(summary.seconds);
    let mut time = locale.time_us((seconds * 1e6) as u64);
    if scenario.virtual_time {
        time = text!(locale, "report-virtual-time", time = time);
    }
    let (sent, accepted) = (requests.sent, requests.accepted);
    match requests.repeated {
        0 => text!(
            locale,
            "report-requests-sent",
            sent = sent,
            time = time,
            accepted = accepted,
            refused = refused
        ),
        repeated => text!(
            locale,
            "report-requests-repeated",
            sent = sent,
            time = time,
            accepted = accepted,
            repeated = repeated,
            refused = refused
        ),
    }
}

/// How the operations ended.
fn ended(ran: &Ran, locale: Locale) -> String {
    let operations = &ran.summary.operations;
    text!(
        locale,
        "report-operations",
        succeeded = operations.succeeded,
        failed = operations.failed,
        cancelled = operations.cancelled
    )
}

fn peaks(recorded: &Recorded, locale: Locale) -> String {
    let running = recorded.running.value;
    match (recorded.waiting.value, recorded.waiting.at_us) {
        (0, _) => text!(locale, "report-peak-none", running = running),
        (waiting, 0) => {
            text!(locale, "report-peak-start", running = running, waiting = waiting)
        }
        (waiting, at_us) => {
            let at = locale.time_us(at_us);
            text!(locale, "report-peak", running = running, waiting = waiting, at = at)
        }
    }
}

/// How much of what may run at once did, so that one may say the pool was full.
const FULL: f64 = 0.9;

/// What limited the speed of the run.
fn limited_by(scenario: &Scenario, ran: &Ran, recorded: &Recorded, locale: Locale) -> String {
    let places = scenario.config.in_flight_max();
    let full = recorded.running_mean / places as f64 >= FULL;
    let used = locale.short(recorded.running_mean);
    match queue_full(ran) {
        0 if full => text!(locale, "report-limit-pool", used = used, places = places),
        0 if matches!(scenario.load, Load::Closed { .. }) => {
            text!(locale, "report-limit-clients", used = used, places = places)
        }
        0 => text!(locale, "report-limit-load", used = used, places = places),
        refused => text!(
            locale,
            "report-limit-queue",
            queue = scenario.config.queue,
            refused = refused,
            used = used,
            places = places
        ),
    }
}

/// Whether what must hold does.
pub(super) fn invariants(ran: &Ran, locale: Locale) -> String {
    let audit = &ran.summary.invariants;
    let checks = audit.checked;
    match audit.violations.len() as u64 {
        0 => text!(locale, "report-holds", checks = checks),
        broken => text!(locale, "report-broke", broken = broken, checks = checks),
    }
}

/// Requests that found no place in the queue.
pub(super) fn queue_full(ran: &Ran) -> u64 {
    let refused = &ran.summary.requests.refused;
    refused.get(RefusalKind::QueueFull.as_str()).copied().unwrap_or(0)
}
