//! Start and settle: the two other steps of an operation. Both are fenced: only the operation
//! that is live, in the state and attempt the caller knows, changes anything.

use std::sync::Arc;

use smallvec::smallvec;

use crate::action::{Action, AllocationChange, Then};
use crate::allocation;
use crate::chance::{Chance, Purpose, unit_of};
use crate::event::EventKind;
use crate::ids::{OperationId, WorkerId};
use crate::limits;
use crate::rows::{Claim, Effects, JobChange, Outcome, Rows};
use crate::server::{Failure, Fault, OperationState, Server};
use crate::state::VmState;
use crate::time::Timestamp;
use crate::transition::{close, event};

/// A worker takes a queued operation: one attempt and one driver call more. `None` if it is not
/// queued any more (which a store whose queue and rows change in one step never sees).
#[inline]
pub fn start(
    rows: &impl Rows,
    id: OperationId,
    worker: WorkerId,
    at: Timestamp,
) -> Option<(Effects, Claim)> {
    let server = rows.server(id.server)?;
    let active = server.active.as_ref()?;
    if active.number != id.number || active.state != OperationState::Queued {
        return None;
    }
    let rule = active.action.rule();
    let from = server.state();
    let mut next = server.clone();
    let mut operation = Arc::unwrap_or_clone(next.active.take()?);
    operation.state = OperationState::Running;
    operation.attempt += 1;
    operation.worker = worker;
    operation.started = operation.started.or(Some(at));
    operation.not_before = None;

    next.ever_started = true;
    next.fence += 1;
    next.updated = at;
    next.task_state = Some(rule.task_started);
    let started = event(&next, &operation, EventKind::Started, Some(from), at);
    let (action, attempt, args) = (operation.action, operation.attempt, operation.args.clone());
    next.active = Some(Arc::new(operation));

    let next = Arc::new(next);
    let claim = Claim {
        operation: id,
        action,
        args,
        attempt,
        server: Arc::clone(&next),
        worker,
        started: at,
        deadline: at.after(rule.deadline),
    };
    let effects =
        Effects { servers: smallvec![next], events: smallvec![started], ..Effects::default() };
    Some((effects, claim))
}

/// An outcome comes back. If the claim is still the live one, the operation becomes final or
/// goes back to the queue; if not, only its permits are given back and no row changes. Those of
/// an earlier attempt were given back when it failed, so its second answer gives back none.
#[inline]
pub fn settle(
    rows: &impl Rows,
    claim: &Claim,
    outcome: &Outcome,
    chance: Chance,
    at: Timestamp,
) -> Effects {
    let done = JobChange::Done(claim.operation);
    let Some(server) = held(rows, claim) else {
        let attempts = rows.attempts(claim.operation);
        if attempts.is_some_and(|attempts| attempts != claim.attempt) {
            return Effects::default();
        }
        return Effects { jobs: smallvec![done], ..Effects::default() };
    };
    let from = server.state();
    let mut next = server.clone();
    let Some(operation) = next.active.take() else {
        return Effects::default();
    };
    let mut operation = Arc::unwrap_or_clone(operation);
    next.updated = at;
    let rule = claim.action.rule();
    let mut effects = Effects::default();
    match outcome {
        Outcome::Succeeded => {
            finish(rows, &mut effects, &mut next, (rule.allocations.done, rule.done), at);
            if claim.action == Action::Create {
                next.launched = Some(at);
            }
            effects.jobs.push(done);
            close(&mut effects, &next, operation, OperationState::Succeeded, from, at);
        }
        Outcome::Failed { transient: true, .. } if operation.attempt < limits::ATTEMPTS_MAX => {
            let not_before = at.after(backoff(chance, claim, operation.client.0));
            operation.state = OperationState::Queued;
            operation.not_before = Some(not_before);
            let requeued = event(&next, &operation, EventKind::Requeued, Some(from), at);
            next.active = Some(Arc::new(operation));
            effects.events.push(requeued);
            effects.jobs.push(JobChange::Requeue { operation: claim.operation, not_before });
        }
        Outcome::Failed { kind, message, .. } => {
            finish(rows, &mut effects, &mut next, (rule.allocations.failed, rule.failed), at);
            next.fault =
                Some(Arc::new(Fault { kind: *kind, message: Arc::clone(message), created: at }));
            operation.failure = Some(*kind);
            effects.jobs.push(done);
            close(&mut effects, &next, operation, OperationState::Failed, from, at);
        }
    }
    effects.servers.push(Arc::new(next));
    effects
}

/// The server whose live operation it is, if the claim still holds it.
fn held<'a>(rows: &'a impl Rows, claim: &Claim) -> Option<&'a Server> {
    let server = rows.server(claim.operation.server)?;
    let active = server.active.as_ref()?;
    let same = active.number == claim.operation.number
        && active.attempt == claim.attempt
        && active.state == OperationState::Running;
    same.then_some(server)
}

/// The end of an operation: what the server holds and where it is, as the table says.
fn finish(
    rows: &impl Rows,
    effects: &mut Effects,
    server: &mut Server,
    (change, then): (AllocationChange, Then),
    at: Timestamp,
) {
    allocation::change(rows, effects, server, change);
    arrive(rows, server, then, at);
    // A delete that failed may have left two, and a reboot have mended the server since.
    let settled = !matches!(server.vm_state, VmState::Resized | VmState::Error);
    if settled && server.second.is_some() {
        allocation::change(rows, effects, server, AllocationChange::DropSecond);
    }
}

/// Brings a server into the state where an operation leaves it. Time may end that state.
pub(crate) fn arrive(rows: &impl Rows, server: &mut Server, then: Then, at: Timestamp) {
    server.task_state = None;
    server.active = None;
    let (vm_state, power_state) = then.of(server.vm_state, server.power_state);
    let keeps_fault = matches!(then, Then::AsBefore | Then::Error) || vm_state == VmState::Deleted;
    if !keeps_fault {
        server.fault = None;
    }
    (server.vm_state, server.power_state) = (vm_state, power_state);
    server.expires = rows.time_in(vm_state).map(|time| at.after(time));
}

/// The pause before the next attempt: doubled each time, times 0.5 to 1.5.
fn backoff(chance: Chance, claim: &Claim, client: u32) -> std::time::Duration {
    let doubled = limits::BACKOFF_FIRST * 2u32.saturating_pow(claim.attempt.saturating_sub(1));
    let (server, _) = claim.operation.server.0.as_u64_pair();
    let n = server ^ u64::from(claim.operation.number);
    let draw = chance.bits(Purpose::Backoff, u64::from(client), n, u64::from(claim.attempt));
    doubled.min(limits::BACKOFF_MAX).mul_f64(0.5 + unit_of(draw))
}

/// What a driver call that outlasted its deadline comes to.
pub fn deadline_passed(claim: &Claim) -> Outcome {
    Outcome::Failed {
        kind: Failure::Deadline,
        transient: true,
        message: Arc::from(format!(
            "The {} did not finish within {} s.",
            claim.action.verb(),
            claim.action.rule().deadline.as_secs()
        )),
    }
}
