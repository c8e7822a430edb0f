//! Decides a create: quota, room in the queue, placement, and one row for each server.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::allocation::{self, Where};
use crate::companions::Companions;
use crate::event::EventKind;
use crate::ids::{HostId, ServerId};
use crate::plug;
use crate::project::{OverQuota, Usage};
use crate::refusal::Refusal;
use crate::request::{Answer, Create, Request, group, key_pair};
use crate::rows::{Decision, Effects, JobChange, Rows};
use crate::server::{Failure, OperationState, Server};
use crate::state::{PowerState, TaskState, VmState};
use crate::time::Timestamp;
use crate::transition::{close, event, job, new_operation, no_valid_host, queue_full};

/// A create: as many servers as the quota allows, at least `min_count`.
pub(super) fn decide_create(
    rows: &impl Rows,
    request: &Request,
    create: &Create,
    at: Timestamp,
) -> Result<Decision, Refusal> {
    if create.servers.iter().any(|(id, _)| rows.server(*id).is_some()) {
        let problem = String::from("a server with this id exists; ask again with a new one");
        return Err(Refusal::Invalid { field: "server", problem });
    }
    check_key_pair(rows, request)?;
    let mut companions = Companions::of_new(rows, request.project, group(request))?;
    let usage = rows.usage(request.project);
    let count = affordable(rows, request, create, usage)?;
    companions.check_members(count, create.most_in_group)?;
    rows.check_queue(request.project, count, at).map_err(|full| queue_full(rows, request, full))?;

    let mut effects = Effects::default();
    let mut operations = SmallVec::new();
    for (which, (id, name)) in create.servers[..count].iter().enumerate() {
        let details = plug::details(rows, &mut effects, create, which)?;
        let wanted = create.hosts.as_deref().map_or(Where::Anywhere, Where::Among);
        let host = allocation::place(rows, &effects.hosts, create.size, wanted, &companions);
        companions.add(host.map(|host| host.id));
        if let Some(host) = host {
            allocation::take_host(&mut effects, host, create.size);
        }
        let mut server = new_server(request, create, *id, name, host.map(|host| host.id), at);
        server.details = details;
        operations.push(server.operation_id(1));
        match host {
            Some(_) => admit_new(&mut effects, server, at),
            None => fail_new(&mut effects, server, at),
        }
    }
    effects.usage = Some((request.project, usage.plus(create.size, count as u64)));
    effects.answer = Some(Answer { request: request.id, operations });
    Ok(Decision::Accepted(effects))
}

/// A key pair that is to be put into servers is one of the user's that asks.
fn check_key_pair(rows: &impl Rows, request: &Request) -> Result<(), Refusal> {
    match key_pair(request).filter(|(user, name)| !rows.has_key_pair(*user, name)) {
        Some((_, name)) => Err(Refusal::NoSuchKeyPair { name }),
        None => Ok(()),
    }
}

/// How many of the wanted servers quota and service allow.
fn affordable(
    rows: &impl Rows,
    request: &Request,
    create: &Create,
    usage: Usage,
) -> Result<usize, Refusal> {
    let wanted = create.servers.len();
    let least = create.min_count.clamp(1, wanted.max(1));
    let capacity = rows.server_capacity();
    if wanted == 0 || capacity.free < least {
        return Err(Refusal::ServersFull { limit: capacity.limit });
    }
    let quota = rows.project(request.project).map(|project| project.quota).unwrap_or_default();
    let mut over: Option<OverQuota> = None;
    for count in (least..=wanted.min(capacity.free)).rev() {
        match quota.check(usage, create.size, count as u64) {
            Ok(()) => return Ok(count),
            Err(found) => over = Some(found),
        }
    }
    // The last one tried is the least that would have been enough.
    Err(over.map_or(Refusal::ServersFull { limit: capacity.limit }, Refusal::OverQuota))
}

fn new_server(
    request: &Request,
    create: &Create,
    id: ServerId,
    name: &Arc<str>,
    host: Option<HostId>,
    at: Timestamp,
) -> Server {
    Server {
        id,
        project: request.project,
        size: create.size,
        flavor: create.flavor,
        image: create.image,
        host,
        second: None,
        vm_state: VmState::Building,
        task_state: Some(TaskState::Scheduling),
        power_state: PowerState::None,
        ever_started: false,
        fence: 0,
        operations: 1,
        created: at,
        updated: at,
        launched: None,
        expires: None,
        created_by: request.client,
        details: None,
        name: name.into(),
        fault: None,
        active: Some(Arc::new(new_operation(request, 1, at))),
    }
}

/// A new server with a host: its create is queued.
fn admit_new(effects: &mut Effects, server: Server, at: Timestamp) {
    if let Some(operation) = &server.active {
        effects.events.push(event(&server, operation, EventKind::Accepted, None, at));
    }
    effects.jobs.push(JobChange::Push(job(&server, 1)));
    effects.servers.push(Arc::new(server));
}

/// A new server without a host: accepted and failed in the same step. It counts in the quota,
/// holds no host and can be deleted.
fn fail_new(effects: &mut Effects, mut server: Server, at: Timestamp) {
    let Some(operation) = server.active.take() else {
        return;
    };
    let mut operation = Arc::unwrap_or_clone(operation);
    effects.events.push(event(&server, &operation, EventKind::Accepted, None, at));
    let from = server.state();
    server.vm_state = VmState::Error;
    server.task_state = None;
    server.fault = Some(Arc::new(no_valid_host(at)));
    operation.failure = Some(Failure::NoValidHost);
    close(effects, &server, operation, OperationState::Failed, from, at);
    effects.servers.push(Arc::new(server));
}
