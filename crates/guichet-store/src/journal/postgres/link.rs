//! The thread that everything runs on which waits for PostgreSQL: connections, and what is asked
//! through them. It is never a thread of those that answer requests.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio_util::task::TaskTracker;

/// The thread, with what runs on it. When it is dropped all of that ends.
#[derive(Debug)]
pub(super) struct Link {
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
    tasks: TaskTracker,
}

impl Link {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(1).thread_name("postgres").enable_all();
        Ok(Self { runtime: Some(builder.build()?), tasks: TaskTracker::new() })
    }

    /// Where tasks are begun.
    pub(super) fn tasks(&self) -> Tasks {
        // It is there until `drop`.
        let handle = self.runtime.as_ref().map_or_else(Handle::current, |all| all.handle().clone());
        Tasks { handle, tasks: self.tasks.clone() }
    }
}

impl Drop for Link {
    /// Ends what still runs at its next wait. Not waited for: this may be dropped by a task of another
    /// runtime, which must not wait.
    fn drop(&mut self) {
        self.tasks.close();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Begins what runs on the thread. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Tasks {
    handle: Handle,
    tasks: TaskTracker,
}

impl Tasks {
    /// Begins a task; it ends with the link if not before.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        // In a box: else the program would have all that a runtime does with a task once for each.
        let task: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(task);
        self.tasks.spawn_on(task, &self.handle);
    }

    /// Begins something whose result is waited for on this thread, later.
    pub(super) fn begin<T: Send + 'static>(
        &self,
        step: impl Future<Output = T> + Send + 'static,
    ) -> Begun<T> {
        // One value, sent once.
        let (sender, receiver) = sync_channel(1);
        self.spawn(async move {
            // Nobody waiting any more is no error.
            let _ = sender.send(step.await);
        });
        Begun(receiver)
    }

    /// Runs something and waits for its result on this thread.
    pub(super) fn run<T: Send + 'static>(
        &self,
        step: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        self.begin(step).wait()
    }
}

/// Something that was begun.
#[derive(Debug)]
pub(super) struct Begun<T>(Receiver<T>);

impl<T> Begun<T> {
    /// Its result; none if the link was dropped before, or if it panicked.
    pub(super) fn wait(self) -> Option<T> {
        self.0.recv().ok()
    }

    /// The same, if it is there in time.
    pub(super) fn wait_for(self, most: Duration) -> Option<T> {
        self.0.recv_timeout(most).ok()
    }
}
