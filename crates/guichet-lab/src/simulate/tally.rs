//! What clients see, counted: requests, refusals, times.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use guichet_core::refusal::RefusalKind;
use guichet_core::server::{Operation, OperationState};
use hdrhistogram::Histogram;

use super::trail::Ran;

/// How many parts the counts are kept in, so that clients on different threads seldom meet.
const SHARDS: usize = 16;

/// What a read is counted as.
const LIST: &str = "list";

/// A histogram of times in microseconds, to three digits.
fn histogram() -> Histogram<u64> {
    Histogram::new(3).expect("three significant digits are between 0 and 5")
}

fn record(histogram: &mut Histogram<u64>, time: Duration) {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    // The histogram grows by itself; only a value beyond 2^63 µs does not fit, and none is.
    let _ = histogram.record(micros);
}

/// Counts of one part, or of all.
#[derive(Debug)]
pub struct Counted {
    /// Requests sent, reads left out.
    pub sent: u64,
    /// How many of them were accepted.
    pub accepted: u64,
    /// How many of them were repeats of an earlier request.
    pub repeated: u64,
    /// How many of them were refused, by kind.
    pub refused: BTreeMap<RefusalKind, u64>,
    /// What was sent, by action; reads too.
    pub by_action: BTreeMap<&'static str, u64>,
    /// Reads of a list that were answered.
    pub queries: u64,
    /// Operations whose end a client received, by final state.
    pub ends: BTreeMap<&'static str, u64>,
    /// Operations of accepted requests.
    pub operations: u64,
    /// Accepted creates by hour of the run.
    pub creates_by_hour: BTreeMap<u64, u64>,
    /// Accepted → first started, µs.
    pub wait: Histogram<u64>,
    /// First started → finished, µs.
    pub service: Histogram<u64>,
    /// Meant to be sent → finished, µs.
    pub latency: Histogram<u64>,
    /// Meant to be sent → read, µs.
    pub query_latency: Histogram<u64>,
    /// When each operation ran, if that is recorded.
    pub ran: Vec<Ran>,
}

impl Default for Counted {
    fn default() -> Self {
        Self {
            sent: 0,
            accepted: 0,
            repeated: 0,
            refused: BTreeMap::new(),
            by_action: BTreeMap::new(),
            queries: 0,
            ends: BTreeMap::new(),
            operations: 0,
            creates_by_hour: BTreeMap::new(),
            wait: histogram(),
            service: histogram(),
            latency: histogram(),
            query_latency: histogram(),
            ran: Vec::new(),
        }
    }
}

fn add_all<K: Ord + Copy>(into: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, count) in from {
        *into.entry(*key).or_default() += count;
    }
}

impl Counted {
    fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.repeated += other.repeated;
        self.queries += other.queries;
        self.operations += other.operations;
        self.ran.extend_from_slice(&other.ran);
        add_all(&mut self.refused, &other.refused);
        add_all(&mut self.by_action, &other.by_action);
        add_all(&mut self.ends, &other.ends);
        add_all(&mut self.creates_by_hour, &other.creates_by_hour);
        for (into, from) in [
            (&mut self.wait, &other.wait),
            (&mut self.service, &other.service),
            (&mut self.latency, &other.latency),
            (&mut self.query_latency, &other.query_latency),
        ] {
            // Both have three digits and grow by themselves, so adding cannot fail.
            let _ = into.add(from);
        }
    }

    /// Refusals of all kinds.
    pub fn refused_total(&self) -> u64 {
        self.refused.values().sum()
    }

    /// How many operations ended so, as clients saw it.
    pub fn ended(&self, state: OperationState) -> u64 {
        self.ends.get(state.as_str()).copied().unwrap_or(0)
    }
}

/// How a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Taken in, with so many operations; a create in this hour of the run, if it was one.
    Accepted {
        /// How many operations it was accepted with.
        operations: u64,
        /// The hour of the run, for a create.
        create_hour: Option<u64>,
    },
    /// It was answered as an earlier request with the same key was.
    Repeated,
    /// It was refused for this reason.
    Refused(RefusalKind),
}

