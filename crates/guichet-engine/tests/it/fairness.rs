//! Fixed service time, P projects waiting: a project's first request starts within ⌈P/workers⌉
//! service times and is never refused for room while another floods. A saturated host or project
//! never holds up another.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::ids::{HostId, OperationId, ProjectId, ServerId};
use guichet_core::refusal::Refusal;
use guichet_engine::{EngineConfig, Received, ServerManager};
use tokio::task::LocalSet;

use crate::drivers::{DONE, Tiny, after};
use crate::support::{
    active, change, config, create, end, holds, now, sometime, started, virtually,
};

const SERVICE: Duration = Duration::from_secs(1);

/// Keeps the project's part of the queue full; counts how often it was refused for room.
async fn flood(manager: ServerManager, project: u32, refused: Rc<Cell<usize>>) {
    loop {
        match create(&manager, project).await {
            Ok(_) => {}
            Err(Refusal::QueueFull { .. }) => {
                refused.set(refused.get() + 1);
                tokio::time::sleep(Duration::from_millis(7)).await;
            }
            Err(other) => panic!("refused for another reason: {other}"),
        }
    }
}

/// One request from each newcomer while project 0 floods: the longest wait among them.
async fn longest_wait(config: &EngineConfig, newcomers: u32) -> Duration {
    let manager = virtually(config, &Tiny::fixed(SERVICE));
    // The workers end out of step with each other.
    for _ in 0..config.workers {
        let _ = create(&manager, 0).await.expect("there is room");
        tokio::time::sleep(SERVICE / config.workers as u32).await;
    }
    let refused = Rc::new(Cell::new(0));
    let local = LocalSet::new();
    local.spawn_local(flood(manager.clone(), 0, Rc::clone(&refused)));
    let longest = local.run_until(async {
        tokio::time::sleep(SERVICE.mul_f64(1.37)).await;
        assert!(refused.get() > 0, "the queue was never full");
        let mut first: Vec<OperationId> = Vec::new();
        for project in 1..=newcomers {
            let ack = create(&manager, project).await;
            first.push(ack.expect("never refused for room").operation());
        }
        let before = refused.get();
        let mut longest = Duration::ZERO;
        for id in first {
            let over = end(&manager, id).await;
            longest = longest.max(over.wait().expect("it was started"));
        }
        assert!(refused.get() > before, "the flood went on");
        longest
    });
    let longest = sometime(longest).await;
    holds(&manager);
    assert_eq!(manager.figures().load.max_in_flight, config.in_flight_max());
    longest
}

