//! Far more than drains: refusals come at once, the bound holds, nothing accepted is lost.

use guichet_engine::Model;
use guichet_lab::simulate::Ran;
use guichet_lab::simulate::scenario::Scenario;

use crate::support::{adds_up, open, profile, recorded, refused, run, scenario, word};

const QUEUE: usize = 100;

/// 64 clients, a queue of 100, 4 workers of 10 ms each (400 a second), 10,000 a second asked.
fn flood(requests: u64) -> Scenario {
    let mut scenario =
        scenario(open(64, requests, "create=5,reboot=3,delete=2,list=1", 10_000.0, ""));
    scenario.config.queue = QUEUE;
    scenario.config.workers = 4;
    scenario.profile = profile("[default]\ndelay = { fixed = { ms = 10 } }\n");
    scenario
}

fn bounded(ran: &Ran, asked: u64) {
    adds_up(ran, asked);
    assert!(ran.summary.max_queue_depth <= QUEUE);
    assert!(ran.summary.max_in_flight <= 4);
    assert!(refused(ran, "queue_full") > 0);
    assert!(ran.summary.operations.accepted > 0);
    assert_eq!(ran.summary.operations.failed, 0);
}

#[test]
fn a_flood_under_virtual_time_fills_the_queue_and_no_more() {
    let (ran, history) = recorded(&flood(5_000));
    bounded(&ran, 5_000);
    // The last tenth is kept for projects with nothing waiting, and all four have something.
    assert!(ran.summary.max_queue_depth >= QUEUE * 9 / 10);
    assert!(refused(&ran, "queue_full") > 500);
    for line in crate::support::lines(&history) {
        if line["refused"] == "queue_full" {
            let text = word(&line, "text");
            assert!(text.starts_with("The queue is full ("), "{text}");
            assert!(text.contains(" waiting). Ask again in "), "{text}");
        }
    }
}

#[test]
fn a_burst_is_refused_and_the_calm_around_it_is_not() {
    let mut calm = scenario(open(64, 2_000, "create=1", 50.0, "1x1s@5000"));
    calm.config.queue = QUEUE;
    calm.config.workers = 4;
    calm.profile = profile("[default]\ndelay = { fixed = { ms = 10 } }\n");
    let ran = run(&calm);
    bounded(&ran, 2_000);
    let without = guichet_lab::simulate::scenario::Load::Open {
        clients: 64,
        requests: 2_000,
        mix: crate::support::mix("create=1"),
        rate: 50.0,
        bursts: None,
    };
    calm.load = without;
    let ran = run(&calm);
    adds_up(&ran, 2_000);
    assert_eq!(ran.summary.operations.succeeded, 2_000);
}

#[test]
fn a_flood_in_real_time_loses_nothing() {
    for model in Model::ALL {
        let mut scenario = flood(1_500);
        scenario.virtual_time = false;
        scenario.config.model = model;
        // `threads` has no pool: the semaphore is its bound.
        scenario.config.permits = Some(4);
        scenario.profile = profile("[default]\ndelay = { fixed = { ms = 2 } }\n");
        let ran = run(&scenario);
        adds_up(&ran, 1_500);
        assert!(ran.summary.max_queue_depth <= QUEUE, "{}", model.as_str());
        assert!(ran.summary.max_in_flight <= 4, "{}", model.as_str());
        assert!(refused(&ran, "queue_full") > 0, "{}", model.as_str());
    }
}

#[test]
fn latency_counts_from_when_it_was_meant_to_be_sent() {
    // One worker, 10 ms each, 200 a second asked: the last waits about as long as all before it.
    let mut scenario = scenario(open(4, 200, "create=1", 200.0, ""));
    scenario.config.workers = 1;
    scenario.profile = profile("[default]\ndelay = { fixed = { ms = 10 } }\n");
    let summary = run(&scenario).summary;
    assert!(summary.latency_ms.max > 500.0, "{:?}", summary.latency_ms);
    assert!(summary.wait_ms.max > 500.0, "{:?}", summary.wait_ms);
    assert!((10.0..12.0).contains(&summary.service_ms.max), "{:?}", summary.service_ms);
}
