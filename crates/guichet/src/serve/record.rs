//! `--record FILE`: a thread that writes a line for each request that ended. A request never waits for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, bail};
use guichet_control::record::{Lines, Recorder, recorder};
use tokio_util::sync::CancellationToken;

/// How long the thread waits for a line before it looks whether the service has ended, and says what had
/// no place.
const PAUSE: Duration = Duration::from_secs(1);
/// Bytes that are written at once.
const BATCH: usize = 64 * 1024;

/// A recording that goes on.
pub(super) struct Recording {
    pub(super) recorder: Recorder,
    thread: JoinHandle<()>,
}

/// Begins one, until `ended` is cancelled.
///
/// # Errors
/// The file is there already, or cannot be made.
pub(super) fn begin(path: &Path, ended: CancellationToken) -> anyhow::Result<Recording> {
    // What is no file, such as a pipe, is there and holds nothing.
    let is_file = match path.metadata() {
        Ok(facts) if facts.is_file() => {
            let path = path.display();
            bail!("--record: {path}: there is one already; name another, or take it away")
        }
        Ok(_) => false,
        Err(_) => true,
    };
    // Names of servers and users are nobody else's business.
    let file = OpenOptions::new().create_new(is_file).write(true).mode(0o600).open(path);
    let file = file.with_context(|| format!("--record: {}: cannot be written", path.display()))?;
    let (recorder, lines) = recorder();
    let name = path.display().to_string();
    let mut written = Written::new(file);
    let thread = std::thread::Builder::new().name("record".to_owned());
    let thread = thread.spawn(move || write_down(&lines, &mut written, &name, &ended));
    Ok(Recording { recorder, thread: thread.context("--record")? })
}

impl Recording {
    /// Waits until all lines are written; whoever records has ended.
    pub(super) fn close(self) {
        let Self { recorder, thread } = self;
        drop(recorder);
        let _ = thread.join();
    }
}

/// Writes lines until nobody records any more.
fn write_down<F: Whole>(
    lines: &Lines,
    written: &mut Written<F>,
    name: &str,
    ended: &CancellationToken,
) {
    loop {
        match lines.lines.recv_timeout(PAUSE) {
            Ok(line) => {
                let mut batch = line + "\n";
                while batch.len() < BATCH
                    && let Ok(line) = lines.lines.try_recv()
                {
                    batch.push_str(&line);
                    batch.push('\n');
                }
                written.write(&batch, name);
            }
            Err(RecvTimeoutError::Timeout) if !ended.is_cancelled() => {}
            Err(_) => break,
        }
        written.say_lost(lines.take_lost(), name);
    }
    written.say_lost(lines.take_lost(), name);
    written.say_missing(name);
}

/// What takes whole lines: a file, of which half a line can be taken back.
trait Whole: Write {
    /// Leaves so many bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Whole for File {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(|_| ())
    }
}

/// A file of lines, and whether it takes any at present.
struct Written<F> {
    file: F,
    /// Its length.
    length: u64,
    /// Lines that it did not take since that was said.
    missing: u64,
    is_failing: bool,
}

impl<F: Whole> Written<F> {
    const fn new(file: F) -> Self {
        Self { file, length: 0, missing: 0, is_failing: false }
    }

    /// Writes lines. That it cannot is said once, and that it can again.
    fn write(&mut self, batch: &str, name: &str) {
        match self.file.write_all(batch.as_bytes()) {
            Ok(()) => {
                self.length += batch.len() as u64;
                if std::mem::take(&mut self.is_failing) {
                    tracing::info!(file = name, missing = self.missing, "--record: written again");
                    self.missing = 0;
                }
            }
            Err(error) => {
                // What was written of it would be half a line. A pipe cannot take it back.
                let _ = self.file.cut(self.length);
                self.missing += batch.lines().count() as u64;
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::error!(
                        file = name,
                        %error,
                        "--record: cannot be written; the service goes on, and what it is asked \
                         meanwhile is missing there"
                    );
                }
            }
        }
    }

    /// Says how many lines had no place.
    fn say_lost(&self, lost: u64, name: &str) {
        if lost > 0 {
            tracing::warn!(file = name, lost, "--record: the disk is too slow; lines are missing");
        }
    }

    /// Says at the end how many lines are missing.
    fn say_missing(&self, name: &str) {
        if self.missing > 0 {
            tracing::warn!(file = name, missing = self.missing, "--record: lines are missing");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that holds so many bytes.
    struct Disk {
        bytes: Vec<u8>,
        most: usize,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let fits = bytes.len().min(self.most - self.bytes.len());
            if fits == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.bytes.extend_from_slice(&bytes[..fits]);
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Whole for Disk {
        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.bytes.truncate(usize::try_from(length).unwrap_or(0));
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_leaves_whole_lines_and_takes_more_when_it_can() {
        let mut written = Written::new(Disk { bytes: Vec::new(), most: 7 });
        written.write("one\n", "f");
        written.write("two\nthree\n", "f");
        assert_eq!((&written.file.bytes[..], written.missing), (&b"one\n"[..], 2));
        written.file.most = 100;
        written.write("four\n", "f");
        assert_eq!((&written.file.bytes[..], written.missing), (&b"one\nfour\n"[..], 0));
    }
}
