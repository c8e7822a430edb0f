//! The log on stderr.

use serde_json::Value;

use crate::support::{good, run, simulate};

/// `2026-01-01T00:00:00.000000Z`: RFC 3339 in UTC, to the microsecond.
fn is_timestamp(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00.000000Z"
}

const KINDS: [&str; 7] =
    ["accepted", "started", "requeued", "succeeded", "failed", "cancelled", "refused"];

#[test]
fn text_lines_have_all_columns() {
    let ran = good(&["--requests", "400", "--profile", "flaky", "--virtual-time"]);
    let mut before = "";
    for line in ran.log.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [at, kind, worker, request, project, action, server, rest @ ..] = &words[..] else {
            panic!("{line}");
        };
        assert!(is_timestamp(at), "{line}");
        assert!(*at >= before, "time never goes back: {line}");
        before = at;
        assert!(KINDS.contains(kind), "{line}");
        assert!(*worker == "-" || worker.starts_with("worker-"), "{line}");
        assert!(request.starts_with("req-") && request.len() == 40, "{line}");
        assert!(project.starts_with("project-"), "{line}");
        assert!(["create", "reboot", "delete"].contains(action), "{line}");
        assert_eq!(server.len(), 36, "{line}");
        if *kind == "refused" {
            assert_eq!(rest.len(), 1, "{line}");
            continue;
        }
        assert_eq!(rest[1], "→", "{line}");
        let has = |word| rest.contains(&word);
        assert_eq!(has("wait"), *kind != "accepted", "{line}");
        // What no worker began has no service time.
        let ended = ["succeeded", "failed", "cancelled"].contains(kind);
        assert_eq!(has("service"), ended && *worker != "-", "{line}");
    }
    assert!(!ran.log.contains('\u{1b}'), "no colours when nobody looks");
}

#[test]
fn columns_are_aligned() {
    let ran = good(&["--requests", "400", "--profile", "flaky", "--virtual-time"]);
    let starts = |line: &str| {
        let column = |word: &str| line.find(word).map(|place| line[..place].chars().count());
        (column(" req-"), column(" project-"))
    };
    let mut lines = ran.log.lines();
    let first = starts(lines.next().expect("lines"));
    assert!(lines.all(|line| starts(line) == first));
}

#[test]
fn json_lines_are_objects_that_agree_with_the_summary() {
    let flags = ["--log-format", "json", "--format", "json", "--requests", "500"];
    for more in [&["--virtual-time"][..], &["--model", "threads"], &["--model", "pool"]] {
        let ran = good(&[&flags[..], more].concat());
        let summary: Value = serde_json::from_str(&ran.out).expect("one JSON object");
        let lines: Vec<Value> = ran
            .log
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
            .collect();
        for line in &lines {
            assert!(line["time"].as_str().is_some_and(is_timestamp), "{line}");
            assert!(line["event"].as_str().is_some_and(|kind| KINDS.contains(&kind)), "{line}");
        }
        let of = |kind: &str| lines.iter().filter(|line| line["event"] == kind).count() as u64;
        let operations = &summary["operations"];
        for kind in ["accepted", "succeeded", "failed", "cancelled"] {
            assert_eq!(operations[kind], of(kind), "{kind}");
        }
        let refused = summary["requests"]["refused"].as_object().expect("an object");
        let refused: u64 = refused.values().filter_map(Value::as_u64).sum();
        assert_eq!(refused, of("refused"));
    }
}

#[test]
fn the_log_of_a_virtual_run_is_the_same_every_time() {
    let log = || good(&["--requests", "300", "--virtual-time"]).log;
    assert_eq!(log(), log());
    let ran = run(&["--requests", "300", "--virtual-time", "--quiet"]);
    assert_eq!(ran.log, "");
}

#[test]
fn lines_are_whole_when_stdout_and_stderr_are_one() {
    let mut command = simulate(&["--requests", "2000", "--profile", "instant"]);
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    command.stdout(writer.try_clone().expect("a second end")).stderr(writer);
    let mut child = command.spawn().expect("it starts");
    // The command holds writers too; the reader waits for the last one to go.
    drop(command);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut reader, &mut text).expect("text");
    assert!(child.wait().expect("it ends").success());
    let body = text.lines().filter(|line| line.contains(" req-"));
    let mut count = 0;
    for line in body {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert!(is_timestamp(words[0]) && KINDS.contains(&words[1]), "{line}");
        assert_eq!(line.matches(" req-").count(), 1, "{line}");
        count += 1;
    }
    assert!(count > 3_000, "{count}");
}
