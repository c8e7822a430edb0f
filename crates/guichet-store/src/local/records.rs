//! Records beside the fleet: rows of the next batch that the fleet knows nothing of.

use guichet_core::refusal::Refusal;
use tokio::sync::oneshot;

use super::pending::{Pending, Waiter};
use super::signal::Urgency;
use super::state::Deferred;
use super::store::LocalStore;
use crate::records::{NewName, RecordChange, Records};
use crate::reply::Reply;

impl Records for LocalStore {
    fn put_record(&self, record: RecordChange) -> Reply<Result<(), Refusal>> {
        self.put(|pending| pending.records.push(record))
    }

    fn put_names(&self, mut names: Vec<NewName>) -> Reply<Result<(), Refusal>> {
        self.put(|pending| pending.names.append(&mut names))
    }
}

impl LocalStore {
    /// Adds something to the next batch, whose answer comes when that is durable.
    fn put(&self, add: impl FnOnce(&mut Pending)) -> Reply<Result<(), Refusal>> {
        let (reply, deferred) = self.inner.state.with(|state| {
            let deferred = Deferred { write: Urgency::Now, ..Deferred::default() };
            if let Some(busy) = state.busy() {
                return (Reply::Ready(Err(busy)), Deferred::default());
            }
            let Some(pending) = &mut state.pending else {
                return (Reply::Ready(Ok(())), Deferred::default());
            };
            let (sender, receiver) = oneshot::channel();
            add(pending);
            pending.waiting.push(Waiter::Record(sender));
            (Reply::Pending(receiver), deferred)
        });
        self.inner.run_deferred(deferred);
        reply
    }
}
