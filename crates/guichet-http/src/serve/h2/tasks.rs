//! What runs over one connection: in its own task, each with a turn when it is woken.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    running: FuturesUnordered<InTurn>,
}

/// Where the library puts what is to run.
#[derive(Clone, Default)]
pub(super) struct Begin(Arc<Begun>);

#[derive(Default)]
struct Begun {
    /// Held to put one there, and to take them. By the connection's task alone.
    tasks: Mutex<Vec<Task>>,
    /// Steps that are left of this turn. Relaxed: the connection's task alone counts them.
    left: AtomicUsize,
}

impl Begun {
    fn tasks(&self) -> MutexGuard<'_, Vec<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a step left, which is taken.
    fn take_step(&self) -> bool {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        left > 0
    }
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Begin {
    fn execute(&self, task: F) {
        self.0.tasks().push(Box::pin(task));
    }
}

/// One of them, which waits for the next turn if this one is over.
struct InTurn {
    task: Task,
    begun: Begin,
}

impl Future for InTurn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.begun.0.take_step() {
            return self.task.as_mut().poll(context);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Tasks {
    /// Where they begin.
    pub(super) fn begin(&self) -> Begin {
        self.begun.clone()
    }

    /// Begins a turn of so many steps.
    pub(super) fn begin_turn(&self, steps: usize) {
        self.begun.0.left.store(steps, Ordering::Relaxed);
    }

    /// Whether no step of the turn is left.
    pub(super) fn is_over(&self) -> bool {
        self.begun.0.left.load(Ordering::Relaxed) == 0
    }

    /// Has each that is new or woken take a step, as far as there are some left; whether one ended.
    pub(super) fn poll_some(&mut self, context: &mut Context<'_>) -> bool {
        let Self { begun, running } = self;
        let new = |task| InTurn { task, begun: begun.clone() };
        running.extend(begun.0.tasks().drain(..).map(new));
        let mut has_ended = false;
        while let Poll::Ready(Some(())) = running.poll_next_unpin(context) {
            has_ended = true;
        }
        has_ended
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        // Each holds a handle of where it was put: there they would hold each other.
        let left = std::mem::take(&mut *self.begun.0.tasks());
        drop(left);
    }
}
