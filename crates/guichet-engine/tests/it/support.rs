//! Managers for tests, and waiting with a deadline.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::event::Event;
use guichet_core::ids::{ClientId, OperationId, ProjectId, ServerId};
use guichet_core::project::Quota;
use guichet_core::refusal::Refusal;
use guichet_core::server::{Operation, OperationState, Size};
use guichet_core::time::{Clock, Timestamp};
use guichet_engine::config::{hosts, project};
use guichet_engine::{
    Ack, Caller, EngineConfig, Events, Model, NewServer, RebootKind, Received, ServerManager,
};

use crate::drivers::Tiny;

/// Waits for something that real threads bring about.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("it comes about soon")
}

/// Waits for something under paused time; a deadlock ends at once, for time then jumps.
pub(crate) async fn sometime<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30 * 24 * 3600), future).await.expect("a deadlock")
}

/// The default with these workers, two hosts' worth of hosts and as many projects.
pub(crate) fn config(workers: usize, projects: u32) -> EngineConfig {
    EngineConfig {
        workers,
        projects: (0..projects)
            .map(|id| project(id, &format!("p{id}"), Quota::default()))
            .collect(),
        hosts: hosts(4, Size { vcpus: 10_000, ram_mib: 10_000_000 }),
        servers_max: 20_000,
        ..EngineConfig::default()
    }
}

/// The same with another model.
pub(crate) fn with_model(model: Model, workers: usize, projects: u32) -> EngineConfig {
    EngineConfig { model, ..config(workers, projects) }
}

/// Somebody of a project.
pub(crate) fn caller(project: u32) -> Caller {
    Caller { project: ProjectId(project), client: ClientId(project) }
}

/// One server as everybody asks for it.
pub(crate) const SERVER: NewServer<'static> = NewServer::one("server", "m1.tiny", "cirros");

/// A manager under virtual time, with its driver at hand.
pub(crate) fn virtually(config: &EngineConfig, driver: &Arc<Tiny>) -> ServerManager {
    start(config, driver, WorldClock::virtual_time())
}

/// A manager under real time.
pub(crate) fn really(config: &EngineConfig, driver: &Arc<Tiny>) -> ServerManager {
    start(config, driver, WorldClock::real())
}

fn start(config: &EngineConfig, driver: &Arc<Tiny>, clock: WorldClock) -> ServerManager {
    let driver = Arc::clone(driver);
    ServerManager::start(config, driver, clock).expect("a good configuration")
}

pub(crate) async fn create(manager: &ServerManager, project: u32) -> Result<Ack, Refusal> {
    manager.create(caller(project), &SERVER).await
}

/// What is done to a server of project `project`.
pub(crate) async fn change(
    manager: &ServerManager,
    project: u32,
    action: Action,
    server: ServerId,
) -> Result<Ack, Refusal> {
    let caller = caller(project);
    match action {
        Action::RebootSoft => manager.reboot(caller, server, RebootKind::Soft).await,
        Action::RebootHard => manager.reboot(caller, server, RebootKind::Hard).await,
        Action::Start => manager.start_server(caller, server).await,
        Action::Stop => manager.stop_server(caller, server).await,
        Action::Delete => manager.delete(caller, server).await,
        other => panic!("no method asks for {other}"),
    }
}

/// Asks for a server and waits until it is ACTIVE.
pub(crate) async fn active(manager: &ServerManager, project: u32) -> ServerId {
    let ack = create(manager, project).await.expect("it is taken");
    let over = end(manager, ack.operation()).await;
    assert_eq!(over.state, OperationState::Succeeded);
    ack.server()
}

/// The end of an operation.
pub(crate) async fn end(manager: &ServerManager, id: OperationId) -> Operation {
    manager.finished(id).await.expect("it is known")
}

/// When an operation was first started.
pub(crate) fn started(manager: &ServerManager, id: OperationId) -> Option<Timestamp> {
    manager.operation(id)?.started
}

pub(crate) fn now(manager: &ServerManager) -> Timestamp {
    manager.clock().now()
}

pub(crate) fn holds(manager: &ServerManager) {
    let audit = manager.audit();
    assert!(audit.holds(), "{:#?}", audit.violations);
}

/// Everything a subscriber hears until the manager has stopped.
pub(crate) async fn hear_all(mut events: Events) -> Vec<Event> {
    let mut heard = Vec::new();
    while let Some(next) = events.next().await {
        match next {
            Received::Event(event) => heard.push(event),
            Received::Changed(_) => {}
            Received::Missed(missed) => panic!("{missed} missed"),
            other => panic!("{other:?}"),
        }
    }
    heard
}
