//! A whole race: the threads, the exploration, and what they came to.

use std::io;

use guichet_locale::{Locale, text};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::anomaly::Anomaly;
use crate::explore::{Explored, Shortest, explore};
use crate::schedule::Schedule;
use crate::scope::scope;
use crate::state::{Actor, Manager};
use crate::threads::{Raced, Threads, race};
use crate::timeline::{StepError, Timeline};

/// How to race, and how far to explore.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Clients of the first part, a thread each.
    pub clients: usize,
    /// The most requests they send.
    pub requests: u64,
    /// What they ask for is drawn from this.
    pub seed: u64,
    /// A semaphore to explore too, with so many permits.
    pub permits: Option<u64>,
    /// The most states of one manager to explore.
    pub states_max: u64,
}

/// Why there was no race.
#[derive(Debug, thiserror::Error)]
pub enum RaceError {
    /// The system gave no threads.
    #[error("{}", self.sentence(Locale::English))]
    Threads(#[from] io::Error),
    /// A schedule that was found could not be played.
    #[error(transparent)]
    Schedule(#[from] StepError),
}

impl RaceError {
    /// The same in a language.
    pub fn sentence(&self, locale: Locale) -> String {
        match self {
            Self::Threads(error) => text!(locale, "race-no-threads", error = error.to_string()),
            Self::Schedule(error) => error.sentence(locale),
        }
    }
}

/// A part of a race.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Real threads, with and without the lock.
    Threads,
    /// Every schedule without the lock.
    Unlocked,
    /// Every schedule with it.
    Locked,
    /// Every schedule with a semaphore.
    Semaphore,
}

impl Part {
    /// What is being done in it.
    pub fn sentence(self, locale: Locale) -> String {
        match self {
            Self::Threads => text!(locale, "race-doing-threads"),
            Self::Unlocked => text!(locale, "race-doing-unlocked"),
            Self::Locked => text!(locale, "race-doing-locked"),
            Self::Semaphore => text!(locale, "race-doing-semaphore"),
        }
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How it was raced.
    pub options: Options,
    /// What the threads did without the lock.
    pub unlocked: Raced,
    /// What the threads did with the lock.
    pub locked: Raced,
    /// Every schedule without the lock.
    pub explored_unlocked: Explored,
    /// Every schedule with it.
    pub explored_locked: Explored,
    /// Every schedule with the semaphore that was asked for.
    pub explored_semaphore: Option<(u64, Explored)>,
    /// The shortest schedule for each invariant that breaks without the lock.
    pub shortest: Vec<Timeline>,
    /// The shortest of all that break something with that semaphore.
    pub shortest_with_semaphore: Option<Timeline>,
}

/// Races on threads, then explores. `progress` is told of each part that begins.
///
/// # Errors
/// If the system gives no threads.
pub fn run(options: Options, mut progress: impl FnMut(Part)) -> Result<Outcome, RaceError> {
    let Options { clients, requests, seed, .. } = options;
    progress(Part::Threads);
    let unlocked = race(Threads { clients, requests, seed, locked: false, until_all: true })?;
    // As many as it took without the lock.
    let requests = unlocked.requests;
    let locked = race(Threads { clients, requests, seed, locked: true, until_all: false })?;
    let cases = scope();
    progress(Part::Unlocked);
    let explored_unlocked = explore(&cases, Manager::Unlocked, options.states_max);
    progress(Part::Locked);
    let explored_locked = explore(&cases, Manager::Locked, options.states_max);
    let explored_semaphore = options.permits.map(|permits| {
        progress(Part::Semaphore);
        (permits, explore(&cases, Manager::Semaphore(permits), options.states_max))
    });
    let shortest = explored_unlocked
        .shortest
        .iter()
        .map(|found| timeline(found, Manager::Unlocked))
        .collect::<Result<_, _>>()?;
    let shortest_with_semaphore = match &explored_semaphore {
        Some((permits, explored)) => explored
            .shortest
            .iter()
            .min_by_key(|found| found.steps.len())
            .map(|found| timeline(found, Manager::Semaphore(*permits)))
            .transpose()?,
        None => None,
    };
    Ok(Outcome {
        options,
        unlocked,
        locked,
        explored_unlocked,
        explored_locked,
        explored_semaphore,
        shortest,
        shortest_with_semaphore,
    })
}

fn timeline(found: &Shortest, manager: Manager) -> Result<Timeline, StepError> {
    let schedule = Schedule {
        claim: Some(found.invariant),
        case: found.case.clone(),
        steps: found.steps.clone(),
    };
    let played = Timeline::play(&schedule, manager)?;
    Ok(Timeline { sealed: Some(found.sealed), ..played })
}

impl Outcome {
    /// Whether nothing broke with the lock, on threads or in any schedule. Not if some schedules
    /// were left out: that would be a guess.
    pub fn locked_holds(&self) -> bool {
        self.locked_unbroken() && self.explored_locked.complete
    }

