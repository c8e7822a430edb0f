//! The readers of the hub that write a run down: its history, its log, and the recorder of what a
//! report draws.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guichet_store::hub::Subscription;
use tokio_util::sync::CancellationToken;

use super::error::RunError;
use super::history;
use super::log::{self, Console, LogFormat, Logged};
use super::recorder::Recorded;

/// The tasks and threads that write down what happens; each ends when the hub is closed.
pub(super) struct Writers {
    pub(super) history: Option<tokio::task::JoinHandle<std::io::Result<()>>>,
    pub(super) log: Option<std::thread::JoinHandle<Logged>>,
    pub(super) recorder: Option<tokio::task::JoinHandle<Recorded>>,
}

impl Writers {
    /// Waits until everything is written. The log's thread is waited for last: it reads the
    /// closed hub to its end by itself.
    pub(super) async fn end(self) -> Result<(Logged, Option<Recorded>), RunError> {
        let recorded = match self.recorder {
            Some(recorder) => recorder.await.ok(),
            None => None,
        };
        let written = match self.history {
            Some(history) => history.await.map_err(std::io::Error::other).flatten(),
            None => Ok(()),
        };
        let logged = match self.log {
            // Apart, so that the runtime hears an interrupt while nobody reads the log.
            Some(log) => tokio::task::spawn_blocking(|| log.join()).await.ok(),
            None => None,
        };
        written.map_err(RunError::History)?;
        Ok((logged.and_then(Result::ok).unwrap_or_default(), recorded))
    }
}

/// The file that the history is written to, and its name for what goes wrong with it.
pub(super) struct HistoryFile {
    file: File,
    path: PathBuf,
}

impl HistoryFile {
    pub(super) fn create(path: &Path) -> std::io::Result<Self> {
        let file = history::create(path)?;
        let path = path.to_owned();
        Ok(Self { file, path })
    }

    /// Writes until the hub is closed; the first failure ends the history, and the run with it.
    pub(super) async fn write(
        self,
        records: Subscription,
        stop: CancellationToken,
    ) -> std::io::Result<()> {
        let written = history::write(records, self.file).await;
        written.map_err(|error| {
            stop.cancel();
            history::about(&self.path, error)
        })
    }
}

/// Runs a reader of the hub beside the load: on a thread that may block, or, under virtual time,
/// as a task beside the others, since nothing may wait for another thread then.
/// [`Writers::end`] awaits it.
#[expect(clippy::disallowed_methods, reason = "its handle is awaited")]
pub(super) fn beside<T: Send + 'static>(
    reading: impl Future<Output = T> + Send + 'static,
    virtual_time: bool,
) -> tokio::task::JoinHandle<T> {
    if virtual_time {
        return tokio::task::spawn(reading);
    }
    let handle = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || handle.block_on(reading))
}

/// The log's writer, on a thread of its own.
pub(super) fn spawn_log(
    records: Subscription,
    projects: Vec<Arc<str>>,
    format: LogFormat,
    console: Console,
) -> std::io::Result<std::thread::JoinHandle<Logged>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    std::thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || runtime.block_on(log::write(records, projects, format, console)))
}
