//! Hosts that are dead because a rule says so.
//!
//! What Nova does then (`nova.servicegroup`, `nova.compute.api`): the host's service is *down*, the
//! scheduler passes it by, and its servers are shown as they were, for nobody is there to say anything
//! else. What is asked of them waits for a host that does not answer; a delete is done at once, without
//! it; an evacuation goes ahead on another host.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use guichet_core::observation::{Observation, Observed};
use guichet_core::server::Server;
use tokio::sync::Notify;

use super::Faults;
use super::rule::{HostFault, Pattern, Target};

/// Which hosts are dead, and what is to be said of their servers.
#[derive(Debug, Default)]
pub(super) struct Dead {
    /// Whether any may be: until then nothing else is looked at. Release: `state` was written before.
    is_any: AtomicBool,
    /// Held to look at it or change it, never across a wait.
    state: Mutex<State>,
    /// Wakes calls that wait for a host, once other hosts are dead.
    changed: Notify,
    /// Wakes whoever hands on what is seen of machines, once there is more.
    seen: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Rules about hosts, by their numbers.
    rules: Vec<(u64, Pattern, HostFault)>,
    /// What is to be said of machines: one for each server of a host that has just died, at most.
    seen: VecDeque<Observation>,
}

impl Dead {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rules are these from now on.
    pub(super) fn set<'a>(&self, rules: impl Iterator<Item = (u64, &'a Target)>) {
        let hosts = rules.filter_map(|(number, target)| match target {
            Target::Hosts(host, fault) => Some((number, host.clone(), *fault)),
            _ => None,
        });
        let mut state = self.state();
        state.rules = hosts.collect();
        self.is_any.store(!state.rules.is_empty(), Ordering::Release);
        drop(state);
        self.changed.notify_waiters();
    }

    /// The rule by which a host is dead, and what comes of it.
    fn rule_of(&self, host: &str) -> Option<(u64, HostFault)> {
        if !self.is_any.load(Ordering::Acquire) {
            return None;
        }
        let state = self.state();
        let rule = state.rules.iter().find(|(_, pattern, _)| pattern.fits(host));
        rule.map(|(number, _, fault)| (*number, *fault))
    }
}

impl Faults {
    /// Whether a rule says that this host is dead.
    pub fn is_dead(&self, host: &str) -> bool {
        self.dead.rule_of(host).is_some()
    }

    /// Waits until a host lives, if it is dead. Each call that does is counted where it is dead.
    pub(super) async fn host_lives(&self, host: &str, server: &Server) {
        let mut counted = None;
        loop {
            let mut changed = std::pin::pin!(self.dead.changed.notified());
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
        self.dead.state().seen.push_back(gone);
        self.dead.seen.notify_one();
    }

    /// The next that is to be said of a machine.
    pub(super) async fn next_observation(&self) -> Observation {
        loop {
            let seen = self.dead.seen.notified();
            if let Some(next) = self.dead.state().seen.pop_front() {
                return next;
            }
            seen.await;
        }
    }
}
