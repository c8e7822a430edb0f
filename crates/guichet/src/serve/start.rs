//! From what is declared and kept to a cloud that can answer.

use std::sync::Arc;

use anyhow::Context;
use guichet_clock::WorldClock;
use guichet_cloud::config::{Declared, Rates};
use guichet_cloud::data::Term;
use guichet_cloud::{Cloud, CloudBuilder, OpenError, Opened};
use guichet_control::cells::Cells;
use guichet_core::limits;
use guichet_driver::profile::Profile;
use guichet_store::journal::LogError;
#[cfg(feature = "postgres")]
use guichet_store::journal::postgres::{Lead, Place};

#[cfg(feature = "postgres")]
use super::of_cell::OfCell;
use crate::cli::{CloudArgs, ServeArgs, is_database};
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

/// By what a node leads; nothing if it is the only one.
#[derive(Debug, Default)]
pub(super) struct Leadership {
    /// Which cell it leads, in which database.
    #[cfg(feature = "postgres")]
    pub(super) led: Option<(Lead, OfCell, Place)>,
}

impl Leadership {
    /// For how long, if it is one of several.
    pub(super) fn term(&self) -> Option<Term> {
        #[cfg(feature = "postgres")]
        return self.led.as_ref().map(|(lead, ..)| lead.term());
        #[cfg(not(feature = "postgres"))]
        None
    }

    /// Who knows the other nodes.
    pub(super) fn cells(&self) -> Option<Arc<dyn Cells>> {
        #[cfg(feature = "postgres")]
        return self.led.as_ref().map(|(lead, of, place)| {
            let (roster, term) = (lead.roster(), lead.term());
            let (of, place) = (of.clone(), place.clone());
            Arc::new(super::cells::Led { roster, term, place, of }) as Arc<dyn Cells>
        });
        #[cfg(not(feature = "postgres"))]
        None
    }

    /// Has the cloud go on with what is in the database, if there is one.
    fn put_into(self, builder: CloudBuilder) -> CloudBuilder {
        #[cfg(feature = "postgres")]
        if let Some((lead, of, _)) = self.led {
            let builder = builder.hashing(of.hashing());
            return builder.lead(lead).on_trouble(Box::new(trouble_of_database));
        }
        builder
    }
}

/// Starts a cloud in memory, or goes on with the one in the data directory or the database.
pub(super) async fn start(
    args: &ServeArgs,
    declared: Declared,
    profile: Profile,
    leadership: Leadership,
) -> anyhow::Result<Opened> {
    let mut builder =
        Cloud::builder(declared).profile(profile).with_faults().on_trouble(Box::new(trouble));
    builder = match &args.data {
        Some(dir) if !is_database(dir) => builder.data(dir),
        Some(_) => builder,
        None => builder.clock(WorldClock::steerable()),
    };
    builder = leadership.put_into(builder);
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
        // A directory has one owner.
        Err(LogError::Replaced(_) | LogError::Lost(_)) => {
            end_unheard();
            data::trouble(written);
        }
    }
}

/// The same of a database. When another node leads this one begins anew, as one that follows.
#[cfg(feature = "postgres")]
fn trouble_of_database(written: Result<(), &LogError>) {
    match written {
        Ok(()) => tracing::info!("the database is written again"),
        Err(LogError::Full(why)) => tracing::error!(
            "nothing can be written to the database: {why}; writes are answered 503 until it can be"
        ),
        Err(LogError::Replaced(_)) => {}
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
