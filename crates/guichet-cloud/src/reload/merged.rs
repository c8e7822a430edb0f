//! Another declaration in the order of the present one.
//!
//! Positions in the lists are ids in the running process: what it has keeps its own, wherever the
//! other declaration names it, and what is new comes behind.

use std::collections::{HashMap, HashSet};

use super::error::ReloadError;
use crate::config::{Declared, DeclaredUser};

/// As many entries of a list are named that a new start is needed for.
const NAMED_MAX: usize = 3;

/// The other declaration, in the order of the present one.
///
/// # Errors
/// [`ReloadError`]: it lacks what is there, or has something else under the same name.
pub(super) fn merged(present: &Declared, new: &Declared) -> Result<Declared, ReloadError> {
    let mut other = fixed(present, new);
    let projects = in_order(&present.projects, &new.projects, |it| &it.name);
    let projects = taken("[[project]]", projects, |before, now| before.weight == now.weight);
    let flavors = in_order(&present.flavors, &new.flavors, |it| &it.name);
    let flavors = taken("[[flavor]]", flavors, |before, now| before == now);
    let images = in_order(&present.images, &new.images, |it| &it.name);
    let images = taken("[[image]]", images, |before, now| before == now);
    let users = in_order(&present.users, &new.users, |it| &it.name);
    let users = taken("[[user]]", users, |_, _| true);
    match (projects, flavors, images, users) {
        (Ok(projects), Ok(flavors), Ok(images), Ok(mut users)) if other.is_empty() => {
            check_passwords(&present.users, &users)?;
            let numbers = projects.iter().enumerate().map(|(number, it)| (&*it.name, number));
            let numbers: HashMap<&str, usize> = numbers.collect();
            let number = |project: usize| numbers[&*new.projects[project].name];
            for user in &mut users {
                user.default_project = user.default_project.map(number);
                user.grants.iter_mut().for_each(|(project, _)| *project = number(*project));
            }
            Ok(Declared { projects, flavors, images, users, ..new.clone() })
        }
        (projects, flavors, images, users) => {
            let lists = [projects.err(), users.err(), flavors.err(), images.err()];
            other.extend(lists.into_iter().flatten().flatten());
            Err(ReloadError::NeedsRestart(other))
        }
    }
}

/// What is read at the start alone and is other than it was.
fn fixed(present: &Declared, new: &Declared) -> Vec<String> {
    let fixed = [
        ("region", present.region != new.region),
        ("zone", present.zone != new.zone),
        ("driver", present.driver != new.driver),
        ("workers", present.workers != new.workers),
        ("queue", present.queue != new.queue),
        ("servers_max", present.servers_max != new.servers_max),
        ("[times]", present.times != new.times),
        ("[hosts]", present.hosts != new.hosts),
        ("[[network]]", present.networks != new.networks),
    ];
    let changed = fixed.into_iter().filter_map(|(name, is_other)| is_other.then_some(name));
    changed.map(str::to_owned).collect()
}

/// An entry as it is now; before it the name, and what was there.
type Entry<'a, T> = (&'a str, Option<&'a T>, Option<&'a T>);

/// The entries of the present list in its order, then those that are new in theirs.
fn in_order<'a, T>(
    present: &'a [T],
    new: &'a [T],
    name: impl Fn(&'a T) -> &'a str,
) -> Vec<Entry<'a, T>> {
    let by_name: HashMap<&str, &T> = new.iter().map(|it| (name(it), it)).collect();
    let known: HashSet<&str> = present.iter().map(&name).collect();
    let kept = present.iter().map(|it| (name(it), Some(it), by_name.get(name(it)).copied()));
    let added = new.iter().map(|it| (name(it), None, Some(it)));
    kept.chain(added.filter(|(name, ..)| !known.contains(name))).collect()
}

/// The entries as they are from now on, or which of them need a new start.
fn taken<T: Clone>(
    table: &str,
    entries: Vec<Entry<'_, T>>,
    may_be: impl Fn(&T, &T) -> bool,
) -> Result<Vec<T>, Vec<String>> {
    let mut taken = Vec::with_capacity(entries.len());
    let mut others = Vec::new();
    for (name, before, now) in entries {
        match (before, now) {
            (_, None) => others.push(format!("{table} `{name}` (removed)")),
            (Some(before), Some(now)) if !may_be(before, now) => {
                others.push(format!("{table} `{name}`"));
            }
            (_, Some(now)) => taken.push(now.clone()),
        }
    }
    if others.is_empty() {
        return Ok(taken);
    }
    let more = others.len().saturating_sub(NAMED_MAX);
    others.truncate(NAMED_MAX);
    if more > 0 {
        others.push(format!("{more} more of {table}"));
    }
    Err(others)
}

/// Whether each user has the password that it is to have.
fn check_passwords(before: &[DeclaredUser], now: &[DeclaredUser]) -> Result<(), ReloadError> {
    let lacks = |(place, user): &(usize, &DeclaredUser)| {
        let was_drawn = before.get(*place).is_some_and(|before| before.password.is_none());
        user.password.is_none() && !was_drawn
    };
    match now.iter().enumerate().find(lacks) {
        Some((_, user)) => Err(ReloadError::NoPassword { user: user.name.to_string() }),
        None => Ok(()),
    }
}
