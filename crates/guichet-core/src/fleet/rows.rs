//! The fleet as rules read it: everything as it is, durable or not.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use super::Fleet;
use crate::chance::{Purpose, unit_of};
use crate::group::{MemberHosts, ServerGroup};
use crate::ids::{GroupId, HostId, NetworkId, OperationId, ProjectId, RequestId, ServerId, UserId};
use crate::project::{FreeCapacity, Project, Usage};
use crate::request::IdempotencyKey;
use crate::rows::{KeyCapacity, KeyRow, QueueFull, Rows, ServerCapacity};
use crate::server::{Server, Size};
use crate::state::VmState;
use crate::time::Timestamp;

impl Rows for Fleet {
    fn server(&self, id: ServerId) -> Option<&Server> {
        self.get(id).map(Arc::as_ref)
    }

    fn attempts(&self, operation: OperationId) -> Option<u32> {
        self.present_operation(operation).map(|known| known.attempt)
    }

    fn project(&self, id: ProjectId) -> Option<&Project> {
        self.projects.get(id.index())
    }

    fn usage(&self, id: ProjectId) -> Usage {
        self.usage.get(id.index()).copied().unwrap_or_default()
    }

    fn host(&self, id: HostId) -> Option<FreeCapacity> {
        self.capacities.get(id.index()).copied()
    }

    fn hosts(&self, need: Size) -> impl Iterator<Item = FreeCapacity> {
        let (before, after) = self.capacities.split_at(self.cursor.min(self.capacities.len()));
        let is_open = |capacity: &&FreeCapacity| self.takes_servers(capacity.id);
        let fitting = after.iter().chain(before).filter(move |capacity| capacity.fits(need));
        fitting.filter(is_open).copied()
    }

    fn takes_servers(&self, host: HostId) -> bool {
        self.closed.is_empty() || !self.closed.contains(&host)
    }

    fn free_addresses(&self, network: NetworkId) -> impl Iterator<Item = Ipv4Addr> {
        self.addresses.free(network)
    }

    fn is_free(&self, network: NetworkId, address: Ipv4Addr) -> bool {
        self.addresses.is_free(network, address)
    }

    fn next_port(&self) -> u64 {
        self.addresses.next_port()
    }

    fn has_key_pair(&self, user: UserId, name: &str) -> bool {
        self.key_pairs().by_key(user, name).is_some()
    }

    fn group(&self, id: GroupId) -> Option<&ServerGroup> {
        self.groups().get(id).map(Arc::as_ref)
    }

    fn members(&self, group: GroupId) -> impl Iterator<Item = (ServerId, &MemberHosts)> {
        self.members.of(group)
    }

    fn key(&self, project: ProjectId, key: &IdempotencyKey, at: Timestamp) -> Option<&KeyRow> {
        self.keys.get(project, key, at)
    }

    fn key_capacity(&self, project: ProjectId, at: Timestamp) -> KeyCapacity {
        self.keys.capacity(project, at)
    }

    fn check_queue(
        &self,
        project: ProjectId,
        count: usize,
        at: Timestamp,
    ) -> Result<(), QueueFull> {
        if self.scheduler.has_capacity(project, count) {
            return Ok(());
        }
        let waiting = self.scheduler.load().waiting;
        let retry_after = self.rate.retry_after(waiting, self.scheduler.bounds().queue, at);
        Err(QueueFull { waiting, retry_after })
    }

    fn server_capacity(&self) -> ServerCapacity {
        ServerCapacity {
            free: self.servers_max.saturating_sub(self.existing),
            limit: self.servers_max,
        }
    }

    fn time_in(&self, vm_state: VmState) -> Option<Duration> {
        self.times.of(vm_state)
    }

    fn retry_spread(&self, request: RequestId) -> f64 {
        let (high, low) = request.0.as_u64_pair();
        unit_of(self.chance.bits(Purpose::RetryAfter, high, low, 0))
    }
}
