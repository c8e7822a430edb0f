//! The four models do the same work: what clients ask does not depend on who carries it out, and
//! the counts of every run add up.

use guichet_engine::Model;
use guichet_lab::simulate::Show;
use guichet_lab::simulate::scenario::Scenario;

use crate::determinism::ROWS;
use crate::support::{
    EVERYTHING, actions_by_client, adds_up, builtin, closed, holds, open, recorded, replayed, run,
    run_showing, scenario, with_model,
};

/// In real time, with a driver that takes no time.
fn really(mut scenario: Scenario, model: Model) -> Scenario {
    scenario.config.model = model;
    scenario.config.workers = 8;
    scenario.virtual_time = false;
    scenario.profile = builtin("instant");
    scenario
}

#[test]
fn a_clients_nth_action_is_the_same_in_every_model() {
    let clients = 12;
    let load = closed(clients, 600, EVERYTHING);
    let [first, rest @ ..] = Model::ALL.map(|model| {
        let (_, history) = recorded(&really(scenario(load.clone()), model));
        actions_by_client(&history)
    });
    assert_eq!(first.len(), clients);
    for actions in first.values() {
        assert_eq!(actions.len(), 50);
    }
    for other in rest {
        assert_eq!(first, other);
    }
    let distinct: std::collections::BTreeSet<_> = first.values().collect();
    assert_eq!(distinct.len(), clients, "each client has its own mind");
}

#[test]
fn virtual_time_and_the_profile_do_not_change_what_is_asked() {
    let load = closed(6, 300, EVERYTHING);
    let real = recorded(&really(scenario(load.clone()), Model::Async)).1;
    for profile in ["fast", "flaky", "realistic"] {
        let mut virtually = scenario(load.clone());
        virtually.profile = builtin(profile);
        let history = recorded(&virtually).1;
        assert_eq!(actions_by_client(&real), actions_by_client(&history));
    }
}

#[test]
fn an_open_loop_asks_the_same_in_every_model() {
    let load = open(5, 300, EVERYTHING, 20_000.0, "");
    let [first, rest @ ..] = Model::ALL.map(|model| {
        let (_, history) = recorded(&really(scenario(load.clone()), model));
        // Requests of one client may overtake each other, so only which they were is the same.
        let mut actions = actions_by_client(&history);
        actions.values_mut().for_each(|asked| asked.sort());
        actions
    });
    for other in rest {
        assert_eq!(first, other);
    }
}

#[test]
fn counts_add_up_in_every_model() {
    for model in Model::ALL {
        for load in [closed(9, 700, EVERYTHING), open(9, 700, EVERYTHING, 20_000.0, "2x5ms@100000")]
        {
            let ran = run(&with_model(scenario(load), model));
            adds_up(&ran, 700);
            assert_eq!(ran.summary.setup.model, model.as_str());
        }
    }
}

#[test]
fn counts_add_up_with_faults() {
    for model in [Model::Async, Model::Sequential] {
        for load in
            [closed(9, 1_500, EVERYTHING), open(9, 1_500, EVERYTHING, 200.0, "2x500ms@2000")]
        {
            let mut scenario = with_model(scenario(load), model);
            scenario.profile = builtin("flaky");
            let ran = run(&scenario);
            adds_up(&ran, 1_500);
            assert!(ran.summary.operations.retried > 0);
        }
    }
}

#[test]
fn counts_of_a_trace_add_up_in_every_model() {
    // The trace's last requests come after 28 hours: in real time only up to then.
    let early: String = ROWS.lines().take(10).map(|row| format!("{row}\n")).collect();
    let requests = early.lines().count() as u64;
    for model in Model::ALL {
        let mut scenario = with_model(scenario(replayed(&early)), model);
        if let guichet_lab::simulate::scenario::Load::Trace { speed, .. } = &mut scenario.load {
            *speed = 1_000.0;
        }
        let ran = run(&scenario);
        adds_up(&ran, requests);
        assert_eq!(ran.summary.setup.clients, 3);
    }
}

#[test]
fn more_clients_than_requests_send_what_was_asked_for() {
    let ran = run(&scenario(closed(64, 5, EVERYTHING)));
    adds_up(&ran, 5);
    assert_eq!(ran.summary.setup.clients, 64);
}

#[test]
fn workers_and_permits_bound_what_is_in_flight() {
    for model in Model::ALL {
        let mut scenario = with_model(scenario(closed(24, 400, EVERYTHING)), model);
        scenario.config.workers = 4;
        scenario.config.permits = Some(3);
        let ran = run(&scenario);
        assert!(ran.summary.max_in_flight <= 3, "{}", model.as_str());
        assert_eq!(ran.summary.setup.permits, Some(3));
    }
    let mut one = scenario(closed(24, 400, EVERYTHING));
    one.config.model = Model::Sequential;
    let ran = run(&one);
    assert_eq!((ran.summary.max_in_flight, ran.summary.setup.workers), (1, 1));
    let ran = run(&scenario(closed(24, 400, "create=1")));
    assert_eq!(ran.summary.max_in_flight, 24);
}

#[test]
fn clients_that_are_threads_send_the_same_and_each_has_one() {
    for model in [Model::Async, Model::Pool] {
        let mut scenario = with_model(scenario(closed(40, 800, EVERYTHING)), model);
        scenario.client_threads = true;
        scenario.virtual_time = false;
        let show = Show { trail: true, ..Show::default() };
        let ran = run_showing(&scenario, &show);
        adds_up(&ran, 800);
        #[cfg(target_os = "linux")]
        assert!(ran.trail.expect("a trail").peak_threads > 40, "a thread for each client");
    }
}

#[test]
fn clients_that_are_threads_stop_when_they_are_told_to() {
    let mut scenario = with_model(scenario(closed(20, 1_000_000, EVERYTHING)), Model::Async);
    (scenario.client_threads, scenario.virtual_time) = (true, false);
    scenario.duration = Some(std::time::Duration::from_millis(50));
    let ran = run(&scenario);
    holds(&ran);
    assert!(ran.summary.requests.sent < 1_000_000);
}
