//! Simulations that go on where the last one was.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{ended, is_refused, is_sound, ran};
use crate::support::{Place, flag, simulate, summary};

#[test]
fn a_second_run_goes_on_with_the_fleet_of_the_first() {
    let place = Place::new();
    let dir = place.path("data");
    let flags = ["--data", flag(&dir), "--requests", "400", "--mix", "create=1"];
    let first = summary(&flags);
    assert_eq!(first["servers"]["active"], 400, "{first}");
    is_sound(&dir);
    let second = summary(&flags);
    assert_eq!(second["servers"]["active"], 800, "{second}");
    assert_eq!(second["invariants"]["violations"], serde_json::json!([]), "{second}");
    is_sound(&dir);
}

/// Ctrl-C, then Ctrl-C again at once: what was accepted is left, and the next run finishes it.
#[test]
fn a_run_finishes_what_an_interrupted_one_left() {
    let place = Place::new();
    let dir = place.path("data");
    let day = place.file("day.toml", b"[default]\ndelay = { fixed = { ms = 86_400_000 } }\n");
    let flags = ["--data", flag(&dir), "--clients", "8", "--mix", "create=1"];
    let mut command = simulate(&[&flags[..], &["--profile", flag(&day)]].concat());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut wait_for = |word: &str| loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).expect("text") > 0, "no line with {word}");
        if line.contains(word) {
            return;
        }
    };
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a process id"));
    (0..8).for_each(|_| wait_for("accepted"));
    kill(pid, Signal::SIGINT).expect("it is there");
    wait_for("guichet: stopping");
    kill(pid, Signal::SIGINT).expect("it is there");
    let mut rest = String::new();
    log.read_to_string(&mut rest).expect("text");
    assert_eq!(ended(&mut child), Some(130), "{rest}");
    is_sound(&dir);
    // In the model whose threads are made for what is accepted: those of before need theirs too.
    let again = summary(&[&flags[..], &["--requests", "10", "--model", "threads"]].concat());
    assert_eq!(again["servers"]["active"], 18, "{again}");
    is_sound(&dir);
}

#[test]
fn one_interrupt_loses_nothing_either() {
    let place = Place::new();
    let dir = place.path("data");
    let flags = ["--data", flag(&dir), "--clients", "8"];
    let mut command = simulate(&[&flags[..], &["--requests", "100000000", "--quiet"]].concat());
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = piped.spawn().expect("it starts");
    // The heading: what follows is heard from here on.
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    out.read_line(&mut line).expect("text");
    let rows = || {
        let file = dir.join("guichet.db-wal");
        std::fs::metadata(file).is_ok_and(|found| found.len() > 500_000).then_some(())
    };
    super::eventually("it has written a lot", rows);
    kill(Pid::from_raw(i32::try_from(child.id()).expect("a process id")), Signal::SIGINT)
        .expect("it is there");
    let mut report = String::new();
    out.read_to_string(&mut report).expect("text");
    assert_eq!(ended(&mut child), Some(130), "{report}");
    assert!(report.contains(", 0 broken"), "{report}");
    is_sound(&dir);
    summary(&[&flags[..], &["--requests", "100"]].concat());
    is_sound(&dir);
}

#[test]
fn virtual_time_keeps_nothing() {
    let place = Place::new();
    let dir = place.path("data");
    let refused = ran(simulate(&["--virtual-time", "--data", flag(&dir)]));
    is_refused(&refused, &["--virtual-time", "--data <DIR>", "cannot be used with"]);
    assert!(!dir.exists());
}
