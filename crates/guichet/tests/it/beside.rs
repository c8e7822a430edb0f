//! `guichet report`: from what other commands printed to a table and a page.

use std::process::{Command, Output};

use crate::support::{Place, flag};

fn guichet(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guichet")).args(words).output().expect("it starts")
}

#[test]
fn two_runs_are_laid_side_by_side() {
    let place = Place::new();
    let of = |workers: &str, name: &str| {
        let flags = ["simulate", "--virtual-time", "--requests", "500", "--format", "json"];
        let ran = guichet(&[&flags[..], &["--workers", workers]].concat());
        assert!(ran.status.success(), "{ran:?}");
        place.file(name, &ran.stdout)
    };
    let (few, many) = (of("2", "few.json"), of("32", "many.json"));
    let path = place.path("page.html");
    let shown = guichet(&["report", flag(&few), flag(&many), "--report", flag(&path)]);
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    let text = String::from_utf8(shown.stdout).expect("text");
    for words in ["1 few.json", "2 many.json", "latency p99, ms", "(×"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let page = std::fs::read_to_string(&path).expect("a page");
    assert!(page.contains("2 many.json") && page.contains("waiting at most"));
    assert!(!page.contains("<dt>seed"), "it has none");
}

#[test]
fn what_is_wrong_is_told_with_the_file() {
    let place = Place::new();
    let wrong = place.file("wrong.json", b"[]");
    for (words, told) in [
        (&["report", flag(&wrong), flag(&wrong)][..], "wrong.json: found other JSON, expected"),
        (&["report", flag(&wrong)], "2 values required"),
        (&["report", flag(&wrong), "none.json"], "wrong.json: found other JSON"),
        (&["report", "none.json", flag(&wrong)], "none.json: cannot be read"),
        (
            &["report", flag(&wrong), flag(&wrong), "--report", flag(&wrong)],
            "is read by this run; name another file",
        ),
    ] {
        let ran = guichet(words);
        assert_eq!(ran.status.code(), Some(2), "{ran:?}");
        let log = String::from_utf8_lossy(&ran.stderr);
        assert!(log.contains(told), "{told} in {log}");
    }
    assert_eq!(std::fs::read(&wrong).expect("it is there"), b"[]");
}
