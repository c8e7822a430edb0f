//! The right programs.

use std::collections::{BTreeMap, BTreeSet};

use crate::output;

/// The numbers of a text, in order.
fn numbers(text: &str) -> Vec<usize> {
    let parts = text.split(|letter: char| !letter.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// The one entry of an output that begins so.
fn entry<'a>(output: &'a str, start: &str) -> &'a str {
    let mut found = output.lines().filter(|line| line.starts_with(start));
    let entry = found.next().unwrap_or_else(|| panic!("no {start:?} in:\n{output}"));
    assert_eq!(found.next(), None, "a second {start:?} in:\n{output}");
    entry
}

#[test]
fn the_manager_refuses_with_a_reason_and_goes_on() {
    let wanted = [
        "delete srv-1 refused: there is no server to delete; create one first",
        "create       done: srv-1",
        "create       done: srv-2",
        "reboot srv-1 done: srv-1",
        "reboot srv-1 refused: srv-1 is rebooting; wait until it is active",
        "active: [2]",
        "delete srv-2 done: srv-2",
        "delete srv-2 refused: srv-2 does not exist; look at the list of servers",
        "create       done: srv-3",
        "create       done: srv-4",
        "create       refused: there are 3 servers already; delete one first",
        "active: [1, 3, 4]",
    ];
    assert_eq!(output("step1_manager").lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn with_the_lock_three_creates_and_one_delete_of_eight_are_accepted() {
    let wanted = [
        "8 clients create: 3 accepted, 5 refused",
        "  refused: there are 3 servers already; delete one",
        "  3 servers, at most 3: good",
        "8 clients delete srv-1: 1 accepted, 7 refused",
        "  refused: srv-1 does not exist",
        "  1 answers \"deleted\", 1 server gone: good",
    ];
    assert_eq!(output("step2_lock").lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn all_clients_are_in_flight_at_once_and_the_list_adds_up() {
    let output = output("step3_clients");
    let [clients, requests, done, refused] = numbers(entry(&output, "8 clients"))[..] else {
        panic!("{output}");
    };
    assert_eq!((clients, requests, done + refused), (8, 80, 80), "{output}");
    entry(&output, "in flight at most: 8");
    let sum = output.lines().find(|line| line.contains("created")).expect("there is a sum");
    let [created, deleted, left] = numbers(sum)[..] else { panic!("{sum}") };
    assert_eq!(created - deleted, left, "{sum}");
    // Each client's first request is a create, which nothing can refuse.
    assert!(created >= 8 && created + deleted <= done, "{output}");
    assert!(sum.ends_with("good"), "{sum}");
}

#[test]
fn the_pool_goes_on_after_a_refusal() {
    let wanted = [
        "4 workers, 24 requests: 20 done, 4 refused, 0 lost",
        "in flight at most: 4",
        "servers left in the list: 0",
    ];
    assert_eq!(output("step4_pool").lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_refused_request_gives_its_permit_back() {
    let wanted = [
        "9 requests: 6 done, 3 refused",
        "in flight at most: 3 of 3",
        "free permits at the end: 3 of 3",
    ];
    assert_eq!(output("step5_semaphore").lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn entries_of_the_log_are_whole_and_in_order() {
    let output = output("step6_log");
    let mut last = String::new();
    let mut begun: BTreeMap<&str, bool> = BTreeMap::new();
    let mut created = BTreeSet::new();
    for entry in output.lines() {
        let parts: Vec<&str> = entry.splitn(4, ' ').collect();
        let [time, "worker", worker, event] = parts[..] else { panic!("{entry}") };
        assert_eq!(numbers(time).len(), 4, "{entry}");
        assert!(*time >= *last, "{entry} comes after {last}");
        time.clone_into(&mut last);
        let is_begun = begun.entry(worker).or_default();
        if event == "create: begins" {
            assert!(!std::mem::replace(is_begun, true), "{entry} before the last one was done");
            continue;
        }
        assert!(std::mem::replace(is_begun, false), "{entry} was not begun");
        let id = event.strip_prefix("create: done, srv-");
        let id = id.and_then(|rest| rest.strip_suffix(" is active"));
        created.insert(id.and_then(|id| id.parse::<u32>().ok()).expect("it names a server"));
    }
    assert_eq!(begun.len(), 4, "{output}");
    assert_eq!(created, (1..=20).collect(), "{output}");
    assert_eq!(output.lines().count(), 40);
}

#[test]
fn the_queue_refuses_past_its_bound_and_answers_the_others_soon() {
    let output = output("step7_queue");
    let rounds: Vec<Vec<usize>> =
        output.lines().filter(|line| line.starts_with("round")).map(numbers).collect();
    assert_eq!(rounds.len(), 8, "{output}");
    assert!(rounds.iter().all(|round| round[3] <= 20), "{output}");
    assert_eq!(rounds[1], [2, 30, 10, 20, 10]);
    assert_eq!(rounds[7], [8, 0, 0, 0, 0]);
    assert!(output.contains("refused: the queue is full; come back in 20 ms"), "{output}");
    entry(&output, "105 requests = 55 answered + 50 refused: good");
    entry(&output, "the longest wait: 1 round");
}

#[test]
fn every_way_is_measured_for_both_kinds_of_work_and_explained() {
    let output = output("step8_measure");
    for way in
        ["one at a time   1 threads", "a thread each  24 threads", "a pool of 4     4 threads"]
    {
        assert_eq!(output.matches(way).count(), 2, "{way}: {output}");
    }
    // All have answered everything: the program asserts it, and would have ended otherwise.
    for (kind, reason) in [
        ("work that waits:", "Waits pass side by side"),
        ("work that computes:", "Computing needs a core"),
    ] {
        assert!(entry(&output, kind).contains("times as fast with four workers"), "{output}");
        assert!(output.contains(reason), "{output}");
    }
}
