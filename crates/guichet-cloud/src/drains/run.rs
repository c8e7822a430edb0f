//! Whoever empties hosts.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::ids::{HostId, OperationId, ServerId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::server::{Failure, OperationState, Server, Size};
use guichet_store::Query;
use tokio::task::JoinSet;

use super::emptied::Emptied;
use super::room::Room;
use super::step::{Step, Stuck, leaves, needs_room, step};
use super::{is_of_drain, marked};
use crate::accounts::{Caller, Role};
use crate::cloud::{Cloud, Destination};
use crate::host_state::DrainState;
use crate::servers::ServerError;

/// What became of a server that was to be moved.
struct Tried {
    host: HostId,
    server: ServerId,
    /// Why it stays, if it does.
    result: Result<Action, Stuck>,
}

impl Cloud {
    /// Whether a host is being emptied.
    pub fn has_drains(&self) -> bool {
        !self.draining().is_empty()
    }

    fn draining(&self) -> Vec<HostId> {
        let states = self.catalogue.host_states.all().into_iter();
        let moving = states.filter(|(_, state)| state.drain == Some(DrainState::Moving));
        let hosts = moving.filter_map(|(_, state)| self.catalogue.find_host(&state.host));
        hosts.map(|host| host.id).collect()
    }

    /// Empties the hosts that are to be, until there are none or the cloud stops. To be run as a task each
    /// time that one may be: at most one of them does anything.
    pub async fn drain_hosts(self: Arc<Self>) {
        let stop = self.drains.stop.clone();
        while self.has_drains() && !stop.is_cancelled() && self.drains.begin() {
            let done = stop.run_until_cancelled(self.empty_all()).await;
            self.drains.end();
            if done.is_none() {
                return;
            }
        }
    }

    async fn empty_all(self: &Arc<Self>) {
        let clock = self.manager.clock();
        let pause = || -> Pin<Box<dyn Future<Output = ()> + Send>> {
            let clock = clock.clone();
            Box::pin(async move { clock.sleep(limits::DRAIN_PAUSE).await })
        };
        let mut moving = JoinSet::new();
        let mut hosts = BTreeMap::new();
        let mut again = pause();
        loop {
            self.follow(&mut hosts).await;
            if hosts.is_empty() && moving.is_empty() {
                self.drains.progress().clear();
                return;
            }
            self.begin_moves(&mut hosts, &mut moving);
            self.end_empty(&mut hosts).await;
            self.show(&hosts);
            tokio::select! {
                biased;
                Some(tried) = moving.join_next() => match tried {
                    Ok(tried) => note(&mut hosts, tried),
                    Err(_) => hosts.clear(),
                },
                () = self.drains.changed.notified() => {
                    hosts.values_mut().for_each(Emptied::again);
                }
                () = &mut again => {
                    hosts.values_mut().for_each(Emptied::again);
                    again = pause();
                }
            }
        }
    }

    /// Looks which hosts are to be emptied; of those that were not, which servers they have.
    async fn follow(&self, hosts: &mut BTreeMap<HostId, Emptied>) {
        let ids = self.draining();
        hosts.retain(|host, _| ids.contains(host));
        let new: Vec<HostId> = ids.into_iter().filter(|host| !hosts.contains_key(host)).collect();
        if !new.is_empty() {
            for (host, servers) in self.holders(&new).await {
                hosts.insert(host, Emptied { next: servers.into(), ..Emptied::default() });
            }
        }
    }

    /// The servers that hold something of these hosts. What was decided before they took none any more is
    /// seen; nothing is placed there after that.
    async fn holders(&self, hosts: &[HostId]) -> BTreeMap<HostId, Vec<ServerId>> {
        self.manager.durable().await;
        let mut found: BTreeMap<_, Vec<_>> = hosts.iter().map(|host| (*host, Vec::new())).collect();
        let mut scan = self.manager.scan(&Query::default());
        while let Some(server) = scan.next_server().await {
            for host in server.allocations().filter_map(|held| held.host) {
                if let Some(servers) = found.get_mut(&host)
                    && servers.last() != Some(&server.id)
                {
                    servers.push(server.id);
                }
            }
        }
        found
    }

    /// Has servers moved, as many at once as may be.
    fn begin_moves(
        self: &Arc<Self>,
        hosts: &mut BTreeMap<HostId, Emptied>,
        moving: &mut JoinSet<Tried>,
    ) {
        let mut room = None;
        for (host, emptied) in hosts {
            while moving.len() < limits::DRAIN_MOVES_MAX
                && let Some(id) = emptied.next.pop_front()
            {
                let Some(server) = self.manager.any_server(id) else { continue };
                match self.step_of(&server, *host) {
                    Step::Away => {}
                    Step::Stuck(why) => emptied.stuck.push_back((id, why)),
                    Step::Do(action)
                        if needs_room(action)
                            && !room.get_or_insert_with(|| self.room()).has(server.size) =>
                    {
                        emptied.stuck.push_back((id, Stuck::NoRoom));
                    }
                    Step::Do(action) => {
                        emptied.moving += 1;
                        let (cloud, host) = (Arc::clone(self), *host);
                        moving.spawn(async move {
                            let result = cloud.try_step(&server, action).await;
                            Tried { host, server: id, result: result.map(|()| action) }
                        });
                    }
                }
            }
        }
    }

