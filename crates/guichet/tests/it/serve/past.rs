//! `guichet logs --since`: what was, and what happens behind it.

use std::io::{BufRead as _, BufReader};
use std::process::{Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::Service;
use crate::support::{Place, flag, guichet};

fn ask(url: &str, command: &str, more: &[&str]) -> Output {
    guichet(command, more).args(["--url", url]).output().expect("it runs")
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// A cloud with so many servers, and their ids.
fn fill(url: &str, count: usize) -> Vec<String> {
    let place = Place::new();
    let server = r#"{"name":"web","flavor":"m1.tiny","image":"cirros"}"#;
    let servers = vec![server; count].join(",");
    let document = format!(r#"{{"format":"guichet-snapshot","version":1,"servers":[{servers}]}}"#);
    let file = place.file("fleet.json", document.as_bytes());
    out(&ask(url, "snapshot", &["import", "fleet", flag(&file)]));
    out(&ask(url, "snapshot", &["restore", "fleet"]));
    let list = out(&ask(url, "server", &["list", "--format", "json"]));
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    let rows = list["servers"].as_array().expect("servers").iter();
    rows.map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn what_was_is_printed_and_what_happens_follows_if_it_is_wanted() {
    let service = Service::start(&[]);
    let url = format!("http://{}", service.address);
    let servers = fill(&url, 3);
    let delete = |at: usize| out(&ask(&url, "server", &["delete", &servers[at]]));
    let logs = |more: &[&str]| ask(&url, "logs", more);
    assert_eq!(out(&logs(&["--since", "10m"])), "");
    delete(0);
    delete(1);
    let was = logs(&["--since", "10m", "--kind", "accepted"]);
    let text = out(&was);
    assert_eq!(text.lines().count(), 2, "{text}");
    for line in text.lines() {
        assert!(line.starts_with("20") && line.contains(" accepted   delete "), "{line}");
    }
    let said = String::from_utf8_lossy(&was.stderr);
    assert!(said.starts_with("the service has written this log since 20"), "{said}");
    assert_eq!(out(&logs(&["--since", "10m", "--kind", "requeued"])), "");
    assert_eq!(out(&logs(&["--since", "10m", "--until", "9m"])), "");
    assert_eq!(out(&logs(&["--until", "0s", "--kind", "accepted"])), text);
    // Both, and what comes behind them.
    let more = ["--since", "10m", "--follow", "--kind", "accepted", "--format", "json"];
    let mut command = guichet("logs", &more);
    command.args(["--url", &url]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("it is read")).lines();
    let mut server = || {
        let line = lines.next().expect("a line").expect("text");
        let entry: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        entry["server"].as_str().expect("an id").to_owned()
    };
    let mut seen = vec![server(), server()];
    delete(2);
    seen.push(server());
    assert_eq!(seen, servers, "each once, in their order");
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).expect("it is there");
    child.wait().expect("it ends");
}

#[test]
fn what_is_no_moment_is_said() {
    let service = Service::start(&[]);
    let url = format!("http://{}", service.address);
    for (flags, expected) in [
        (&["--since", "yesterday"][..], "expected a length of time such as 10m, or an instant"),
        (&["--since", "2026-13-01T00:00:00Z"], "since: found \"2026-13-01T00:00:00Z\""),
        (&["--since", "1m", "--until", "2m"], "nothing is after since and before until"),
        (&["--until", "1m", "--follow"], "--follow"),
    ] {
        let wrong = ask(&url, "logs", flags);
        assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
        let said = String::from_utf8_lossy(&wrong.stderr).replace("\n  ", " ");
        assert!(said.contains(expected), "{said}");
    }
}
