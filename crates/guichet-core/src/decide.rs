//! The decision: what becomes of a request, from the rows as they are. In this order:
//! repeat? → rules → quota → room in the queue → placement. Pure: a store calls it under its
//! lock (or inside its transaction) and applies what comes out.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use crate::action::Action;
use crate::event::{Event, EventKind};
use crate::ids::{OperationId, ServerId, WorkerId};
use crate::limits;
use crate::project::{HostRoom, OverQuota, Usage};
use crate::refusal::Refusal;
use crate::request::{Answer, Ask, Create, Request};
use crate::rows::{Decision, Effects, Job, JobChange, KeyRow, QueueFull, Rows};
use crate::server::{Failure, Fault, Operation, OperationState, Server};
use crate::state::{PowerState, State, TaskState, VmState};
use crate::time::Timestamp;

/// What Nova says when no host fits.
pub const NO_VALID_HOST: &str = "No valid host was found. There are not enough hosts available.";

/// Decides one request on the rows as they are at `at`.
pub fn decide(rows: &impl Rows, request: &Request, at: Timestamp) -> Decision {
    match repeat(rows, request, at) {
        Ok(Some(answer)) => return Decision::Repeated(answer),
        Ok(None) => {}
        Err(refusal) => return Decision::Refused(refusal),
    }
    let decided = match &request.ask {
        Ask::Create(create) => decide_create(rows, request, create, at),
        Ask::Change { action, server } => decide_change(rows, request, *action, *server, at),
    };
    match decided {
        Ok(Decision::Accepted(mut effects)) => {
            remember(&mut effects, request, at);
            Decision::Accepted(effects)
        }
        Ok(other) => other,
        Err(refusal) => Decision::Refused(refusal),
    }
}

/// The remembered answer, if the request's key was used before; a refusal if for another request
/// or if no more keys can be remembered.
fn repeat(rows: &impl Rows, request: &Request, at: Timestamp) -> Result<Option<Answer>, Refusal> {
    let Some(key) = &request.key else {
        return Ok(None);
    };
    if let Some(row) = rows.key(request.project, key, at) {
        return if row.fingerprint == request.fingerprint() {
            Ok(Some(row.answer.clone()))
        } else {
            Err(Refusal::KeyReused)
        };
    }
    let room = rows.key_room(request.project, at);
    if room.free > 0 {
        return Ok(None);
    }
    let retry_after = room
        .next_expiry
        .map_or(limits::KEY_TTL, |expiry| expiry.since(at));
    Err(Refusal::RateLimited {
        what: "idempotency keys in use",
        retry_after,
    })
}

/// Adds the key to what is written, so that answer and key are remembered in the same step.
fn remember(effects: &mut Effects, request: &Request, at: Timestamp) {
    let (Some(key), Some(answer)) = (&request.key, &effects.answer) else {
        return;
    };
    effects.key = Some(KeyRow {
        project: request.project,
        key: key.clone(),
        fingerprint: request.fingerprint(),
        answer: answer.clone(),
        expires: at.after(limits::KEY_TTL),
    });
}

fn queue_full(rows: &impl Rows, request: &Request, full: QueueFull) -> Refusal {
    let share = rows.retry_spread(request.id) * limits::RETRY_AFTER_SPREAD_PERCENT as f64 / 100.0;
    Refusal::QueueFull {
        waiting: full.waiting,
        retry_after: full.retry_after.mul_f64(1.0 + share),
    }
}

/// A create: as many servers as the quota allows, at least `min_count`.
fn decide_create(
    rows: &impl Rows,
    request: &Request,
    create: &Create,
    at: Timestamp,
) -> Result<Decision, Refusal> {
    let usage = rows.usage(request.project);
    let count = affordable(rows, request, create, usage)?;
    rows.queue_room(request.project, count, at)
        .map_err(|full| queue_full(rows, request, full))?;

    let mut effects = Effects::default();
    let mut operations = SmallVec::new();
    let mut placed: SmallVec<[HostRoom; 1]> = SmallVec::new();
    for (id, name) in &create.servers[..count] {
        let host = place(rows, create, &mut placed);
        let server = new_server(request, create, *id, name, host.map(|room| room.id), at);
        operations.push(server.operation_id(1));
        match host {
            Some(_) => admit_new(&mut effects, server, at),
            None => fail_new(&mut effects, server, at),
        }
    }
    effects.hosts = placed;
    effects.usage = Some((request.project, usage.plus(create.size, count as u64)));
    effects.answer = Some(Answer {
        request: request.id,
        operations,
    });
    Ok(Decision::Accepted(effects))
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
    let room = rows.server_room();
    if wanted == 0 || room.free < least {
        return Err(Refusal::ServersFull { limit: room.limit });
    }
    let quota = rows
        .project(request.project)
        .map(|project| project.quota)
        .unwrap_or_default();
    let mut over: Option<OverQuota> = None;
    for count in (least..=wanted.min(room.free)).rev() {
        match quota.check(usage, create.size, count as u64) {
            Ok(()) => return Ok(count),
            Err(found) => over = Some(found),
        }
    }
    // The last one tried is the least that would have been enough.
    Err(over.map_or(
        Refusal::ServersFull { limit: room.limit },
        Refusal::OverQuota,
    ))
}

