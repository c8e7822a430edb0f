//! The invariants, checked on a whole fleet. After every run, and after every step in tests.

use std::collections::{BTreeMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use crate::action::{Action, AllocationChange, EXPIRIES, Interrupts};
use crate::fleet::Fleet;
use crate::group;
use crate::ids::{HostId, NetworkId, OperationId, ProjectId};
use crate::project::Usage;
use crate::rows::Rows;
use crate::server::{Operation, OperationState, Server};
use crate::state::VmState;
use crate::table::{Table, TableRow};

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Audit {
    /// How many facts were checked.
    pub checked: u64,
    /// What does not hold, in words; at most [`Audit::VIOLATIONS_MAX`] are written out.
    pub violations: Vec<String>,
}

impl Audit {
    /// Most violations written out: more say nothing more.
    pub const VIOLATIONS_MAX: usize = 100;

    /// Checks one fact.
    pub fn check(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        self.checked += 1;
        if !holds && self.violations.len() < Self::VIOLATIONS_MAX {
            self.violations.push(otherwise());
        }
    }

    /// Takes in what another audit found.
    pub fn add(&mut self, other: Self) {
        self.checked += other.checked;
        self.violations.extend(other.violations);
        self.violations.truncate(Self::VIOLATIONS_MAX);
    }

    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.violations.is_empty()
    }
}

/// Checks every invariant that can be seen in the rows:
/// each operation in one state and final exactly when it is over; ids unique and indexes
/// complete; host and quota sums equal to the servers that exist; the queue holding exactly the
/// live operations; in flight and waiting within their bounds; counts that add up; names of rows
/// beside servers unique, and no more of them than their owner may have.
pub fn audit(fleet: &Fleet) -> Audit {
    let mut audit = Audit::default();
    let mut rows = 0;
    let mut hosts: BTreeMap<HostId, Usage> = BTreeMap::new();
    let mut projects: BTreeMap<ProjectId, Usage> = BTreeMap::new();
    let mut active: BTreeMap<OperationId, OperationState> = BTreeMap::new();
    let (mut existing, mut expiring) = (0, 0);
    let mut addresses: BTreeMap<(NetworkId, IpAddr), usize> = BTreeMap::new();
    for (server, finished) in fleet.all() {
        rows += 1;
        audit.check(fleet.finds(server), || {
            format!("server {} is there twice, or is not found by its id", server.id)
        });
        check_server(&mut audit, server, finished);
        if server.is_deleted() {
            continue;
        }
        existing += 1;
        let usage = projects.entry(server.project).or_default();
        *usage = usage.plus_server(server);
        for held in server.allocations() {
            if let Some(host) = held.host {
                let usage = hosts.entry(host).or_default();
                *usage = usage.plus_size(held.size);
            }
        }
        for port in server.ports() {
            *addresses.entry((NetworkId(port.network), port.address)).or_default() += 1;
        }
        if let Some(expires) = server.expires {
            expiring += 1;
            audit.check(fleet.expiries().holds(expires, server.id), || {
                format!("server {}: its state expires and nobody watches", server.id)
            });
        }
        if let Some(operation) = &server.active {
            active.insert(server.operation_id(operation.number), operation.state);
        }
    }
    let by_id = fleet.index_size();
    audit.check(by_id == rows, || format!("{by_id} servers in the index by id, {rows} rows"));
    let counted = fleet.len();
    audit.check(counted == existing, || format!("{counted} servers counted, {existing} exist"));
    let (lists, shown) = fleet.list_sizes();
    audit.check(lists == shown, || {
        format!("{lists:?} servers in the indexes of lists, {shown:?} are shown")
    });
    check_addresses(&mut audit, fleet, &addresses);
    let watched = fleet.expiries().len();
    audit.check(watched == expiring, || {
        format!("{watched} states are watched for their end, {expiring} have one")
    });
    check_sums(&mut audit, fleet, &projects, &hosts);
    check_queue(&mut audit, fleet, &active);
    check_counts(&mut audit, fleet, active.len());
    check_table(&mut audit, fleet.credentials());
    check_table(&mut audit, fleet.key_pairs());
    check_table(&mut audit, fleet.groups());
    check_groups(&mut audit, fleet);
    audit
}

