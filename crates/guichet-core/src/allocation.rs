//! What servers hold of quotas and hosts, taken and given back: the one place that changes the
//! sums. Every change goes through the effects, so several in one step add up.

use crate::action::AllocationChange;
use crate::companions::Companions;
use crate::ids::{HostId, ProjectId};
use crate::plug;
use crate::project::{FreeCapacity, OverQuota, Usage};
use crate::rows::{Effects, Rows};
use crate::server::{Allocation, Server, Size};

/// A second allocation that may be taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundAllocation {
    allocation: Allocation,
    /// What is left on its host before it is taken.
    host: FreeCapacity,
}

/// Why a second allocation could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAllocation {
    /// The quota does not allow it.
    OverQuota(OverQuota),
    /// No host has capacity for it.
    NoHost,
}

/// Makes one change of the table true for a server, which is as it is afterwards.
pub(crate) fn change(
    rows: &impl Rows,
    effects: &mut Effects,
    server: &mut Server,
    change: AllocationChange,
) {
    match change {
        // What is added is known before: see `second`.
        AllocationChange::Keep | AllocationChange::AddSecond => {}
        AllocationChange::Switch => switch(server),
        AllocationChange::DropSecond => drop_second(rows, effects, server),
        AllocationChange::ReturnToSecond => {
            switch(server);
            drop_second(rows, effects, server);
        }
        AllocationChange::DropAll => {
            drop_second(rows, effects, server);
            let usage = usage(rows, effects, server.project).minus(server.size);
            effects.usage = Some((server.project, usage));
            give_back(rows, effects, server.allocation());
            plug::unplug(effects, server);
        }
    }
}

/// The host to take for a server of this size, and what is left there before it is taken: the first
/// with capacity that its companions want. `changed` is what this step has changed of hosts so far.
pub(crate) fn place(
    rows: &impl Rows,
    changed: &[FreeCapacity],
    size: Size,
    companions: &Companions,
) -> Option<FreeCapacity> {
    // What a candidate offers is from before this step.
    let as_it_is = |candidate: FreeCapacity| {
        let known = changed.iter().find(|known| known.id == candidate.id);
        known.copied().unwrap_or(candidate)
    };
    let fitting = rows.hosts(size).map(as_it_is).filter(|host| host.fits(size));
    companions.choose(fitting, |host| rows.host(host).map(as_it_is), size)
}

/// Takes a host's capacity for a new server.
pub(crate) fn take_host(effects: &mut Effects, host: FreeCapacity, size: Size) {
    put(effects, host.take(size));
}

/// A second allocation for a server, checked against quota and hosts. Nothing is changed.
///
/// # Errors
/// What stands in the way.
pub(crate) fn second(
    rows: &impl Rows,
    server: &Server,
    (flavor, size): (crate::ids::FlavorId, Size),
) -> Result<FoundAllocation, NoAllocation> {
    let project = rows.project(server.project);
    let quota = project.map(|project| project.quota).unwrap_or_default();
    quota.check_second(rows.usage(server.project), size).map_err(NoAllocation::OverQuota)?;
    let host = place(rows, &[], size, &Companions::of(rows, server)).ok_or(NoAllocation::NoHost)?;
    Ok(FoundAllocation { allocation: Allocation { flavor, size, host: Some(host.id) }, host })
}

/// Takes a second allocation that was found for a server.
pub(crate) fn take_second(
    rows: &impl Rows,
    effects: &mut Effects,
    server: &mut Server,
    found: FoundAllocation,
) {
    let FoundAllocation { allocation, host } = found;
    let usage = usage(rows, effects, server.project).plus_size(allocation.size);
    effects.usage = Some((server.project, usage));
    put(effects, host.take(allocation.size));
    server.second = Some(Box::new(allocation));
}

fn switch(server: &mut Server) {
    if let Some(second) = server.second.as_deref_mut() {
        let first = Allocation { flavor: server.flavor, size: server.size, host: server.host };
        let Allocation { flavor, size, host } = std::mem::replace(second, first);
        (server.flavor, server.size, server.host) = (flavor, size, host);
    }
}

fn drop_second(rows: &impl Rows, effects: &mut Effects, server: &mut Server) {
    if let Some(second) = server.second.take() {
        let usage = usage(rows, effects, server.project).minus_size(second.size);
        effects.usage = Some((server.project, usage));
        give_back(rows, effects, *second);
    }
}

fn give_back(rows: &impl Rows, effects: &mut Effects, allocation: Allocation) {
    if let Some(host) = allocation.host.and_then(|host| capacity(rows, effects, host)) {
        put(effects, host.give_back(allocation.size));
    }
}

/// A project's usage as this step has it so far.
fn usage(rows: &impl Rows, effects: &Effects, project: ProjectId) -> Usage {
    match effects.usage {
        Some((known, usage)) if known == project => usage,
        _ => rows.usage(project),
    }
}

/// What is left on a host as this step has it so far.
fn capacity(rows: &impl Rows, effects: &Effects, host: HostId) -> Option<FreeCapacity> {
    let known = effects.hosts.iter().find(|known| known.id == host);
    known.copied().or_else(|| rows.host(host))
}

fn put(effects: &mut Effects, host: FreeCapacity) {
    match effects.hosts.iter_mut().find(|known| known.id == host.id) {
        Some(known) => *known = host,
        None => effects.hosts.push(host),
    }
}
