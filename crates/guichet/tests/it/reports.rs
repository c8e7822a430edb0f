//! `--report`: a file of its own, the same for the same seed but for its creation time.

use std::path::Path;

use crate::support::{Place, flag, good, run};

/// The report but for the one place that says when it was made.
fn timeless(path: &Path) -> String {
    let page = std::fs::read_to_string(path).expect("a report");
    let (before, rest) = page.split_once("<dt>created</dt><dd>").expect("it says when");
    let (time, after) = rest.split_once("</dd>").expect("an end");
    assert!(time.starts_with("20") && time.ends_with('Z') && time.len() == 20, "{time}");
    assert!(!after.contains("<dt>created"), "in one place");
    format!("{before}{after}")
}

#[test]
fn a_seed_repeats_a_virtual_report_but_for_its_time() {
    let place = Place::new();
    let path = place.path("report.html");
    for flags in [
        &["--requests", "500"][..],
        &["--requests", "500", "--profile", "flaky", "--model", "sequential"],
        &["--requests", "2000", "--rate", "300", "--bursts", "2x100ms@3000", "--workers", "4"],
    ] {
        let flags = [flags, &["--virtual-time", "--quiet", "--report", flag(&path)]].concat();
        good(&flags);
        let first = timeless(&path);
        good(&flags);
        assert!(first == timeless(&path), "{flags:?}");
        for measured in ["What it cost", "MiB", "CPU for"] {
            assert!(!first.contains(measured), "{measured} is of the machine");
        }
    }
}

#[test]
fn a_history_beside_it_is_complete_and_the_same() {
    let place = Place::new();
    let (alone, beside) = (place.path("alone.jsonl"), place.path("beside.jsonl"));
    let report = place.path("report.html");
    let flags = ["--requests", "3000", "--virtual-time", "--quiet", "--history"];
    good(&[&flags[..], &[flag(&alone)]].concat());
    good(&[&flags[..], &[flag(&beside), "--report", flag(&report)]].concat());
    let read = |path: &Path| std::fs::read_to_string(path).expect("a history");
    assert!(read(&alone) == read(&beside), "a report has no part in it");
    let page = timeless(&report);
    assert!(!page.contains("This report missed"));
    // In real time too, in a model with threads of its own.
    let flags = ["--requests", "3000", "--model", "pool", "--profile", "instant", "--quiet"];
    good(&[&flags[..], &["--history", flag(&beside), "--report", flag(&report)]].concat());
    assert!(!timeless(&report).contains("This report missed"));
    let events = read(&beside).lines().filter(|line| line.contains("\"kind\":\"event\"")).count();
    assert!(events > 6_000, "{events}");
}

#[test]
fn in_real_time_it_says_what_it_cost() {
    let place = Place::new();
    let path = place.path("report.html");
    good(&["--requests", "300", "--profile", "instant", "--quiet", "--report", flag(&path)]);
    let page = timeless(&path);
    for said in ["What it cost", "longest hold of the lock", "--report", "invariants", "<dt>seed"] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn a_path_that_cannot_be_written_is_said_before_anything_runs() {
    let place = Place::new();
    let history = place.path("history.jsonl");
    let history = flag(&history);
    for path in ["/", "none/x.html"] {
        let ran = run(&["--report", path, "--history", history, "--virtual-time"]);
        assert_eq!(ran.code, Some(2), "{ran:#?}");
        assert_eq!(ran.out, "");
        assert!(ran.log.starts_with(&format!("error: --report: {path}: ")), "{}", ran.log);
        assert!(!Path::new(history).exists(), "nothing ran");
    }
}

#[test]
fn it_overwrites_nothing_that_the_run_uses() {
    let place = Place::new();
    let header = "time_s,client,project,action,server,vcpus,ram_mib\n";
    let text = format!("{header}0,a,p,create,s,1,512\n");
    let trace = place.file("trace.csv", text.as_bytes());
    let ran = run(&["--trace", flag(&trace), "--report", flag(&trace), "--virtual-time"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.log.contains("is read by this run; name another file"), "{}", ran.log);
    assert_eq!(std::fs::read_to_string(&trace).expect("it is there"), text);

    let both = place.path("both");
    let both = flag(&both);
    let ran = run(&["--report", both, "--history", both, "--virtual-time", "--requests", "5"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.log.contains("is written by this run; name another file"), "{}", ran.log);

    let old = place.file("old.html", b"precious");
    let ran = run(&["--virtual-time", "--model", "pool", "--report", flag(&old)]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(std::fs::read(&old).expect("it is there"), b"precious", "a run that cannot be");
}

#[test]
fn text_from_outside_stays_text() {
    let place = Place::new();
    let header = "time_s,client,project,action,server,vcpus,ram_mib\n";
    let evil = "<script>alert(1)</script>";
    let text = format!("{header}0,{evil},{evil},create,{evil},1,512\n");
    let trace = place.file("<script>x.csv", text.as_bytes());
    let path = place.path("report.html");
    good(&["--trace", flag(&trace), "--virtual-time", "-q", "--report", flag(&path)]);
    let page = std::fs::read_to_string(&path).expect("a report");
    assert!(!page.contains("<script>alert") && !page.contains("<script>x"));
    assert!(page.contains("&#60;script&#62;x.csv"), "the command is there");
}

#[test]
fn a_french_reader_gets_a_french_page() {
    let place = Place::new();
    let path = place.path("page.html");
    good(&["--requests", "300", "--virtual-time", "-q", "--lang", "fr", "--report", flag(&path)]);
    let page = std::fs::read_to_string(&path).expect("a report");
    for said in ["<html lang=\"fr\">", "<dt>créée le</dt>", "Les opérations en attente", "300"] {
        assert!(page.contains(said), "{said}");
    }
    let ran = run(&["--report", "none/x.html", "--virtual-time", "--lang", "fr"]);
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert!(ran.log.contains("none/x.html\u{a0}: écriture impossible"), "{}", ran.log);
}
