//! Output of an earlier version, which this one must give to the byte.

use crate::support::{Place, flag, good};

/// Retries, faults and their pauses, refusals, final states: all that a history can say.
#[test]
fn a_seed_gives_the_history_that_it_gave_before() {
    let place = Place::new();
    let path = place.path("flaky.history");
    let run = ["--virtual-time", "--requests", "200", "--clients", "12", "--profile", "flaky"];
    let output = ["--quiet", "--format", "json", "--history", flag(&path)];
    good(&[&run[..], &output].concat());
    let history = std::fs::read_to_string(path).expect("a history");
    let golden = include_str!("../golden/flaky.history");
    for (n, (line, before)) in history.lines().zip(golden.lines()).enumerate() {
        assert_eq!(line, before, "line {}", n + 1);
    }
    assert!(history == golden, "{} bytes, and {} before", history.len(), golden.len());
}