    fn step_of(&self, server: &Server, host: HostId) -> Step {
        let is_down = self.catalogue.host(host).is_some_and(|host| self.hosts().is_down(host));
        let operations = self.manager.operations(server.id);
        let mut moves = operations
            .iter()
            .rev()
            .filter(|operation| matches!(operation.action, Action::Migrate | Action::Resize));
        let is_ours = moves.next().is_some_and(|operation| is_of_drain(operation.request));
        step(server, host, is_down, is_ours)
    }

    /// What hosts have free that take servers.
    fn room(&self) -> Room {
        let free = self.manager.capacities();
        let hosts = self.hosts();
        let open = self.catalogue.hosts().iter().filter(|host| hosts.is_open(host));
        Room::of(open.filter_map(|host| {
            let free = free.get(host.id.index())?;
            Some(Size { vcpus: free.free_vcpus, ram_mib: free.free_ram_mib })
        }))
    }

    /// Asks for an action in the name of the first administrator, and waits for its end.
    async fn try_step(&self, server: &Server, action: Action) -> Result<(), Stuck> {
        let directory = self.accounts.directory();
        let users = directory.users();
        let is_admin = |role: Role| role >= Role::Admin;
        let admin =
            users.iter().position(|user| user.grants.iter().any(|(_, role)| is_admin(*role)));
        let caller = Caller {
            request: marked(self.new_request()),
            user: admin.unwrap_or(0),
            project: server.project,
            role: Role::Admin,
        };
        let asked = match action {
            Action::ConfirmResize | Action::ShelveOffload => {
                self.servers.act(&caller, server, action).await
            }
            _ => self.migrate(&caller, server, Destination::Host(action, None)).await,
        };
        match asked {
            Ok(()) => {}
            // It is looked at again as it is now.
            Err(ServerError::NotFound(_) | ServerError::Refused(Refusal::Conflict { .. })) => {
                return Err(Stuck::Busy(server.state()));
            }
            Err(error) => return Err(Stuck::Refused(error.to_string().into())),
        }
        let operations = self.manager.operations(server.id);
        let own = operations.iter().find(|operation| operation.request == caller.request);
        let Some(number) = own.map(|operation| operation.number) else { return Ok(()) };
        let id = OperationId { server: server.id, number };
        match self.manager.finished(id).await {
            Some(operation) if operation.state == OperationState::Failed => {
                Err(match operation.failure.unwrap_or(Failure::Driver) {
                    Failure::NoValidHost => Stuck::NoRoom,
                    other => Stuck::Failed(other),
                })
            }
            Some(operation) if operation.state == OperationState::Cancelled => {
                Err(Stuck::Busy(server.state()))
            }
            _ => Ok(()),
        }
    }

    /// Hosts that have nothing left are looked at once more, and are empty then.
    async fn end_empty(&self, hosts: &mut BTreeMap<HostId, Emptied>) {
        let empty = hosts.iter().filter(|(_, emptied)| emptied.is_empty());
        let empty: Vec<HostId> = empty.map(|(host, _)| *host).collect();
        if empty.is_empty() {
            return;
        }
        for (id, servers) in self.holders(&empty).await {
            if !servers.is_empty() {
                if let Some(emptied) = hosts.get_mut(&id) {
                    emptied.next = servers.into();
                }
                // They are looked at before anything is waited for.
                self.drains.tell();
                continue;
            }
            let Some(host) = self.catalogue.host(id) else { continue };
            match self.hosts().end_drain(host).await {
                Ok(()) => drop(hosts.remove(&id)),
                Err(error) => {
                    tracing::warn!(host = %host.name, %error, "drained, which cannot be recorded yet")
                }
            }
        }
    }

    /// Has it seen how far each host is.
    fn show(&self, hosts: &BTreeMap<HostId, Emptied>) {
        let all = hosts.iter().map(|(host, emptied)| (*host, emptied.progress()));
        *self.drains.progress() = all.collect();
    }
}

/// Notes what became of a server.
fn note(hosts: &mut BTreeMap<HostId, Emptied>, tried: Tried) {
    // Its host may not be to be emptied any more.
    let Some(emptied) = hosts.get_mut(&tried.host) else { return };
    emptied.moving = emptied.moving.saturating_sub(1);
    match tried.result {
        Ok(action) => {
            emptied.moved += u64::from(leaves(action));
            emptied.next.push_front(tried.server);
        }
        Err(why) => emptied.stuck.push_back((tried.server, why)),
    }
}
