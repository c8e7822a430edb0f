//! The history: numbered without gaps, in true order, and nothing is lost.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use guichet_core::time::VIRTUAL_START;
use guichet_engine::Model;
use guichet_lab::simulate::history;
use guichet_lab::simulate::{RunError, Show, run};
use guichet_store::hub::{Hub, LogEntry};
use indicatif::ProgressBar;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::determinism::ROWS;
use crate::support::{
    EVERYTHING, builtin, closed, lines, number, open, recorded, replayed, scenario, to_file,
    with_model, word,
};

/// Checks everything that is true of every history, and gives back its lines.
pub(crate) fn sound(history: &str) -> Vec<Value> {
    let lines = lines(history);
    for (line, n) in lines.iter().zip(1u64..) {
        assert_eq!(number(line, "n"), n);
    }
    each_invoke_returns_once(&lines);
    each_operation_goes_its_way(&lines);
    each_server_has_an_unbroken_chain(&lines);
    lines
}

fn of_kind<'l>(lines: &'l [Value], kind: &str) -> impl Iterator<Item = &'l Value> {
    lines.iter().filter(move |line| word(line, "kind") == kind)
}

/// The places of each request's invoke and return; what was accepted was so in between.
fn each_invoke_returns_once(lines: &[Value]) {
    let mut open: HashMap<&str, u64> = HashMap::new();
    let mut returned: HashMap<&str, (u64, u64)> = HashMap::new();
    for line in lines {
        let (n, request) = (number(line, "n"), word(line, "request"));
        match word(line, "kind") {
            "invoke" => assert!(open.insert(request, n).is_none(), "{request} was sent twice"),
            "return" => {
                let sent = open.get(request).expect("a return follows its invoke");
                let twice = returned.insert(request, (*sent, n));
                assert!(twice.is_none(), "{request} returned twice");
            }
            "event" => assert!(open.contains_key(request), "{request} was never sent"),
            other => panic!("a line of kind {other}"),
        }
    }
    assert_eq!(open.len(), returned.len(), "each invoke returned");
    let mut accepted = 0;
    for event in of_kind(lines, "event").filter(|event| word(event, "what") == "accepted") {
        let (sent, answered) = returned[word(event, "request")];
        let n = number(event, "n");
        assert!(sent < n && n < answered, "accepted between invoke and return");
        accepted += 1;
    }
    let answered = of_kind(lines, "return").filter(|line| line["answer"] == "accepted");
    let operations: usize =
        answered.map(|line| line["operations"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(operations, accepted);
}

fn operation(event: &Value) -> (String, u64) {
    let operation = &event["operation"];
    (word(operation, "server").to_owned(), number(operation, "number"))
}

/// accepted, then any number of times started and requeued, then one end and nothing more.
fn each_operation_goes_its_way(lines: &[Value]) {
    let mut last: BTreeMap<(String, u64), (String, u64)> = BTreeMap::new();
    for (event, sequence) in of_kind(lines, "event").zip(1..) {
        assert_eq!(number(event, "sequence"), sequence, "sequence numbers are dense");
        let (what, attempt) = (word(event, "what"), number(event, "attempt"));
        let before = last.insert(operation(event), (what.to_owned(), attempt));
        let before = before.as_ref().map(|(what, attempt)| (what.as_str(), *attempt));
        let legal = match (before, what) {
            (None, "accepted") => attempt == 0,
            (Some(("accepted", 0)), "started") => attempt == 1,
            (Some(("requeued", tried)), "started") => attempt == tried + 1,
            (Some(("started", tried)), "succeeded" | "failed" | "requeued" | "cancelled")
            | (Some(("requeued", tried)), "cancelled")
            // Without a host, or without anything to undo, it is over as soon as it is accepted.
            | (Some(("accepted", tried)), "cancelled" | "failed" | "succeeded") => attempt == tried,
            _ => false,
        };
        assert!(legal, "{what} (attempt {attempt}) after {before:?}: {event}");
    }
}

fn each_server_has_an_unbroken_chain(lines: &[Value]) {
    let mut states: HashMap<String, &Value> = HashMap::new();
    for event in of_kind(lines, "event") {
        let (server, _) = operation(event);
        let before = states.get(&server).copied().unwrap_or(&Value::Null);
        assert_eq!(before, &event["from"], "{server} was somewhere else: {event}");
        assert_ne!(before["vm_state"], "deleted", "{server} came back");
        states.insert(server, &event["to"]);
    }
}

#[test]
fn a_history_is_in_true_order() {
    for load in [
        closed(8, 1_000, EVERYTHING),
        open(8, 1_000, EVERYTHING, 300.0, "2x100ms@3000"),
        replayed(ROWS),
    ] {
        for profile in ["flaky", "realistic"] {
            let mut scenario = scenario(load.clone());
            scenario.config.workers = 6;
            scenario.profile = builtin(profile);
            let (ran, history) = recorded(&scenario);
            let lines = sound(&history);
            let sent = of_kind(&lines, "invoke").count() as u64;
            assert_eq!(sent, ran.summary.requests.sent + ran.summary.queries.count);
            let reads = of_kind(&lines, "return").filter(|line| line.get("saw").is_some());
            assert_eq!(reads.count() as u64, ran.summary.queries.count);
            let refusals = of_kind(&lines, "return").filter(|line| line.get("refused").is_some());
            let refused: u64 = ran.summary.requests.refused.values().sum();
            assert_eq!(refusals.count() as u64, refused);
        }
    }
}

#[test]
fn a_history_is_in_true_order_with_real_threads_too() {
    for model in Model::ALL {
        let mut scenario = with_model(scenario(closed(16, 1_000, EVERYTHING)), model);
        scenario.virtual_time = false;
        scenario.profile = builtin("instant");
        sound(&recorded(&scenario).1);
    }
}

#[test]
fn a_large_history_is_complete() {
    let mut scenario = scenario(closed(32, 8_000, "create=5,reboot=3,delete=2,list=1"));
    scenario.profile = builtin("instant");
    for virtual_time in [true, false] {
        scenario.virtual_time = virtual_time;
        let (ran, history) = recorded(&scenario);
        let lines = sound(&history);
        assert!(lines.len() >= 30_000, "{}", lines.len());
        let mut events: BTreeMap<&str, u64> = BTreeMap::new();
        for event in of_kind(&lines, "event") {
            *events.entry(word(event, "what")).or_default() += 1;
        }
        let operations = ran.summary.operations;
        for (what, count) in [
            ("accepted", operations.accepted),
            ("succeeded", operations.succeeded),
            ("failed", operations.failed),
            ("cancelled", operations.cancelled),
            ("requeued", operations.retried),
        ] {
            assert_eq!(events.get(what).copied().unwrap_or(0), count, "{what}");
        }
        let events: u64 = events.values().sum();
        assert_eq!(lines.len() as u64, 2 * 8_000 + events);
    }
}

#[test]
fn what_a_read_saw_is_the_state_it_was_in() {
    let rows = "\
        0,alice,red,create,a,1,1\n\
        1,alice,red,list,,,\n\
        90,alice,red,list,,,\n\
        91,alice,blue,list,,,\n\
        92,alice,red,delete,a,,\n\
        200,alice,red,list,,,\n";
    let mut scenario = scenario(replayed(rows));
    scenario.profile = builtin("realistic");
    let lines = sound(&recorded(&scenario).1);
    let seen: Vec<String> = of_kind(&lines, "return")
        .filter_map(|line| line.get("saw"))
        .map(|saw| saw.as_array().map_or_else(String::new, |all| statuses(all)))
        .collect();
    assert_eq!(seen, ["BUILD", "ACTIVE", "", ""]);
}

fn statuses(servers: &[Value]) -> String {
    let status = |server: &Value| server[1].as_str().expect("a status").to_owned();
    servers.iter().map(status).collect::<Vec<_>>().join(" ")
}

/// Nobody reads the pipe until those who cause records have to wait; then all of it is there.
#[tokio::test]
async fn a_slow_writer_is_waited_for() {
    const RECORDS: usize = 40_000;
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let file = std::fs::File::from(std::os::fd::OwnedFd::from(writer));
    let hub = Hub::default();
    let records = hub.subscribe_lossless();
    let handle = tokio::runtime::Handle::current();
    let written =
        tokio::task::spawn_blocking(move || handle.block_on(history::write(records, file)));
    let mut reading = None;
    for n in 1..=RECORDS {
        let mut capacity = std::pin::pin!(hub.caught_up());
        let full = futures_poll(&mut capacity).await;
        if full {
            reading.get_or_insert_with(|| {
                let mut reader = reader.try_clone().expect("a second end");
                tokio::task::spawn_blocking(move || {
                    let mut text = String::new();
                    reader.read_to_string(&mut text).map(|_| text)
                })
            });
            capacity.await;
        }
        hub.note(LogEntry::Note(format!("\"note\":{n}}}").into()));
    }
    hub.close();
    let reading = reading.expect("those who cause records had to wait");
    written.await.expect("no panic").expect("it is written");
    let text = reading.await.expect("no panic").expect("it is read");
    drop(reader.read(&mut []));
    let numbers: Vec<(u64, u64)> =
        lines(&text).iter().map(|line| (number(line, "n"), number(line, "note"))).collect();
    let expected: Vec<(u64, u64)> = (1..=RECORDS as u64).map(|n| (n, n)).collect();
    assert!(numbers == expected, "all, once, in order");
}

/// Polls once; true if it has to wait.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
    })
    .await
}

