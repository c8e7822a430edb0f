//! `--record FILE`: a thread that writes a line for each request that ended. A request never waits for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use anyhow::{Context as _, bail};
use guichet_control::record::{Lines, Recorder, recorder};
use guichet_core::limits;
use tokio_util::sync::CancellationToken;

/// How long the thread waits for a line before it looks whether the service has ended, and says what had
/// no place.
const PAUSE: Duration = Duration::from_secs(1);
/// Bytes that are written at once.
const BATCH: usize = 64 * 1024;

/// A recording that goes on.
pub(super) struct Recording {
    pub(super) recorder: Recorder,
    name: String,
    /// Nothing is sent: the thread lets go of the other end when all is written.
    ended: Receiver<()>,
    /// Lines that the thread is done with, in the file or not.
    done: Arc<AtomicU64>,
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
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    let file = file.with_context(|| format!("--record: {}: cannot be written", path.display()))?;
    begin_in(file, path.display().to_string(), ended)
}

/// Begins one in a file that is open.
fn begin_in<F: Whole + Send + 'static>(
    file: F,
    name: String,
    stopped: CancellationToken,
) -> anyhow::Result<Recording> {
    let (recorder, lines) = recorder();
    let (all_written, ended) = sync_channel(0);
    let done = Arc::<AtomicU64>::default();
    let mut written = Written::new(file, Arc::clone(&done));
    let shown = name.clone();
    let thread = std::thread::Builder::new().name("record".to_owned());
    let write = move || write_down(&lines, &mut written, &shown, &stopped, all_written);
    thread.spawn(write).context("--record")?;
    Ok(Recording { recorder, name, ended, done })
}

impl Recording {
    /// Waits until all lines are written, [`limits::RECORDING_FLUSH`] at most; whoever records has ended.
    pub(super) fn close(self) {
        let name = self.name.clone();
        let left = self.close_within(limits::RECORDING_FLUSH);
        if left > 0 {
            tracing::error!(
                file = name,
                missing = left,
                "--record: the disk did not take the last lines in time; they are missing"
            );
        }
    }

    /// Waits so long at most. How many lines were not written by then; the thread ends with the process.
    fn close_within(self, longest: Duration) -> u64 {
        let Self { recorder, ended, done, .. } = self;
        let handed = recorder.handed();
        drop(recorder);
        match ended.recv_timeout(longest) {
            Err(RecvTimeoutError::Timeout) => handed - done.load(Ordering::Relaxed).min(handed),
            _ => 0,
        }
    }
}

/// Writes lines until nobody records any more.
fn write_down<F: Whole>(
    lines: &Lines,
    written: &mut Written<F>,
    name: &str,
    ended: &CancellationToken,
    _until_written: SyncSender<()>,
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
    /// Lines that were written, or given up. Relaxed: nothing is ordered by it.
    done: Arc<AtomicU64>,
}

impl<F: Whole> Written<F> {
    const fn new(file: F, done: Arc<AtomicU64>) -> Self {
        Self { file, length: 0, missing: 0, is_failing: false, done }
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
                // What was written of it would be half a line.
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
        self.done.fetch_add(batch.lines().count() as u64, Ordering::Relaxed);
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
        let mut written = Written::new(Disk { bytes: Vec::new(), most: 7 }, Arc::default());
        written.write("one\n", "f");
        written.write("two\nthree\n", "f");
        assert_eq!((&written.file.bytes[..], written.missing), (&b"one\n"[..], 2));
        written.file.most = 100;
        written.write("four\n", "f");
        assert_eq!((&written.file.bytes[..], written.missing), (&b"one\nfour\n"[..], 0));
    }

    /// A disk that takes nothing until the other end of it is let go.
    struct Stalled(Receiver<()>);

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Whole for Stalled {
        fn cut(&mut self, _: u64) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_end_does_not_wait_for_a_disk_that_stalls() {
        let (held, disk) = sync_channel(0);
        let ended = CancellationToken::new();
        let recording = begin_in(Stalled(disk), "f".to_owned(), ended.clone()).unwrap();
        for _ in 0..3 {
            recording.recorder.hand_on("{}".to_owned());
        }
        ended.cancel();
        assert_eq!(recording.close_within(Duration::from_millis(50)), 3);
        drop(held);
    }

    #[test]
    fn all_is_written_by_the_end() {
        let ended = CancellationToken::new();
        let disk = Disk { bytes: Vec::new(), most: 100 };
        let recording = begin_in(disk, "f".to_owned(), ended.clone()).unwrap();
        recording.recorder.hand_on("{}".to_owned());
        ended.cancel();
        assert_eq!(recording.close_within(Duration::from_secs(60)), 0);
    }
}
