//! `guichet backup`, `restore`, `verify` and `data copy`: care for a data directory or a database; and
//! what happens when one breaks.

mod interrupts;
mod place;
mod shown;

use std::path::Path;

use anyhow::{Context, bail};
use guichet_locale::Message;
use guichet_store::journal::LogError;
use guichet_store::journal::copy::{self, Copied, Side};
#[cfg(feature = "postgres")]
use guichet_store::journal::postgres;
use guichet_store::journal::sqlite::{self, BackupReport};
use nix::sys::signal::Signal;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{
    BackupArgs, ColorArg, CopyArgs, DataCommand, RestoreArgs, VerifyArgs, is_database,
};
use crate::{Ended, output, terminal};

#[cfg(feature = "postgres")]
pub(crate) use place::database;

/// The exit code of a journal that broke: `EX_IOERR` of sysexits.h.
pub(crate) const LOST: i32 = 74;

/// What becomes of a data directory. Full: it is said, once, and when it is over too. Lost:
/// nothing is known to be durable any more, so the process ends at once, and nobody is told that
/// something was taken in. The next start finds out what is in the file.
pub(crate) fn trouble(written: Result<(), &LogError>) {
    match written {
        Ok(()) => output::say("guichet: the data directory is written again\n"),
        Err(LogError::Full(why)) => output::say(&format!(
            "guichet: nothing can be written to the data directory: {why}. What was acknowledged \
             is there; nothing more is taken until it can be written, which is tried each second\n"
        )),
        Err(error @ (LogError::Replaced(_) | LogError::Lost(_))) => {
            output::say(&format!(
                "error: {error}; nothing that was not acknowledged is known to be there. Look at \
                 the disk, then start again: what was acknowledged is in the directory\n"
            ));
            terminal::clear();
            std::process::exit(LOST);
        }
    }
}

/// A file that would grow past the system's limit (`ulimit -f`) ends a process, unless it hears the
/// signal: then the write fails, and is treated as any other that does.
pub(crate) fn survive_file_limits() {
    // The signal is heard for as long as the process lives, not the runtime. Where there is none
    // to be had the limit ends the process, as it does others: nothing acknowledged is lost.
    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() {
        let _inside = runtime.enter();
        let _ = signal(SignalKind::from_raw(Signal::SIGXFSZ as i32));
    }
}

/// `guichet backup`.
pub(crate) fn backup(args: &BackupArgs) -> anyhow::Result<Ended> {
    survive_file_limits();
    let report = if is_database(&args.data) {
        backed_up(&args.data, &args.dest).context("backup")?
    } else {
        Some(sqlite::backup(&args.data, &args.dest).context("backup")?)
    };
    let ended = finished(report, |report| output::print(&written(&report)).map(|()| Ended::Good))?;
    say_which_cell(&args.data)?;
    Ok(ended)
}

/// Says which cell of a database it was, if there are several.
#[cfg(feature = "postgres")]
fn say_which_cell(data: &Path) -> anyhow::Result<()> {
    if !is_database(data) {
        return Ok(());
    }
    let place = place::database(data)?;
    let others = postgres::other_cells(&place)?;
    let names: Vec<String> = others
        .iter()
        .map(|name| match &**name {
            "" => "the first (without cell=)".to_owned(),
            name => format!("?cell={name}"),
        })
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let of = if place.is_first() { "the first cell" } else { "one cell" };
    let text = format!("This is {of} of several, of {}; the others: {}.", place, names.join(", "));
    output::print(&(terminal::stdout().line(&text, 2).join("\n") + "\n"))?;
    Ok(())
}

#[cfg(not(feature = "postgres"))]
fn say_which_cell(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// `guichet restore`.
pub(crate) fn restore(args: &RestoreArgs, color: ColorArg) -> anyhow::Result<Ended> {
    survive_file_limits();
    if is_database(&args.data) {
        let copied = restored(&args.backup, &args.data).context("restore")?;
        return finished(copied, |copied| {
            shown::copied(&copied, (&args.backup, &args.data), color)
        });
    }
    let report = sqlite::restore(&args.backup, &args.data).context("restore")?;
    output::print(&written(&report))?;
    Ok(Ended::Good)
}

/// `guichet data`.
pub(crate) fn run(command: &DataCommand, color: ColorArg) -> anyhow::Result<Ended> {
    survive_file_limits();
    let DataCommand::Copy(CopyArgs { from, to }) = command;
    let copied = moved(from, to).context("data copy")?;
    let ended = finished(copied, |copied| shown::copied(&copied, (from, to), color))?;
    if ended != Ended::Interrupted {
        let (from, to) = (from.display(), to.display());
        let next = format!("Serve {to} from now on, and not {from} any more.");
        output::print(&(terminal::stdout().line(&next, 2).join("\n") + "\n"))?;
    }
    Ok(ended)
}

/// What came of something that may have been interrupted.
fn finished<T>(
    done: Option<T>,
    show: impl FnOnce(T) -> Result<Ended, Message>,
) -> anyhow::Result<Ended> {
    match done {
        Some(done) => Ok(show(done)?),
        None => Ok(Ended::Interrupted),
    }
}

/// A file that was made.
fn written(report: &BackupReport) -> String {
    let BackupReport { file, bytes, servers } = report;
    format!("{}: {servers} servers, {bytes} bytes, checked\n", file.display())
}

/// `guichet verify`.
pub(crate) fn verify(args: &VerifyArgs, color: ColorArg) -> anyhow::Result<Ended> {
    let verified = match place::side(&args.data).context("verify")? {
        Side::Directory(dir) => sqlite::verify(&dir),
        #[cfg(feature = "postgres")]
        Side::Database(place) => postgres::verify(&place),
    };
    let ended = shown::verified(&verified.context("verify")?, &args.data, color)?;
    say_which_cell(&args.data)?;
    Ok(ended)
}

fn moved(from: &Path, to: &Path) -> anyhow::Result<Option<Copied>> {
    let sides = (place::side(from).context("FROM")?, place::side(to).context("TO")?);
    if place::is_same(from, to) {
        bail!("{} would be copied onto itself: name another place", to.display());
    }
    let (from, to) = sides;
    interrupts::whole(move |on_progress| copy::copy(&from, &to, on_progress))
}

#[cfg(feature = "postgres")]
fn backed_up(data: &Path, dest: &Path) -> anyhow::Result<Option<BackupReport>> {
    let (place, dest) = (place::database(data)?, dest.to_owned());
    interrupts::whole(move |on_progress| copy::backup(&place, &dest, on_progress))
}

#[cfg(feature = "postgres")]
fn restored(backup: &Path, data: &Path) -> anyhow::Result<Option<Copied>> {
    let (backup, place) = (backup.to_owned(), place::database(data)?);
    interrupts::whole(move |on_progress| copy::restore(&backup, &place, on_progress))
}

#[cfg(not(feature = "postgres"))]
fn backed_up(data: &Path, _: &Path) -> anyhow::Result<Option<BackupReport>> {
    place::side(data).map(|_| None)
}

#[cfg(not(feature = "postgres"))]
fn restored(_: &Path, data: &Path) -> anyhow::Result<Option<Copied>> {
    place::side(data).map(|_| None)
}