    /// Whether nothing broke with the lock in what was seen.
    pub(crate) fn locked_unbroken(&self) -> bool {
        self.locked.kinds() == 0 && self.explored_locked.broken == 0
    }

    /// Whether something broke without it.
    pub fn unlocked_broke(&self) -> bool {
        self.unlocked.kinds() > 0 || self.explored_unlocked.broken > 0
    }

    /// Whether it came out as it must: the lock holds, and without it something breaks.
    pub fn holds(&self) -> bool {
        self.locked_holds() && self.unlocked_broke()
    }

    /// The outcome as an object for programs.
    pub fn json(&self) -> impl Serialize + '_ {
        let figures = |explored| Figures::of(explored, None);
        let shortest = self.shortest.iter().map(Shown::of).collect();
        Json {
            seed: self.options.seed,
            clients: self.options.clients,
            unlocked: Counts::of(&self.unlocked),
            locked: Counts::of(&self.locked),
            explored: Managers {
                unlocked: figures(&self.explored_unlocked),
                locked: figures(&self.explored_locked),
                semaphore: self
                    .explored_semaphore
                    .as_ref()
                    .map(|(permits, explored)| Figures::of(explored, Some(*permits))),
            },
            shortest,
            holds: self.holds(),
        }
    }
}

/// A value for each anomaly, under its name.
#[derive(Debug)]
struct ByAnomaly<T>([T; 6]);

impl<T: Serialize> Serialize for ByAnomaly<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (kind, value) in Anomaly::ALL.into_iter().zip(&self.0) {
            map.serialize_entry(kind.as_str(), value)?;
        }
        map.end()
    }
}

#[derive(Debug, Serialize)]
struct Json<'a> {
    seed: u64,
    clients: usize,
    unlocked: Counts,
    locked: Counts,
    explored: Managers,
    shortest: Vec<Shown<'a>>,
    holds: bool,
}

#[derive(Debug, Serialize)]
struct Counts {
    anomalies: ByAnomaly<u64>,
    requests: u64,
}

impl Counts {
    const fn of(raced: &Raced) -> Self {
        Self { anomalies: ByAnomaly(raced.found), requests: raced.requests }
    }
}

#[derive(Debug, Serialize)]
struct Managers {
    unlocked: Figures,
    locked: Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    semaphore: Option<Figures>,
}

#[derive(Debug, Serialize)]
struct Figures {
    #[serde(skip_serializing_if = "Option::is_none")]
    permits: Option<u64>,
    cases: u64,
    states: u64,
    schedules: u128,
    broken: u128,
    broken_by: ByAnomaly<u128>,
    complete: bool,
}

impl Figures {
    const fn of(explored: &Explored, permits: Option<u64>) -> Self {
        Self {
            permits,
            cases: explored.cases,
            states: explored.states,
            schedules: explored.schedules,
            broken: explored.broken,
            broken_by: ByAnomaly(explored.broken_by),
            complete: explored.complete,
        }
    }
}

/// A timeline for programs, which read English.
#[derive(Debug, Serialize)]
pub(crate) struct Shown<'a> {
    /// What it breaks, or is said to.
    invariant: Option<Anomaly>,
    /// The text for `--replay`.
    schedule: String,
    /// What is broken by it, a sentence each.
    broken: Vec<Broken>,
    /// The step after which it cannot be avoided, from 1, if that is known.
    harm_step: Option<usize>,
    steps: Vec<ShownStep<'a>>,
}

#[derive(Debug, Serialize)]
struct Broken {
    invariant: Anomaly,
    sentence: String,
}

#[derive(Debug, Serialize)]
struct ShownStep<'a> {
    /// Its number from 1; null is the worker.
    client: Option<u8>,
    step: &'a str,
}

impl<'a> Shown<'a> {
    pub(crate) fn of(timeline: &'a Timeline) -> Self {
        let steps = timeline.steps.iter().map(|step| ShownStep {
            client: match step.actor {
                Actor::Client(number) => Some(number),
                Actor::Worker => None,
            },
            step: step.text.in_locale(Locale::English),
        });
        let broken = timeline.broken.iter();
        Self {
            invariant: timeline.schedule.claim,
            schedule: timeline.schedule.to_string(),
            broken: broken
                .map(|harm| Broken {
                    invariant: harm.kind(),
                    sentence: harm.sentence(Locale::English),
                })
                .collect(),
            harm_step: timeline.sealed.map(|sealed| sealed.step + 1),
            steps: steps.collect(),
        }
    }
}
