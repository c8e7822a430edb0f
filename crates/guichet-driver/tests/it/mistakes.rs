//! What a mistake in a profile is told: file, line, column, and what was expected.

use guichet_core::limits;
use guichet_driver::profile::{Profile, ProfileError};

use crate::support::profile;

/// Each mistake with its place and what the message must say.
const MISTAKES: &[(&str, &str, &[&str])] = &[
    ("x = 1", "line 1, column 1", &["unknown field `x`", "`reboot_hard`"]),
    ("[boot]", "line 1, column 2", &["unknown field `boot`"]),
    ("create = 3", "line 1, column 10", &["expected a table with `delay`, `cpu_ms` or both"]),
    ("[stop]\ncpu = 3", "line 2, column 1", &["unknown field `cpu`", "`cpu_ms`"]),
    ("[stop]\ncpu_ms = '3'", "line 2, column 10", &["cpu_ms", "string \"3\"", "from 0 to 60000"]),
    ("[stop]\ncpu_ms = 60_001", "line 2, column 10", &["`60001`", "from 0 to 60000"]),
    ("[stop]\ndelay = 5", "line 2, column 9", &["integer `5`", "{ fixed = { ms = 5 } }"]),
    ("[stop]\ndelay = 'fast'", "line 2, column 9", &["expected one distribution"]),
    ("[stop]\ndelay = {}", "line 2, column 9", &["nothing, expected one distribution"]),
    (
        "[stop]\ndelay = { fixed = { ms = 1 }, trace = { samples_ms = [1] } }",
        "line 2, column 9",
        &["several, expected one distribution"],
    ),
    ("[stop]\ndelay.fixd.ms = 1", "line 2, column 7", &["`fixd`", "`fixed`", "`log_normal`"]),
    ("[stop]\ndelay.fixed = 1", "line 2, column 15", &["expected a table with `ms`"]),
    ("[stop.delay.fixed]", "line 1, column", &["missing field `ms`"]),
    ("[stop]\ndelay.fixed.s = 1", "line 2, column 13", &["unknown field `s`, expected `ms`"]),
    ("[stop]\ndelay.fixed.ms = -3", "line 2, column 18", &["`-3`", "from 0 to 86400000"]),
    ("[stop]\ndelay.fixed.ms = nan", "line 2, column 18", &["ms = nan", "`NaN`", "from 0"]),
    ("[stop]\ndelay.fixed.ms = inf", "line 2, column 18", &["`inf`", "to 86400000"]),
    ("[stop]\ndelay.fixed.ms = 86_400_001", "line 2, column 18", &["86400001", "to 86400000"]),
    (
        "[stop]\ndelay.uniform = { min_ms = 5, max_ms = 3 }",
        "line 2, column",
        &["`min_ms` is 5 and `max_ms` is 3, expected `min_ms` <= `max_ms`"],
    ),
    (
        "[stop.delay.log_normal]\nmedian_ms = 50\nsigma = 1\nmax_ms = 49.5",
        "line 1, column",
        &["`median_ms` is 50 and `max_ms` is 49.5"],
    ),
    (
        "[stop.delay.log_normal]\nmedian_ms = 50\nsigma = 4.1",
        "line 3, column 9",
        &["standard deviation", "from 0 to 4"],
    ),
    (
        "[stop.delay.exponential]\nmean_ms = 2\nmax_ms = 1",
        "line 1, column",
        &["`mean_ms` is 2 and `max_ms` is 1"],
    ),
    ("[stop]\ndelay.exponential = {}", "line 2, column", &["missing field `mean_ms`"]),
    ("[stop]\ndelay.trace.samples_ms = []", "line 2, column", &["`samples_ms` is empty"]),
    ("[stop]\ndelay.trace.samples_ms = [\n1,\n-1]", "line 4, column 1", &["`-1`", "milliseconds"]),
    ("[fault]\nkind = 'error'", "line 1, column", &["expected a sequence"]),
    ("fault = [3]", "line 1, column 10", &["expected a table with `kind` and `probability`"]),
    ("[[fault]]\nkind = 'error'", "line 1, column 1", &["missing field `probability`"]),
    ("[[fault]]\nprobability = 1", "line 1, column 1", &["missing field `kind`"]),
    ("[[fault]]\nkind = 'crash'", "line 2, column 8", &["`crash`", "`failed_but_done`", "`stuck`"]),
    ("[[fault]]\nprobability = 1.5", "line 2, column 15", &["expected a probability from 0 to 1"]),
    ("[[fault]]\nprobability = -0.1", "line 2, column 15", &["probability = -0.1", "from 0 to 1"]),
    ("[[fault]]\nprobability = nan", "line 2, column 15", &["`NaN`", "a probability"]),
    ("[[fault]]\nactions = ['boot']", "line 2, column", &["unknown action `boot`", "reboot_hard"]),
    ("[[fault]]\nactions = []", "line 2, column", &["`actions` is empty", "at least one"]),
    ("[[fault]]\nactions = 'create'", "line 2, column 11", &["actions", "expected a sequence"]),
    ("[[fault]]\nname = ''", "line 2, column", &["name = ''", "expected 1 to 255"]),
    ("[[fault]]\nproject = ''", "line 2, column", &["project = ''", "expected 1 to 255"]),
    ("[[fault]]\nhost = ''", "line 2, column", &["host = ''", "expected 1 to 255"]),
    ("[[fault]]\nmessage = ''", "line 2, column", &["message = ''", "expected 1 to 1000"]),
    ("[[fault]]\ntransient = 1", "line 2, column 13", &["expected a boolean"]),
    ("[[fault]]\nseverity = 1", "line 2, column 1", &["unknown field `severity`", "`transient`"]),
    ("[stop", "line 1, column 6", &["unclosed table, expected `]`"]),
    ("[stop]\n[stop]", "line 2, column 2", &["duplicate key"]),
    ("[stop]\ncpu_ms = ", "line 2, column", &["cpu_ms"]),
];

