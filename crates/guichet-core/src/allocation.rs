//! What servers hold of quotas and hosts, taken and given back: the one place that changes the
//! sums. Every change goes through the effects, so several in one step add up.

use crate::action::{Action, ActionArgs, AllocationChange, Transition};
use crate::companions::Companions;
use crate::ids::{HostId, ProjectId};
use crate::plug;
use crate::project::{FreeCapacity, Usage};
use crate::refusal::Refusal;
use crate::rows::{Effects, Rows};
use crate::server::{Allocation, Server, Size};
use crate::state::VmState;

/// A second allocation that may be taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundAllocation {
    allocation: Allocation,
    /// What is left on its host before it is taken.
    host: FreeCapacity,
}

/// Makes one change of the table true for a server, which is as it is afterwards.
pub(crate) fn change(
    rows: &impl Rows,
    effects: &mut Effects,
    server: &mut Server,
    change: AllocationChange,
) {
    match change {
        // What is taken is known before: see `find`.
        AllocationChange::Keep | AllocationChange::AddSecond | AllocationChange::TakeHost => {}
        AllocationChange::Switch => switch(server),
        AllocationChange::DropSecond => drop_second(rows, effects, server),
        AllocationChange::ReturnToSecond => {
            switch(server);
            drop_second(rows, effects, server);
        }
        AllocationChange::LeaveHost => leave_host(rows, effects, server),
        AllocationChange::ReturnHost if server.vm_state == VmState::ShelvedOffloaded => {
            leave_host(rows, effects, server);
        }
        // Its machine never left.
        AllocationChange::ReturnHost => {}
        AllocationChange::DropAll => {
            drop_second(rows, effects, server);
            let usage = usage(rows, effects, server.project).minus(server.size);
            effects.usage = Some((server.project, usage));
            give_back(rows, effects, server.allocation());
            plug::unplug(effects, server);
        }
    }
}

/// Which hosts a server may be placed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where<'a> {
    /// Any.
    Anywhere,
    /// These.
    Among(&'a [HostId]),
    /// Any but this, where it is.
    NotOn(Option<HostId>),
    /// This one only.
    On(HostId),
}

impl Where<'_> {
    fn allows(self, host: HostId) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Among(these) => these.contains(&host),
            Self::NotOn(present) => present != Some(host),
            Self::On(only) => only == host,
        }
    }
}

/// The host to take for a server of this size, and what is left there before it is taken: the first
/// with capacity that is wanted and that its companions want. `changed` is what this step has
/// changed of hosts so far.
pub(crate) fn place(
    rows: &impl Rows,
    changed: &[FreeCapacity],
    size: Size,
    wanted: Where<'_>,
    companions: &Companions,
) -> Option<FreeCapacity> {
    // What a candidate offers is from before this step.
    let as_it_is = |candidate: FreeCapacity| {
        let known = changed.iter().find(|known| known.id == candidate.id);
        known.copied().unwrap_or(candidate)
    };
    let fits = |host: &FreeCapacity| host.fits(size) && wanted.allows(host.id);
    let fitting = rows.hosts(size).map(as_it_is).filter(fits);
    let allowed = |host: &FreeCapacity| wanted.allows(host.id) && rows.takes_servers(host.id);
    let known = |host: HostId| rows.host(host).filter(allowed).map(as_it_is);
    companions.choose(fitting, known, size)
}

/// Takes a host's capacity for a server.
pub(crate) fn take_host(effects: &mut Effects, host: FreeCapacity, size: Size) {
    put(effects, host.take(size));
}

/// What an action takes as soon as it is accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found {
    /// Nothing.
    Nothing,
    /// A second allocation.
    Second(FoundAllocation),
    /// A place on a host, for a server that has none.
    Host(FreeCapacity),
    /// No host has capacity: the action is accepted and fails at once, as a create does.
    NoHost,
}

/// Looks for what an action takes as soon as it is accepted. Nothing is changed.
///
/// # Errors
/// Over quota; or the arguments are not the action's, or name the host where the server is.
pub(crate) fn find(
    rows: &impl Rows,
    server: &Server,
    rule: &Transition,
    args: Option<&ActionArgs>,
) -> Result<Found, Refusal> {
    let (wanted, flavor, size) = match args {
        Some(args) if !args.are_of(rule.action) => return Err(not_of(rule.action)),
        None if ActionArgs::are_needed_by(rule.action) => return Err(not_of(rule.action)),
        Some(ActionArgs::Resize { flavor, size }) => (Where::Anywhere, *flavor, *size),
        Some(ActionArgs::Move { host: Some(host) }) if Some(*host) == server.host => {
            let problem = String::from("the server is there already");
            return Err(Refusal::Invalid { field: "host", problem });
        }
        Some(ActionArgs::Move { host: Some(host) }) => {
            (Where::On(*host), server.flavor, server.size)
        }
        Some(ActionArgs::Move { host: None }) => {
            (Where::NotOn(server.host), server.flavor, server.size)
        }
        Some(ActionArgs::Rebuild(_)) | None => (Where::Anywhere, server.flavor, server.size),
    };
    let companions = || Companions::of(rows, server);
    match rule.allocations.accepted {
        AllocationChange::AddSecond => {
            let project = rows.project(server.project);
            let quota = project.map(|project| project.quota).unwrap_or_default();
            let usage = rows.usage(server.project);
            quota.check_second(usage, size).map_err(Refusal::OverQuota)?;
            let found = |host: FreeCapacity| {
                let allocation = Allocation { flavor, size, host: Some(host.id) };
                Found::Second(FoundAllocation { allocation, host })
            };
            Ok(place(rows, &[], size, wanted, &companions()).map_or(Found::NoHost, found))
        }
        AllocationChange::TakeHost if server.host.is_none() => {
            Ok(place(rows, &[], size, wanted, &companions()).map_or(Found::NoHost, Found::Host))
        }
        _ => Ok(Found::Nothing),
    }
}

fn not_of(action: Action) -> Refusal {
    let problem = format!("they are not those of the action {action}");
    Refusal::Invalid { field: "arguments", problem }
}

/// Takes what was found for a server. Whether there was something to take.
pub(crate) fn take(
    rows: &impl Rows,
    effects: &mut Effects,
    server: &mut Server,
    found: Found,
) -> Result<(), NoHost> {
    match found {
        Found::Nothing => {}
        Found::Second(FoundAllocation { allocation, host }) => {
            // A delete that failed may have left two.
            drop_second(rows, effects, server);
            let usage = usage(rows, effects, server.project).plus_size(allocation.size);
            effects.usage = Some((server.project, usage));
            let host = known(effects, host.id).unwrap_or(host);
            take_host(effects, host, allocation.size);
            server.second = Some(Box::new(allocation));
        }
        Found::Host(host) => {
            take_host(effects, host, server.size);
            server.host = Some(host.id);
        }
        Found::NoHost => return Err(NoHost),
    }
    Ok(())
}

/// No host has capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoHost;

/// The server's place on its host is free.
fn leave_host(rows: &impl Rows, effects: &mut Effects, server: &mut Server) {
    give_back(rows, effects, server.allocation());
    server.host = None;
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
    known(effects, host).or_else(|| rows.host(host))
}

/// What this step has changed of a host so far.
fn known(effects: &Effects, host: HostId) -> Option<FreeCapacity> {
    effects.hosts.iter().find(|known| known.id == host).copied()
}

fn put(effects: &mut Effects, host: FreeCapacity) {
    match effects.hosts.iter_mut().find(|known| known.id == host.id) {
        Some(known) => *known = host,
        None => effects.hosts.push(host),
    }
}
