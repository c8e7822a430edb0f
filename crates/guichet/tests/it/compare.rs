//! A comparison with real child processes, small enough for a test.

use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{Place, flag};

const SMALL: [&str; 11] = [
    "compare",
    "--models",
    "sequential,threads,pool,async",
    "--workers",
    "2,4",
    "--runs",
    "2",
    "--requests",
    "200",
    "--profile",
    "instant",
];

fn compare(more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(SMALL).args(more).output().expect("it starts")
}

fn printed(output: &Output) -> &str {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    std::str::from_utf8(&output.stdout).expect("what is printed is UTF-8")
}

#[test]
fn programs_read_one_object_with_the_documented_keys() {
    let output = compare(&["--format", "json"]);
    let compared: Value = serde_json::from_str(printed(&output)).expect("one JSON object");
    let results = compared["results"].as_array().expect("rows");
    let rows: Vec<(&str, Option<u64>)> = results
        .iter()
        .map(|row| (row["model"].as_str().expect("a word"), row["workers"].as_u64()))
        .collect();
    let expected = [
        ("sequential", Some(1)),
        ("threads", None),
        ("pool", Some(2)),
        ("pool", Some(4)),
        ("async", Some(2)),
        ("async", Some(4)),
    ];
    // No row computes all its time: with this profile there is no time to compute.
    assert_eq!(rows, expected);
    for row in results {
        for key in ["requests_per_s", "speedup"] {
            let part = |name: &str| row[key][name].as_f64().expect("a number");
            assert!(part("low") <= part("median") && part("median") <= part("high"), "{row}");
            assert!(part("low") > 0.0, "{row}");
        }
        for key in ["cpu_s", "peak_threads", "peak_rss_mib", "max_in_flight", "efficiency"] {
            assert!(row[key].as_f64().expect(key) > 0.0, "{key}: {row}");
        }
        for key in ["context_switches", "refused", "cores_busy", "mean_service_ms"] {
            assert!(row[key].is_number(), "{key}: {row}");
        }
        for (key, part) in [("wait_ms", "p50"), ("wait_ms", "p99"), ("latency_ms", "p99")] {
            assert!(row[key][part].is_number(), "{key}.{part}: {row}");
        }
        assert_eq!(row["work"], "io");
        assert_eq!(row["runs_per_s"].as_array().map(Vec::len), Some(2));
    }
    let threads = |model: &str, workers: u64| {
        let row = results.iter().find(|row| row["model"] == model && row["workers"] == workers);
        row.expect("a row")["peak_threads"].as_u64().expect("a count")
    };
    assert!(threads("pool", 4) > threads("async", 4), "a pool's workers are threads");
    assert!(compared["little"]["rate_times_time"].is_number());
    assert!(compared["usl"]["contention"].is_number(), "1, 2 and 4 workers make a curve");
    assert!(compared["usl"].get("knee_workers").is_some());
    assert!(compared["amdahl"]["serial_share"].is_number());
    assert!(!compared["commentary"].as_array().expect("sentences").is_empty());
    assert_eq!(compared["invariants"]["violations"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_spreadsheet_reads_a_line_for_each_row() {
    let output = compare(&["--format", "csv"]);
    let lines: Vec<&str> = printed(&output).lines().collect();
    assert!(lines[0].starts_with("work,model,workers,requests_per_s,"), "{}", lines[0]);
    assert_eq!(lines.len(), 7);
    let fields = |line: &str| line.split(',').count();
    assert!(lines.iter().all(|line| fields(line) == fields(lines[0])));
}

#[test]
fn people_read_tables_and_sentences() {
    let output = compare(&[]);
    let text = printed(&output);
    for words in ["6 rows of 2 runs", "speed-up", "latency ms", "Little's law", " 0 broken"] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

#[test]
fn in_french_people_read_french_and_programs_english() {
    let place = Place::new();
    let path = place.path("page.html");
    let output = compare(&["--lang", "fr", "--report", flag(&path)]);
    let text = printed(&output);
    for words in ["6 lignes de 2 exécutions", "accélération", "Loi de Little", "vérifiés, 0 rompu"]
    {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    for word in [" the ", "workers", "requests/s", "rows"] {
        assert!(!text.contains(word), "{word:?} in {text}");
    }
    let page = std::fs::read_to_string(&path).expect("a report");
    assert!(page.contains("<html lang=\"fr\">") && page.contains("<dt>graine</dt>"));
    assert!(page.contains("Le débit selon la taille du pool") && !page.contains("Throughput"));
    let output = compare(&["--lang", "fr", "--format", "json"]);
    let compared: Value = serde_json::from_str(printed(&output)).expect("one JSON object");
    let said = compared["commentary"].to_string();
    assert!(said.contains("Little's law") && !said.contains("ouvriers"), "{said}");
}
