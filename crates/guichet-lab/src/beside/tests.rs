//! Files with known figures, and what is shown of them.

use std::path::{Path, PathBuf};

use guichet_locale::Locale;
use guichet_view::data::{Block, Plot};
use guichet_view::screen::Screen;
use serde_json::{Value, json};

use super::shown::{page, people};
use super::taken::{Taken, Unusable, take};

fn run(per_s: f64, latency: f64) -> Value {
    json!({
        "requests": { "sent": per_s * 2.0, "refused": { "conflict": 3, "queue_full": 4 } },
        "operations": { "failed": 0 }, "seconds": 2.0, "virtual_seconds": null,
        "cpu_us_per_operation": null, "peak_rss_mib": 20.5,
        "wait_ms": { "p50": 1.5, "p99": 2.5 }, "latency_ms": { "p50": latency, "p99": 40.0 },
        "max_in_flight": 64, "max_queue_depth": 0,
    })
}

fn rows(rates: &[(&str, Option<u64>, f64)]) -> Value {
    let row = |(model, workers, rate): &(&str, Option<u64>, f64)| {
        json!({
            "work": "io", "model": model, "workers": workers,
            "requests_per_s": { "median": rate, "low": rate, "high": rate },
            "cpu_us_per_operation": 100.0, "latency_ms": { "p50": 1.0, "p99": 9.0 },
        })
    };
    json!({ "results": rates.iter().map(row).collect::<Vec<Value>>() })
}

/// Writes files and takes them.
fn taken(files: &[(&str, String)]) -> Result<Vec<Taken>, String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, text): &(&str, String)| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let paths: Vec<PathBuf> = files.iter().map(write).collect();
    take(&paths)
        .map_err(|(path, why)| why.text(Path::new(path.file_name().unwrap()), Locale::English))
}

fn row_of<'a>(text: &'a str, label: &str) -> Vec<&'a str> {
    let found = text.lines().find(|line| line.contains(label));
    let line = found.unwrap_or_else(|| panic!("{label} in {text}"));
    line.split_once(label)
        .unwrap()
        .1
        .trim_matches(['│', ' '])
        .split("  ")
        .filter(|it| !it.is_empty())
        .map(str::trim)
        .collect()
}

#[test]
fn runs_stand_side_by_side_with_their_ratio_to_the_first() {
    let all = taken(&[
        ("a.json", run(1_000.0, 10.0).to_string()),
        ("b.json", run(1_500.0, 5.0).to_string()),
    ])
    .unwrap();
    let text = people(&all, Screen::PIPE, Locale::English);
    assert_eq!(row_of(&text, "requests/s"), ["1,000", "1,500 (×1.50)"]);
    assert_eq!(row_of(&text, "latency p50, ms"), ["10.0", "5.00 (×0.50)"]);
    assert_eq!(row_of(&text, "requests refused"), ["7", "7 (×1.00)"]);
    assert_eq!(row_of(&text, "in flight at most"), ["64", "64 (×1.00)"]);
    assert!(text.contains("1 a.json") && text.contains("2 b.json"), "{text}");
    assert!(!text.contains("CPU"), "no figure that no file has: {text}");
    let french = people(&all, Screen::PIPE, Locale::French);
    assert_eq!(row_of(&french, "latence p50, ms"), ["10,0", "5,00 (×0,50)"]);
    for word in ["requests", "latency", "figure", "failed"] {
        assert!(!french.contains(word), "{word} in {french}");
    }
}

#[test]
fn comparisons_stand_side_by_side_row_by_row() {
    let all = taken(&[
        (
            "a.json",
            rows(&[
                ("sequential", Some(1), 90.0),
                ("pool", Some(2), 180.0),
                ("pool", Some(4), 300.0),
            ])
            .to_string(),
        ),
        ("b.json", rows(&[("pool", Some(4), 600.0), ("threads", None, 500.0)]).to_string()),
    ])
    .unwrap();
    let text = people(&all, Screen::PIPE, Locale::English);
    assert_eq!(row_of(&text, "io pool: most requests/s"), ["300", "600 (×2.00)"]);
    assert_eq!(row_of(&text, "io pool 2: requests/s"), ["180", "–"]);
    assert_eq!(row_of(&text, "io threads: requests/s"), ["–", "500"]);
    let report = page(&all, Vec::new(), Locale::French);
    let charts = report.sections[0].blocks.iter().filter_map(|block| match block {
        Block::Chart(chart) => Some(chart),
        _ => None,
    });
    let charts: Vec<_> = charts.collect();
    assert_eq!(charts.len(), 3, "one for each model");
    let Plot::Bars(bars) = &charts[1].plot else {
        panic!("{:?}", charts[1].plot);
    };
    assert_eq!(bars.groups, ["1 a.json", "2 b.json"]);
    assert_eq!(bars.sets[0].values, [Some(300.0), Some(600.0)]);
    assert!(guichet_view::render(&report).unwrap().contains("<html lang=\"fr\">"));
}

#[test]
fn many_files_with_long_names_fit_a_screen() {
    let name = |at: usize| format!("a-rather-long-name-of-a-file-{at}.json");
    let names: Vec<String> = (1..=8).map(name).collect();
    let files: Vec<(&str, String)> =
        names.iter().map(|name| (name.as_str(), run(123_456.0, 9.0).to_string())).collect();
    let all = taken(&files).unwrap();
    for locale in Locale::ALL {
        for columns in [80, 100, 140] {
            let text = people(&all, Screen::wide(columns), locale);
            for line in text.lines() {
                assert!(line.chars().count() <= columns, "{columns}: {line}");
            }
            for number in 1..=8 {
                assert!(text.contains(&format!("{number} …")), "{text}");
            }
        }
    }
}

#[test]
fn what_cannot_be_used_is_told_with_its_file() {
    let good = || ("a.json", run(1.0, 1.0).to_string());
    let mut without = run(1.0, 1.0);
    without["wait_ms"] = json!({ "p50": 1.0 });
    for (text, words) in [
        ("{".to_owned(), "b.json: found no JSON (EOF"),
        ("[1]".to_owned(), "b.json: found other JSON, expected what guichet simulate"),
        (without.to_string(), "b.json: found no wait_ms.p99, expected"),
        (
            rows(&[("pool", Some(1), 1.0)]).to_string(),
            "b.json: found a result of guichet compare, expected one of guichet simulate",
        ),
        (r#"{"results": [{"work": "io"}]}"#.to_owned(), "b.json: found no results.model, expected"),
    ] {
        let told = taken(&[good(), ("b.json", text)]).unwrap_err();
        assert!(told.starts_with(words), "{told}");
    }
    let none = take(&[PathBuf::from("none.json")]).unwrap_err();
    assert!(matches!(none.1, Unusable::Unreadable(_)));
    let said = none.1.text(&none.0, Locale::French);
    assert!(said.starts_with("none.json\u{a0}: lecture impossible"), "{said}");
}

#[test]
fn a_file_that_is_too_long_is_not_read_whole() {
    let long = " ".repeat(guichet_core::limits::REPORT_FILE_MAX as usize + 1);
    let told = taken(&[("a.json", long)]).unwrap_err();
    assert!(told.contains("found more than 16 MiB"), "{told}");
}
