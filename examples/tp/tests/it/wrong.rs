//! The wrong programs: each shows its mistake, in every run.

use crate::{ended, output};

#[test]
fn a_delete_from_an_empty_list_ends_the_program() {
    let ended = ended("step1_wrong");
    assert_eq!(ended.code, Some(101), "{}", ended.output);
    assert!(ended.output.ends_with("request 3 of 4: delete\n"), "{}", ended.output);
    assert!(ended.errors.contains("removal index (is 0) should be < len (is 0)"));
}

#[test]
fn without_one_lock_for_check_and_change_all_are_accepted() {
    let wanted = [
        "8 clients create: 8 accepted, 0 refused",
        "  8 servers, at most 3: BROKEN",
        "8 clients delete srv-1: 8 accepted, 0 refused",
        "  8 answers \"deleted\", 1 server gone: BROKEN",
    ];
    assert_eq!(output("step2_wrong").lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_lock_held_during_the_work_lets_one_request_through_at_a_time() {
    let output = output("step3_wrong");
    assert!(output.starts_with("8 clients, 80 requests: all done\nin flight at most: 1\n"));
}

#[test]
fn workers_that_end_at_a_refusal_leave_requests_behind() {
    let wanted = [
        "4 workers, 24 requests: 4 refused, 15 lost",
        "workers that ended at a refusal: 4 of 4",
        "servers left in the list: 15",
    ];
    assert_eq!(output("step4_wrong").lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn each_refusal_costs_a_permit_until_none_is_left() {
    let wanted = [
        "request 1: refused, srv-91 does not exist; 2 of 3 permits free",
        "request 2: refused, srv-92 does not exist; 1 of 3 permits free",
        "request 3: refused, srv-93 does not exist; 0 of 3 permits free",
        "request 4: no permit within 100 ms; 0 of 3 permits free",
    ];
    assert_eq!(output("step5_wrong").lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn entries_in_pieces_mix() {
    let output = output("step6_wrong");
    let entries: Vec<&str> = output.lines().collect();
    let [mixed, empty] = entries[..] else { panic!("{output}") };
    let words: Vec<&str> = mixed.split_whitespace().collect();
    let is_time = |word: &&&str| word.matches(':').count() == 2;
    assert_eq!(words[..2].iter().filter(is_time).count(), 2, "{output}");
    assert!(mixed.contains("worker 1") && mixed.contains("worker 2"), "{output}");
    assert_eq!(empty, "");
}

#[test]
fn a_queue_without_a_bound_refuses_nobody_and_grows() {
    let output = output("step7_wrong");
    assert_eq!(output.matches(" 0 refused,").count(), 8, "{output}");
    for (round, wait) in [(2, 30), (3, 50), (4, 70), (6, 60)] {
        let entry = output.lines().find(|line| line.starts_with(&format!("round {round}:")));
        assert!(entry.is_some_and(|entry| entry.contains(&format!(" {wait} wait,"))), "{output}");
    }
    assert!(output.contains("so far: 4 rounds, and 30 requests still wait"), "{output}");
}

#[test]
fn the_clock_stops_before_any_answer() {
    let output = output("step8_wrong");
    assert!(output.contains("answered when the clock was stopped: 0 of 24"), "{output}");
    assert!(output.contains("answered when all threads had ended: 24 of 24"), "{output}");
}
