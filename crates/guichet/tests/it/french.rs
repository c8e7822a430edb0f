//! Nothing of what is printed in French is left in English.

use crate::support::{Place, Ran, TRACE, flag, simulate};

/// Words of the English output that are no name of anything.
const ENGLISH: [&str; 31] = [
    "accepted",
    "active",
    "all",
    "and",
    "answered",
    "at",
    "checked",
    "created",
    "every",
    "failed",
    "finished",
    "flight",
    "from",
    "hosts",
    "most",
    "name",
    "of",
    "operations",
    "project",
    "queue",
    "reads",
    "refused",
    "requests",
    "seed",
    "servers",
    "succeeded",
    "the",
    "time",
    "waiting",
    "were",
    "with",
];

/// What a run prints on stdout.
fn printed(flags: &[&str]) -> String {
    let flags = [flags, &["--quiet"]].concat();
    let output = simulate(&flags).env("LC_ALL", "fr_FR.UTF-8").output().expect("it starts");
    let ran = Ran::from(output);
    assert_eq!((ran.code, ran.log.as_str()), (Some(0), ""), "{ran:#?}");
    ran.out
}

fn is_french(out: &str) {
    let words = out.split(|letter: char| !letter.is_alphanumeric() && !"-_’.:".contains(letter));
    for word in words {
        assert!(!ENGLISH.contains(&word), "{word:?} is left in\n{out}");
    }
}

#[test]
fn a_run_is_told_in_french() {
    for flags in [
        &["--requests", "200"][..],
        &["--requests", "200", "--virtual-time", "--profile", "flaky", "--queue", "2"],
        &["--requests", "200", "--rate", "5000", "--bursts", "2x10ms@9000", "--hosts", "1:4x4096"],
    ] {
        is_french(&printed(flags));
    }
}

#[test]
fn a_trace_is_told_in_french() {
    let place = Place::new();
    let trace = place.file("t.csv", TRACE.as_bytes());
    let out = printed(&["--trace", flag(&trace), "--virtual-time"]);
    assert!(out.contains("sur un serveur que la trace ne crée jamais"), "{out}");
    is_french(&out);
}
