//! Decides an action on one server: the table says whether, and what comes of it; what is being
//! done to the server gives way if it may.

use std::sync::Arc;

use smallvec::smallvec;

use crate::action::{Action, ActionArgs, Obstacle, Settles, Transition};
use crate::allocation::{self, NoHost};
use crate::edit;
use crate::event::EventKind;
use crate::ids::OperationId;
use crate::limits;
use crate::refusal::Refusal;
use crate::request::{Act, Answer, Request};
use crate::rows::{Decision, Effects, JobChange, Rows};
use crate::server::{Failure, Operation, OperationState, Server};
use crate::settle::arrive;
use crate::state::VmState;
use crate::time::Timestamp;
use crate::transition::{close, event, job, new_operation, no_valid_host, queue_full};

/// An action on one server.
pub(super) fn decide_act(
    rows: &impl Rows,
    request: &Request,
    act: &Act,
    at: Timestamp,
) -> Result<Decision, Refusal> {
    let server = find(rows, request, act)?;
    let action = in_effect(act.action, server);
    let rule = action.rule();
    if let Some(answer) = already_active(server, rule) {
        return Ok(Decision::Repeated(answer));
    }
    permit(server, request, rule)?;
    let found = allocation::find(rows, server, rule, act.args.as_deref())?;
    let takes_a_job =
        server.active.as_ref().is_some_and(|operation| operation.state == OperationState::Queued);
    let settles_at_once = match rule.settles {
        Settles::ByDriver => false,
        Settles::Unstarted => !server.ever_started,
        Settles::Always => true,
    };
    if !takes_a_job && !settles_at_once {
        rows.check_queue(request.project, 1, at).map_err(|full| queue_full(rows, request, full))?;
    }
    let mut effects = Effects::default();
    let mut next = server.clone();
    if let Some(ActionArgs::Rebuild(changes)) = act.args.as_deref() {
        edit::set_fields(&mut next, changes)?;
    }
    next.operations += 1;
    next.updated = at;
    next.expires = None;
    let operation = Operation { action, ..new_operation(request, next.operations, at) };
    let id = next.operation_id(operation.number);
    let freed = cancel_active(&mut effects, &mut next, at);
    let from = next.state();
    next.task_state = Some(rule.task);
    effects.events.push(event(&next, &operation, EventKind::Accepted, Some(from), at));
    effects.answer = Some(Answer { request: request.id, operations: smallvec![id] });
    if settles_at_once {
        match freed {
            Freed::Job(old) => effects.jobs.push(JobChange::Remove(old)),
            Freed::Call(running) => effects.jobs.push(JobChange::Stop(running)),
            Freed::Nothing => {}
        }
        settle_now(rows, &mut effects, &mut next, operation, at);
    } else {
        match allocation::take(rows, &mut effects, &mut next, found) {
            Ok(()) => enqueue(&mut effects, &mut next, operation, freed, at),
            Err(NoHost) => fail_now(rows, &mut effects, &mut next, operation, at),
        }
    }
    effects.servers.push(Arc::new(next));
    Ok(Decision::Accepted(effects))
}

/// The action that is done: a server that never ran, or whose deletion waits already, is deleted
/// for good.
fn in_effect(asked: Action, server: &Server) -> Action {
    match asked {
        Action::SoftDelete
            if server.launched.is_none() || server.vm_state == VmState::SoftDeleted =>
        {
            Action::Delete
        }
        other => other,
    }
}

/// The server that is named, if the project has it.
fn find<'a>(rows: &'a impl Rows, request: &Request, act: &Act) -> Result<&'a Server, Refusal> {
    if act.action == Action::Create {
        let problem = String::from("a create names no existing server; send a create");
        return Err(Refusal::Invalid { field: "action", problem });
    }
    let server = rows.server(act.server).filter(|server| server.project == request.project);
    server.ok_or_else(|| match act.action {
        Action::Delete | Action::SoftDelete if rows.usage(request.project).instances == 0 => {
            Refusal::NoServer
        }
        _ => Refusal::NotFound { server: act.server },
    })
}

/// Whether lock and state allow the action. A server that never got a host has no machine that
/// could be restarted or stopped.
fn permit(server: &Server, request: &Request, rule: &Transition) -> Result<(), Refusal> {
    if server.is_locked() && !request.privileged {
        return Err(Refusal::Locked { server: server.id });
    }
    let allowed = match rule.check(server.state()) {
        Ok(()) if rule.needs_host && server.host.is_none() => {
            Err(Obstacle::VmState(server.vm_state))
        }
        checked => checked,
    };
    let action = rule.action;
    allowed.map_err(|obstacle| Refusal::Conflict { action, server: server.id, obstacle })
}

/// The answer of an operation that is the same as what is asked, while it is being done.
fn already_active(server: &Server, rule: &Transition) -> Option<Answer> {
    let active = server.active.as_ref()?;
    (rule.repeats && active.action == rule.action).then(|| Answer {
        request: active.request,
        operations: smallvec![server.operation_id(active.number)],
    })
}

/// What a cancelled operation leaves to its successor.
#[derive(Debug, Clone, Copy)]
enum Freed {
    /// There was none.
    Nothing,
    /// Its job in the queue.
    Job(OperationId),
    /// A driver call that must return first.
    Call(OperationId),
}

/// Ends the active operation, if there is one, as cancelled.
fn cancel_active(effects: &mut Effects, server: &mut Server, at: Timestamp) -> Freed {
    let Some(operation) = server.active.take() else {
        return Freed::Nothing;
    };
    let id = server.operation_id(operation.number);
    let freed = match operation.state {
        OperationState::Running => Freed::Call(id),
        _ => Freed::Job(id),
    };
    let from = server.state();
    server.task_state = None;
    let operation = Arc::unwrap_or_clone(operation);
    close(effects, server, operation, OperationState::Cancelled, from, at);
    freed
}

/// The operation waits: at the end of the queue, in the place of the one it cancelled, or behind
/// that one's call.
fn enqueue(
    effects: &mut Effects,
    server: &mut Server,
    operation: Operation,
    freed: Freed,
    at: Timestamp,
) {
    let job = job(server, operation.number);
    effects.jobs.push(match freed {
        Freed::Nothing => JobChange::Push(job),
        Freed::Job(old) => JobChange::Replace { old, job },
        Freed::Call(behind) => {
            JobChange::PushBehind { job, behind, until: at.after(limits::CANCEL_GRACE) }
        }
    });
    server.active = Some(Arc::new(operation));
}

/// There is nothing that a driver could do, so the operation is over.
fn settle_now(
    rows: &impl Rows,
    effects: &mut Effects,
    server: &mut Server,
    operation: Operation,
    at: Timestamp,
) {
    let from = server.state();
    let rule = operation.action.rule();
    allocation::change(rows, effects, server, rule.allocations.done);
    arrive(rows, server, rule.done, at);
    close(effects, server, operation, OperationState::Succeeded, from, at);
}

/// There is no host for what the action needs.
fn fail_now(
    rows: &impl Rows,
    effects: &mut Effects,
    server: &mut Server,
    mut operation: Operation,
    at: Timestamp,
) {
    let from = server.state();
    let rule = operation.action.rule();
    allocation::change(rows, effects, server, rule.allocations.failed);
    arrive(rows, server, rule.failed, at);
    server.fault = Some(Arc::new(no_valid_host(at)));
    operation.failure = Some(Failure::NoValidHost);
    close(effects, server, operation, OperationState::Failed, from, at);
}
