//! The stores that are measured, all of one configuration.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_core::fleet::{Changes, Fleet, FleetConfig, Saved};
use guichet_core::ids::{ProjectId, WorkerId};
use guichet_core::limits;
use guichet_core::project::{Project, Quota};
use guichet_core::rows::{Decision, Outcome};
use guichet_core::scheduler::Bounds;
use guichet_core::server::Size;
use guichet_core::time::Clock;
use guichet_engine::config::hosts;
use guichet_store::journal::postgres::{self, Credential, Lead, Node, Place};
use guichet_store::journal::sqlite::{self, Names};
use guichet_store::journal::{Batch, Log, LogError};
use guichet_store::local::LocalStore;

use super::appended::Appended;
use crate::load;

/// Room for what clients create beside the servers that stay.
const SPARE_SERVERS: usize = 2_000;

/// Rows of one batch when a directory is filled.
const FILLED_AT_ONCE: usize = 2_000;

/// Hosts that never run out, one project without quota.
fn config(servers: usize) -> FleetConfig {
    let default = Project {
        id: ProjectId(0),
        name: Arc::from("default"),
        quota: Quota::default(),
        weight: 1,
    };
    FleetConfig {
        projects: vec![default],
        hosts: hosts(servers / 1_000 + 16, Size { vcpus: 4_096, ram_mib: 16 << 20 }),
        bounds: Bounds {
            queue: limits::QUEUE_DEFAULT,
            service: limits::WORKERS_DEFAULT,
            per_host: usize::MAX,
            per_project: usize::MAX,
            active: usize::MAX,
        },
        servers_max: servers + SPARE_SERVERS,
        workers: limits::WORKERS_DEFAULT,
        expected_service: Duration::from_millis(10),
        times: Default::default(),
        networks: Vec::new(),
        chance: Chance::new(1),
    }
}

/// An empty store on the log that only appends.
pub(crate) fn appended(dir: &Path, in_place: bool) -> anyhow::Result<LocalStore> {
    let (log, clock) = (Box::new(Appended::new(dir, in_place)?), Arc::new(WorldClock::real()));
    Ok(LocalStore::open(config(0), clock, Saved::default(), log, Box::new(report))?)
}

/// The store of a data directory, with room for so many servers.
pub(crate) fn sqlite(dir: &Path, servers: usize) -> anyhow::Result<LocalStore> {
    let config = config(servers);
    let names = names(&config);
    let opened = sqlite::open(dir, &names)?;
    let clock = Arc::new(WorldClock::real_after(opened.newest)?);
    let log = Box::new(opened.log);
    Ok(LocalStore::open(config, clock, opened.saved, log, Box::new(report))?)
}

/// A node that leads a database.
pub(crate) async fn lead(url: &str) -> anyhow::Result<Lead> {
    let node = Node {
        name: "bench".to_owned(),
        address: "none".to_owned(),
        credential: Credential::new(""),
    };
    Ok(postgres::stand(&Place::parse(url, None)?, &node, |_| ()).await?)
}

/// The store of the database that this node leads.
pub(crate) fn postgres(lead: Lead) -> anyhow::Result<LocalStore> {
    let config = config(0);
    let names = names(&config);
    let opened = postgres::open(lead, &names)?;
    let clock = Arc::new(WorldClock::real_after(opened.newest)?);
    let log = Box::new(opened.log);
    Ok(LocalStore::open(config, clock, opened.saved, log, Box::new(report))?)
}

/// Reports that the disk is full; that it has room again shows in the figures.
fn report(trouble: Result<(), &LogError>) {
    if let Err(error) = trouble {
        eprintln!("{error}");
    }
}

fn names(config: &FleetConfig) -> Names<'_> {
    let hosts = config.hosts.iter().map(|host| Arc::clone(&host.name)).collect();
    Names { projects: &config.projects, hosts, ..Names::default() }
}

/// Fills a data directory with servers that are ACTIVE, faster than clients would: by the rules
/// and the journal, without the store between them.
pub(crate) fn fill(dir: &Path, servers: usize) -> anyhow::Result<()> {
    let config = config(servers);
    let mut log = sqlite::open(dir, &names(&config))?.log;
    let clock = WorldClock::real();
    let mut fleet = Fleet::new(config);
    fleet.start_journal();
    let chance = Chance::new(7);
    let (changes, at) = (Changes::default(), clock.now());
    let mut batch = Batch { changes, records: Vec::new(), names: Vec::new(), at };
    let mut made = 0;
    while made < servers {
        let count = FILLED_AT_ONCE.min(servers - made);
        for n in made..made + count {
            let request = load::create(chance, u32::MAX, n as u64);
            let decision = fleet.submit(&request, clock.now());
            anyhow::ensure!(matches!(decision, Decision::Accepted(_)), "{decision:?}");
        }
        written(&mut fleet, &mut log, &mut batch)?;
        while let Some((_, claim)) = fleet.claim(WorkerId(0), clock.now()) {
            fleet.finish(&claim, &Outcome::Succeeded, clock.now());
        }
        written(&mut fleet, &mut log, &mut batch)?;
        made += count;
    }
    log.close()?;
    Ok(())
}

fn written(fleet: &mut Fleet, log: &mut impl Log, batch: &mut Batch) -> anyhow::Result<()> {
    batch.changes.clear();
    fleet.swap_changes(&mut batch.changes);
    log.write(batch)?;
    fleet.publish(&batch.changes.rows);
    fleet.publish_rest(&batch.changes);
    Ok(log.tidy()?)
}
