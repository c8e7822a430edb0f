//! How a store answers: at once, or when what it answers is durable.

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
