//! What must hold after a run, beyond the store's own audit: what clients saw, what the
//! store says and what the driver has must be the same.

use guichet_core::audit::Audit;
use guichet_core::fleet::Counts;
use guichet_core::server::{OperationState, Server};
use guichet_core::state::{PowerState, VmState};
use guichet_driver::Machine;
use guichet_engine::{Drained, ServerManager};
use guichet_store::Query;

use super::tally::Counted;

/// Checks the store's invariants, the clients' counts against the store's `counts` of the run,
/// and the driver's machines against the servers.
pub fn verify(
    manager: &ServerManager,
    counted: &Counted,
    machines: &[Machine],
    counts: &Counts,
    drained: Drained,
) -> Audit {
    let mut audit = manager.audit();
    check_clients(&mut audit, counts, counted, drained);
    check_machines(&mut audit, manager, machines);
    audit
}

/// No accepted request lost or doubled: what clients counted is what the store counted.
fn check_clients(audit: &mut Audit, counts: &Counts, counted: &Counted, drained: Drained) {
    let answered = counted.accepted + counted.repeated + counted.refused_total();
    audit.check(counted.sent == answered, || {
        format!("{} requests sent, {answered} answered", counted.sent)
    });
    audit.check(counted.operations == counts.accepted, || {
        format!(
            "clients were granted {}, the store accepted {}",
            counted.operations, counts.accepted
        )
    });
    if !drained.is_complete() {
        return;
    }
    for (state, store) in [
        (OperationState::Succeeded, counts.succeeded),
        (OperationState::Failed, counts.failed),
        (OperationState::Cancelled, counts.cancelled),
    ] {
        let seen = counted.ended(state);
        audit.check(seen == store, || {
            format!("clients were told of {seen} {state} operations, the store has {store}")
        });
    }
    audit.check(counts.accepted == counts.finished(), || {
        format!("{} operations accepted, {} over", counts.accepted, counts.finished())
    });
}

/// No server lost, doubled or resurrected: the driver has the machines of the servers that
/// exist, in their power state, and no others.
fn check_machines(audit: &mut Audit, manager: &ServerManager, machines: &[Machine]) {
    let mut known = 0;
    for server in manager.scan(&Query::default()) {
        let found = machines.binary_search_by_key(&server.id, |machine| machine.server);
        let machine = found.ok().map(|index| &machines[index]);
        known += usize::from(machine.is_some());
        check_machine(audit, &server, machine);
    }
    audit.check(known == machines.len(), || {
        format!("the driver has {} machines, {known} belong to servers", machines.len())
    });
}

fn check_machine(audit: &mut Audit, server: &Server, machine: Option<&Machine>) {
    let power = match server.vm_state {
        VmState::Active => PowerState::Running,
        VmState::Stopped => PowerState::Shutdown,
        // In between or failed: the driver may have got anywhere.
        _ => return,
    };
    if server.active.is_some() || server.fault.is_some() {
        return;
    }
    audit.check(machine.is_some_and(|machine| machine.power_state == power), || {
        format!("server {} is {}, the driver has {machine:?}", server.id, server.state())
    });
}
