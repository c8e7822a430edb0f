//! Hosts as administrators set them: whether they take servers, and whether they count as down.

use std::collections::HashSet;
use std::sync::Arc;

use guichet_core::ids::HostId;
use guichet_core::project::Host;
use guichet_core::refusal::Refusal;
use guichet_core::setting::Setting;
use guichet_engine::ServerManager;

use crate::accounts::Caller;
use crate::catalogue::Catalogue;
use crate::documents::{Change, next};
use crate::drains::{Drains, Progress};
use crate::faults::Faults;
pub use crate::host_state::{DrainState, HostState, Intake};
use crate::records::Records;

/// What is set of a host; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostEdit {
    /// Whether it takes no more servers, and why.
    pub disabled: Option<(bool, Option<String>)>,
    /// Whether it counts as down.
    pub forced_down: Option<bool>,
    /// Whether it is being emptied. One that is takes no more servers, whatever else is said.
    pub drained: Option<bool>,
}

impl HostEdit {
    /// What is set of a host once this is.
    fn apply(self, state: &mut HostState) {
        if let Some((is_disabled, reason)) = self.disabled {
            (state.is_disabled, state.reason) = (is_disabled, reason);
        }
        state.is_forced_down = self.forced_down.unwrap_or(state.is_forced_down);
        state.drain = match self.drained {
            Some(true) => Some(DrainState::Moving),
            Some(false) => None,
            // One that takes servers again is not being emptied.
            None => state.drain.filter(|_| state.is_disabled),
        };
        state.is_disabled |= state.drain.is_some();
    }
}

/// How a host is shown to those who look at its servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostStatus {
    /// Its service is up.
    Up,
    /// It takes no more servers.
    Maintenance,
    /// An administrator said that it is down.
    Down,
    /// Nothing is heard of it.
    Unknown,
}

/// Why a host is not changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HostError {
    /// Only administrators set hosts.
    #[error("only administrators set hosts")]
    Forbidden,
    /// There is no such host.
    #[error("there is no such host")]
    NotFound,
    /// It cannot be recorded at present.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What sets hosts.
#[derive(Debug)]
pub struct Hosts<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) manager: &'a ServerManager,
    pub(crate) records: &'a Records,
    pub(crate) faults: Option<&'a Faults>,
    pub(crate) drains: &'a Drains,
}

impl Hosts<'_> {
    /// Whether nothing is heard of a host, because a rule says that it is dead.
    pub fn is_dead(&self, host: &Host) -> bool {
        self.faults.is_some_and(|faults| faults.is_dead(&host.name))
    }

    /// Whether a host's service is down: an administrator said so, or nothing is heard of it.
    pub fn is_down(&self, host: &Host) -> bool {
        self.is_dead(host) || self.state(host).is_forced_down
    }

    /// How a host is shown beside its servers (`nova.compute.api`, `get_instance_host_status`): what an
    /// administrator said comes first.
    pub fn status(&self, host: &Host) -> HostStatus {
        let state = self.state(host);
        match (state.is_forced_down, state.is_disabled, self.is_dead(host)) {
            (true, ..) => HostStatus::Down,
            (_, true, _) => HostStatus::Maintenance,
            (.., true) => HostStatus::Unknown,
            _ => HostStatus::Up,
        }
    }

    /// What is set of a host.
    pub fn state(&self, host: &Host) -> HostState {
        self.catalogue.host_state(&host.name)
    }

    /// How far the emptying of a host is, if it goes on.
    pub fn progress(&self, host: &Host) -> Option<Progress> {
        let is_moving = self.state(host).drain == Some(DrainState::Moving);
        is_moving.then(|| self.drains.of(host.id).unwrap_or_default())
    }

    /// Sets a host: gives what is set of it afterwards.
    ///
    /// # Errors
    /// [`HostError`]: nothing was changed.
    pub async fn edit(
        &self,
        caller: &Caller,
        id: HostId,
        edit: HostEdit,
    ) -> Result<HostState, HostError> {
        if !caller.is_admin() {
            return Err(HostError::Forbidden);
        }
        self.change(id, edit).await
    }

    /// The same for whoever has shown another right to do it.
    ///
    /// # Errors
    /// [`HostError`]: nothing was changed.
    pub async fn change(&self, id: HostId, edit: HostEdit) -> Result<HostState, HostError> {
        let host = self.catalogue.host(id).ok_or(HostError::NotFound)?;
        self.change_by(host, |state| edit.apply(state)).await
    }

    /// It has no server any more; unless that is not asked for any longer.
    pub(crate) async fn end_drain(&self, host: &Host) -> Result<(), HostError> {
        let end = |state: &mut HostState| {
            state.drain = state.drain.and(Some(DrainState::Done));
        };
        self.change_by(host, end).await.map(drop)
    }

    async fn change_by(
        &self,
        host: &Host,
        change: impl FnOnce(&mut HostState),
    ) -> Result<HostState, HostError> {
        let written = &self.catalogue.host_states;
        let state = written.change(self.records, |rows| {
            let known = rows.iter().find(|(_, state)| state.host == host.name);
            let number = known.map_or_else(|| next(rows), |(number, _)| *number);
            let mut state = known.map(|(_, state)| HostState::clone(state)).unwrap_or_default();
            state.host = Arc::clone(&host.name);
            change(&mut state);
            Ok::<_, HostError>((vec![Change::Put(number, state.clone())], state))
        });
        let state = state.await?;
        self.set(host, &state);
        self.drains.tell();
        Ok(state)
    }

    /// Has the manager go by what an earlier process was told.
    pub(crate) fn set_all(&self) {
        for host in self.catalogue.hosts() {
            let state = self.state(host);
            if state != HostState::default() {
                self.set(host, &state);
            }
        }
    }

    /// The same of these hosts, whatever they were told: which are dead has changed.
    pub(crate) fn set_anew<'a>(&self, hosts: impl Iterator<Item = &'a Host>) {
        for host in hosts {
            self.set(host, &self.state(host));
        }
    }

    /// The hosts that take no servers, in the order of their declaration. Goes through all hosts, and
    /// once through what is set of any.
    pub fn closed(&self) -> Vec<&Host> {
        let set = self.catalogue.host_states.all();
        let is_set = |state: &HostState| state.is_disabled || state.is_forced_down;
        let names = set.iter().filter(|(_, state)| is_set(state)).map(|(_, state)| &*state.host);
        let names: HashSet<&str> = names.collect();
        let hosts = self.catalogue.hosts().iter();
        hosts.filter(|host| names.contains(&*host.name) || self.is_dead(host)).collect()
    }

    /// Whether servers are placed on a host.
    pub fn is_open(&self, host: &Host) -> bool {
        let state = self.state(host);
        !state.is_disabled && !state.is_forced_down && !self.is_dead(host)
    }

    /// A host that is disabled or down takes no servers; what is asked of those that one has that is down
    /// waits for it.
    fn set(&self, host: &Host, state: &HostState) {
        if let Some(faults) = self.faults {
            faults.force_down(&host.name, state.is_forced_down);
        }
        let is_open = !state.is_disabled && !state.is_forced_down && !self.is_dead(host);
        self.manager.set(Setting::Host { host: host.id, is_open });
    }
}
