//! From what is declared and kept to a cloud that can answer.

use std::sync::Arc;

use anyhow::Context;
use guichet_clock::WorldClock;
use guichet_core::chance::Chance;
use guichet_driver::simulated::{Names, Simulated};
use guichet_engine::data::{Data, Held};
use guichet_engine::ids::fresh_seed;
use guichet_engine::{EngineConfig, ServerManager};
use guichet_openstack::Cloud;
use guichet_openstack::config::{Declared, Drawn, Rates, clouds_yaml};
use guichet_store::journal::LogError;

use crate::cli::{CloudArgs, ServeArgs};
use crate::data;
use crate::simulate::profile_named;

/// A cloud, and what there is to say about it.
pub(super) struct Started {
    pub(super) cloud: Arc<Cloud>,
    /// Passwords that were drawn: shown once, kept nowhere.
    pub(super) drawn: Drawn,
    /// What its data directory held, if it has one.
    pub(super) held: Option<Held>,
    /// What its clients need, passwords included.
    pub(super) yaml: String,
}

/// The cloud as declared, with what flags say instead.
pub(super) fn declared(args: &ServeArgs) -> anyhow::Result<Declared> {
    let mut declared = base(&args.cloud)?;
    if let Some(name) = &args.limits {
        let names = Rates::NAMES.join(", ");
        declared.rates = Rates::named(name)
            .with_context(|| format!("--limits: found {name:?}, expected one of {names}"))?;
    }
    if let Some(quota) = &args.quota {
        for project in &mut declared.projects {
            project.quota = quota.0;
        }
        declared.default_quota = quota.0;
    }
    if let Some(profile) = &args.profile {
        declared.profile.clone_from(profile);
    }
    Ok(declared)
}

pub(super) fn base(cloud: &CloudArgs) -> anyhow::Result<Declared> {
    match &cloud.config {
        Some(path) => Declared::load(path).context("--config"),
        None if cloud.dev => Ok(Declared::dev()),
        None => Ok(Declared::default_cloud()),
    }
}

/// Starts a cloud in memory, or goes on with the one in the data directory.
pub(super) fn start(
    args: &ServeArgs,
    mut declared: Declared,
    url: &str,
) -> anyhow::Result<Started> {
    let config = declared.engine_config();
    let data = match &args.data {
        None => None,
        Some(dir) => {
            let networks = declared.networks.iter().map(|n| Arc::clone(&n.name)).collect();
            let users = declared.users.iter().map(|user| Arc::clone(&user.id)).collect();
            Some(Data::open(dir, &config, networks, users).context("--data")?)
        }
    };
    let found = data.as_ref().map(|data| data.found.clone()).unwrap_or_default();
    let drawn = declared.draw_passwords(&found).context("no random bytes for passwords")?;
    let yaml = clouds_yaml(&declared, &drawn.now, url);
    let held = data.as_ref().map(Data::held);
    let manager = manager(args, &declared, config, data)?;
    let public_url = args.public_url.as_deref().map(|url| Arc::from(url.trim_end_matches('/')));
    let cloud = Cloud::new(manager, declared, public_url, &found).context("no random bytes")?;
    Ok(Started { cloud: Arc::new(cloud), drawn, held, yaml })
}

/// What becomes of the data directory, said in the log's own form.
fn trouble(written: Result<(), &LogError>) {
    match written {
        Ok(()) => tracing::info!("the data directory is written again"),
        Err(LogError::Full(why)) => tracing::error!(
            "nothing can be written to the data directory: {why}; writes are answered 503 until \
             it can be, which is tried each second"
        ),
        Err(LogError::Lost(_)) => data::trouble(written),
    }
}

fn manager(
    args: &ServeArgs,
    declared: &Declared,
    config: EngineConfig,
    data: Option<Data>,
) -> anyhow::Result<ServerManager> {
    let seed = args.seed.unwrap_or_else(fresh_seed);
    let seed = data.as_ref().map_or(seed, |data| data.seed(seed));
    let clock = data.as_ref().map_or_else(WorldClock::real, |data| data.clock.clone());
    let config = EngineConfig { seed, ..config };
    let driver = driver(declared, clock.clone(), seed)?;
    match data {
        None => Ok(ServerManager::start(&config, driver, clock)?),
        Some(data) => {
            driver.adopt(data.machines());
            data.start(&config, driver, Box::new(trouble)).context("--data")
        }
    }
}

fn driver(declared: &Declared, clock: WorldClock, seed: u64) -> anyhow::Result<Arc<Simulated>> {
    let profile = profile_named(&declared.profile)?;
    let names = Names {
        projects: declared.projects.iter().map(|project| Arc::clone(&project.name)).collect(),
        hosts: declared.hosts.iter().map(|host| Arc::clone(&host.name)).collect(),
    };
    let driver = Arc::new(Simulated::new(profile, names, clock, Chance::new(seed)));
    for rule in driver.unmatched_rules() {
        tracing::warn!("profile: {rule}");
    }
    Ok(driver)
}
