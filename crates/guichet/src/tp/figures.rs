//! What a point's commands measured, in sentences made from their JSON.

use guichet_lab::compare::commentary::others_loud;
use guichet_locale::{Locale, text};
use serde_json::Value;

/// Which figures of a command's JSON tell what the point is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figures {
    /// What became of a fleet, and whether it is whole.
    Fleet,
    /// What was asked for, by action, and what became of it.
    Actions,
    /// How a model of execution did.
    Run,
    /// Why requests were refused.
    Refusals,
    /// What a queue took in.
    Queue,
    /// The rows of a comparison.
    Rows,
    /// What broke without the lock, and with it.
    Race,
}

/// The sentences. A figure that is not in the JSON is a dash: the tests see to it that none is.
pub(super) fn sentences(which: Figures, found: &Value, locale: Locale) -> Vec<String> {
    let found = Found { value: found, locale };
    match which {
        Figures::Fleet => vec![fleet(&found), checks(&found)],
        Figures::Actions => vec![actions(&found), checks(&found)],
        Figures::Run => vec![run(&found)],
        Figures::Refusals => vec![refusals(&found)],
        Figures::Queue => vec![queue(&found)],
        Figures::Rows => rows(&found),
        Figures::Race => race(&found),
    }
}

/// A JSON object, and how its figures are written.
struct Found<'a> {
    value: &'a Value,
    locale: Locale,
}

impl Found<'_> {
    /// A count, by its JSON pointer.
    fn count(&self, pointer: &str) -> u64 {
        self.value.pointer(pointer).and_then(Value::as_u64).unwrap_or_default()
    }

    fn number(&self, pointer: &str) -> Option<f64> {
        self.value.pointer(pointer).and_then(Value::as_f64)
    }

    fn written(&self, pointer: &str, how: impl Fn(f64) -> String) -> String {
        self.number(pointer).map_or_else(|| "–".to_owned(), how)
    }

    fn ms(&self, pointer: &str) -> String {
        self.written(pointer, |ms| self.locale.time_ms(ms))
    }

    fn rounded(&self, pointer: &str) -> String {
        self.written(pointer, |value| self.locale.rounded(value))
    }
}

fn fleet(found: &Found<'_>) -> String {
    text!(
        found.locale,
        "tp-figures-fleet",
        accepted = found.count("/requests/accepted"),
        refused = refused(found),
        servers = found.count("/servers/total"),
        peak = found.count("/peak/servers")
    )
}

fn refused(found: &Found<'_>) -> u64 {
    let kinds = found.value.pointer("/requests/refused").and_then(Value::as_object);
    kinds.into_iter().flat_map(serde_json::Map::values).filter_map(Value::as_u64).sum()
}

fn checks(found: &Found<'_>) -> String {
    let broken = found.value.pointer("/invariants/violations").and_then(Value::as_array);
    text!(
        found.locale,
        "tp-figures-checks",
        checks = found.count("/invariants/checked"),
        broken = broken.map_or(0, Vec::len)
    )
}

fn actions(found: &Found<'_>) -> String {
    let named = found.value.pointer("/requests/by_action").and_then(Value::as_object);
    let named: Vec<String> = (named.into_iter().flatten())
        .map(|(action, count)| {
            format!("{action} {}", found.locale.grouped(count.as_u64().unwrap_or_default()))
        })
        .collect();
    text!(
        found.locale,
        "tp-figures-actions",
        actions = named.join(", "),
        succeeded = found.count("/operations/succeeded"),
        cancelled = found.count("/operations/cancelled"),
        refused = refused(found)
    )
}

fn run(found: &Found<'_>) -> String {
    text!(
        found.locale,
        "tp-figures-run",
        flight = found.count("/max_in_flight"),
        rate = found.rounded("/operations_per_s"),
        wait = found.ms("/wait_ms/p50"),
        service = found.ms("/service_ms/p50"),
        cpu = found.rounded("/cpu_us_per_operation"),
        memory = found.rounded("/peak_rss_mib")
    )
}

fn refusals(found: &Found<'_>) -> String {
    let kinds = found.value.pointer("/requests/refused").and_then(Value::as_object);
    let kinds: Vec<String> = (kinds.into_iter().flatten())
        .filter_map(|(kind, count)| Some((kind, count.as_u64().filter(|count| *count > 0)?)))
        .map(|(kind, count)| format!("{kind} {}", found.locale.grouped(count)))
        .collect();
    text!(
        found.locale,
        "tp-figures-refusals",
        sent = found.count("/requests/sent"),
        refused = refused(found),
        kinds = kinds.join(", "),
        servers = found.count("/servers/total")
    )
}

fn queue(found: &Found<'_>) -> String {
    let ends = ["succeeded", "failed", "cancelled"];
    let ended: u64 = ends.iter().map(|end| found.count(&format!("/operations/{end}"))).sum();
    let accepted = found.count("/operations/accepted");
    let lost = accepted.saturating_sub(ended);
    text!(
        found.locale,
        "tp-figures-queue",
        waiting = found.count("/max_queue_depth"),
        refused = found.count("/requests/refused/queue_full"),
        wait = found.ms("/wait_ms/p99"),
        accepted = accepted,
        ended = ended,
        lost = lost
    )
}

/// A line for each row, and whether the machine was quiet.
fn rows(found: &Found<'_>) -> Vec<String> {
    let rows = found.value["results"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines: Vec<String> =
        rows.iter().map(|row| row_line(&Found { value: row, locale: found.locale })).collect();
    let busy: Vec<f64> = rows.iter().filter_map(|row| row["others_busy"].as_f64()).collect();
    if let Some(busy) = others_loud(&busy) {
        let busy = found.locale.figure(busy);
        lines.push(text!(found.locale, "tp-figures-others", busy = busy));
    }
    lines
}

fn row_line(row: &Found<'_>) -> String {
    let model = row.value["model"].as_str().unwrap_or("–");
    let name = match row.value["workers"].as_u64() {
        Some(workers) if model != "sequential" => format!("{model} ({workers})"),
        _ => model.to_owned(),
    };
    let rate = row.rounded("/requests_per_s/median");
    let times = row.written("/speedup/median", |factor| row.locale.figure(factor));
    if row.value["work"].as_str() == Some("cpu") {
        text!(row.locale, "tp-figures-row-cpu", name = name, rate = rate, times = times)
    } else {
        text!(row.locale, "tp-figures-row-io", name = name, rate = rate, times = times)
    }
}

fn race(found: &Found<'_>) -> Vec<String> {
    let kinds = |of: &str| -> u64 {
        let kinds = found.value.pointer(of).and_then(Value::as_object);
        let counts = kinds.into_iter().flat_map(serde_json::Map::values);
        counts.filter(|count| count.as_u64().is_some_and(|count| count > 0)).count() as u64
    };
    // The counts are larger than a message's numbers are exact.
    let large = |pointer: &str| found.locale.grouped(found.count(pointer));
    vec![
        text!(
            found.locale,
            "tp-figures-race-threads",
            requests = found.count("/unlocked/requests"),
            kinds = kinds("/unlocked/anomalies"),
            locked = kinds("/locked/anomalies")
        ),
        text!(
            found.locale,
            "tp-figures-race-schedules",
            broken = large("/explored/unlocked/broken"),
            schedules = large("/explored/unlocked/schedules"),
            lockedbroken = large("/explored/locked/broken"),
            lockedschedules = large("/explored/locked/schedules")
        ),
    ]
}