#[test]
fn a_history_that_cannot_be_created_means_no_run() {
    let dir = tempfile::TempDir::new().expect("a directory");
    let path = dir.path().join("missing").join("history.jsonl");
    let bar = ProgressBar::hidden();
    let mut show = Show::default();
    show.console.bar = Some(bar.clone());
    let wanted = to_file(&scenario(closed(2, 10, EVERYTHING)), &path);
    let error = run(&wanted, &show, || panic!("it is not ready")).expect_err("no such directory");
    assert!(matches!(error, RunError::History(_)));
    let text = error.to_string();
    assert!(text.contains("missing/history.jsonl: "), "{text}");
    assert_eq!(bar.position(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_history_that_cannot_be_written_ends_the_run() {
    for virtual_time in [true, false] {
        let bar = ProgressBar::hidden();
        let mut show = Show::default();
        show.console.bar = Some(bar.clone());
        let mut scenario = scenario(closed(4, 50_000, EVERYTHING));
        scenario.profile = builtin("instant");
        scenario.virtual_time = virtual_time;
        let wanted = to_file(&scenario, std::path::Path::new("/dev/full"));
        let error = run(&wanted, &show, CancellationToken::new).expect_err("the disk is full");
        let text = error.to_string();
        assert!(text.contains("/dev/full: "), "{text}");
        assert!(bar.position() < 50_000, "it stopped sending: {}", bar.position());
    }
}

#[test]
fn virtual_time_starts_at_the_same_instant() {
    let lines = sound(&recorded(&scenario(replayed(ROWS))).1);
    assert_eq!(word(&lines[0], "at"), VIRTUAL_START.to_string());
}
