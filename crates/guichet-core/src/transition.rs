//! Steps that every rule makes: an operation begins, has an event, becomes final.

use std::sync::Arc;

use crate::event::{Event, EventKind};
use crate::ids::WorkerId;
use crate::limits;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::rows::{Effects, Job, QueueFull, Rows};
use crate::server::{Failure, Fault, Operation, OperationState, Server};
use crate::state::State;
use crate::time::Timestamp;

/// A new operation of this request, which waits. `number` is its place among its server's.
pub(crate) fn new_operation(request: &Request, number: u32, at: Timestamp) -> Operation {
    Operation {
        number,
        request: request.id,
        client: request.client,
        action: request.action(),
        args: request.args().filter(|args| args.are_for_driver()).cloned(),
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

/// The job of an operation of this server.
pub(crate) fn job(server: &Server, number: u32) -> Job {
    Job { operation: server.operation_id(number), project: server.project, host: server.host }
}

/// The refusal of a request that finds the queue full, with the random part of when to come back.
pub(crate) fn queue_full(rows: &impl Rows, request: &Request, full: QueueFull) -> Refusal {
    let share = rows.retry_spread(request.id) * limits::RETRY_AFTER_SPREAD_PERCENT as f64 / 100.0;
    Refusal::QueueFull { waiting: full.waiting, retry_after: full.retry_after.mul_f64(1.0 + share) }
}

/// The fault of a server that no host has capacity for.
pub(crate) fn no_valid_host(at: Timestamp) -> Fault {
    Fault { kind: Failure::NoValidHost, message: Arc::from(NO_VALID_HOST), created: at }
}

/// What the owner of a server is shown when no host fits.
const NO_VALID_HOST: &str = "No valid host was found. There are not enough hosts available.";
