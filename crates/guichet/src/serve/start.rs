//! From what is declared and kept to a cloud that can answer.

use anyhow::Context;
use guichet_clock::WorldClock;
use guichet_cloud::config::{Declared, Rates};
use guichet_cloud::{Cloud, OpenError, Opened};
use guichet_core::limits;
use guichet_driver::profile::Profile;
use guichet_store::journal::LogError;

use crate::cli::{CloudArgs, ServeArgs};
use crate::data;

/// The cloud as declared, with what flags say instead.
pub(crate) fn declared(args: &ServeArgs) -> anyhow::Result<Declared> {
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
pub(super) async fn start(
    args: &ServeArgs,
    declared: Declared,
    profile: Profile,
) -> anyhow::Result<Opened> {
    let mut builder =
        Cloud::builder(declared).profile(profile).with_faults().on_trouble(Box::new(trouble));
    builder = match &args.data {
        Some(dir) => builder.data(dir),
        None => builder.clock(WorldClock::steerable()),
    };
    builder = builder.encrypted(args.tls.is_on());
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    if let Some(url) = &args.public_url {
        builder = builder.public_url(url);
    }
    match builder.start().await {
        Ok(opened) => Ok(opened),
        Err(OpenError::Data(error)) if args.data.is_some() => Err(error).context("--data"),
        Err(error) => Err(error.into()),
    }
}

/// What becomes of the data directory, said in the log's own form.
fn trouble(written: Result<(), &LogError>) {
    match written {
        Ok(()) => tracing::info!("the data directory is written again"),
        Err(LogError::Full(why)) => tracing::error!(
            "nothing can be written to the data directory: {why}; writes are answered 503 until \
             it can be, which is tried each second"
        ),
        Err(LogError::Lost(_)) => {
            end_unheard();
            data::trouble(written);
        }
    }
}

/// Ends the process soon, though nobody reads what it says about its end: a write to such a pipe
/// never returns.
fn end_unheard() {
    let thread = std::thread::Builder::new().name("end".to_owned());
    // Without a thread it is ended by whoever says why, as soon as that is said.
    let _ = thread.spawn(|| {
        std::thread::park_timeout(limits::LOG_FLUSH);
        std::process::exit(data::LOST);
    });
}