/// The first host with room for one more, earlier servers of the same request counted.
/// `placed` is left holding that host's room after this server.
fn place(
    rows: &impl Rows,
    create: &Create,
    placed: &mut SmallVec<[HostRoom; 1]>,
) -> Option<HostRoom> {
    let size = create.size;
    for candidate in rows.hosts(size) {
        let known = placed.iter_mut().find(|room| room.id == candidate.id);
        match known {
            Some(room) if room.fits(size) => {
                *room = room.take(size);
                return Some(*room);
            }
            Some(_) => {}
            None if candidate.fits(size) => {
                let room = candidate.take(size);
                placed.push(room);
                return Some(room);
            }
            None => {}
        }
    }
    None
}

fn new_server(
    request: &Request,
    create: &Create,
    id: ServerId,
    name: &Arc<str>,
    host: Option<crate::ids::HostId>,
    at: Timestamp,
) -> Server {
    Server {
        id,
        project: request.project,
        size: create.size,
        flavor: create.flavor,
        image: create.image,
        host,
        vm_state: VmState::Building,
        task_state: Some(TaskState::Scheduling),
        power_state: PowerState::None,
        touched: false,
        fence: 0,
        operations: 1,
        created: at,
        updated: at,
        name: Arc::clone(name),
        fault: None,
        live: Some(new_operation(request, Action::Create, 1, at)),
    }
}

fn new_operation(request: &Request, action: Action, number: u32, at: Timestamp) -> Operation {
    Operation {
        number,
        request: request.id,
        client: request.client,
        action,
        state: OperationState::Queued,
        attempt: 0,
        worker: WorkerId(0),
        accepted: at,
        started: None,
        finished: None,
        not_before: None,
        failure: None,
    }
}

/// A new server with a host: its create is queued.
fn admit_new(effects: &mut Effects, server: Server, at: Timestamp) {
    if let Some(operation) = &server.live {
        effects
            .events
            .push(event(&server, operation, EventKind::Accepted, None, at));
    }
    effects.jobs.push(JobChange::Push(job(&server, 1)));
    effects.servers.push(Arc::new(server));
}

/// A new server without a host: accepted and failed in the same step. It counts in the quota,
/// holds no host and can be deleted.
fn fail_new(effects: &mut Effects, mut server: Server, at: Timestamp) {
    let Some(mut operation) = server.live.take() else {
        return;
    };
    effects
        .events
        .push(event(&server, &operation, EventKind::Accepted, None, at));
    let from = server.state();
    server.vm_state = VmState::Error;
    server.task_state = None;
    server.fault = Some(Arc::new(Fault {
        kind: Failure::NoValidHost,
        message: Arc::from(NO_VALID_HOST),
        created: at,
    }));
    operation.failure = Some(Failure::NoValidHost);
    close(
        effects,
        &server,
        operation,
        OperationState::Failed,
        from,
        at,
    );
    effects.servers.push(Arc::new(server));
}

/// An action on one server: the table says whether; what is live gives way if it may.
fn decide_change(
    rows: &impl Rows,
    request: &Request,
    action: Action,
    id: ServerId,
    at: Timestamp,
) -> Result<Decision, Refusal> {
    let usage = rows.usage(request.project);
    let Some(server) = rows
        .server(id)
        .filter(|server| server.project == request.project)
    else {
        return Err(match action {
            Action::Delete if usage.instances == 0 => Refusal::NoServer,
            _ => Refusal::NotFound { server: id },
        });
    };
    if let Some(answer) = already_deleting(server, action) {
        return Ok(Decision::Repeated(answer));
    }
    let rule = action.rule();
    rule.check(server.state())
        .map_err(|obstacle| Refusal::Conflict {
            action,
            server: id,
            obstacle,
        })?;
    let takes_a_place = server
        .live
        .as_ref()
        .is_some_and(|operation| operation.state == OperationState::Queued);
    let settles_at_once = action == Action::Delete && !server.touched;
    if !takes_a_place && !settles_at_once {
        rows.queue_room(request.project, 1, at)
            .map_err(|full| queue_full(rows, request, full))?;
    }

    let mut effects = Effects::default();
    let mut next = server.clone();
    next.operations += 1;
    next.updated = at;
    let operation = new_operation(request, action, next.operations, at);
    let id = next.operation_id(operation.number);
    let freed = cancel_live(&mut effects, &mut next, at);
    let from = next.state();
    next.task_state = Some(rule.task);
    effects.events.push(event(
        &next,
        &operation,
        EventKind::Accepted,
        Some(from),
        at,
    ));
    effects.answer = Some(Answer {
        request: request.id,
        operations: smallvec![id],
    });
    if settles_at_once {
        if let Freed::Place(old) = freed {
            effects.jobs.push(JobChange::Remove(old));
        }
        delete_now(rows, &mut effects, &mut next, operation, at);
    } else {
        effects.jobs.push(match freed {
            Freed::Nothing => JobChange::Push(job(&next, operation.number)),
            Freed::Place(old) => JobChange::Replace {
                old,
                job: job(&next, operation.number),
            },
            Freed::Call(behind) => JobChange::PushBehind {
                job: job(&next, operation.number),
                behind,
                until: at.after(limits::CANCEL_GRACE),
            },
        });
        next.live = Some(operation);
    }
    effects.servers.push(Arc::new(next));
    Ok(Decision::Accepted(effects))
}