/// A few names with their counts. Each is looked for by where it lies in the program, which is nearly always the
/// same place: one that is not found so is there twice, until all is added up.
#[derive(Debug, Default)]
struct Names(Vec<(&'static str, u64)>);

impl Names {
    fn add(&mut self, name: &'static str) {
        match self.0.iter_mut().find(|(known, _)| std::ptr::eq(*known, name)) {
            Some((_, count)) => *count += 1,
            None => self.0.push((name, 1)),
        }
    }

    fn add_to(&self, into: &mut BTreeMap<&'static str, u64>) {
        for (name, count) in &self.0 {
            *into.entry(name).or_default() += count;
        }
    }
}

/// What is counted in one part: most of it as it is shown.
#[derive(Debug, Default)]
struct Part {
    counted: Counted,
    by_action: Names,
    ends: Names,
}

/// The counts of all clients, in parts that seldom meet.
#[derive(Debug, Default)]
pub struct Tally {
    /// Each held to count one thing; never across a wait.
    shards: [Mutex<Part>; SHARDS],
    /// Whether to record when each operation ran.
    records_runs: bool,
    /// How many requests are over, reads included. Relaxed: whoever looks at it shows it, and
    /// nothing is read because of it.
    over: AtomicU64,
}

impl Tally {
    /// A tally that records when each operation ran, 16 bytes each.
    pub fn recording_runs() -> Self {
        Self { records_runs: true, ..Self::default() }
    }

    fn with(&self, client: u32, step: impl FnOnce(&mut Part)) {
        let shard = &self.shards[client as usize % SHARDS];
        step(&mut shard.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A request was sent and answered.
    pub fn answered(&self, client: u32, action: &'static str, answered: Answered) {
        self.with(client, |part| {
            part.by_action.add(action);
            let counted = &mut part.counted;
            counted.sent += 1;
            match answered {
                Answered::Accepted { operations, create_hour } => {
                    counted.accepted += 1;
                    counted.operations += operations;
                    if let Some(hour) = create_hour {
                        *counted.creates_by_hour.entry(hour).or_default() += operations;
                    }
                }
                Answered::Repeated => counted.repeated += 1,
                Answered::Refused(kind) => *counted.refused.entry(kind).or_default() += 1,
            }
        });
    }

    /// A read was answered after `latency`.
    pub fn read(&self, client: u32, latency: Duration) {
        self.with(client, |part| {
            part.by_action.add(LIST);
            let counted = &mut part.counted;
            counted.queries += 1;
            record(&mut counted.query_latency, latency);
        });
    }

    /// An operation ended, `latency` after its request was meant to be sent.
    pub fn ended(&self, client: u32, operation: &Operation, latency: Duration) {
        self.with(client, |part| {
            part.ends.add(operation.state.as_str());
            let counted = &mut part.counted;
            record(&mut counted.latency, latency);
            if let Some(wait) = operation.wait() {
                record(&mut counted.wait, wait);
            }
            if let Some(service) = operation.service() {
                record(&mut counted.service, service);
            }
            if let (true, Some(started), Some(finished)) =
                (self.records_runs, operation.started, operation.finished)
            {
                counted.ran.push(Ran { started, finished });
            }
        });
    }

    /// A request is over: no end of it is waited for any more.
    pub fn over(&self) {
        self.over.fetch_add(1, Ordering::Relaxed);
    }

    /// How many requests are over, reads included.
    pub fn all_over(&self) -> u64 {
        self.over.load(Ordering::Relaxed)
    }

    /// Adds up what all clients have counted so far.
    pub fn total(&self) -> Counted {
        let mut total = Counted::default();
        for shard in &self.shards {
            let part = shard.lock().unwrap_or_else(PoisonError::into_inner);
            total.add(&part.counted);
            part.by_action.add_to(&mut total.by_action);
            part.ends.add_to(&mut total.ends);
        }
        total
    }
}
