//! Which hosts are dead because a rule says so, or down because an administrator does, and who waits for
//! them.
//!
//! What Nova does then (`nova.servicegroup`, `nova.compute.api`): the host's service is *down*, the
//! scheduler passes it by, and its servers are shown as they were, for nobody is there to say anything
//! else. What is asked of them waits for a host that does not answer; a delete is done at once, without
//! it; an evacuation goes ahead on another host.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guichet_core::observation::Observation;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

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
    /// Hosts that an administrator said are down, by name.
    forced: BTreeSet<Arc<str>>,
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
        self.told(state);
    }

    /// An administrator said that this host is down, or is not.
    pub(super) fn force(&self, host: &Arc<str>, is_down: bool) {
        let mut state = self.state();
        let is_other =
            if is_down { state.forced.insert(Arc::clone(host)) } else { state.forced.remove(host) };
        if is_other {
            self.told(state);
        }
    }

    /// Other hosts may be dead or down than before.
    fn told(&self, state: MutexGuard<'_, State>) {
        let is_any = !state.rules.is_empty() || !state.forced.is_empty();
        self.is_any.store(is_any, Ordering::Release);
        drop(state);
        self.changed.notify_waiters();
    }

    /// Whether any host may be dead or down.
    pub(super) fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Acquire)
    }

    /// Whether nobody on this host does anything: it is dead, or an administrator said that it is down.
    pub(super) fn is_silent(&self, host: &str) -> bool {
        if !self.is_any() {
            return false;
        }
        let state = self.state();
        state.forced.contains(host) || state.rules.iter().any(|(_, dead, _)| dead.fits(host))
    }

    /// The rule by which a host is dead, and what comes of it.
    pub(super) fn rule_of(&self, host: &str) -> Option<(u64, HostFault)> {
        if !self.is_any.load(Ordering::Acquire) {
            return None;
        }
        let state = self.state();
        let rule = state.rules.iter().find(|(_, pattern, _)| pattern.fits(host));
        rule.map(|(number, _, fault)| (*number, *fault))
    }

    /// Comes when other hosts are dead than at this call, which is to be followed by a look at which are.
    pub(super) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Something is to be said of a machine.
    pub(super) fn say(&self, seen: Observation) {
        self.state().seen.push_back(seen);
        self.seen.notify_one();
    }

    /// The next that is to be said of a machine; what nobody waits for any more is not lost.
    pub(super) async fn next_observation(&self) -> Observation {
        loop {
            let seen = self.seen.notified();
            if let Some(next) = self.state().seen.pop_front() {
                return next;
            }
            seen.await;
        }
    }
}