/// A delete of a server that is being deleted is answered as the first one was.
fn already_deleting(server: &Server, action: Action) -> Option<Answer> {
    let live = server.live.as_ref()?;
    (action == Action::Delete && live.action == Action::Delete).then(|| Answer {
        request: live.request,
        operations: smallvec![server.operation_id(live.number)],
    })
}

/// What a cancelled operation leaves to its successor.
enum Freed {
    /// There was none.
    Nothing,
    /// Its place in the queue.
    Place(OperationId),
    /// A driver call that must return first.
    Call(OperationId),
}

/// Ends the live operation, if there is one, as cancelled.
fn cancel_live(effects: &mut Effects, server: &mut Server, at: Timestamp) -> Freed {
    let Some(operation) = server.live.take() else {
        return Freed::Nothing;
    };
    let id = server.operation_id(operation.number);
    let freed = match operation.state {
        OperationState::Running => Freed::Call(id),
        _ => Freed::Place(id),
    };
    let from = server.state();
    server.task_state = None;
    close(
        effects,
        server,
        operation,
        OperationState::Cancelled,
        from,
        at,
    );
    freed
}

/// A delete of a server no driver has heard of: nothing to undo, so it is gone in this step.
fn delete_now(
    rows: &impl Rows,
    effects: &mut Effects,
    server: &mut Server,
    operation: Operation,
    at: Timestamp,
) {
    let from = server.state();
    leave(rows, effects, server);
    close(
        effects,
        server,
        operation,
        OperationState::Succeeded,
        from,
        at,
    );
}

/// The server is gone: its usage and room are given back.
pub(crate) fn leave(rows: &impl Rows, effects: &mut Effects, server: &mut Server) {
    let usage = rows.usage(server.project).minus(server.size);
    effects.usage = Some((server.project, usage));
    if let Some(room) = server.host.and_then(|host| rows.host(host)) {
        effects.hosts.push(room.give_back(server.size));
    }
    server.vm_state = VmState::Deleted;
    server.task_state = None;
    server.power_state = PowerState::None;
    server.live = None;
}

/// Makes an operation final and says so; `server` is as it is afterwards.
pub(crate) fn close(
    effects: &mut Effects,
    server: &Server,
    mut operation: Operation,
    state: OperationState,
    from: State,
    at: Timestamp,
) {
    operation.state = state;
    operation.finished = Some(at);
    operation.not_before = None;
    let kind = match state {
        OperationState::Succeeded => EventKind::Succeeded,
        OperationState::Failed => EventKind::Failed,
        _ => EventKind::Cancelled,
    };
    effects
        .events
        .push(event(server, &operation, kind, Some(from), at));
    effects.finished.push((server.id, operation));
}

/// The event of one transition of `operation`; `server` is as it is afterwards.
pub(crate) fn event(
    server: &Server,
    operation: &Operation,
    kind: EventKind,
    from: Option<State>,
    at: Timestamp,
) -> Event {
    Event {
        sequence: 0,
        at,
        kind,
        request: operation.request,
        client: operation.client,
        project: server.project,
        operation: server.operation_id(operation.number),
        action: operation.action,
        attempt: operation.attempt,
        from,
        to: server.state(),
        wait: operation.wait(),
        service: operation.service(),
        worker: (operation.worker.0 > 0).then_some(operation.worker),
        failure: operation.failure,
    }
}

fn job(server: &Server, number: u32) -> Job {
    Job {
        operation: server.operation_id(number),
        project: server.project,
        host: server.host,
    }
}
