//! From what a file says to what is declared: numbers, names and references are checked here.
//! A [`Declared`] in hand is sound.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::Arc;

use guichet_core::limits;
use guichet_core::project::Quota;
use toml::Spanned;

use super::document::{
    Document, GrantTable, LimitsTable, ProjectTable, QuotaTable, Text, UserTable,
};
use super::number::{self, Most};
use super::problem::Mistake;
use super::{Declared, DeclaredProject, DeclaredUser, Rates, ids, things};

pub(super) type Checked<T> = Result<T, Mistake>;

/// What `document` declares; what it leaves out is as `default` has it.
pub(super) fn resolve(document: Document, default: &Declared) -> Checked<Declared> {
    let default_quota = document.quota.map_or(default.default_quota, |table| {
        // A section that is there says all there is: what it leaves out is unlimited.
        quota(Some(table), Quota::default())
    });
    let projects = match &document.projects {
        Some(tables) => projects(tables, default_quota)?,
        None => default
            .projects
            .iter()
            .map(|project| DeclaredProject { quota: default_quota, ..project.clone() })
            .collect(),
    };
    let users = match document.users {
        Some(tables) => users(tables, &projects)?,
        None if document.projects.is_some() => everywhere(&default.users, projects.len()),
        None => default.users.clone(),
    };
    let hosts = things::hosts(document.hosts.as_ref(), document.each_host.as_deref(), default)?;
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
            Some(tables) => things::flavors(tables)?,
            None => default.flavors.clone(),
        },
        images: match &document.images {
            Some(tables) => things::images(tables)?,
            None => default.images.clone(),
        },
        networks: match &document.networks {
            Some(tables) => things::networks(tables)?,
            None => default.networks.clone(),
        },
        hosts,
        rates: document.limits.map_or(default.rates, |table| rates(&table)),
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
    })
}

/// A name: something to see, nothing that breaks a line, and of a length that fits every table.
pub(super) fn name(field: &str, text: &Text) -> Checked<Arc<str>> {
    let (name, span) = (text.get_ref(), text.span());
    let sound = !name.trim().is_empty()
        && name.chars().count() <= limits::NAME_MAX
        && !name.chars().any(char::is_control);
    if sound {
        return Ok(Arc::from(name.as_str()));
    }
    let most = limits::NAME_MAX;
    let expected = format!("expected 1 to {most} characters, not all blank, no control characters");
    Err(Mistake::at(&span, format!("`{field}` is no name, {expected}")))
}

/// Refuses the second of a kind by the same name or id.
pub(super) fn once(
    kind: &str,
    seen: &mut HashSet<Arc<str>>,
    what: &Arc<str>,
    text: &Text,
) -> Checked<()> {
    if seen.insert(Arc::clone(what)) {
        return Ok(());
    }
    Err(Mistake::at(&text.span(), format!("the {kind} `{what}` is declared twice, expected once")))
}

/// Refuses a list that is empty where it must not be, or too long.
pub(super) fn counted<T>(kind: &str, list: &[T], min: usize, max: usize) -> Checked<()> {
    if (min..=max).contains(&list.len()) {
        return Ok(());
    }
    let problem = format!("{} sections `[[{kind}]]`, expected {min} to {max} of them", list.len());
    Err(Mistake::at(&(0..0), problem))
}

/// What the table says of a quota, and for the rest what holds otherwise.
fn quota(table: Option<QuotaTable>, otherwise: Quota) -> Quota {
    let table = table.unwrap_or_default();
    let most =
        |said: Option<Most<0>>, otherwise| said.map_or(otherwise, |Most(most)| most.map(u64::from));
    Quota {
        instances: most(table.instances, otherwise.instances),
        cores: most(table.cores, otherwise.cores),
        ram_mib: most(table.ram_mib, otherwise.ram_mib),
    }
}

