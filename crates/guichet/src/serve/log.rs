//! Where log lines go: to stderr, by a thread of their own. Nobody who logs ever waits for it, and
//! none fails because of it: a pipe whose reader has stopped, a full disk and a closed terminal
//! cost lines, which are counted, and no request.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use anyhow::Context;
use guichet_clock::Stopwatch;
use guichet_core::limits;
use tracing_subscriber::fmt::MakeWriter;

use crate::cli::{ColorArg, LogFormatArg, LogLevel};
use crate::terminal;

/// Changes what is logged while the service runs.
pub(super) type SetLevel = Arc<dyn Fn(&LogLevel) + Send + Sync>;

/// Starts to log to stderr. What comes back sees to it that the last lines are written, and changes
/// what is logged.
///
/// # Errors
/// The system gives no thread for it.
pub(super) fn to_stderr(
    format: LogFormatArg,
    level: &LogLevel,
    color: ColorArg,
) -> anyhow::Result<(Log, SetLevel)> {
    let log = Log::to(io::stderr(), format)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(level.filter())
        .with_writer(log.clone())
        .with_ansi(terminal::has_color(color, terminal::is_stderr()));
    let set: SetLevel = match format {
        LogFormatArg::Text => {
            let builder = builder.with_target(false).with_filter_reloading();
            let handle = builder.reload_handle();
            builder.init();
            // It fails where nothing is logged any more.
            Arc::new(move |level| drop(handle.reload(level.filter())))
        }
        LogFormatArg::Json => {
            let builder = builder.json().with_filter_reloading();
            let handle = builder.reload_handle();
            builder.init();
            Arc::new(move |level| drop(handle.reload(level.filter())))
        }
    };
    Ok((log, set))
}

/// What the thread is given.
enum Item {
    Text(Vec<u8>),
    /// Somebody waits until all before it is written.
    Flush(SyncSender<()>),
}

/// The way to the thread. All clones lead to the same one.
#[derive(Debug, Clone)]
pub(super) struct Log {
    /// Bounded: what does not fit is lost, so that nobody waits.
    items: SyncSender<Item>,
    /// Relaxed: it counts, and nothing is read because of it.
    lost: Arc<AtomicU64>,
}

impl Log {
    /// Starts the thread. It ends with the process: it may be inside a write that never returns.
    fn to(sink: impl Write + Send + 'static, format: LogFormatArg) -> anyhow::Result<Self> {
        let (items, received) = sync_channel(limits::LOG_BACKLOG);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        let thread = std::thread::Builder::new().name("log".to_owned());
        thread.spawn(move || write_all(sink, format, &received, &counted)).context("the log")?;
        Ok(Self { items, lost })
    }

    /// Waits until what was logged is written, for so long at most.
    pub(super) fn flush(&self, patience: Duration) {
        let watch = Stopwatch::start();
        let (done, is_done) = sync_channel(1);
        // The channel may be full, and nothing says when it is not.
        while self.items.try_send(Item::Flush(done.clone())).is_err() {
            if watch.elapsed() >= patience {
                return;
            }
            std::thread::park_timeout(Duration::from_millis(1));
        }
        // Too late is as good as never.
        let _ = is_done.recv_timeout(patience.saturating_sub(watch.elapsed()));
    }
}

/// What the thread does.
fn write_all(
    mut sink: impl Write,
    format: LogFormatArg,
    received: &Receiver<Item>,
    lost: &AtomicU64,
) {
    for item in received {
        let text = match item {
            Item::Text(text) => text,
            Item::Flush(done) => {
                // Whoever waited may have gone.
                let _ = done.try_send(());
                continue;
            }
        };
        let missing = lost.swap(0, Ordering::Relaxed);
        if missing > 0 && sink.write_all(notice(missing, format).as_bytes()).is_err() {
            lost.fetch_add(missing, Ordering::Relaxed);
        }
        if sink.write_all(&text).is_err() {
            lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The line that says how many are missing before it.
fn notice(lost: u64, format: LogFormatArg) -> String {
    match format {
        LogFormatArg::Text => format!("WARN log lines were lost lost={lost}\n"),
        LogFormatArg::Json => {
            format!(
                r#"{{"level":"WARN","fields":{{"message":"log lines were lost","lost":{lost}}}}}"#
            ) + "\n"
        }
    }
}

/// One line on its way: it comes in one piece.
impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = if line.len() <= limits::LOG_TEXT_MAX {
            line.to_vec()
        } else {
            [&line[..limits::LOG_TEXT_MAX], b"...\n"].concat()
        };
        if self.items.try_send(Item::Text(text)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::sync_channel;

    use super::*;

    /// A sink whose every write waits for a turn, and fails if it is told to.
    struct Sink {
        turns: Receiver<bool>,
        written: Arc<Mutex<String>>,
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // No turns any more: it goes on by itself.
            if !self.turns.recv().unwrap_or(true) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.written.lock().unwrap().push_str(std::str::from_utf8(bytes).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log() -> (Log, SyncSender<bool>, Arc<Mutex<String>>) {
        let (turn, turns) = sync_channel(8);
        let written = Arc::<Mutex<String>>::default();
        let sink = Sink { turns, written: Arc::clone(&written) };
        (Log::to(sink, LogFormatArg::Text).unwrap(), turn, written)
    }

    const SOON: Duration = Duration::from_secs(30);

    #[test]
    fn a_sink_that_takes_nothing_holds_up_nobody_and_what_is_lost_is_said() {
        let (mut log, turn, written) = log();
        // One is with the thread, perhaps, and the rest fills the channel.
        for number in 0..limits::LOG_BACKLOG + 11 {
            log.write_all(format!("{number}\n").as_bytes()).unwrap();
        }
        let lost = log.lost.load(Ordering::Relaxed);
        assert!([10, 11].contains(&lost), "{lost}");
        drop(turn);
        Log::flush(&log, SOON);
        log.write_all(b"last\n").unwrap();
        Log::flush(&log, SOON);
        let written = written.lock().unwrap();
        assert!(written.contains(&format!("WARN log lines were lost lost={lost}\n")));
        assert!(written.ends_with("last\n"));
    }

    #[test]
    fn a_sink_that_fails_loses_lines_and_not_the_log() {
        let (mut log, turn, written) = log();
        turn.send(false).unwrap();
        log.write_all(b"first\n").unwrap();
        Log::flush(&log, SOON);
        drop(turn);
        log.write_all("x".repeat(2 * limits::LOG_TEXT_MAX).as_bytes()).unwrap();
        Log::flush(&log, SOON);
        let written = written.lock().unwrap();
        assert!(written.starts_with("WARN log lines were lost lost=1\nxxx"));
        assert!(written.ends_with("x...\n") && written.len() < limits::LOG_TEXT_MAX + 100);
    }
}
