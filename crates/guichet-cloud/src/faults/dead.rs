//! Which hosts are dead because a rule says so, or down because an administrator does, and who waits for
//! them.
//!
//! What Nova does then (`nova.servicegroup`, `nova.compute.api`): the host's service is *down*, the
//! scheduler passes it by, and its servers are shown as they were, for nobody is there to say anything
//! else. What is asked of them waits for a host that does not answer; a delete is done at once, without
//! it; an evacuation goes ahead on another host. A resize or a cold migration is refused, and a live
//! migration fails, before they come here.

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::fmt;
use std::future::pending;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use guichet_clock::WorldClock;
use guichet_core::observation::Observation;
use guichet_core::time::{Clock, Timestamp};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::rule::{FaultRule, HostFault, Pattern, Target, When};

/// What has the rest of a cloud hear that other hosts are dead. It may be dropped before it is done, and
/// is asked again then.
pub(super) type OnTurn = Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Which hosts are dead, and what is to be said of their servers.
pub(super) struct Dead {
    /// The world's, which windows go by.
    clock: WorldClock,
    /// Whether any may be: until then nothing else is looked at. Release: `state` was written before.
    is_any: AtomicBool,
    /// Held to look at it or change it, never across a wait.
    state: Mutex<State>,
    /// Wakes calls that wait for a host, once other hosts are dead.
    changed: Notify,
    /// Wakes whoever hands on what is seen of machines, once there is more.
    seen: Notify,
    /// Called when a window opens or closes.
    on_turn: OnceLock<OnTurn>,
}

impl fmt::Debug for Dead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dead").field("state", &self.state).finish_non_exhaustive()
    }
}

/// A rule about hosts.
#[derive(Debug, Clone)]
struct Rule {
    number: u64,
    hosts: Pattern,
    fault: HostFault,
    when: When,
    /// Whether it holds or has held, and all that follows from that has been said.
    has_begun: bool,
}

#[derive(Debug)]
struct State {
    /// Rules about hosts, from the oldest on.
    rules: Vec<Rule>,
    /// Up to which instant the rest of the cloud has announced which windows opened and closed.
    announced: Timestamp,
    /// Hosts that an administrator said are down, by name.
    forced: BTreeSet<Arc<str>>,
    /// What is to be said of machines: one for each server of a host that has just died, at most.
    seen: VecDeque<Observation>,
}

impl Dead {
    pub(super) fn new(clock: WorldClock) -> Self {
        let state = State {
            rules: Vec::new(),
            announced: clock.now(),
            forced: BTreeSet::new(),
            seen: VecDeque::new(),
        };
        Self {
            clock,
            is_any: AtomicBool::new(false),
            state: Mutex::new(state),
            changed: Notify::new(),
            seen: Notify::new(),
            on_turn: OnceLock::new(),
        }
    }

    /// Has this called when a window opens or closes. Once is enough.
    pub(super) fn on_turn(&self, call: OnTurn) {
        let _ = self.on_turn.set(call);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rules are these from now on.
    pub(super) fn set<'a>(&self, rules: impl Iterator<Item = (u64, &'a FaultRule)>) {
        let mut state = self.state();
        let begun = |number: u64| state.rules.iter().any(|it| it.number == number && it.has_begun);
        let hosts = rules.filter_map(|(number, rule)| match &rule.target {
            Target::Hosts(hosts, fault) => Some(Rule {
                number,
                hosts: hosts.clone(),
                fault: *fault,
                when: rule.when.clone(),
                has_begun: begun(number),
            }),
            _ => None,
        });
        let hosts: Vec<Rule> = hosts.collect();
        state.rules = hosts;
        self.notify(state);
    }

    /// An administrator said that this host is down, or is not.
    pub(super) fn force(&self, host: &Arc<str>, is_down: bool) {
        let mut state = self.state();
        let is_other =
            if is_down { state.forced.insert(Arc::clone(host)) } else { state.forced.remove(host) };
        if is_other {
            self.notify(state);
        }
    }

    /// Other hosts may be dead or down than before.
    fn notify(&self, state: MutexGuard<'_, State>) {
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
        let is_dead =
            |rule: &Rule| rule.hosts.fits(host) && rule.when.holds_at(|| self.clock.now());
        state.forced.contains(host) || state.rules.iter().any(is_dead)
    }

    /// The rule by which a host is dead, and what comes of it.
    pub(super) fn rule_of(&self, host: &str) -> Option<(u64, HostFault)> {
        if !self.is_any.load(Ordering::Acquire) {
            return None;
        }
        let state = self.state();
        let holds = |rule: &&Rule| rule.hosts.fits(host) && rule.when.holds_at(|| self.clock.now());
        state.rules.iter().find(holds).map(|rule| (rule.number, rule.fault))
    }

    /// The rules that hold, and of which not all has been said that follows.
    pub(super) fn beginning(&self) -> Vec<u64> {
        let begins = |rule: &&Rule| !rule.has_begun && rule.when.holds_at(|| self.clock.now());
        self.state().rules.iter().filter(begins).map(|rule| rule.number).collect()
    }

    /// All has been said that follows from these rules, and of what opened and closed until then. What is
    /// to be said of machines is among it.
    pub(super) fn announced(&self, begun: &[u64], until: Timestamp, seen: Vec<Observation>) {
        let mut state = self.state();
        for rule in &mut state.rules {
            rule.has_begun |= begun.contains(&rule.number);
        }
        state.announced = state.announced.max(until);
        state.seen.extend(seen);
        drop(state);
        self.seen.notify_one();
        self.changed.notify_waiters();
    }

    /// When the next window opens or closes of which nobody has heard.
    fn next_turn(&self) -> Option<Timestamp> {
        let state = self.state();
        let turns = state.rules.iter().flat_map(|rule| [rule.when.from, rule.when.until]);
        turns.flatten().filter(|turn| *turn > state.announced).min()
    }

    /// Waits for windows that open or close, and has the rest of the cloud hear of each. It has no end, and
    /// may be dropped and begun anew at any time.
    pub(super) async fn turns(&self) -> Infallible {
        loop {
            let mut changed = pin!(self.changed());
            // From here on no change is missed.
            changed.as_mut().enable();
            let Some(at) = self.next_turn() else {
                changed.await;
                continue;
            };
            tokio::select! {
                biased;
                () = &mut changed => continue,
                () = self.clock.sleep_until(at) => {}
            }
            match self.on_turn.get() {
                Some(call) => call().await,
                // Nobody is to hear of it.
                None => pending().await,
            }
        }
    }

    /// Comes when other hosts are dead than at this call, which is to be followed by a look at which are.
    pub(super) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
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