#[test]
fn every_mistake_is_told_with_its_place_and_what_was_expected() {
    for (text, place, says) in MISTAKES {
        let error = Profile::parse(text, "mine.toml").unwrap_err();
        assert!(matches!(error, ProfileError::Invalid { .. }), "{text}");
        let shown = error.to_string();
        assert!(shown.starts_with("mine.toml: "), "{text}\n{shown}");
        for expected in [place].into_iter().chain(*says) {
            assert!(shown.contains(*expected), "{text}\nshould say: {expected}\n{shown}");
        }
        assert!(!shown.ends_with('\n') && !shown.contains("struct"), "{text}\n{shown}");
    }
}

#[test]
fn there_are_at_most_so_many_rules() {
    let rules = |count| "[[fault]]\nkind = 'error'\nprobability = 0\n".repeat(count);
    assert_eq!(profile(&rules(limits::PROFILE_RULES_MAX)).faults().len(), 256);
    let error = Profile::parse(&rules(limits::PROFILE_RULES_MAX + 1), "many").unwrap_err();
    assert!(error.to_string().contains("257 `fault` rules, expected at most 256"), "{error}");
}

#[test]
fn texts_are_bounded() {
    let rule = |name: usize, message: usize| {
        let (name, message) = ("ä".repeat(name), "ö".repeat(message));
        let text = format!(
            "[[fault]]\nkind = 'error'\nprobability = 0\nname = '{name}'\nmessage = '{message}'"
        );
        Profile::parse(&text, "long").map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(rule(255, 1_000), Ok(()));
    assert!(rule(256, 1).unwrap_err().contains("a text of 256 characters, expected 1 to 255"));
    assert!(rule(1, 1_001).unwrap_err().contains("1001 characters, expected 1 to 1000"));
}

#[test]
fn a_mistake_in_a_long_line_is_told_without_the_line() {
    let samples = "1.5, ".repeat(10_000);
    let text = format!("[stop]\n\ndelay.trace.samples_ms = [{samples}-7, {samples}]");
    let shown = Profile::parse(&text, "long.toml").unwrap_err().to_string();
    assert!(shown.contains("line 3, column 50027"), "{shown}");
    assert!(shown.contains("`-7`") && shown.contains("in `stop.delay.trace"), "{shown}");
    assert!(shown.len() < 300, "{shown}");
    let key = "k".repeat(100_000);
    let shown = Profile::parse(&format!("{key} = 1"), "long.toml").unwrap_err().to_string();
    assert!(shown.contains("line 1, column 1") && shown.len() < 1_100, "{shown}");
}

#[test]
fn a_mistake_is_told_without_what_a_terminal_would_obey() {
    let shown = Profile::parse("x = \"\u{1b}[2J\"\r\n", "evil.toml").unwrap_err().to_string();
    assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
}
