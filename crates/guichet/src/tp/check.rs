//! `guichet tp check`: from flags to checks, and from verdicts to what is printed.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use guichet_check::{CheckError, Options, Stop, Verdict};
use guichet_core::limits;
use guichet_locale::{Locale, text};
use serde_json::Value;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::{CheckArgs, FormatArg};
use crate::ended::Ended;
use crate::serve::signals::ignores_hang_up;
use crate::{output, report};

/// Checks each file. An interrupt ends the one that is under way, with all that it left, and the
/// rest.
pub(super) fn check(args: &CheckArgs, locale: Locale) -> anyhow::Result<Ended> {
    if args.files.len() > limits::CHECK_FILES_MAX {
        let (found, most) = (args.files.len(), limits::CHECK_FILES_MAX);
        bail!(text!(locale, "check-files-most", found = found, most = most));
    }
    if let Some(page) = &args.report {
        if args.files.len() > 1 {
            let found = args.files.len();
            bail!(text!(locale, "check-report-one", found = found));
        }
        report::claim("--report", page, &[&args.files[0]], &[], locale)?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        // Heard from here on: no child is there yet.
        Signals::new()?
    };
    let (stopper, stop) = guichet_check::stop()?;
    std::thread::scope(|scope| {
        let (is_done, done) = tokio::sync::oneshot::channel::<()>();
        let work = scope.spawn(move || {
            // Dropped at the end, whatever it is: that is what is waited for.
            let _is_done = is_done;
            each(args, locale, &stop)
        });
        runtime.block_on(async {
            tokio::select! {
                _ = done => {}
                () = signals.next() => stopper.stop(),
            }
        });
        work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// What a person or the system ends a program with. A hang-up is none where the program was started
/// to outlive its terminal (`nohup`).
struct Signals {
    interrupts: Signal,
    terminations: Signal,
    hang_ups: Option<Signal>,
}

impl Signals {
    fn new() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("signals");
        let hears_hang_ups = !ignores_hang_up();
        Ok(Self {
            interrupts: listen(SignalKind::interrupt())?,
            terminations: listen(SignalKind::terminate())?,
            hang_ups: hears_hang_ups.then(|| listen(SignalKind::hangup())).transpose()?,
        })
    }

    async fn next(&mut self) {
        let hang_up = async {
            match &mut self.hang_ups {
                Some(hang_ups) => hang_ups.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupts.recv() => {}
            _ = self.terminations.recv() => {}
            _ = hang_up => {}
        }
    }
}

fn each(args: &CheckArgs, locale: Locale, stop: &Stop) -> anyhow::Result<Ended> {
    let options = Options {
        class: args.class.clone(),
        mapping: args.map.clone(),
        schedules: args.schedules,
        preemptions: args.preemptions,
        time: Duration::from_secs(args.time),
        python: args.python.clone(),
        is_page: args.report.is_some(),
    };
    let mut ended = Ended::Good;
    let mut objects = Vec::new();
    for (number, path) in args.files.iter().enumerate() {
        match guichet_check::check(path, &options, stop) {
            Ok(verdict) => {
                if ended == Ended::Good && verdict.is_bad() {
                    ended = Ended::Broken;
                }
                match args.format {
                    FormatArg::Json => objects.push(verdict.json()),
                    FormatArg::Table => print(&verdict, number, locale)?,
                }
                if let Some(page) = &args.report {
                    write(page, &verdict, locale)?;
                }
            }
            // The same for every file.
            Err(error @ (CheckError::NoPython { .. } | CheckError::Io(_))) => {
                bail!(error.text_in(locale));
            }
            Err(CheckError::Stopped) => {
                ended = Ended::Interrupted;
                break;
            }
            // One bad file is no reason not to look at the others of a class.
            Err(error) => {
                ended = Ended::Refused;
                let what = error.text_in(locale);
                output::say(&format!("{}\n", text!(locale, "error", what = what)));
                objects.push(guichet_check::refused_json(path, &error.to_string()));
            }
        }
    }
    if args.format == FormatArg::Json {
        let text = serde_json::to_string(&Value::Array(objects))? + "\n";
        output::print(&text)?;
    }
    Ok(ended)
}

/// Writes the page of a verdict.
fn write(path: &Path, verdict: &Verdict, locale: Locale) -> anyhow::Result<()> {
    let mut page = verdict.page(locale);
    page.facts.extend(report::facts(None, locale));
    report::write(path, &page)
}

fn print(verdict: &Verdict, number: usize, locale: Locale) -> anyhow::Result<()> {
    let gap = if number == 0 { "" } else { "\n" };
    let text = format!("{gap}{}\n", verdict.lines(locale).join("\n"));
    Ok(output::print(&text)?)
}
