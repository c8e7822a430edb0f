//! A copy that somebody may want to end: it takes back what it wrote.

use std::ops::ControlFlow;

use anyhow::Context as _;
use guichet_store::journal::copy::{Doing, OnProgress, Progress};
use guichet_store::journal::sqlite::OpenError;
use indicatif::ProgressBar;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{Ended, output, terminal};

/// Does all of something, and shows how far it is where stderr is a terminal; none if it was
/// interrupted (Ctrl-C or SIGTERM) before it was done. A second interrupt ends the process at once.
pub(super) fn whole<T: Send + 'static>(
    work: impl FnOnce(OnProgress<'_>) -> Result<T, OpenError> + Send + 'static,
) -> anyhow::Result<Option<T>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let done = runtime.context("could not start")?.block_on(watched(work));
    terminal::clear();
    match done? {
        Ok(done) => Ok(Some(done)),
        Err(OpenError::Interrupted) => {
            output::say_wrapped(&OpenError::Interrupted.to_string());
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

async fn watched<T: Send + 'static>(
    work: impl FnOnce(OnProgress<'_>) -> Result<T, OpenError> + Send + 'static,
) -> anyhow::Result<Result<T, OpenError>> {
    let mut interrupts = signal(SignalKind::interrupt()).context("signals")?;
    let mut terminations = signal(SignalKind::terminate()).context("signals")?;
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let bar = (terminal::is_stderr() && !terminal::is_dumb()).then(terminal::drawn);
    let working = tokio::task::spawn_blocking(move || {
        work(&mut |progress| {
            if let Some(bar) = &bar {
                draw(bar, progress);
            }
            if stopped.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    });
    tokio::pin!(working);
    loop {
        tokio::select! {
            biased;
            done = &mut working => return done.context("the copy"),
            _ = interrupts.recv() => {}
            _ = terminations.recv() => {}
        }
        if stop.is_cancelled() {
            terminal::clear();
            std::process::exit(Ended::Interrupted.code().into());
        }
        stop.cancel();
        // The terminal has just shown ^C.
        let line_end = if terminal::is_stderr() { "\n" } else { "" };
        output::say(&format!("{line_end}stopping: what was written is taken back\n"));
    }
}

fn draw(bar: &ProgressBar, Progress { doing, table, rows }: Progress) {
    let doing = match doing {
        Doing::Copying => "copying",
        Doing::Comparing => "comparing",
    };
    bar.set_message(format!("{doing} {table}: {rows} rows"));
}
