//! What waits until it is durable, and who.

use std::sync::Arc;

use guichet_core::event::Event;
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::server::{Operation, Server};
use tokio::sync::oneshot;

use crate::Decided;
use crate::journal::{LogError, RecordChange};

/// Somebody who hears of something once it is durable.
#[derive(Debug)]
pub(crate) enum Waiter {
    /// An answer to a request.
    Decided(oneshot::Sender<Decided>, Decided),
    /// An answer to an edit.
    Edited(oneshot::Sender<Edited>, Edited),
    /// The end of an operation.
    Ended(oneshot::Sender<Operation>, Operation),
    /// That everything so far is durable.
    Durable(oneshot::Sender<()>),
    /// A row beside the fleet.
    RecordChange(oneshot::Sender<Result<(), Refusal>>),
}

/// What comes of an edit.
pub(crate) type Edited = Result<Arc<Server>, Refusal>;

impl Waiter {
    /// Tells. Nobody waiting any more is no error.
    pub(crate) fn tell(self) {
        match self {
            Self::Decided(sender, decided) => drop(sender.send(decided)),
            Self::Edited(sender, edited) => drop(sender.send(edited)),
            Self::Ended(sender, operation) => drop(sender.send(operation)),
            Self::Durable(sender) => drop(sender.send(())),
            Self::RecordChange(sender) => drop(sender.send(Ok(()))),
        }
    }
}

/// With a journal: what gathers for the next batch beside the fleet's own changes, and who waits
/// for which. Protected by the store's lock.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// Who waits for the batch that gathers.
    pub(crate) waiting: Vec<Waiter>,
    /// Who waits for the batch that is being written.
    pub(crate) writing: Vec<Waiter>,
    /// Rows of that batch.
    pub(crate) writing_rows: usize,
    /// Rows beside the fleet, for the batch that gathers.
    pub(crate) kept: Vec<RecordChange>,
    /// What happened, told when it is durable.
    pub(crate) events: Vec<Event>,
    /// Why nothing can be written at present.
    pub(crate) trouble: Option<LogError>,
    /// How the writer ended, once it has.
    pub(crate) ended: Option<Result<(), LogError>>,
    /// Who wants to know that.
    pub(crate) closing: Vec<oneshot::Sender<Result<(), LogError>>>,
    /// The most that ever waited.
    pub(crate) backlog_max: usize,
}

impl Pending {
    /// Rows and answers that are not durable, with `unwritten` rows of the fleet.
    pub(crate) fn backlog(&self, unwritten: usize) -> usize {
        unwritten + self.writing_rows + self.kept.len() + self.waiting.len() + self.writing.len()
    }

    /// Whether nothing more may be decided.
    pub(crate) fn is_busy(&self, unwritten: usize) -> bool {
        self.trouble.is_some()
            || self.ended.is_some()
            || self.backlog(unwritten) >= limits::JOURNAL_BACKLOG_MAX
    }

    /// What is said to whoever asks while it is busy.
    pub(crate) fn refusal(&self) -> Refusal {
        let why = match (&self.trouble, &self.ended) {
            (Some(trouble), _) => Arc::from(trouble.to_string()),
            (None, Some(_)) => Arc::from("the service has stopped"),
            (None, None) => Arc::from("the disk is behind"),
        };
        Refusal::Unrecorded { why, retry_after: limits::JOURNAL_RETRY }
    }
}
