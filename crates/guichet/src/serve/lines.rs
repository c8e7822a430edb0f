//! A file of lines: a thread writes what is handed on, whole lines or none. Nobody who hands one on waits
//! for it.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use anyhow::Context as _;
use guichet_control::lines::{Line, Lines};
use tokio_util::sync::CancellationToken;

/// How long the thread waits for a line before it looks whether the service has ended, and says what had
/// no place.
const PAUSE: Duration = Duration::from_secs(1);
/// Bytes that are written at once.
const BATCH: usize = 64 * 1024;

/// What takes whole lines: a file, of which half a line can be taken back.
pub(super) trait Whole: Write + Send + 'static {
    /// Leaves so many bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Its length, if others change it too.
    fn length(&self) -> Option<u64> {
        None
    }

    /// To be called before lines are written, and now and then: it may be another file by now.
    fn look(&mut self, _name: &str) {}
}

/// What is said of a file of lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind<T> {
    /// The flag that names it.
    pub(super) flag: &'static str,
    /// Whether lines that the disk does not take are kept until it does; others are given up.
    pub(super) keeps: bool,
    /// The line that says how many had no place; none: the log says it.
    pub(super) lost: Option<fn(u64) -> T>,
}

/// A file that is being written.
pub(super) struct Writing {
    name: String,
    flag: &'static str,
    /// Nothing is sent: the thread lets go of the other end when all is written.
    ended: Receiver<()>,
    /// Lines that the thread is done with, in the file or not.
    done: Arc<AtomicU64>,
}

impl Writing {
    /// Begins to write what is handed on, until `stopped` is cancelled and nothing is left.
    pub(super) fn begin<T: Line, F: Whole>(
        file: F,
        name: String,
        kind: Kind<T>,
        lines: Lines<T>,
        stopped: CancellationToken,
    ) -> anyhow::Result<Self> {
        let (all_written, ended) = sync_channel(0);
        let done = Arc::<AtomicU64>::default();
        let flag = kind.flag;
        let mut written = Written::new(file, name.clone(), flag, Arc::clone(&done));
        let write = move || write_down(&lines, &mut written, &kind, &stopped, all_written);
        let thread = std::thread::Builder::new().name("lines".to_owned());
        thread.spawn(write).context(flag)?;
        Ok(Self { name, flag, ended, done })
    }

    /// Waits until all lines are written, so long at most; whoever handed `handed` of them on has ended.
    pub(super) fn close(self, handed: u64, longest: Duration) {
        let (name, flag) = (self.name.clone(), self.flag);
        let left = self.close_within(handed, longest);
        if left > 0 {
            tracing::error!(
                file = name,
                missing = left,
                "{flag}: the disk did not take the last lines in time; they are missing"
            );
        }
    }

    /// How many lines were not written by then; the thread ends with the process.
    fn close_within(self, handed: u64, longest: Duration) -> u64 {
        match self.ended.recv_timeout(longest) {
            Err(RecvTimeoutError::Timeout) => {
                handed - self.done.load(Ordering::Relaxed).min(handed)
            }
            _ => 0,
        }
    }
}

/// Writes lines until nobody hands any on.
fn write_down<T: Line, F: Whole>(
    lines: &Lines<T>,
    written: &mut Written<F>,
    kind: &Kind<T>,
    ended: &CancellationToken,
    _until_written: SyncSender<()>,
) {
    loop {
        match lines.lines.recv_timeout(PAUSE) {
            Ok(line) => {
                let (mut batch, mut count) = (line.text() + "\n", 1);
                while batch.len() < BATCH
                    && let Ok(line) = lines.lines.try_recv()
                {
                    batch.push_str(&line.text());
                    batch.push('\n');
                    count += 1;
                }
                written.file.look(&written.name);
                while !written.write(&batch) && kind.keeps && !ended.is_cancelled() {
                    std::thread::park_timeout(PAUSE);
                    written.file.look(&written.name);
                }
                written.is_done(&batch);
                lines.written(count);
            }
            Err(RecvTimeoutError::Timeout) if !ended.is_cancelled() => {
                written.file.look(&written.name);
            }
            Err(_) => break,
        }
        written.say_lost(lines.take_lost(), kind.lost);
    }
    written.say_lost(lines.take_lost(), kind.lost);
    written.say_missing();
    written.file.look(&written.name);
}

