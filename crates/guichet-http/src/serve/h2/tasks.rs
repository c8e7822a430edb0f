//! What runs over one connection: in its own task, each with a turn when it is woken.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use hyper::rt::Executor;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// All of them: no more than the streams of a connection, which the library bounds.
#[derive(Default)]
pub(super) struct Tasks {
    begun: Begin,
    running: FuturesUnordered<Task>,
}

/// Where the library puts what is to run.
#[derive(Clone, Default)]
pub(super) struct Begin(
    /// Held to put one there, and to take them. By the connection's task alone.
    Arc<Mutex<Vec<Task>>>,
);

impl Begin {
    fn tasks(&self) -> MutexGuard<'_, Vec<Task>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Begin {
    fn execute(&self, task: F) {
        self.tasks().push(Box::pin(task));
    }
}

impl Tasks {
    /// Where they begin.
    pub(super) fn begin(&self) -> Begin {
        self.begun.clone()
    }

    /// Gives a turn to each that is new or woken; whether one of them ended.
    pub(super) fn poll_some(&mut self, context: &mut Context<'_>) -> bool {
        self.running.extend(self.begun.tasks().drain(..));
        let mut is_over = false;
        while let Poll::Ready(Some(())) = self.running.poll_next_unpin(context) {
            is_over = true;
        }
        is_over
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        // Each holds a handle of where it was put: there they would hold each other.
        let left = std::mem::take(&mut *self.begun.tasks());
        drop(left);
    }
}
