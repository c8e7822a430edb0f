//! What programs read: one object, with exactly the keys that are documented.

use serde_json::Value;

use crate::support::{Place, TRACE, TRACE_REQUESTS, flag, good, summary};

const REFUSALS: [&str; 9] = [
    "not_found",
    "no_server",
    "conflict",
    "over_quota",
    "queue_full",
    "rate_limited",
    "draining",
    "invalid",
    "unrecorded",
];
const TIMES: [&str; 5] = ["p50", "p90", "p99", "p999", "max"];

/// The keys of an object are these, in any order.
fn keys(value: &Value, expected: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("{value} is no object"));
    let mut found: Vec<&str> = object.keys().map(String::as_str).collect();
    let mut expected = expected.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

fn documented(summary: &Value) {
    keys(
        summary,
        &[
            "seed",
            "model",
            "workers",
            "permits",
            "queue",
            "clients",
            "requests",
            "queries",
            "operations",
            "failed_by",
            "servers",
            "peak",
            "seconds",
            "virtual_seconds",
            "requests_per_s",
            "operations_per_s",
            "cpu_us_per_operation",
            "wait_ms",
            "service_ms",
            "latency_ms",
            "max_in_flight",
            "max_queue_depth",
            "max_requeued",
            "longest_lock_us",
            "cpu_s",
            "peak_rss_mib",
            "invariants",
        ],
    );
    keys(&summary["requests"], &["sent", "accepted", "repeated", "refused", "by_action"]);
    keys(&summary["requests"]["refused"], &REFUSALS);
    keys(&summary["queries"], &["count", "latency_ms"]);
    keys(&summary["queries"]["latency_ms"], &TIMES);
    for times in ["wait_ms", "service_ms", "latency_ms"] {
        keys(&summary[times], &TIMES);
    }
    keys(&summary["operations"], &["accepted", "succeeded", "failed", "cancelled", "retried"]);
    keys(&summary["failed_by"], &["no_valid_host", "driver", "deadline", "interrupted"]);
    keys(&summary["servers"], &["total", "active", "shutoff", "error"]);
    keys(&summary["peak"], &["servers", "creates_per_hour"]);
    keys(&summary["invariants"], &["checked", "violations"]);
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

fn sum(value: &Value) -> u64 {
    value.as_object().expect("an object").values().map(count).sum()
}

fn adds_up(summary: &Value, asked: u64) {
    let (requests, operations) = (&summary["requests"], &summary["operations"]);
    let answered =
        count(&requests["accepted"]) + count(&requests["repeated"]) + sum(&requests["refused"]);
    assert_eq!(count(&requests["sent"]), answered);
    assert_eq!(count(&requests["sent"]) + count(&summary["queries"]["count"]), asked);
    assert_eq!(sum(&requests["by_action"]), asked);
    let over = ["succeeded", "failed", "cancelled"].map(|end| count(&operations[end]));
    assert_eq!(count(&operations["accepted"]), over.iter().sum::<u64>());
    assert_eq!(count(&operations["failed"]), sum(&summary["failed_by"]));
    assert_eq!(summary["invariants"]["violations"], Value::Array(Vec::new()));
    assert!(count(&summary["invariants"]["checked"]) > 0);
    for times in [&summary["wait_ms"], &summary["service_ms"], &summary["latency_ms"]] {
        let values = TIMES.map(|quantile| times[quantile].as_f64().expect("a number"));
        assert!(values.is_sorted(), "{times}");
    }
}

#[test]
fn the_object_has_exactly_the_documented_keys() {
    for model in ["sequential", "threads", "pool", "async"] {
        let flags = ["--model", model, "--requests", "400", "--profile", "instant", "--seed", "9"];
        let summary = summary(&flags);
        documented(&summary);
        adds_up(&summary, 400);
        assert_eq!(summary["model"], model);
        assert_eq!(summary["seed"], 9);
        assert_eq!(summary["clients"], 64);
        assert_eq!(summary["queue"], 10_000);
        assert_eq!(summary["permits"], Value::Null);
        assert_eq!(summary["virtual_seconds"], Value::Null);
    }
}

#[test]
fn flags_are_in_the_object() {
    let summary = summary(&[
        "--requests",
        "200",
        "--clients",
        "10",
        "--workers",
        "5",
        "--permits",
        "4",
        "--queue",
        "50",
        "--virtual-time",
    ]);
    documented(&summary);
    adds_up(&summary, 200);
    for (key, value) in [("workers", 5), ("permits", 4), ("queue", 50), ("clients", 10)] {
        assert_eq!(summary[key], value, "{key}");
    }
    assert!(count(&summary["max_in_flight"]) <= 4);
    assert!(summary["virtual_seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
}

#[test]
fn it_is_one_line_and_nothing_else_is_on_stdout() {
    let ran = good(&["--requests", "50", "--format", "json", "--all"]);
    assert!(ran.out.starts_with('{') && ran.out.ends_with("}\n"));
    assert_eq!(ran.out.lines().count(), 1);
    assert!(!ran.log.is_empty(), "the log is elsewhere");
}

#[test]
fn a_flood_is_refused_at_once_and_loses_nothing() {
    let summary = summary(&[
        "--clients",
        "64",
        "--queue",
        "100",
        "--workers",
        "4",
        "--rate",
        "10000",
        "--requests",
        "3000",
        "--virtual-time",
    ]);
    adds_up(&summary, 3_000);
    assert!(count(&summary["max_queue_depth"]) <= 100);
    assert!(count(&summary["requests"]["refused"]["queue_full"]) > 0);
}

#[test]
fn quota_hosts_and_rates_are_heeded() {
    let base = ["--requests", "300", "--mix", "create=1", "--virtual-time"];
    let with = |more: &[&str]| {
        let summary = summary(&[&base[..], more].concat());
        adds_up(&summary, 300);
        summary
    };
    let quota = with(&["--quota", "instances=3", "--projects", "2"]);
    assert_eq!(quota["servers"]["total"], 6);
    assert_eq!(quota["requests"]["refused"]["over_quota"], 294);
    let small = with(&["--hosts", "1:8x16384"]);
    let lost = count(&small["failed_by"]["no_valid_host"]);
    assert!(lost > 250);
    assert_eq!(small["servers"]["error"], lost);
    let slow = with(&["--project-rate", "5"]);
    assert!(count(&slow["requests"]["refused"]["rate_limited"]) > 0);
}

#[test]
fn a_trace_adds_up() {
    let place = Place::new();
    let trace = place.file("trace.csv", TRACE.as_bytes());
    let summary = summary(&["--trace", flag(&trace), "--virtual-time"]);
    documented(&summary);
    adds_up(&summary, TRACE_REQUESTS);
    assert_eq!(summary["requests"]["repeated"], 1);
    assert_eq!(summary["requests"]["by_action"]["create"], 3);
    assert_eq!(summary["clients"], 2);
    assert!(summary["virtual_seconds"].as_f64().is_some_and(|seconds| seconds > 86_500.0));
}

#[test]
fn the_duration_ends_a_run() {
    let summary = summary(&["--duration", "2s", "--requests", "1000000", "--virtual-time"]);
    let asked = count(&summary["requests"]["sent"]) + count(&summary["queries"]["count"]);
    adds_up(&summary, asked);
    assert!(asked < 1_000_000);
    assert!(
        summary["virtual_seconds"].as_f64().is_some_and(|seconds| (2.0..3.0).contains(&seconds))
    );
}
