//! A program whose threads the reader schedules, beside its code: the states that were found by
//! running it, and what each step leads to. A page only follows them.

/// A program, and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walk {
    /// Its name in the page: letters, digits and `-`, unique in the report.
    pub id: String,
    /// What it is, above it.
    pub title: String,
    /// What the code is called, such as its file's name.
    pub file: String,
    /// Its lines in their order; where numbers are left out, so are lines.
    pub code: Vec<WalkLine>,
    /// What was found, in the order in which it is offered: the first one is shown first.
    pub findings: Vec<WalkFinding>,
}

/// A line of code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalkLine {
    /// Its number, from 1.
    pub number: usize,
    /// Its text.
    pub text: String,
}

/// Something that was found, and the states around the shortest way to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalkFinding {
    /// Its number among all that was found, which also what cannot be walked through has: each once.
    pub number: usize,
    /// Its name.
    pub title: String,
    /// What happens, and from where it starts: paragraphs.
    pub about: Vec<String>,
    /// Whose threads there are.
    pub actors: Vec<String>,
    /// What the values of each state are called.
    pub labels: Vec<String>,
    /// The states; the first one is the start.
    pub states: Vec<WalkState>,
    /// Who takes each step of the shortest way: places in [`WalkFinding::actors`].
    pub shortest: Vec<usize>,
    /// What is said of a step that leads out of the page; empty if none does.
    pub beyond: String,
}

/// A state: where each thread is, and what it can do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalkState {
    /// What threads share, one for each label; empty where there is nothing by that name yet.
    pub values: Vec<String>,
    /// Where each actor is; none where it has not been started.
    pub threads: Vec<Option<WalkThread>>,
    /// Who can go on: at most one step for each actor.
    pub turns: Vec<WalkTurn>,
    /// What is broken, in sentences.
    pub harms: Vec<String>,
    /// Whether every way on ends in harm.
    pub is_sealed: bool,
}

/// Where a thread is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct WalkThread {
    /// The line it runs next, or waits on; 0 for none.
    pub line: usize,
    /// What it does next, or why it does not go on.
    pub text: String,
    /// What it alone knows, and what it holds.
    pub known: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WalkTurn {
    /// Whose.
    pub actor: usize,
    /// The lines that are run.
    pub lines: Vec<usize>,
    /// What happens there.
    pub notes: Vec<String>,
    /// The state it leads to; none if that is not in the page.
    pub to: Option<usize>,
}