/// Checks rows beside servers: each is found by owner and key, so no two have the same; no owner
/// has more than it may have, or has one that is not there.
pub fn check_table<R: TableRow>(audit: &mut Audit, table: &Table<R>) {
    for row in table.rows() {
        let found = table.by_key(row.owner(), &row.key());
        audit.check(found.is_some_and(|found| found.id() == row.id()), || {
            let (what, id, key) = (R::WHAT, row.id(), row.key());
            format!("{what} {id}: another one is named '{key}', or none is")
        });
    }
    for (owner, ids) in table.owners() {
        audit.check(ids.len() <= R::MAX, || {
            format!("{}: {} of owner {owner:?}, allowed {}", R::WHAT, ids.len(), R::MAX)
        });
        for id in ids {
            audit.check(table.get(*id).is_some_and(|row| row.owner() == owner), || {
                format!("{} {id}: owner {owner:?} has it, and it is not there", R::WHAT)
            });
        }
    }
}

fn check_server(audit: &mut Audit, server: &Server, finished: impl Iterator<Item = Operation>) {
    let id = server.id;
    let (mut is_final, mut is_in_order, mut newest) = (true, true, 0);
    for operation in finished {
        is_final &= operation.state.is_final() && operation.finished.is_some();
        is_in_order &= newest < operation.number;
        newest = newest.max(operation.number);
    }
    audit.check(server.active.as_ref().is_none_or(|active| !active.state.is_final()), || {
        format!("server {id}: its live operation is final")
    });
    audit.check(is_final, || format!("server {id}: a finished operation is not final"));
    audit.check(is_in_order, || format!("server {id}: its operations are not in order"));
    audit.check(server.active.is_some() == server.task_state.is_some(), || {
        format!(
            "server {id}: {} with a live operation: {}",
            server.state(),
            server.active.is_some()
        )
    });
    audit.check(server.expires.is_none() || server.active.is_none(), || {
        format!("server {id}: its state expires while something is done to it")
    });
    let may_expire = EXPIRIES.iter().any(|expiry| expiry.state == server.vm_state);
    audit.check(server.expires.is_none() || may_expire, || {
        format!("server {id}: {} expires, which is a state that lasts", server.state())
    });
    audit.check(server.second.is_none() || may_hold_two(server), || {
        format!("server {id}: {} and holds two allocations", server.state())
    });
    audit.check(server.vm_state != VmState::Building || server.active.is_some(), || {
        format!("server {id}: BUILD for ever")
    });
    let deleted_is_over = !server.is_deleted() || server.active.is_none();
    audit.check(deleted_is_over, || format!("server {id}: deleted, and something still runs"));
    let newest = newest.max(server.active.as_ref().map_or(0, |active| active.number));
    audit.check(newest == server.operations, || {
        format!("server {id}: {} operations counted, the last is missing", server.operations)
    });
}

/// The ends of the order that addresses have: those of version 4 come first.
const FIRST_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
const LAST_ADDRESS: IpAddr = IpAddr::V6(Ipv6Addr::from_bits(u128::MAX));

/// Each address is of one server, and is known to be taken; no other one is.
fn check_addresses(
    audit: &mut Audit,
    fleet: &Fleet,
    addresses: &BTreeMap<(NetworkId, IpAddr), usize>,
) {
    for (network, held, shared) in fleet.addresses_held() {
        let all = addresses.range((network.id, FIRST_ADDRESS)..=(network.id, LAST_ADDRESS));
        let own = all.filter(|((_, address), _)| network.offset(*address).is_some());
        let (mut sum, mut doubled) = (0, 0);
        for ((of, address), servers) in own {
            sum += servers;
            doubled += servers - 1;
            audit.check(fleet.holds_address(*of, *address), || {
                format!("network {}: {address} is a server's, and is free", network.name)
            });
        }
        audit.check(sum == held, || {
            format!("network {}: {held} addresses are taken, servers have {sum}", network.name)
        });
        audit.check(doubled == shared, || {
            format!("network {}: {doubled} addresses are doubled, known are {shared}", network.name)
        });
    }
}

/// Each server that exists is a member of the group it was made in, on the hosts it is on; nobody
/// else is; and the strict policies of groups hold for the places that their members have.
fn check_groups(audit: &mut Audit, fleet: &Fleet) {
    let mut existing = 0;
    for (server, _) in fleet.all().filter(|(server, _)| !server.is_deleted()) {
        let Some(group) = server.group() else { continue };
        existing += 1;
        let known = fleet.members(group).find(|(id, _)| *id == server.id);
        audit.check(known.is_some_and(|(_, hosts)| *hosts == group::hosts_of(server)), || {
            format!("server {}: it is in group {group}, which does not know where", server.id)
        });
    }
    let known = fleet.member_count();
    audit.check(known == existing, || format!("{known} members of groups, {existing} exist"));
    for group in fleet.groups().rows() {
        let places = fleet.members(group.id).map(|(_, hosts)| hosts);
        audit.check(group.policy.holds(places), || {
            format!("group {}: its policy {:?} does not hold", group.id, group.policy)
        });
    }
}