/// A file of lines, and whether it takes any at present.
struct Written<F> {
    file: F,
    name: String,
    flag: &'static str,
    /// Its length.
    length: u64,
    /// Lines that it did not take since that was said.
    missing: u64,
    is_failing: bool,
    /// Whether it took the last that it was given.
    took: bool,
    /// Lines that were written, or given up. Relaxed: nothing is ordered by it.
    done: Arc<AtomicU64>,
}

impl<F: Whole> Written<F> {
    const fn new(file: F, name: String, flag: &'static str, done: Arc<AtomicU64>) -> Self {
        let (length, missing) = (0, 0);
        Self { file, name, flag, length, missing, is_failing: false, took: true, done }
    }

    /// Writes lines; whether the file took them. That it does not is said once, and that it does again.
    fn write(&mut self, batch: &str) -> bool {
        let (file, flag) = (&self.name, self.flag);
        let length = self.file.length().unwrap_or(self.length);
        let result = self.file.write_all(batch.as_bytes());
        self.took = result.is_ok();
        match result {
            Ok(()) => {
                self.length = length + batch.len() as u64;
                if std::mem::take(&mut self.is_failing) {
                    tracing::info!(file, missing = self.missing, "{flag}: written again");
                    self.missing = 0;
                }
            }
            Err(error) => {
                // What was written of it would be half a line.
                let _ = self.file.cut(length);
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::error!(
                        file,
                        %error,
                        "{flag}: cannot be written; the service goes on, and what it is asked \
                         meanwhile is missing there"
                    );
                }
            }
        }
        self.took
    }

    /// These lines were written, or are given up.
    fn is_done(&mut self, batch: &str) {
        let count = batch.lines().count() as u64;
        if !self.took {
            self.missing += count;
        }
        self.done.fetch_add(count, Ordering::Relaxed);
    }

    /// Says how many lines had no place.
    fn say_lost<T: Line>(&mut self, lost: u64, line: Option<fn(u64) -> T>) {
        if lost == 0 {
            return;
        }
        let (file, flag) = (&self.name, self.flag);
        tracing::warn!(file, lost, "{flag}: the disk is too slow; lines are missing");
        if let Some(line) = line {
            let line = line(lost).text() + "\n";
            self.write(&line);
        }
    }

    /// Says at the end how many lines are missing.
    fn say_missing(&self) {
        if self.missing > 0 {
            let (file, flag) = (&self.name, self.flag);
            tracing::warn!(file, missing = self.missing, "{flag}: lines are missing");
        }
    }
}

#[cfg(test)]
mod tests {
    use guichet_control::record::recorder;

    use super::*;

    const KIND: Kind<String> = Kind { flag: "--f", keeps: false, lost: None };

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
        let disk = Disk { bytes: Vec::new(), most: 7 };
        let mut written = Written::new(disk, "f".to_owned(), "--f", Arc::default());
        let write = |written: &mut Written<Disk>, batch: &str| {
            written.write(batch);
            written.is_done(batch);
        };
        write(&mut written, "one\n");
        write(&mut written, "two\nthree\n");
        assert_eq!((&written.file.bytes[..], written.missing), (&b"one\n"[..], 2));
        written.file.most = 100;
        write(&mut written, "four\n");
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
        let (recorder, lines) = recorder();
        let name = "f".to_owned();
        let writing = Writing::begin(Stalled(disk), name, KIND, lines, ended.clone()).unwrap();
        for _ in 0..3 {
            recorder.hand_on("{}".to_owned());
        }
        ended.cancel();
        let handed = recorder.handed();
        drop(recorder);
        assert_eq!(writing.close_within(handed, Duration::from_millis(50)), 3);
        drop(held);
    }

    #[test]
    fn all_is_written_by_the_end() {
        let ended = CancellationToken::new();
        let disk = Disk { bytes: Vec::new(), most: 100 };
        let (recorder, lines) = recorder();
        let writing = Writing::begin(disk, "f".to_owned(), KIND, lines, ended.clone()).unwrap();
        recorder.hand_on("{}".to_owned());
        ended.cancel();
        drop(recorder);
        assert_eq!(writing.close_within(1, Duration::from_secs(60)), 0);
    }
}
