//! Faults that a test asks for while a cloud runs: which requests and operations are to go wrong, when,
//! and how.
//!
//! A rule counts what it is about; at which counts it strikes is a function of the rule, the count and
//! the cloud's seed, so the same requests in the same order have the same faults. Of several rules that
//! would strike the first does; all of them count.

mod asked;
mod dead;
mod driver;
mod hosts;
mod rule;

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guichet_clock::WorldClock;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::time::Clock;

use crate::replaceable::Replaceable;
use dead::{Dead, OnTurn};
pub(crate) use driver::Faulty;
pub use rule::{
    FaultRule, Filter, HostFault, OperationFault, Pattern, RequestFault, RuleError, Target, When,
};

/// The rules of a cloud.
pub struct Faults {
    chance: Chance,
    /// The world's, which windows go by.
    clock: WorldClock,
    /// Hosts that rules say are dead.
    dead: Dead,
    /// How many rules there are: without any nothing else is looked at. Release: a rule is in the table
    /// before it is counted here.
    count: AtomicUsize,
    /// Held to look at the rules for one request or operation, never across a wait.
    rules: Mutex<Rules>,
    /// The names of the projects, by their ids.
    projects: Replaceable<Vec<Arc<str>>>,
}

#[derive(Debug, Default)]
struct Rules {
    rules: Vec<Counted>,
    /// The number of the last one that was made.
    last: u64,
}

/// A rule, and what became of it so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// Its number in the cloud, from 1.
    pub number: u64,
    /// The rule.
    pub rule: FaultRule,
    /// How many requests or operations it is about have come.
    pub seen: u64,
    /// How many of them it struck.
    pub struck: u64,
    /// The latest that it struck: ids of requests, or of servers.
    pub latest: VecDeque<String>,
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("count", &self.count).finish_non_exhaustive()
    }
}

/// What a rule about requests looks at.
#[derive(Debug, Clone, Copy)]
pub struct AskedRequest<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its path inside the world, without its query.
    pub path: &'a str,
    /// The service that the path is of, such as `compute`.
    pub service: &'a str,
    /// The name of the project that its token is for; empty if it has none.
    pub project: &'a str,
    /// The address that it came from; empty if that is not known.
    pub client: &'a str,
}

/// A fault that struck, and by which rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Struck<T> {
    /// The rule's number.
    pub rule: u64,
    /// What is to go wrong.
    pub fault: T,
}

impl Faults {
    /// None yet; what is drawn for them is drawn from this, and they hold by that clock.
    /// `projects` are the names of the projects, by their ids.
    pub fn new(chance: Chance, clock: WorldClock, projects: Vec<Arc<str>>) -> Self {
        let (count, rules) = (AtomicUsize::new(0), Mutex::default());
        let projects = Replaceable::new(projects);
        let dead = Dead::new(clock.clone());
        Self { chance, clock, dead, count, rules, projects }
    }

    /// Has these projects as well, behind those that there are.
    pub(crate) fn add_projects(&self, names: Vec<Arc<str>>) {
        self.projects.change(|all| all.extend(names));
    }

    fn project_name(&self, project: ProjectId) -> Arc<str> {
        let name = self.projects.look(|all| all.get(project.index()).cloned());
        name.unwrap_or_default()
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there are no rules.
    pub fn is_empty(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// Adds rules, all or none; their numbers. Of those about hosts somebody must tell the scheduler, as
    /// [`Cloud::add_faults`](crate::Cloud::add_faults) does.
    ///
    /// # Errors
    /// [`RuleError`].
    pub(crate) fn add(&self, rules: Vec<FaultRule>) -> Result<Vec<u64>, RuleError> {
        rules.iter().try_for_each(FaultRule::check)?;
        let mut table = self.rules();
        if table.rules.len() + rules.len() > limits::FAULT_RULES_MAX {
            return Err(RuleError::TooMany);
        }
        let mut numbers = Vec::with_capacity(rules.len());
        for rule in rules {
            table.last += 1;
            let number = table.last;
            let latest = VecDeque::new();
            table.rules.push(Counted { number, rule, seen: 0, struck: 0, latest });
            numbers.push(number);
        }
        self.changed(&table);
        Ok(numbers)
    }

    /// All rules, from the oldest on.
    pub fn all(&self) -> Vec<Counted> {
        self.rules().rules.clone()
    }

    /// The rules are others now.
    fn changed(&self, table: &Rules) {
        self.dead.set(table.rules.iter().map(|counted| (counted.number, &counted.rule)));
        self.count.store(table.rules.len(), Ordering::Release);
    }

    /// Has this called when a window of a rule about hosts opens or closes.
    fn on_turn(&self, call: OnTurn) {
        self.dead.on_turn(call);
    }

    /// Takes a rule out. Whether it was there.
    pub(crate) fn remove(&self, number: u64) -> bool {
        let mut table = self.rules();
        let before = table.rules.len();
        table.rules.retain(|counted| counted.number != number);
        self.changed(&table);
        table.rules.len() < before
    }

    /// Takes all of them out.
    pub(crate) fn clear(&self) {
        let mut table = self.rules();
        table.rules.clear();
        self.changed(&table);
    }

    /// What goes wrong with a request, if anything does.
    pub fn of_request(&self, asked: AskedRequest<'_>) -> Option<Struck<RequestFault>> {
        let AskedRequest { method, path, service, project, client } = asked;
        let words = [method, path, service, project, client];
        self.strike(|target| match target {
            Target::Requests(filter, fault) if filter.fits(&words) => Some(fault.clone()),
            _ => None,
        })
    }

    /// What goes wrong with an operation, if anything does: its action, and the names of its server, its
    /// project and its host.
    pub(crate) fn of_operation(&self, words: [&str; 4]) -> Option<Struck<OperationFault>> {
        self.strike(|target| match target {
            Target::Operations(filter, fault) if filter.fits(&words) => Some(fault.clone()),
            _ => None,
        })
    }

    /// Counts it in every rule that is about it, and has the first strike whose turn it is.
    fn strike<T>(&self, fault: impl Fn(&Target) -> Option<T>) -> Option<Struck<T>> {
        if self.is_empty() {
            return None;
        }
        let mut found = None;
        for counted in &mut self.rules().rules {
            let Some(fault) = fault(&counted.rule.target) else { continue };
            if !counted.rule.when.holds_at(|| self.clock.now()) {
                continue;
            }
            counted.seen += 1;
            let draw = self.chance.unit(Purpose::Fault, counted.number, counted.seen, 0);
            if counted.rule.when.strikes(counted.seen, counted.struck, draw) && found.is_none() {
                counted.struck += 1;
                found = Some(Struck { rule: counted.number, fault });
            }
        }
        found
    }

    /// Counts what a rule about hosts struck, and notes which server that was.
    fn count(&self, rule: u64, id: String) {
        let mut table = self.rules();
        if let Some(counted) = table.rules.iter_mut().find(|counted| counted.number == rule) {
            counted.seen += 1;
            counted.struck += 1;
        }
        drop(table);
        self.note(rule, id);
    }

    /// Notes which request or server a rule struck.
    pub fn note(&self, rule: u64, id: String) {
        let mut table = self.rules();
        let counted = table.rules.iter_mut().find(|counted| counted.number == rule);
        if let Some(counted) = counted {
            if counted.latest.len() >= limits::FAULT_IDS_MAX {
                counted.latest.pop_front();
            }
            counted.latest.push_back(id);
        }
    }
}
