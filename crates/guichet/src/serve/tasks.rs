//! How the tasks of a service are begun.

use std::future::Future;
use std::pin::Pin;

use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// Begins one of these tasks. In a box, as none is on the way of a request: else the program would
/// have all that a runtime does with a task once for each.
pub(super) fn spawn_boxed(
    tasks: &TaskTracker,
    task: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<()> {
    let task: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(task);
    tasks.spawn(task)
}
