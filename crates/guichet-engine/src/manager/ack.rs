//! What an accepted request is answered with, and waiting for its end.

use std::pin::Pin;
use std::sync::Weak;

use guichet_core::ids::{OperationId, RequestId, ServerId};
use guichet_core::request::Answer;
use guichet_core::server::Operation;
use smallvec::SmallVec;

use crate::shared::Shared;

/// A request was accepted: now, or when it was first sent.
///
/// Its operations are done later. Awaiting an `Ack` waits for the end of all of them, which may
/// be a failure: see [`Operation::state`].
#[derive(Debug, Clone)]
#[must_use = "the request was accepted, and this is the only way to learn what came of it"]
pub struct Ack {
    /// The request that was accepted first.
    pub request: RequestId,
    /// Its operations, one a server.
    pub operations: SmallVec<[OperationId; 1]>,
    /// Whether it had been accepted before.
    pub repeated: bool,
    /// The manager, for as long as there is one: an answer keeps none alive.
    shared: Weak<Shared>,
}

/// An operation's end cannot be learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "operation {operation} is not known any more: it was over long ago, or its manager has stopped"
)]
#[non_exhaustive]
pub struct OperationUnknown {
    /// The operation that was waited for.
    pub operation: OperationId,
}

impl Ack {
    pub(super) fn new(answer: Answer, repeated: bool, shared: Weak<Shared>) -> Self {
        Self { request: answer.request, operations: answer.operations, repeated, shared }
    }

    /// The first (for all but a create of several the only) operation.
    pub fn operation(&self) -> OperationId {
        self.operations[0]
    }

    /// The server of the first operation.
    pub fn server(&self) -> ServerId {
        self.operation().server
    }

    /// Waits until all operations are over: as they ended, in the order of
    /// [`operations`](Self::operations).
    ///
    /// # Errors
    /// One of them is not known any more.
    pub async fn finished(&self) -> Result<Vec<Operation>, OperationUnknown> {
        // All are watched before the first is awaited, so that none is forgotten meanwhile.
        let watched: Result<Vec<_>, _> = self
            .operations
            .iter()
            .map(|operation| Ok((*operation, watch(&self.shared, *operation)?)))
            .collect();
        let mut finished = Vec::with_capacity(self.operations.len());
        for (operation, completion) in watched? {
            finished.push(completion.await.map_err(|_| OperationUnknown { operation })?);
        }
        Ok(finished)
    }

    /// Waits until the first (for all but a create of several the only) operation is over.
    ///
    /// # Errors
    /// It is not known any more.
    pub async fn first_finished(&self) -> Result<Operation, OperationUnknown> {
        let operation = self.operation();
        let completion = watch(&self.shared, operation)?;
        completion.await.map_err(|_| OperationUnknown { operation })
    }
}

/// What is answered when an operation ends. Nothing of the manager is held while it is awaited.
fn watch(
    shared: &Weak<Shared>,
    operation: OperationId,
) -> Result<guichet_store::Completion, OperationUnknown> {
    let completion = shared.upgrade().and_then(|shared| shared.store.watch(operation));
    completion.ok_or(OperationUnknown { operation })
}

impl IntoFuture for Ack {
    type Output = Result<Vec<Operation>, OperationUnknown>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.finished().await })
    }
}

/// Two answers are equal if they name the same operations of the same request.
impl PartialEq for Ack {
    fn eq(&self, other: &Self) -> bool {
        (self.request, &self.operations, self.repeated)
            == (other.request, &other.operations, other.repeated)
    }
}

impl Eq for Ack {}
