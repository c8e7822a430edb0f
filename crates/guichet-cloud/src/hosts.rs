//! Hosts as administrators set them: whether they take servers, and whether they count as down.

use std::sync::Arc;

use guichet_core::ids::HostId;
use guichet_core::project::Host;
use guichet_core::refusal::Refusal;
use guichet_core::setting::Setting;
use guichet_engine::ServerManager;

use crate::accounts::Caller;
use crate::catalogue::Catalogue;
use crate::documents::{Change, next};
pub use crate::host_state::HostState;
use crate::records::Records;

/// What is set of a host; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostEdit {
    /// Whether it takes no more servers, and why.
    pub disabled: Option<(bool, Option<String>)>,
    /// Whether it counts as down.
    pub forced_down: Option<bool>,
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
}

impl Hosts<'_> {
    /// What is set of a host.
    pub fn state(&self, host: &Host) -> HostState {
        self.catalogue.host_state(&host.name)
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
        let host = self.catalogue.host(id).ok_or(HostError::NotFound)?;
        let written = &self.catalogue.host_states;
        let state = written.change(self.records, |rows| {
            let known = rows.iter().find(|(_, state)| state.host == host.name);
            let number = known.map_or_else(|| next(rows), |(number, _)| *number);
            let mut state = known.map(|(_, state)| HostState::clone(state)).unwrap_or_default();
            state.host = Arc::clone(&host.name);
            if let Some((is_disabled, reason)) = edit.disabled {
                (state.is_disabled, state.reason) = (is_disabled, reason);
            }
            state.is_forced_down = edit.forced_down.unwrap_or(state.is_forced_down);
            Ok::<_, HostError>((vec![Change::Put(number, state.clone())], state))
        });
        let state = state.await?;
        self.manager.set(setting(id, &state));
        Ok(state)
    }

    /// Has the manager go by what an earlier process was told.
    pub(crate) fn set_all(&self) {
        for host in self.catalogue.hosts() {
            let state = self.state(host);
            if state != HostState::default() {
                self.manager.set(setting(host.id, &state));
            }
        }
    }
}

/// A host that is disabled or down takes no servers.
const fn setting(host: HostId, state: &HostState) -> Setting {
    Setting::Host { host, is_open: !state.is_disabled && !state.is_forced_down }
}
