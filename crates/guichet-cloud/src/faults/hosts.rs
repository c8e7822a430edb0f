//! What the rules say of hosts: which are dead, and what comes of that for their servers.

use guichet_core::observation::{Observation, Observed};
use guichet_core::server::Server;

use super::Faults;
use super::rule::HostFault;

impl Faults {
    /// Whether a rule says that this host is dead.
    pub fn is_dead(&self, host: &str) -> bool {
        self.dead.rule_of(host).is_some()
    }

    /// Waits until a host lives, if it is dead. Each call that does is counted where it is dead.
    pub(super) async fn host_lives(&self, host: &str, server: &Server) {
        let mut counted = None;
        loop {
            let mut changed = std::pin::pin!(self.dead.changed());
            // From here on no change is missed.
            changed.as_mut().enable();
            let Some((rule, _)) = self.dead.rule_of(host) else { return };
            if counted.replace(rule) != Some(rule) {
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
