//! How a store answers: at once, or when what it answers is durable.

use std::fmt;
use std::sync::Arc;

use guichet_core::server::Operation;
use tokio::sync::oneshot;

/// An answer that is there at once (memory) or after a commit (a journal, a database).
#[derive(Debug)]
pub enum Reply<T> {
    /// The answer is there.
    Ready(T),
    /// The answer comes when what it rests on is durable.
    Pending(oneshot::Receiver<T>),
}

impl<T> Reply<T> {
    /// The answer; `None` if the store was lost before it was durable, so that nothing is known.
    pub async fn wait(self) -> Option<T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Pending(receiver) => receiver.await.ok(),
        }
    }
}

/// Receives, once, an operation as it ended.
pub type Completion = oneshot::Receiver<Operation>;

/// Is handed an operation as it ended, by whoever settled it, with no lock held. It waits for nothing
/// and asks the store nothing.
pub trait OnEnd: fmt::Debug + Send + Sync {
    /// The operation ended so.
    fn ended(&self, operation: &Operation);
}

/// Who is handed an operation, once, as it ended; dropped if that is never known.
#[derive(Debug)]
pub enum Watcher {
    /// Whoever has the [`Completion`], which is a task that waits.
    Task(oneshot::Sender<Operation>),
    /// Somebody who waits for nothing: no task need be woken for it.
    Call(Arc<dyn OnEnd>),
}

impl Watcher {
    /// Hands the operation on. Nobody waiting any more is no error.
    pub(crate) fn ended(self, operation: Operation) {
        match self {
            Self::Task(sender) => drop(sender.send(operation)),
            Self::Call(called) => called.ended(&operation),
        }
    }
}

/// Names who watches the operations of a request, one by one in the order of its answer.
pub trait Watch: Send {
    /// Who is handed the next operation.
    fn next(&mut self) -> Watcher;
}

/// A completion each.
impl Watch for Vec<Completion> {
    fn next(&mut self) -> Watcher {
        let (sender, receiver) = oneshot::channel();
        self.push(receiver);
        Watcher::Task(sender)
    }
}

/// The same one for all.
impl<E: OnEnd + 'static> Watch for Arc<E> {
    fn next(&mut self) -> Watcher {
        Watcher::Call(Arc::clone(self) as Arc<dyn OnEnd>)
    }
}
