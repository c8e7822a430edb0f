//! The decision: what becomes of a request, from the rows as they are. In this order:
//! repeat? → rules → quota → room in the queue → placement. Pure: a store calls it under its
//! lock (or inside its transaction) and applies what comes out.

mod create;

use std::sync::Arc;

use smallvec::smallvec;

use crate::action::{Action, Obstacle};
use crate::event::{Event, EventKind};
use crate::ids::{OperationId, ServerId, WorkerId};
use crate::limits;
use crate::refusal::Refusal;
use crate::request::{Answer, Request, RequestBody};
use crate::rows::{Decision, Effects, Job, JobChange, KeyRow, QueueFull, Rows};
use crate::server::{Operation, OperationState, Server};
use crate::state::{PowerState, State, VmState};
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
    let decided = match &request.body {
        RequestBody::Create(create) => create::decide_create(rows, request, create, at),
        RequestBody::Act { action, server } => decide_change(rows, request, *action, *server, at),
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
    let capacity = rows.key_capacity(request.project, at);
    if capacity.free > 0 {
        return Ok(None);
    }
    let retry_after = capacity.next_expiry.map_or(limits::KEY_TTL, |expiry| expiry.since(at));
    Err(Refusal::RateLimited { what: "idempotency keys in use", retry_after })
}

/// Adds the key to what is written, so that answer and key are remembered in the same step.
fn remember(effects: &mut Effects, request: &Request, at: Timestamp) {
    let (Some(key), Some(answer)) = (&request.key, &effects.answer) else {
        return;
    };
    effects.key = Some(Box::new(KeyRow {
        project: request.project,
        key: key.clone(),
        fingerprint: request.fingerprint(),
        answer: answer.clone(),
        expires: at.after(limits::KEY_TTL),
    }));
}

fn queue_full(rows: &impl Rows, request: &Request, full: QueueFull) -> Refusal {
    let share = rows.retry_spread(request.id) * limits::RETRY_AFTER_SPREAD_PERCENT as f64 / 100.0;
    Refusal::QueueFull { waiting: full.waiting, retry_after: full.retry_after.mul_f64(1.0 + share) }
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

/// An action on one server: the table says whether; what is live gives way if it may.
fn decide_change(
    rows: &impl Rows,
    request: &Request,
    action: Action,
    id: ServerId,
    at: Timestamp,
) -> Result<Decision, Refusal> {
    if action == Action::Create {
        let problem = String::from("a create names no existing server; send a create");
        return Err(Refusal::Invalid { field: "action", problem });
    }
    let usage = rows.usage(request.project);
    let Some(server) = rows.server(id).filter(|server| server.project == request.project) else {
        return Err(match action {
            Action::Delete if usage.instances == 0 => Refusal::NoServer,
            _ => Refusal::NotFound { server: id },
        });
    };
    if let Some(answer) = already_deleting(server, action) {
        return Ok(Decision::Repeated(answer));
    }
    if server.is_locked() && !request.privileged {
        return Err(Refusal::Locked { server: id });
    }
    let rule = action.rule();
    check(server, action).map_err(|obstacle| Refusal::Conflict { action, server: id, obstacle })?;
    let takes_a_place =
        server.active.as_ref().is_some_and(|operation| operation.state == OperationState::Queued);
    let settles_at_once = action == Action::Delete && !server.ever_started;
    if !takes_a_place && !settles_at_once {
        rows.check_queue(request.project, 1, at).map_err(|full| queue_full(rows, request, full))?;
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
    effects.events.push(event(&next, &operation, EventKind::Accepted, Some(from), at));
    effects.answer = Some(Answer { request: request.id, operations: smallvec![id] });
    if settles_at_once {
        if let Freed::Place(old) = freed {
            effects.jobs.push(JobChange::Remove(old));
        }
        delete_now(rows, &mut effects, &mut next, operation, at);
    } else {
        effects.jobs.push(match freed {
            Freed::Nothing => JobChange::Push(job(&next, operation.number)),
            Freed::Place(old) => JobChange::Replace { old, job: job(&next, operation.number) },
            Freed::Call(behind) => JobChange::PushBehind {
                job: job(&next, operation.number),
                behind,
                until: at.after(limits::CANCEL_GRACE),
            },
        });
        next.active = Some(operation);
    }
    effects.servers.push(Arc::new(next));
    Ok(Decision::Accepted(effects))
}

/// Whether the server's state allows the action. One that never got a host can only be deleted:
/// there is nothing that could be restarted or stopped.
fn check(server: &Server, action: Action) -> Result<(), Obstacle> {
    action.rule().check(server.state())?;
    if server.host.is_none() && action != Action::Delete {
        return Err(Obstacle::VmState(server.vm_state));
    }
    Ok(())
}

/// A delete of a server that is being deleted is answered as the first one was.
fn already_deleting(server: &Server, action: Action) -> Option<Answer> {
    let active = server.active.as_ref()?;
    (action == Action::Delete && active.action == Action::Delete).then(|| Answer {
        request: active.request,
        operations: smallvec![server.operation_id(active.number)],
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
    let Some(operation) = server.active.take() else {
        return Freed::Nothing;
    };
    let id = server.operation_id(operation.number);
    let freed = match operation.state {
        OperationState::Running => Freed::Call(id),
        _ => Freed::Place(id),
    };
    let from = server.state();
    server.task_state = None;
    close(effects, server, operation, OperationState::Cancelled, from, at);
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
    close(effects, server, operation, OperationState::Succeeded, from, at);
}

/// The server is gone: its usage and room are given back.
pub(crate) fn leave(rows: &impl Rows, effects: &mut Effects, server: &mut Server) {
    let usage = rows.usage(server.project).minus(server.size);
    effects.usage = Some((server.project, usage));
    if let Some(capacity) = server.host.and_then(|host| rows.host(host)) {
        effects.hosts.push(capacity.give_back(server.size));
    }
    server.vm_state = VmState::Deleted;
    server.task_state = None;
    server.power_state = PowerState::None;
    server.active = None;
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
    effects.events.push(event(server, &operation, kind, Some(from), at));
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
    Job { operation: server.operation_id(number), project: server.project, host: server.host }
}
