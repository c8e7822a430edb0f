//! What the rules say of hosts: which are dead, and what comes of that for their servers.

use std::sync::Arc;

use guichet_core::observation::{Observation, Observed};
use guichet_core::server::Server;

use super::Faults;
use super::rule::HostFault;

impl Faults {
    /// Whether a rule says that this host is dead.
    pub fn is_dead(&self, host: &str) -> bool {
        self.dead.rule_of(host).is_some()
    }

    /// Whether there is a host of which that may hold.
    pub(super) fn has_silent_hosts(&self) -> bool {
        self.dead.is_any()
    }

    /// Whether what is asked of a host's servers waits for it: a rule says that it is dead, or an
    /// administrator that it is down.
    pub(super) fn is_silent(&self, host: &str) -> bool {
        self.dead.is_silent(host)
    }

    /// An administrator said that this host is down, or is not.
    pub(crate) fn force_down(&self, host: &Arc<str>, is_down: bool) {
        self.dead.force(host, is_down);
    }

    /// Waits until a host lives, if it is dead or down. Each call that does is counted where it is dead.
    pub(super) async fn host_lives(&self, host: &str, server: &Server) {
        let mut counted = None;
        loop {
            let mut changed = std::pin::pin!(self.dead.changed());
            // From here on no change is missed.
            changed.as_mut().enable();
            if !self.dead.is_silent(host) {
                return;
            }
            if let Some((rule, _)) = self.dead.rule_of(host)
                && counted.replace(rule) != Some(rule)
            {
                self.count(rule, server.id.to_string());
            }
            changed.await;
        }
    }

    /// A server is on a host that has just died: its machine is gone, if the rule says so.
    pub(crate) fn lose(&self, host: &str, server: &Server) {
        let Some((rule, HostFault::ServersFail)) = self.dead.rule_of(host) else { return };
        self.count(rule, server.id.to_string());
        let (id, fence) = (server.id, server.fence);
        let gone = Observation { server: id, fence, what: Observed::Gone };
        self.dead.say(gone);
    }

    /// The next that is to be said of a machine.
    pub(super) async fn next_observation(&self) -> Observation {
        self.dead.next_observation().await
    }
}
