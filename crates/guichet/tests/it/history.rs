//! The history file, and what a seed repeats.

use serde_json::Value;

use crate::support::{Place, TRACE, flag, good};

/// The same run twice: both histories.
fn twice(flags: &[&str]) -> [String; 2] {
    let place = Place::new();
    ["first.jsonl", "second.jsonl"].map(|name| {
        let path = place.path(name);
        good(&[flags, &["--history", flag(&path)]].concat());
        std::fs::read_to_string(path).expect("a history")
    })
}

fn numbered(history: &str) {
    for (line, n) in history.lines().zip(1u64..) {
        let value: Value = serde_json::from_str(line).expect("one JSON object a line");
        assert_eq!(value["n"], n);
        assert!(line.starts_with(&format!("{{\"n\":{n},")), "{line}");
    }
}

#[test]
fn a_seed_repeats_a_virtual_run_to_the_byte() {
    for flags in [
        &["--requests", "500"][..],
        &["--requests", "500", "--profile", "flaky", "--model", "sequential"],
        &["--requests", "500", "--rate", "300", "--bursts", "2x100ms@3000", "--workers", "8"],
    ] {
        let quiet = [flags, &["--virtual-time", "--quiet"]].concat();
        let [first, second] = twice(&quiet);
        assert!(first == second, "{flags:?}");
        numbered(&first);
        let logged = [flags, &["--virtual-time", "--format", "json"]].concat();
        assert!(first == twice(&logged)[0], "neither log nor format has a part in it");
        let [other, _] = twice(&[&quiet[..], &["--seed", "2"]].concat());
        assert!(first != other);
    }
}

#[test]
fn a_trace_is_repeated_to_the_byte() {
    let place = Place::new();
    let trace = place.file("trace.csv", TRACE.as_bytes());
    for profile in ["realistic", "flaky"] {
        let flags = ["--trace", flag(&trace), "--virtual-time", "-q", "--profile", profile];
        let [first, second] = twice(&flags);
        assert!(first == second);
        numbered(&first);
    }
}

#[test]
fn the_table_is_repeated_but_for_what_was_measured() {
    let report = || {
        let ran = good(&["--requests", "300", "--virtual-time", "--quiet"]);
        let same = ran.out.lines().filter(|line| !line.starts_with("speed "));
        same.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(report(), report());
}

#[test]
fn every_model_writes_a_history() {
    for model in ["sequential", "threads", "pool", "async"] {
        let flags = ["--requests", "300", "--model", model, "--profile", "instant", "--quiet"];
        for history in twice(&flags) {
            numbered(&history);
            assert!(history.lines().count() > 600);
        }
    }
}

#[test]
fn what_cannot_run_leaves_an_old_history_alone() {
    let place = Place::new();
    let old = place.file("history.jsonl", b"precious\n");
    let flags = ["--virtual-time", "--model", "pool", "--history", flag(&old)];
    assert_eq!(crate::support::run(&flags).code, Some(2));
    assert_eq!(std::fs::read_to_string(&old).expect("it is there"), "precious\n");
}
