//! The check after a run can fail: each fault planted here is found.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_core::ids::ServerId;
use guichet_core::project::Quota;
use guichet_core::refusal::RefusalKind;
use guichet_core::state::PowerState;
use guichet_driver::simulated::{Names, Simulated};
use guichet_driver::{Driver, Machine};
use guichet_engine::config::project;
use guichet_engine::{Caller, Drained, EngineConfig, NewServer, ServerManager};
use guichet_lab::simulate::tally::{Answered, Counted, Tally};
use guichet_lab::simulate::verify::verify;

use crate::support::builtin;

/// A manager that has come to rest, what a client counted, and the driver's machines.
struct AtRest {
    manager: ServerManager,
    counted: Counted,
    machines: Vec<Machine>,
    drained: Drained,
}

impl AtRest {
    /// Three servers created, one of them stopped, a fourth created and deleted.
    async fn new() -> Self {
        let config = EngineConfig {
            projects: vec![project(0, "red", Quota::default())],
            ..EngineConfig::default()
        };
        let names = Names {
            projects: vec![Arc::from("red")],
            hosts: config.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
        };
        let clock = WorldClock::virtual_time();
        let profile = builtin("fast");
        let driver = Arc::new(Simulated::new(profile, names, clock.clone(), Chance::new(0)));
        let dyn_driver: Arc<dyn Driver> = Arc::clone(&driver) as Arc<dyn Driver>;
        let manager = ServerManager::start(&config, dyn_driver, clock).expect("it starts");
        let (tally, caller) = (Tally::default(), Caller::default());
        let new = NewServer::one("server", "m1.tiny", "cirros");
        let mut servers = Vec::new();
        for _ in 0..4 {
            let ack = manager.create(caller, &new).await;
            servers.push(count(&manager, &tally, "create", ack).await);
        }
        let ack = manager.stop_server(caller, servers[0]).await;
        count(&manager, &tally, "stop", ack).await;
        let ack = manager.delete(caller, servers[3]).await;
        count(&manager, &tally, "delete", ack).await;
        let refused = manager.delete(caller, servers[3]).await;
        let kind = refused.expect_err("it is gone").kind();
        tally.answered(0, "delete", Answered::Refused(kind));
        let drained = manager.drain(Duration::from_secs(1)).await;
        let machines = driver.list().await;
        assert_eq!(machines.len(), 3);
        Self { manager, counted: tally.total(), machines, drained }
    }

    /// What the check finds.
    fn found(&self) -> Vec<String> {
        let audit = verify(
            &self.manager,
            &self.counted,
            &self.machines,
            &self.manager.figures().counts,
            self.drained,
        );
        assert!(audit.checked > 10);
        audit.violations
    }

    fn place_of(&self, power: PowerState) -> usize {
        let mut machines = self.machines.iter();
        machines.position(|machine| machine.power_state == power).expect("there is one")
    }
}

/// Waits for the end of what was accepted, as a client that counts.
async fn count(
    manager: &ServerManager,
    tally: &Tally,
    action: &'static str,
    ack: Result<guichet_engine::Ack, guichet_core::refusal::Refusal>,
) -> ServerId {
    let ack = ack.expect("it is taken");
    let accepted = Answered::Accepted { operations: 1, create_hour: None };
    tally.answered(0, action, accepted);
    let over = manager.finished(ack.operation()).await.expect("it ends");
    tally.ended(0, &over, Duration::from_millis(1));
    ack.server()
}

#[tokio::test(start_paused = true)]
async fn a_sound_run_has_no_violations() {
    let at_rest = AtRest::new().await;
    assert_eq!(at_rest.found(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn one_operation_too_many_is_found() {
    let mut at_rest = AtRest::new().await;
    at_rest.counted.operations += 1;
    assert_eq!(at_rest.found(), ["clients were granted 7, the store accepted 6"]);
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_is_found() {
    let mut at_rest = AtRest::new().await;
    at_rest.counted.sent += 1;
    assert_eq!(at_rest.found(), ["8 requests sent, 7 answered"]);
    let refused = at_rest.counted.refused.entry(RefusalKind::QueueFull);
    *refused.or_default() += 2;
    assert_eq!(at_rest.found(), ["8 requests sent, 9 answered"]);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_nobody_was_told_of_is_found() {
    for state in ["succeeded", "failed", "cancelled"] {
        let mut at_rest = AtRest::new().await;
        *at_rest.counted.ends.entry(state).or_default() += 1;
        let found = at_rest.found();
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(state), "{found:?}");
    }
    let mut at_rest = AtRest::new().await;
    at_rest.counted.ends.clear();
    assert_eq!(at_rest.found(), ["clients were told of 0 succeeded operations, the store has 6"]);
    // After a drain that was not complete clients may know less than the store.
    at_rest.drained.left_running = 1;
    assert_eq!(at_rest.found(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_machine_missing_is_found() {
    for power in [PowerState::Running, PowerState::Shutdown] {
        let mut at_rest = AtRest::new().await;
        let missing = at_rest.machines.remove(at_rest.place_of(power));
        let found = at_rest.found();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(&missing.server.to_string()), "{found:?}");
        assert!(found[0].ends_with("the driver has None"), "{found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_too_many_is_found() {
    let mut at_rest = AtRest::new().await;
    at_rest.machines.push(Machine {
        server: ServerId::from_bits(u128::MAX),
        fence: 1,
        power_state: PowerState::Running,
    });
    assert_eq!(at_rest.found(), ["the driver has 4 machines, 3 belong to servers"]);
}

#[tokio::test(start_paused = true)]
async fn a_machine_in_the_wrong_power_state_is_found() {
    let mut at_rest = AtRest::new().await;
    let place = at_rest.place_of(PowerState::Shutdown);
    at_rest.machines[place].power_state = PowerState::Running;
    let found = at_rest.found();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("SHUTOFF"), "{found:?}");
}
