//! The thread that a world runs on.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use guichet_cloud::worlds::{Blueprint, ControlToken, Worlds};
use guichet_control::access::Access;
use guichet_control::app;
use guichet_http::serve::serve;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::error::StartError;

/// A service on a port of its own, and the thread that it runs on. It stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) token: ControlToken,
    pub(crate) url: String,
    runtime: Handle,
    /// What is awaited on its thread for a test; its thread awaits them all before it ends.
    tasks: TaskTracker,
    /// Has it stop when this is dropped.
    stop: DropGuard,
    thread: JoinHandle<()>,
}

impl Service {
    /// Starts one; its first world is the test's. It waits for a millisecond, until the cloud is
    /// open.
    pub(crate) fn start(blueprint: Blueprint) -> Result<Self, StartError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let token = ControlToken::draw().map_err(std::io::Error::other)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (handle, tasks) = (runtime.handle().clone(), TaskTracker::new());
        let stop = CancellationToken::new();
        let begun = Thread {
            listener,
            access: Access::by(&token),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let (sender, opened): (_, Receiver<Result<Arc<Worlds>, StartError>>) = sync_channel(1);
        let thread = std::thread::Builder::new().name("guichet-world".to_owned());
        let thread = thread.spawn(move || runtime.block_on(begun.run(blueprint, &sender)))?;
        let panicked = |_| std::io::Error::other("the world's thread panicked");
        let worlds = opened.recv().map_err(panicked)??;
        Ok(Self { worlds, token, url, runtime: handle, tasks, stop: stop.drop_guard(), thread })
    }

    /// Does something on its thread, where the cloud is; none if that has ended.
    pub(crate) async fn on_thread<T: Send + 'static>(
        &self,
        does: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        self.tasks.spawn_on(does, &self.runtime).await.ok()
    }

    /// Ends it, and waits until it has ended.
    pub(crate) async fn stop(self) {
        let Self { stop, thread, .. } = self;
        drop(stop);
        let (sender, ended) = oneshot::channel();
        // Another thread joins it, so that the test's runtime goes on; it ends with it.
        let joined = std::thread::Builder::new().spawn(move || {
            // One that panicked has ended as well, and nobody waiting any more is no error.
            let _ = sender.send(thread.join().is_ok());
        });
        if joined.is_ok() {
            let _ = ended.await;
        }
    }
}

/// What the thread works with.
struct Thread {
    listener: TcpListener,
    access: Access,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Thread {
    /// Opens the cloud, says so, serves until it is told to stop, and waits for all that was begun.
    async fn run(self, blueprint: Blueprint, opened: &SyncSender<Result<Arc<Worlds>, StartError>>) {
        let Self { listener, access, tasks, stop } = self;
        let open = || -> Result<_, StartError> {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            Ok((listener, Arc::new(Worlds::open(blueprint, 0)?)))
        };
        let (listener, worlds) = match open() {
            Ok(open) => open,
            Err(error) => {
                // Whoever started it waits for this, and has what to say.
                let _ = opened.send(Err(error));
                return;
            }
        };
        let _ = opened.send(Ok(Arc::clone(&worlds)));
        serve(listener, app(Arc::clone(&worlds), access), stop).await;
        worlds.begin_closing();
        // What a test left under way nobody waits for.
        let _ = worlds.first().cloud().manager().drain(Duration::ZERO).await;
        worlds.close().await;
        tasks.close();
        tasks.wait().await;
    }
}
