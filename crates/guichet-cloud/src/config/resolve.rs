//! From what a file spells to what is declared: numbers, names and references are checked here.
//! A [`Declared`] in hand is sound.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_driver::DriverRegistry;

use super::accounts::{everywhere, projects, quota, users};
use super::cells::cells;
use super::checks::{Checked, name};
use super::declared::{Declared, Rates, Times};
use super::document::{Document, LimitsTable, Text, TimesTable};
use super::mistake::Mistake;
use super::number::{self, Most};
use super::resources;
use crate::accounts::Project;

/// What `document` declares; what it leaves out is as `default` has it.
pub(super) fn resolve(
    document: Document,
    default: &Declared,
    drivers: &DriverRegistry,
) -> Checked<Declared> {
    let default_quota = document.quota.map_or(default.default_quota, |table| {
        // A section that is there says all there is: what it leaves out is unlimited.
        quota(Some(table), Quota::default())
    });
    let projects = match &document.projects {
        Some(tables) => projects(tables, default_quota)?,
        None => default.projects.iter().map(|project| with_quota(project, default_quota)).collect(),
    };
    let users = match document.users {
        Some(tables) => users(tables, &projects)?,
        None if document.projects.is_some() => everywhere(&default.users, projects.len()),
        None => default.users.clone(),
    };
    let hosts = resources::hosts(document.hosts.as_ref(), document.each_host.as_deref(), default)?;
    let cells = cells(document.cells.as_deref(), &projects, &hosts, &users)?;
    let number = |field, number: Option<&_>, otherwise: usize, max: usize| match number {
        Some(number) => number::within(field, number, 1, max as u64).map(|number| number as usize),
        None => Ok(otherwise),
    };
    let text = |field, text: Option<&_>, otherwise: &Arc<str>| match text {
        Some(text) => name(field, text),
        None => Ok(Arc::clone(otherwise)),
    };
    Ok(Declared {
        region: text("region", document.region.as_ref(), &default.region)?,
        zone: text("zone", document.zone.as_ref(), &default.zone)?,
        projects,
        users,
        flavors: match &document.flavors {
            Some(tables) => resources::flavors(tables)?,
            None => default.flavors.clone(),
        },
        images: match &document.images {
            Some(tables) => resources::images(tables)?,
            None => default.images.clone(),
        },
        networks: match &document.networks {
            Some(tables) => resources::networks(tables)?,
            None => default.networks.clone(),
        },
        hosts,
        times: document.times.map_or(default.times, |table| times(&table, default.times)),
        rates: document.limits.map_or(default.rates, |table| rates(&table)),
        driver: match &document.driver {
            Some(name) => driver(name, drivers)?,
            None => Arc::clone(&default.driver),
        },
        profile: match &document.profile {
            Some(profile) => name("profile", profile)?.as_ref().to_owned(),
            None => default.profile.clone(),
        },
        workers: number(
            "workers",
            document.workers.as_ref(),
            default.workers,
            limits::WORKERS_MAX,
        )?,
        queue: number("queue", document.queue.as_ref(), default.queue, limits::QUEUE_MAX)?,
        servers_max: number(
            "servers_max",
            document.servers_max.as_ref(),
            default.servers_max,
            limits::SERVERS_MAX,
        )?,
        default_quota,
        cells,
        cell: 0,
    })
}

fn with_quota(project: &Project, quota: Quota) -> Project {
    Project { quota, ..project.clone() }
}

/// A driver that there is. Whether it can be used here shows when the cloud is opened.
fn driver(name: &Text, drivers: &DriverRegistry) -> Checked<Arc<str>> {
    let found = drivers.check(name.get_ref());
    found.map_err(|error| Mistake::at(&name.span(), error.to_string()))?;
    Ok(Arc::from(name.get_ref().as_str()))
}

/// How long states last; what the table leaves out is as it was.
fn times(table: &TimesTable, default: Times) -> Times {
    let span = |most: Option<Most<0>>, otherwise: Option<Duration>| match most {
        Some(Most(seconds)) => seconds.map(|seconds| Duration::from_secs(seconds.into())),
        None => otherwise,
    };
    Times {
        verify_resize: span(table.verify_resize_s, default.verify_resize),
        shelved: span(table.shelved_s, default.shelved),
        soft_deleted: span(table.soft_deleted_s, default.soft_deleted),
    }
}

fn rates(table: &LimitsTable) -> Rates {
    // Without a limit any number is taken.
    let rate = |most: Option<Most<1>>| most.and_then(|Most(most)| most).and_then(NonZeroU32::new);
    Rates {
        compute_per_s: rate(table.compute_per_s),
        identity_per_min: rate(table.identity_per_min),
    }
}
