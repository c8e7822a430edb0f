//! Ctrl-C: what was accepted is finished, and said; a second one stops at once.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};

use serde_json::Value;

use crate::support::{Place, flag, simulate};

/// A run that goes on, and its log so far.
struct Running {
    child: Child,
    out: ChildStdout,
    log: BufReader<ChildStderr>,
}

impl Running {
    /// Starts it and waits until something has happened.
    fn new(flags: &[&str]) -> Self {
        let mut command = simulate(flags);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let out = child.stdout.take().expect("a pipe");
        let log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut running = Self { child, out, log };
        running.wait_for("accepted");
        running
    }

    /// Reads the log up to a line with this word.
    fn wait_for(&mut self, word: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.log.read_line(&mut line).expect("text");
            assert!(read > 0, "it ended before a line with {word}");
            if line.contains(word) {
                return line;
            }
        }
    }

    /// What Ctrl-C does.
    fn interrupt(&self) {
        let kill = Command::new("sh")
            .args(["-c", "kill -INT \"$0\"", &self.child.id().to_string()])
            .status();
        assert!(kill.expect("a shell").success());
    }

    /// Reads both to their ends.
    fn end(mut self) -> (ExitStatus, String, String) {
        let reading = std::thread::spawn(move || {
            let mut rest = String::new();
            self.log.read_to_string(&mut rest).map(|_| rest)
        });
        let mut out = String::new();
        self.out.read_to_string(&mut out).expect("text");
        let rest = reading.join().expect("no panic").expect("text");
        (self.child.wait().expect("it ends"), out, rest)
    }
}

/// More than can be sent before it is interrupted.
const ENDLESS: [&str; 2] = ["--requests", "100000000"];

#[test]
fn the_first_finishes_what_was_accepted() {
    for flags in [
        &[][..],
        &["--rate", "2000"],
        &["--model", "threads"],
        &["--model", "pool"],
        &["--model", "sequential"],
        &["--virtual-time"],
    ] {
        let running = Running::new(&[&ENDLESS[..], flags].concat());
        running.interrupt();
        let (status, out, rest) = running.end();
        assert_eq!(status.code(), Some(130), "{flags:?}: {out}");
        assert!(rest.contains("guichet: stopping: finishing what was accepted"), "{flags:?}");
        let last = out.lines().last().expect("a report");
        assert!(last.starts_with("invariants: ") && last.ends_with(" checked, 0 broken"), "{out}");
        assert!(out.contains("requests    "), "{out}");
        assert!(!out.contains("not finished in time"), "{out}");
    }
}

#[test]
fn an_interrupted_run_adds_up() {
    let place = Place::new();
    let path = place.path("history.jsonl");
    let flags = ["--format", "json", "--log-format", "json", "--history", flag(&path)];
    let running = Running::new(&[&ENDLESS[..], &flags].concat());
    running.interrupt();
    let (status, out, rest) = running.end();
    assert_eq!(status.code(), Some(130));
    for line in rest.lines() {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(value["event"].is_string());
    }
    assert!(rest.contains("\"event\":\"stopping\""));
    let summary: Value = serde_json::from_str(&out).expect("one JSON object");
    let operations = &summary["operations"];
    let count = |key: &str| operations[key].as_u64().expect("a count");
    assert_eq!(count("accepted"), count("succeeded") + count("failed") + count("cancelled"));
    let history = std::fs::read_to_string(path).expect("a history");
    let of = |kind: &str| {
        let word = format!("\"kind\":\"{kind}\"");
        history.lines().filter(|line| line.contains(&word)).count() as u64
    };
    assert_eq!(of("invoke"), of("return"));
    let asked = summary["requests"]["sent"].as_u64().expect("a count")
        + summary["queries"]["count"].as_u64().expect("a count");
    assert_eq!(of("invoke"), asked);
}

#[test]
fn the_second_stops_at_once() {
    let place = Place::new();
    // Whatever is accepted would go on for a day.
    let profile = place.file("slow.toml", b"[default]\ndelay = { fixed = { ms = 86_400_000 } }\n");
    let flags = ["--profile", flag(&profile), "--clients", "8"];
    let mut running = Running::new(&flags);
    running.interrupt();
    running.wait_for("guichet: stopping: ");
    running.interrupt();
    let (status, out, _) = running.end();
    assert_eq!(status.code(), Some(130));
    assert!(!out.contains("invariants: "), "it did not wait: {out}");
}
