//! The manual's list of metrics is the code's.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use guichet_observe::metrics::{Kind, METRICS};

/// Says that the file is to be written.
const SWITCH: &str = "GUICHET_DOCS";
const BEGIN: &str = "cargo test -p guichet-observe -->\n";
const END: &str = "<!-- end -->";

fn table() -> String {
    let mut table = "| metric | labels | what it means |\n| --- | --- | --- |\n".to_owned();
    for metric in METRICS {
        let suffix = if metric.kind == Kind::Counter { "_total" } else { "" };
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        writeln!(
            table,
            "| `{}{suffix}` ({kind}) | {} | {} |",
            metric.name, metric.labels, metric.help
        )
        .expect("a string takes all");
    }
    table
}

#[test]
fn the_manual_lists_every_metric() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let found = std::fs::read_to_string(&path).expect("the manual is there");
    let (head, rest) = found.split_once(BEGIN).expect("it says where the list begins");
    let (_, tail) = rest.split_once(END).expect("and where it ends");
    let made = format!("{head}{BEGIN}{}{END}{tail}", table());
    if std::env::var(SWITCH).is_ok_and(|value| value == "overwrite") {
        std::fs::write(&path, &made).expect("it can be written");
        return;
    }
    assert!(
        found == made,
        "docs/metrics.md is old; {SWITCH}=overwrite cargo test -p guichet-observe writes it"
    );
}

#[test]
fn names_are_there_once_and_in_base_units() {
    let names: BTreeSet<_> = METRICS.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), METRICS.len());
    let are_sound = |name: &&str| name.starts_with("guichet_") || name.starts_with("process_");
    assert!(names.iter().all(are_sound));
    assert!(!names.iter().any(|name| name.ends_with("_total") || name.ends_with("_ms")));
}
