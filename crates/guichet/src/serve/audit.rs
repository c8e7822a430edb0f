//! `--audit-log FILE`: what is written there, and a file that may be moved away at any time.
//!
//! Lines are appended, so a file that was copied and cut off goes on at its new end. It is opened anew on
//! SIGUSR1, on SIGHUP, and within a second of its path being another file's or nobody's.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use guichet_clock::{Stopwatch, WorldClock};
use guichet_cloud::worlds::Worlds;
use guichet_control::audit::{Auditor, Event, OnFull, auditor, watch};
use guichet_core::limits;
use guichet_core::time::Clock as _;
use guichet_engine::ids::fresh_seed;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::lines::{Kind, Whole, Writing};
use super::of_cell::OfCell;
use super::tasks::spawn_boxed;
use crate::cli::{AuditArgs, AuditOnFullArg};
use crate::files;

const FLAG: &str = "--audit-log";

/// An audit that goes on.
pub(super) struct Audit {
    pub(super) auditor: Auditor,
    writing: Writing,
    /// Whether the file is to be opened anew. Relaxed: a moment later is as good.
    reopens: Arc<AtomicBool>,
    /// What the service does by itself is looked at until then.
    watched: CancellationToken,
}

/// Begins one, if that is asked for, until `ended` is cancelled.
///
/// # Errors
/// The file is no file, or cannot be made.
pub(super) fn begin(
    args: &AuditArgs,
    of: &OfCell,
    ended: CancellationToken,
) -> anyhow::Result<Option<Audit>> {
    let Some(path) = &args.audit_log else { return Ok(None) };
    let path = &path_of(path, of);
    if path.metadata().is_ok_and(|facts| !facts.is_file()) {
        // Whoever reads from a pipe may stop to.
        bail!("{FLAG}: {}: it is no regular file; name a file", path.display());
    }
    let reopens = Arc::<AtomicBool>::default();
    let file = Moved::open(path, Arc::clone(&reopens));
    let file = file.with_context(|| format!("{FLAG}: {}: cannot be written", path.display()))?;
    let on_full = match args.audit_on_full {
        AuditOnFullArg::Drop => OnFull::Drop,
        AuditOnFullArg::Refuse => OnFull::Refuse,
    };
    let (auditor, lines) = auditor(on_full, fresh_seed());
    let lost = |count| Event::lost(count, WorldClock::real().now());
    let kind = Kind { flag: FLAG, keeps: on_full == OnFull::Refuse, lost: Some(lost) };
    let writing = Writing::begin(file, path.display().to_string(), kind, lines, ended)?;
    auditor.service("start", true);
    Ok(Some(Audit { auditor, writing, reopens, watched: CancellationToken::new() }))
}

/// The file of a cell: of another than the first it ends with the cell's name, for each numbers its own lines,
/// and cuts off its own if they cannot be written whole.
fn path_of(path: &Path, of: &OfCell) -> PathBuf {
    let Some(name) = of.name().filter(|_| !of.is_first()) else { return path.to_owned() };
    let mut whole = path.as_os_str().to_owned();
    whole.push(format!(".{name}"));
    whole.into()
}

impl Audit {
    /// Has what the service does by itself written down, and the file opened anew when a signal says so.
    pub(super) fn follow(&self, worlds: &Arc<Worlds>, tasks: &TaskTracker) -> anyhow::Result<()> {
        let stop = self.watched.clone();
        spawn_boxed(tasks, watch(self.auditor.clone(), Arc::clone(worlds), stop.clone()));
        let mut first = signal(SignalKind::user_defined1()).context("signals")?;
        // The service hears hang-ups by now, whoever started it.
        let mut hang_ups = signal(SignalKind::hangup()).context("signals")?;
        let reopens = Arc::clone(&self.reopens);
        spawn_boxed(tasks, async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    _ = first.recv() => {}
                    _ = hang_ups.recv() => {}
                }
                reopens.store(true, Ordering::Relaxed);
            }
        });
        Ok(())
    }

    /// Nothing more is asked: looks a last time at what the service did by itself.
    pub(super) fn stop(&self) {
        self.watched.cancel();
    }

    /// Writes the end down, and waits until all is written, [`limits::AUDIT_FLUSH`] at most.
    pub(super) fn close(self, is_complete: bool, ended: &CancellationToken) {
        self.auditor.tell_rest();
        self.auditor.service("stop", is_complete);
        ended.cancel();
        let handed = self.auditor.handed();
        drop(self.auditor);
        self.writing.close(handed, limits::AUDIT_FLUSH);
    }
}

/// A file that may be moved away.
struct Moved {
    path: PathBuf,
    file: File,
    /// Which file it is: device and number.
    is: (u64, u64),
    reopens: Arc<AtomicBool>,
    /// Since it was looked at the last time.
    looked: Stopwatch,
    /// Whether what was written may be lost with the power.
    is_unsynced: bool,
    /// Whether it was said that it cannot be opened.
    is_failing: bool,
}

impl Moved {
    fn open(path: &Path, reopens: Arc<AtomicBool>) -> io::Result<Self> {
        let file = opened(path)?;
        let is = identity(&file)?;
        let (path, looked) = (path.to_owned(), Stopwatch::start());
        Ok(Self { path, file, is, reopens, looked, is_unsynced: false, is_failing: false })
    }

    fn sync(&mut self) {
        if std::mem::take(&mut self.is_unsynced) {
            // A disk that cannot says so when it is written to.
            let _ = self.file.sync_data();
        }
    }

    /// Opens it anew, if another file is at its path, or none.
    fn reopen(&mut self) -> io::Result<()> {
        let there = self.path.metadata().map(|facts| (facts.dev(), facts.ino()));
        if there.is_ok_and(|there| there == self.is) {
            return Ok(());
        }
        let file = opened(&self.path)?;
        let is = identity(&file)?;
        self.sync();
        (self.file, self.is) = (file, is);
        Ok(())
    }
}

/// Who did what is nobody else's business.
fn opened(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(files::PRIVATE).open(path)
}

fn identity(file: &File) -> io::Result<(u64, u64)> {
    file.metadata().map(|facts| (facts.dev(), facts.ino()))
}

impl Write for Moved {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_unsynced = true;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Whole for Moved {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn length(&self) -> Option<u64> {
        self.file.metadata().ok().map(|facts| facts.len())
    }

    fn look(&mut self, name: &str) {
        let is_told = self.reopens.swap(false, Ordering::Relaxed);
        let is_due = self.looked.elapsed() >= limits::AUDIT_SYNC.saturating_sub(SLACK);
        if !is_told && !is_due {
            return;
        }
        self.looked = Stopwatch::start();
        self.sync();
        match self.reopen() {
            Ok(()) => self.is_failing = false,
            Err(error) if !std::mem::replace(&mut self.is_failing, true) => {
                tracing::error!(
                    file = name,
                    %error,
                    "{FLAG}: cannot be opened anew; lines go to the file that it was"
                );
            }
            Err(_) => {}
        }
    }
}

/// Whoever looks once a second looks a little early now and then.
const SLACK: Duration = Duration::from_millis(100);
