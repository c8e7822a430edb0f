//! What is not durable yet, and who waits until it is.

use std::fmt;
use std::sync::Arc;

use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::server::{Operation, Server};
use tokio::sync::oneshot;

use super::publications::Publications;
use crate::decide::Decided;
use crate::hub::LogEntry;
use crate::journal::log::LogError;
use crate::records::{NewName, RecordChange};
use crate::reply::Watcher;

/// Somebody who is answered once something is durable.
#[derive(Debug)]
pub(super) enum Waiter {
    /// Waits for the answer to a request.
    Decided(oneshot::Sender<Decided>, Decided),
    /// Waits for the answer to an edit.
    Edited(oneshot::Sender<Edited>, Edited),
    /// Waits for the end of an operation.
    Ended(Watcher, Operation),
    /// Waits until everything so far is durable.
    Durable(oneshot::Sender<()>),
    /// Waits until a record beside the fleet is durable.
    Record(oneshot::Sender<Result<(), Refusal>>),
    /// Waits for the answer about a row beside servers, of whichever kind.
    Row(Box<dyn Answer>),
}

/// An answer with who waits for it. Rows beside servers are of many kinds and change seldom, so
/// theirs is boxed: a new kind needs no variant of [`Waiter`].
pub(super) trait Answer: fmt::Debug + Send {
    /// Sends the answer. Nobody waiting any more is no error.
    fn send(self: Box<Self>);
}

impl<T: fmt::Debug + Send> Answer for (oneshot::Sender<T>, T) {
    fn send(self: Box<Self>) {
        let (sender, value) = *self;
        drop(sender.send(value));
    }
}

/// What comes of an edit.
pub(super) type Edited = Result<Arc<Server>, Refusal>;

impl Waiter {
    /// Somebody who waits for the answer about a row beside servers.
    pub(super) fn row<T: fmt::Debug + Send + 'static>(
        sender: oneshot::Sender<T>,
        value: T,
    ) -> Self {
        Self::Row(Box::new((sender, value)))
    }

    /// Sends the answer. Nobody waiting any more is no error.
    pub(super) fn answer(self) {
        match self {
            Self::Decided(sender, decided) => drop(sender.send(decided)),
            Self::Edited(sender, edited) => drop(sender.send(edited)),
            Self::Ended(watcher, operation) => watcher.ended(operation),
            Self::Durable(sender) => drop(sender.send(())),
            Self::Record(sender) => drop(sender.send(Ok(()))),
            Self::Row(answer) => answer.send(),
        }
    }
}

/// With a journal: what gathers for the next batch beside the fleet's own changes, and who waits
/// for which. Protected by the store's lock.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Who waits for the batch that gathers.
    pub(super) waiting: Vec<Waiter>,
    /// Who waits for the batch that is being written.
    pub(super) writing: Vec<Waiter>,
    /// Rows of that batch.
    pub(super) writing_rows: usize,
    /// Records beside the fleet, for the batch that gathers.
    pub(super) records: Vec<RecordChange>,
    /// What rows name from that batch on.
    pub(super) names: Vec<NewName>,
    /// What happened; the hub gets it when it is durable.
    pub(super) entries: Vec<LogEntry>,
    /// Why nothing can be written at present.
    pub(super) trouble: Option<LogError>,
    /// How the writer ended, once it has.
    pub(super) ended: Option<Result<(), LogError>>,
    /// Who waits for the writer to end.
    pub(super) closing: Vec<oneshot::Sender<Result<(), LogError>>>,
    /// The largest backlog so far.
    pub(super) backlog_max: usize,
    /// When what was stamped was shown.
    pub(super) publications: Publications,
}

impl Pending {
    /// Rows and answers that are not durable, with `unwritten` rows of the fleet.
    pub(super) fn backlog(&self, unwritten: usize) -> usize {
        unwritten
            + self.writing_rows
            + self.records.len()
            + self.names.len()
            + self.waiting.len()
            + self.writing.len()
    }

    /// Whether nothing more may be decided.
    pub(super) fn is_busy(&self, unwritten: usize) -> bool {
        self.trouble.is_some()
            || self.ended.is_some()
            || self.backlog(unwritten) >= limits::JOURNAL_BACKLOG_MAX
    }

    /// Whether no job may be started: what workers cause must leave a part of the backlog to
    /// requests, or a queue with much in it would keep them out.
    pub(super) fn holds_up_starts(&self, unwritten: usize) -> bool {
        self.is_busy(unwritten) || self.backlog(unwritten) >= limits::JOURNAL_STARTS_MAX
    }

    /// The refusal of whatever is asked while the journal is busy.
    pub(super) fn refusal(&self) -> Refusal {
        let why = match (&self.trouble, &self.ended) {
            (Some(trouble), _) => Arc::from(trouble.to_string()),
            (None, Some(_)) => Arc::from("the service has stopped"),
            (None, None) => Arc::from("the disk is behind"),
        };
        Refusal::Unrecorded { why, retry_after: limits::JOURNAL_RETRY }
    }
}
