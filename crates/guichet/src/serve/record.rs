//! `--record FILE`: a line for each request that ended. A request never waits for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use guichet_control::record::{Recorder, recorder};
use guichet_core::limits;
use tokio_util::sync::CancellationToken;

use super::lines::{Kind, Whole, Writing};
use crate::files;

/// A recording that goes on.
pub(super) struct Recording {
    pub(super) recorder: Recorder,
    writing: Writing,
}

/// Begins one, until `ended` is cancelled.
///
/// # Errors
/// The file is there already, is no file, or cannot be made.
pub(super) fn begin(path: &Path, ended: CancellationToken) -> anyhow::Result<Recording> {
    if let Ok(facts) = path.metadata() {
        let path = path.display();
        if facts.is_file() {
            bail!("--record: {path}: there is one already; name another, or take it away");
        }
        // Whoever reads from a pipe may stop to, and the end of the service would wait for it.
        bail!("--record: {path}: it is no regular file; name a file that is not there yet");
    }
    // Names of servers and users are nobody else's business.
    let file = OpenOptions::new().create_new(true).write(true).mode(files::PRIVATE).open(path);
    let file = file.with_context(|| format!("--record: {}: cannot be written", path.display()))?;
    let (recorder, lines) = recorder();
    let kind = Kind { flag: "--record", keeps: false, lost: None };
    let writing = Writing::begin(file, path.display().to_string(), kind, lines, ended)?;
    Ok(Recording { recorder, writing })
}

impl Recording {
    /// Waits until all lines are written, [`limits::RECORDING_FLUSH`] at most; whoever records has ended.
    pub(super) fn close(self) {
        let handed = self.recorder.handed();
        drop(self.recorder);
        self.writing.close(handed, limits::RECORDING_FLUSH);
    }
}

impl Whole for File {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(|_| ())
    }
}
