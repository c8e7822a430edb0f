//! What the child reports: a line of JSON each.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A line that the child reports.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Line {
    /// What is checked.
    Subject(Subject),
    /// Something was found; how it comes about follows at the end.
    Kind { kind: String },
    /// How it comes about.
    Found(Box<Found>),
    /// The file cannot be checked.
    Refused(Problem),
    /// The check is over.
    Done(Done),
    /// What else could happen, for the page.
    Graph(Box<Graph>),
}

/// The class, and how it is called.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Subject {
    /// The class.
    pub class: String,
    /// Methods by what they do.
    pub methods: BTreeMap<String, String>,
    /// By what a method is given a server.
    pub named_by: BTreeMap<String, String>,
    /// Where the servers are.
    pub servers: Option<String>,
    /// Attributes that count servers.
    pub counters: Vec<String>,
    /// How many servers it takes.
    pub capacity: Option<u64>,
}

/// Something that goes wrong, with the shortest schedule that shows it.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub struct Found {
    /// Its name, such as `lost_server`.
    pub kind: String,
    /// What the clients do.
    pub scenario: String,
    /// Turns taken from a thread that could have gone on.
    pub preemptions: u64,
    /// Changes from one thread to another.
    pub switches: u64,
    /// Whether it came out again when the schedule was run a second time.
    pub repeated: bool,
    /// What there is to say of it; it differs by kind.
    pub details: Value,
    /// Calls before the clients.
    pub start: Vec<CallMade>,
    /// Calls of the clients.
    pub calls: Vec<CallMade>,
    /// The threads by number.
    pub tasks: Vec<Task>,
    /// The schedule.
    pub steps: Vec<Step>,
}

/// A call and its answer.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct CallMade {
    /// Whose.
    pub client: Option<u64>,
    /// As one would write it.
    pub text: String,
    /// `done`, `refused`, `crash`, or `open` if it never ended.
    pub status: String,
    /// What it gave.
    pub result: String,
}

/// A thread.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Task {
    /// Its number in this run.
    pub task: u64,
    /// Its name.
    pub name: String,
    /// The client that it plays.
    pub client: Option<u64>,
}

/// A thread on a line.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Step {
    /// The thread's number.
    pub task: u64,
    /// The line; 0 for what is on none.
    pub line: u64,
    /// Whether the thread was on this line before another had its turn.
    pub again: bool,
    /// What happens there.
    pub notes: Vec<Note>,
}

/// The states around the shortest schedule of a finding. What they share is there once; a number
/// is a place in one of the lists, and -1 stands for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Graph {
    /// Of which finding.
    pub(crate) kind: String,
    /// The threads.
    pub(crate) actors: Vec<Task>,
    /// What threads share.
    pub(crate) rows: Vec<Vec<Row>>,
    /// Where a thread is.
    pub(crate) statuses: Vec<Status>,
    /// What a step does: the lines that are run, and what happens there.
    pub(crate) steps: Vec<(Vec<u64>, Vec<Note>)>,
    /// What is wrong at an end: kinds with their details.
    pub(crate) harms: Vec<Vec<(String, Value)>>,
    /// The states, the start first.
    pub(crate) states: Vec<GraphState>,
    /// Who takes each step of the shortest schedule.
    pub(crate) shortest: Vec<usize>,
    /// The class does not do the same each time, so only the schedule is here.
    pub(crate) stray: bool,
}

/// A state: its rows, the status of each thread, its moves (thread, step, state) and its harm.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct GraphState(
    pub(crate) usize,
    pub(crate) Vec<i64>,
    pub(crate) Vec<(usize, i64, i64)>,
    pub(crate) i64,
);

/// A value that threads share.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Row {
    /// A name and a value.
    Value(String, String),
    /// A lock's name, who has it, and who waits for it.
    Lock(String, Vec<usize>, Vec<usize>),
}

/// Where a thread is: `new`, `ready`, `waits`, `sleeps` or `done`; its line, how it touches what
/// comes next, the name of that or of what it waits for, what it knows, and the locks it has.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Status(
    pub(crate) String,
    pub(crate) u64,
    pub(crate) String,
    pub(crate) String,
    pub(crate) Vec<(String, String)>,
    pub(crate) Vec<String>,
);

/// What happens on a line.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub struct Note {
    /// `takes`, `waits`, `sleeps` and so on.
    pub what: String,
    /// The lock, queue or attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of a stop inside a line: what comes next, `reads`, `writes` or `calls`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// A call or its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Of a sleep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

/// Why a file cannot be checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Problem {
    /// Its name, such as `syntax`.
    pub what: String,
    /// The line, if it is about one.
    #[serde(default)]
    pub line: u64,
    /// What it is about.
    #[serde(default)]
    pub name: String,
    /// Python's own words.
    #[serde(default)]
    pub text: String,
    /// The call that was tried.
    #[serde(default)]
    pub call: String,
    /// What a missing method would do.
    #[serde(default)]
    pub kind: String,
    /// The class.
    #[serde(default)]
    pub cls: String,
    /// What there is instead.
    #[serde(default)]
    pub there: Vec<String>,
}

/// How far the check went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Done {
    /// Schedules run.
    pub schedules: u64,
    /// All schedules with so many preemptions were run; -1 if not even those without.
    pub preemptions: i64,
    /// What ended it early: `time`, `schedules`, `stuck`, `stubborn`.
    pub stopped: Option<String>,
    /// Schedules were left out.
    pub cut: bool,
    /// The file does not do the same each time.
    pub stray: bool,
    /// Situations that were tried.
    pub scenarios: u64,
}
