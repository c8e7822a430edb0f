//! How a store is doing, in numbers.

use guichet_core::fleet::Counts;
use guichet_core::scheduler::{Bounds, Depth, Load};
use guichet_core::state::Status;
use guichet_core::times::Times;

/// How the store is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// Operations since the store was opened, by how they ended.
    pub counts: Counts,
    /// What waits and what runs.
    pub load: Load,
    /// How many servers exist.
    pub servers: usize,
    /// How many operations wait or run.
    pub jobs: usize,
    /// Whether a worker that is free would find something to begin.
    pub has_work: bool,
    /// The longest that the lock was held, ns; of the steps that every operation takes one in 16 is measured.
    pub longest_lock_ns: u64,
    /// The figures of the journal, if there is one.
    pub journal: Option<JournalFigures>,
}

impl Figures {
    /// Whether there is a journal that cannot be written at present.
    pub fn is_stalled(&self) -> bool {
        self.journal.is_some_and(|journal| journal.is_stalled)
    }
}

/// How a journal is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct JournalFigures {
    /// How many batches were written.
    pub batches: u64,
    /// How many rows there were in them.
    pub rows: u64,
    /// How many answers waited for them.
    pub answers: u64,
    /// How long its file is; 0 if it has none.
    pub file_bytes: u64,
    /// How long its write-ahead log is, as it was last looked at.
    pub wal_bytes: u64,
    /// Rows and answers that wait for the disk now.
    pub backlog: usize,
    /// The most that ever waited for it.
    pub backlog_max: usize,
    /// Whether nothing can be written at present: requests are refused.
    pub is_stalled: bool,
}

/// What waits and what there is, in more detail than [`Figures`].
#[derive(Debug, Clone)]
pub struct Detail {
    /// The bounds of the queue and the permits.
    pub bounds: Bounds,
    /// What each project has in the queue that has anything, in the order of their ids.
    pub depths: Vec<Depth>,
    /// How many servers have each status that any has.
    pub statuses: Vec<(Status, usize)>,
    /// How long batches took to be durable, if there is a journal.
    pub commits: Option<Times>,
}
