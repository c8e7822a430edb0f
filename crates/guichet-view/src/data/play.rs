//! A race that the reader schedules, as plain data: every state that can be reached, and what
//! each step leads to. All of it was worked out beforehand; a page only follows it.

/// A race that the reader schedules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Play {
    /// Its name in the page: letters, digits and `-`, unique in the report.
    pub id: String,
    /// What it is, above it.
    pub title: String,
    /// What one can start from.
    pub starts: Vec<Named>,
    /// What can keep requests apart, in the order in which they are offered.
    pub guards: Vec<Guard>,
    /// The kinds of harm, each with how it comes about.
    pub harms: Vec<Named>,
    /// What is said of a case whose states are too many for a page, in sentences.
    pub left_out: String,
    /// What one can choose, in the order in which it is offered: the first one is shown first.
    pub cases: Vec<PlayCase>,
}

/// A name and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// What it is, in one sentence without its full stop.
    pub about: String,
}

/// What keeps requests apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    /// Its name in links: no space, no `&`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it does, in sentences.
    pub about: String,
    /// What the command needs besides to play the same; empty or with a space behind it.
    pub flags: String,
    /// What can be held, such as "lock"; empty if nothing can.
    pub label: String,
    /// What somebody does whom it keeps out, such as "waits for the lock".
    pub waits: String,
}

/// A start with what each client asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlayCase {
    /// Its name in links and commands.
    pub name: String,
    /// What it starts from: a place in [`Play::starts`].
    pub start: usize,
    /// What each client asks for.
    pub requests: Vec<String>,
    /// Its states; none if they are too many for a page.
    pub graph: Option<Graph>,
}

/// What can happen in a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// What the rows of each state are called.
    pub labels: Vec<String>,
    /// The states, from the start on; a step leads to a later one.
    pub states: Vec<PlayState>,
    /// The shortest ways to harm.
    pub ways: Vec<Way>,
}

/// A state of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlayState {
    /// What is in each row.
    pub rows: Vec<String>,
    /// What is broken in it: a place in [`Play::harms`], and a sentence without its full stop.
    pub broken: Vec<(usize, String)>,
    /// What each guard makes of it; none where the guard lets nobody come.
    pub holds: Vec<Option<Hold>>,
    /// The steps that somebody wants to take: at most one for each client and one for the worker.
    pub moves: Vec<Move>,
}

/// What a guard makes of a state.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Hold {
    /// Who holds what can be held.
    pub holder: String,
    /// Who wants to take a step and must wait.
    pub waits: Vec<usize>,
    /// The harms that every way on ends with, or has come by: places in [`Play::harms`].
    pub sealed: Vec<usize>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Move {
    /// Who takes it: a client, from 0, or behind the last one the worker.
    pub actor: usize,
    /// What is done.
    pub text: String,
    /// The state that it leads to.
    pub to: usize,
}

/// A shortest way to a harm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Way {
    /// Under which guard: a place in [`Play::guards`].
    pub guard: usize,
    /// To which harm: a place in [`Play::harms`].
    pub harm: usize,
    /// Who takes each step, as in a command: `1x6,2x10,w`.
    pub steps: String,
    /// What its button says.
    pub text: String,
}