#[tokio::test(start_paused = true)]
async fn a_first_request_waits_one_turn_of_each_project() {
    for workers in [1, 4, 64] {
        for newcomers in [1, 3, 9, 40, 150] {
            let config = EngineConfig { queue: 1_600, ..config(workers, newcomers + 1) };
            let turns = (newcomers + 1).div_ceil(workers as u32);
            let longest = longest_wait(&config, newcomers).await;
            assert!(
                longest <= SERVICE * turns,
                "{workers} workers, {newcomers} newcomers: {longest:?}, {turns} service times"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_heavier_project_has_a_longer_turn_and_no_more() {
    for workers in [1, 4] {
        for (weight, newcomers) in [(5, 7), (20, 3)] {
            let mut config = EngineConfig { queue: 400, ..config(workers, newcomers + 1) };
            config.projects[0].weight = weight;
            let turns = (weight + newcomers).div_ceil(workers as u32);
            let longest = longest_wait(&config, newcomers).await;
            assert!(longest <= SERVICE * turns, "weight {weight}: {longest:?}, {turns} times");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn under_load_projects_share_by_weight() {
    let mut config = config(4, 3);
    for (project, weight) in [3, 1, 2].into_iter().enumerate() {
        config.projects[project].weight = weight;
    }
    let manager = virtually(&config, &Tiny::fixed(SERVICE));
    for project in 0..3 {
        for _ in 0..400 {
            let _ = create(&manager, project).await.expect("there is room");
        }
    }
    let mut events = manager.subscribe();
    let mut shares = [0; 3];
    while shares.iter().sum::<u32>() < 600 {
        let Some(Received::Event(event)) = sometime(events.next()).await else {
            panic!("it goes on");
        };
        shares[event.project.index()] += u32::from(event.kind == EventKind::Started);
    }
    assert_eq!(shares, [300, 100, 200]);
}

/// Where a server is.
fn host(manager: &ServerManager, project: u32, id: ServerId) -> HostId {
    let server = manager.server(ProjectId(project), id).expect("it is there");
    server.host.expect("it is placed")
}

/// The servers of project 0 among these that are on this host.
fn on_host(manager: &ServerManager, servers: &[ServerId], there: HostId) -> Vec<ServerId> {
    servers.iter().copied().filter(|id| host(manager, 0, *id) == there).collect()
}

/// Creates take no time, everything else a service time.
fn slow_changes() -> Arc<Tiny> {
    Tiny::by(|call| if call.action == Action::Create { DONE } else { after(1_000) })
}

#[tokio::test(start_paused = true)]
async fn a_saturated_host_holds_up_neither_projects_nor_hosts() {
    for workers in [3, 4, 64] {
        let config = EngineConfig { host_permits: Some(2), ..config(workers, 2) };
        let driver = slow_changes();
        let manager = virtually(&config, &driver);
        let mut mine = Vec::new();
        for _ in 0..80 {
            mine.push(active(&manager, 0).await);
        }
        let theirs = [active(&manager, 1).await, active(&manager, 1).await];
        // Flood one host with reboots, then ask for something on every other.
        let [busy, quiet] = theirs.map(|id| host(&manager, 1, id));
        assert_ne!(busy, quiet);
        for server in on_host(&manager, &mine, busy) {
            let _ = change(&manager, 0, Action::RebootSoft, server).await.expect("taken");
        }
        tokio::time::sleep(SERVICE / 3).await;
        let mine_elsewhere = on_host(&manager, &mine, quiet)[0];
        for (project, server) in [(1, theirs[1]), (0, mine_elsewhere)] {
            let ack = change(&manager, project, Action::RebootSoft, server).await.expect("taken");
            let asked = now(&manager);
            let over = sometime(end(&manager, ack.operation())).await;
            assert_eq!(over.started, Some(asked), "{workers} workers, project {project}");
        }
        // On the busy host too, the other project has its turn.
        let ack = change(&manager, 1, Action::RebootSoft, theirs[0]).await.expect("taken");
        let over = sometime(end(&manager, ack.operation())).await;
        assert!(over.wait() <= Some(SERVICE), "{:?}", over.wait());
        assert_eq!(driver.gauge().max_of_host, 2);
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn a_saturated_project_holds_up_nobody() {
    let config = EngineConfig { project_permits: Some(2), queue: 100, ..config(8, 5) };
    let driver = Tiny::fixed(SERVICE);
    let manager = virtually(&config, &driver);
    let local = LocalSet::new();
    local.spawn_local(flood(manager.clone(), 0, Rc::default()));
    let check = local.run_until(async {
        tokio::time::sleep(SERVICE.mul_f64(2.5)).await;
        for project in 1..4 {
            let asked = now(&manager);
            for more in 1..=2 {
                let ack = create(&manager, project).await.expect("taken");
                let running = 2 * project as usize + more;
                sometime(driver.until(|gauge| gauge.now == running)).await;
                assert_eq!(started(&manager, ack.operation()), Some(asked));
            }
        }
        // All eight are at work: two each.
        let third = create(&manager, 3).await.expect("taken").operation();
        let over = sometime(end(&manager, third)).await;
        assert!(over.wait() <= Some(SERVICE));
    });
    check.await;
    assert_eq!((driver.gauge().max_of_project, driver.gauge().max), (2, 8));
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn the_service_permits_bound_every_pool() {
    let config = EngineConfig {
        permits: Some(3),
        host_permits: Some(2),
        project_permits: Some(2),
        ..config(8, 2)
    };
    let driver = Tiny::fixed(SERVICE);
    let manager = virtually(&config, &driver);
    let mut last = Vec::new();
    for _ in 0..15 {
        for project in 0..2 {
            last.push(create(&manager, project).await.expect("taken").operation());
        }
    }
    for id in last {
        sometime(end(&manager, id)).await;
    }
    let gauge = driver.gauge();
    assert_eq!((gauge.calls, gauge.max, gauge.max_of_server), (30, 3, 1));
    assert!(gauge.max_of_host <= 2 && gauge.max_of_project <= 2, "{gauge:?}");
    holds(&manager);
}