fn projects(tables: &[ProjectTable], default_quota: Quota) -> Checked<Vec<DeclaredProject>> {
    counted("project", tables, 1, limits::PROJECTS_MAX)?;
    let mut seen = HashSet::new();
    tables
        .iter()
        .map(|table| {
            let name = name("name", &table.name)?;
            once("project", &mut seen, &name, &table.name)?;
            let weight = match &table.weight {
                Some(weight) => {
                    number::within("weight", weight, 1, limits::WEIGHT_MAX.into())? as u32
                }
                None => 1,
            };
            Ok(DeclaredProject {
                id: ids::hex("project", &name),
                description: said(table.description.as_ref()).unwrap_or_default(),
                quota: quota(table.quota, default_quota),
                weight,
                name,
            })
        })
        .collect()
}

pub(super) fn said(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.get_ref().clone())
}

fn users(tables: Vec<UserTable>, projects: &[DeclaredProject]) -> Checked<Vec<DeclaredUser>> {
    // Without any there would be nobody to ask for a token.
    counted("user", &tables, 1, limits::FLAVORS_MAX)?;
    let places: HashMap<&str, usize> =
        projects.iter().enumerate().map(|(place, project)| (&*project.name, place)).collect();
    let place = |text: &Text| {
        places.get(text.get_ref().as_str()).copied().ok_or_else(|| {
            let problem = format!("no project `{}` is declared", text.get_ref());
            Mistake::at(&text.span(), format!("{problem}, expected the name of a [[project]]"))
        })
    };
    let mut seen = HashSet::new();
    tables
        .into_iter()
        .map(|table| {
            let name = name("name", &table.name)?;
            once("user", &mut seen, &name, &table.name)?;
            let grants = grants(&table.roles, place)?;
            let default_project = table.default_project.as_ref().map(place).transpose()?;
            if let (Some(place), Some(text)) = (default_project, &table.default_project)
                && !grants.iter().any(|(granted, _)| *granted == place)
            {
                let problem = format!("the user `{name}` has no role in `{}`", text.get_ref());
                let expected = "expected a project that is among its `roles`";
                return Err(Mistake::at(&text.span(), format!("{problem}, {expected}")));
            }
            let password = table.password.as_ref().map(password).transpose()?;
            let id = ids::hex("user", &name);
            Ok(DeclaredUser { id, name, password, is_drawn: false, default_project, grants })
        })
        .collect()
}

fn grants(
    tables: &[GrantTable],
    place: impl Fn(&Text) -> Checked<usize>,
) -> Checked<Vec<(usize, super::Role)>> {
    let mut grants = Vec::with_capacity(tables.len());
    for table in tables {
        let project = place(&table.project)?;
        if grants.iter().any(|(granted, _)| *granted == project) {
            let name = table.project.get_ref();
            let problem = format!("two roles in `{name}`, expected one: each includes the lesser");
            return Err(Mistake::at(&table.project.span(), problem));
        }
        grants.push((project, table.role));
    }
    Ok(grants)
}

fn password(text: &Spanned<String>) -> Checked<String> {
    if text.get_ref().is_empty() {
        let expected = "expected some characters, or no `password` to have one drawn at start";
        return Err(Mistake::at(&text.span(), format!("`password` is empty, {expected}")));
    }
    Ok(text.get_ref().clone())
}

/// The embedded users where a file declares projects but nobody to use them: each is in every
/// project what it was in the embedded one, and the first project is where it begins.
fn everywhere(users: &[DeclaredUser], projects: usize) -> Vec<DeclaredUser> {
    users
        .iter()
        .map(|user| {
            let role = user.grants.first().map_or(super::Role::Member, |(_, role)| *role);
            DeclaredUser {
                default_project: Some(0),
                grants: (0..projects).map(|project| (project, role)).collect(),
                ..user.clone()
            }
        })
        .collect()
}

fn rates(table: &LimitsTable) -> Rates {
    // Nothing said is any number.
    let rate = |most: Option<Most<1>>| most.and_then(|Most(most)| most).and_then(NonZeroU32::new);
    Rates {
        compute_per_s: rate(table.compute_per_s),
        identity_per_min: rate(table.identity_per_min),
    }
}
