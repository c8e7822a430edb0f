//! What the process does about signals.

use std::process::exit;
use std::sync::Arc;

use anyhow::Context;
use guichet_core::limits;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::log::Log;
use crate::Ended;

/// A token that the first Ctrl-C or SIGTERM cancels, and the end of the terminal that the process has;
/// another Ctrl-C or SIGTERM ends the process at once. A hang-up by anybody else has the configuration
/// read again: `reload` is told. SIGUSR1 and SIGUSR2, by which other services open their logs again,
/// change nothing: left alone they would end the process without a drain.
#[expect(clippy::disallowed_methods, reason = "it ends with the process, not before")]
pub(super) fn stop_token(log: Log, reload: Arc<Notify>) -> anyhow::Result<CancellationToken> {
    let token = CancellationToken::new();
    let stop = token.clone();
    let mut stops = [listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?];
    let outlives_terminal = ignores_hang_up() || !has_terminal();
    let mut hang_ups = listen(SignalKind::hangup())?;
    let mut others = [listen(SignalKind::user_defined1())?, listen(SignalKind::user_defined2())?];
    tokio::spawn(async move {
        let [interrupts, terminations] = &mut stops;
        let [first, second] = &mut others;
        loop {
            let is_hang_up = tokio::select! {
                biased;
                _ = interrupts.recv() => false,
                _ = terminations.recv() => false,
                _ = hang_ups.recv() => true,
                _ = first.recv() => continue,
                _ = second.recv() => continue,
            };
            // A closed terminal says so more than once.
            if is_hang_up && (outlives_terminal || has_terminal()) {
                reload.notify_one();
                continue;
            }
            if !stop.is_cancelled() {
                tracing::info!("stopping: finishing what was accepted; once more to stop at once");
                stop.cancel();
            } else if !is_hang_up {
                log.flush(limits::LOG_FLUSH);
                exit(Ended::Interrupted.code().into());
            }
        }
    });
    Ok(token)
}

/// Cancels the token when standard input ends, or cannot be read. What comes there before is not
/// looked at.
pub(super) fn stop_at_end_of_input(stop: CancellationToken) -> anyhow::Result<()> {
    let wait = move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        tracing::info!("stopping: standard input has ended");
        stop.cancel();
    };
    // It ends with the process: nothing wakes a thread that reads standard input.
    std::thread::Builder::new()
        .name("input".to_owned())
        .spawn(wait)
        .context("--until-input-ends")?;
    Ok(())
}

fn listen(kind: SignalKind) -> anyhow::Result<Signal> {
    signal(kind).context("signals")
}

/// The next signal of this kind; never, if it is not listened to.
pub(crate) async fn next(signals: &mut Option<Signal>) {
    match signals {
        Some(signals) => {
            signals.recv().await;
        }
        None => std::future::pending().await,
    }
}

/// Whether there is a terminal that the process was started from.
fn has_terminal() -> bool {
    std::fs::File::open("/dev/tty").is_ok()
}

/// Whether whoever started this process had it ignore hang-ups. Only Linux says so; elsewhere it is
/// taken not to.
pub(crate) fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored(&status).is_some_and(|mask| mask & 1 != 0)
}

/// The signals that are ignored, a bit each from the first one on.
fn ignored(status: &str) -> Option<u64> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::ignored;

    #[test]
    fn ignored_signals_are_read_from_the_status() {
        assert_eq!(ignored("Name:\ta\nSigIgn:\t0000000000001001\nSigCgt:\t0\n"), Some(0x1001));
        assert_eq!((ignored(""), ignored("SigIgn:\tno\n")), (None, None));
    }
}
