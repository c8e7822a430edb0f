//! Closed-loop clients on the engine, with a driver that takes no time.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::{ClientId, FlavorId, ImageId, ProjectId};
use guichet_core::request::{Create, Request, RequestBody};
use guichet_core::server::Size;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_engine::config::hosts;
use guichet_engine::ids::{request_id, server_id};
use guichet_engine::{EngineConfig, Model, ServerManager};
use guichet_lab::measure::cpu_time;
use smallvec::smallvec;
use tokio::task::JoinSet;

use guichet_core::action::Action;

/// CPU of the whole process and wall time for each operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) cpu_us: f64,
    pub(crate) wall_us: f64,
}

impl Cost {
    pub(crate) fn per(operations: u64, cpu: Duration, wall: Duration) -> Self {
        let each = |time: Duration| time.as_secs_f64() * 1e6 / operations as f64;
        Self { cpu_us: each(cpu), wall_us: each(wall) }
    }
}

/// A manager on hosts that never run out, with a driver that takes no time.
pub(crate) fn manager(model: Model, servers: usize) -> ServerManager {
    let clock = WorldClock::real();
    let config = EngineConfig {
        model,
        hosts: hosts(servers / 1_000 + 16, Size { vcpus: 4_096, ram_mib: 16 << 20 }),
        ..EngineConfig::default()
    };
    let names = Names { projects: vec![Arc::from("default")], hosts: Vec::new() };
    let profile = Profile::builtin("instant").expect("`instant` is built in");
    let driver = Arc::new(Simulated::new(profile, names, clock.clone(), Chance::new(1)));
    ServerManager::start(&config, driver, clock).expect("the bench's configuration is sound")
}

pub(crate) fn create(chance: Chance, client: u32, n: u64) -> Request {
    let client_id = ClientId(client);
    let name = format!("c{client:04}-{n:010}");
    request(
        chance,
        client,
        n,
        RequestBody::Create(Create {
            details: Vec::new(),
            hosts: None,
            most_in_group: None,
            body_digest: None,
            ports: Vec::new(),
            servers: smallvec![(server_id(chance, client_id, n, 0), Arc::from(name))],
            min_count: 1,
            size: Size { vcpus: 1, ram_mib: 512 },
            flavor: FlavorId(0),
            image: ImageId(0),
        }),
    )
}

pub(crate) fn request(chance: Chance, client: u32, n: u64, body: RequestBody) -> Request {
    Request {
        privileged: false,
        id: request_id(chance, ClientId(client), n),
        client: ClientId(client),
        project: ProjectId(0),
        key: None,
        body,
    }
}

/// Waits for all clients; one that panicked has measured nothing, so the bench ends.
async fn finished(mut clients: JoinSet<()>) {
    while let Some(client) = clients.join_next().await {
        client.expect("no client panics");
    }
}

/// Fills a manager with servers, outside of any measurement.
pub(crate) async fn fill(manager: &ServerManager, servers: usize) {
    let chance = Chance::new(7);
    let mut clients_running = JoinSet::new();
    const CLIENTS: u64 = 64;
    for client in 0..CLIENTS {
        let manager = manager.clone();
        clients_running.spawn(async move {
            let share = servers as u64 / CLIENTS + u64::from(client < servers as u64 % CLIENTS);
            let mut ends = Vec::new();
            for n in 0..share {
                let request = create(chance, 100_000 + client as u32, n);
                let _ = manager.submit_watched(&request, &mut ends).await.expect("there is room");
                for end in ends.drain(..) {
                    end.await.expect("it ends");
                }
            }
        });
    }
    finished(clients_running).await;
}

/// Each client creates a server, reboots one of its own, deletes one: one operation after the
/// other, each waited for.
pub(crate) async fn load(manager: &ServerManager, clients: u32, operations: u64) -> Cost {
    let (cpu, watch) = (cpu_time(), Stopwatch::start());
    let mut clients_running = JoinSet::new();
    let rounds = (operations / 3 / u64::from(clients)).max(1);
    for client in 0..clients {
        let manager = manager.clone();
        clients_running.spawn(async move { one_client(&manager, client, rounds).await });
    }
    finished(clients_running).await;
    let done = rounds * 3 * u64::from(clients);
    Cost::per(done, cpu_time().saturating_sub(cpu), watch.elapsed())
}

async fn one_client(manager: &ServerManager, client: u32, rounds: u64) {
    // The seed sets runs on the same manager apart.
    let chance = Chance::new(manager.figures().counts.accepted + 11);
    let mut ends = Vec::with_capacity(1);
    for round in 0..rounds {
        let create = create(chance, client, 3 * round);
        let server = create.server().expect("a create names its server");
        let reboot = RequestBody::act(Action::RebootSoft, server);
        let delete = RequestBody::act(Action::Delete, server);
        for request in [
            create,
            request(chance, client, 3 * round + 1, reboot),
            request(chance, client, 3 * round + 2, delete),
        ] {
            let _ = manager.submit_watched(&request, &mut ends).await.expect("it is accepted");
            for end in ends.drain(..) {
                end.await.expect("it ends");
            }
            tokio::task::coop::consume_budget().await;
        }
    }
}

/// A draw in [0, 1) for choosing servers.
pub(crate) fn share(chance: Chance, n: u64) -> f64 {
    chance.unit(Purpose::Target, 0, n, 0)
}