/// Whether the server is on its way to another size, may go back from one, or is on its way out
/// from there.
fn may_hold_two(server: &Server) -> bool {
    let takes = |action: Action| action.rule().allocations.accepted == AllocationChange::AddSecond;
    let gives_way = |action: Action| action.rule().interrupts == Interrupts::Everything;
    let active = server.active.as_ref().map(|active| active.action);
    server.vm_state == VmState::Resized
        || active.is_some_and(|action| takes(action) || gives_way(action))
        || server.vm_state == VmState::Error
}

fn check_sums(
    audit: &mut Audit,
    fleet: &Fleet,
    projects: &BTreeMap<ProjectId, Usage>,
    hosts: &BTreeMap<HostId, Usage>,
) {
    for project in fleet.projects() {
        let sum = projects.get(&project.id).copied().unwrap_or_default();
        let usage = fleet.usage(project.id);
        audit.check(sum == usage, || {
            format!("project {}: usage {usage:?}, its servers sum to {sum:?}", project.name)
        });
        let quota = project.quota;
        let before = fleet.restored(project.id);
        let within = |limit: Option<u64>, before: u64, used: u64| {
            limit.is_none_or(|limit| used <= limit.max(before))
        };
        audit.check(
            within(quota.instances, before.instances, sum.instances)
                && within(quota.cores, before.cores, sum.cores)
                && within(quota.ram_mib, before.ram_mib, sum.ram_mib),
            || format!("project {}: {sum:?} is over its quota {quota:?}", project.name),
        );
    }
    for (host, capacity) in fleet.hosts_with_capacity() {
        let sum = hosts.get(&host.id).copied().unwrap_or_default();
        let cores = u64::from(host.capacity.vcpus).checked_sub(u64::from(capacity.free_vcpus));
        let ram = u64::from(host.capacity.ram_mib).checked_sub(u64::from(capacity.free_ram_mib));
        audit.check(cores == Some(sum.cores) && ram == Some(sum.ram_mib), || {
            format!("host {}: {capacity:?} left, its servers sum to {sum:?}", host.name)
        });
    }
}

fn check_queue(audit: &mut Audit, fleet: &Fleet, active: &BTreeMap<OperationId, OperationState>) {
    let scheduler = fleet.scheduler();
    let mut waiting = 0;
    for operation in scheduler.waiting() {
        waiting += 1;
        audit.check(active.get(&operation) == Some(&OperationState::Queued), || {
            format!("operation {operation} waits in the queue but is {:?}", active.get(&operation))
        });
    }
    let mut running = HashSet::new();
    for operation in scheduler.running() {
        running.insert(operation);
    }
    for (operation, state) in active {
        let holds = *state == OperationState::Queued || running.contains(operation);
        audit.check(holds, || format!("operation {operation} is running without a permit"));
    }
    // What waits for another attempt is listed too; what takes its place was never started itself.
    let begun: HashSet<_> = scheduler.begun(usize::MAX).collect();
    audit.check(
        running.is_subset(&begun) && begun.len() <= running.len() + scheduler.load().requeued,
        || format!("{} run, {} are listed as begun and not over", running.len(), begun.len()),
    );
    let queued = active.values().filter(|state| **state == OperationState::Queued).count();
    audit.check(queued == waiting, || {
        format!("{queued} operations are queued, the queue holds {waiting}")
    });
    let (load, bounds) = (scheduler.load(), scheduler.bounds());
    audit.check(load.max_in_flight <= bounds.service, || {
        format!("{} in flight at once, allowed {}", load.max_in_flight, bounds.service)
    });
    let allowed = bounds.queue.max(scheduler.restored());
    audit.check(load.max_waiting <= allowed, || {
        format!("{} waiting at once, allowed {allowed}", load.max_waiting)
    });
    audit.check(load.waiting + load.requeued == waiting, || {
        format!("{} + {} counted as waiting, {waiting} wait", load.waiting, load.requeued)
    });
    audit.check(load.in_flight == running.len(), || {
        format!("{} counted in flight, {} run", load.in_flight, running.len())
    });
}

fn check_counts(audit: &mut Audit, fleet: &Fleet, active: usize) {
    let counts = fleet.counts();
    audit.check(counts.accepted == counts.finished() + active as u64, || {
        format!(
            "{} operations accepted, {} over, {active} live",
            counts.accepted,
            counts.finished()
        )
    });
    let failed = counts.failed_no_valid_host
        + counts.failed_driver
        + counts.failed_deadline
        + counts.failed_interrupted;
    audit.check(counts.failed == failed, || {
        format!("{} operations failed, {failed} by their reasons", counts.failed)
    });
}
