//! What the rules say of hosts: which are dead, and what comes of that for their servers.

use std::convert::Infallible;
use std::sync::Arc;

use guichet_core::observation::{Observation, Observed};
use guichet_core::server::Server;
use guichet_core::time::Timestamp;

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

    /// A call met a host that is dead.
    pub(super) fn met(&self, host: &str, server: &Server) {
        if let Some((rule, _)) = self.dead.rule_of(host) {
            self.count(rule, server.id.to_string());
        }
    }

    /// The rules about hosts that have just begun to hold.
    pub(super) fn beginning(&self) -> Vec<u64> {
        self.dead.beginning()
    }

    /// The rule by which the machine of a server on this host is gone, if it is one of these.
    pub(super) fn loses(&self, host: &str, rules: &[u64]) -> Option<u64> {
        let (rule, fault) = self.dead.rule_of(host)?;
        (fault == HostFault::ServersFail && rules.contains(&rule)).then_some(rule)
    }

    /// The rest of the cloud has heard of these rules, and of what began and ended until then; these
    /// servers are lost, each by the rule before it.
    pub(super) fn announced(&self, begun: &[u64], until: Timestamp, lost: &[(u64, Arc<Server>)]) {
        for (rule, server) in lost {
            self.count(*rule, server.id.to_string());
        }
        let gone = |(_, server): &(u64, Arc<Server>)| {
            let (server, fence) = (server.id, server.fence);
            Observation { server, fence, what: Observed::Gone }
        };
        self.dead.announced(begun, until, lost.iter().map(gone).collect());
    }

    /// Waits for windows of rules about hosts; see [`Dead::turns`](super::dead::Dead::turns).
    pub(super) async fn turns(&self) -> Infallible {
        self.dead.turns().await
    }

    /// The next that is to be said of a machine.
    pub(super) async fn next_observation(&self) -> Observation {
        self.dead.next_observation().await
    }
}
