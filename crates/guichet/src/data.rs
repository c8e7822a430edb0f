//! `guichet backup`, `restore` and `verify`: care for a data directory; and what happens when one
//! breaks.

use std::path::Path;

use anstyle::AnsiColor;
use anyhow::Context;
use guichet_lab::simulate::paint::painted;
use guichet_store::journal::LogError;
#[cfg(feature = "postgres")]
use guichet_store::journal::postgres;
use guichet_store::journal::sqlite::{self, Verified};
use nix::sys::signal::Signal;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{BackupArgs, ColorArg, RestoreArgs, VerifyArgs, is_database};
use crate::{Ended, output, terminal};

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
    let report = sqlite::backup(&args.data, &args.dest).context("backup")?;
    let (file, bytes) = (report.file.display(), report.bytes);
    output::print(&format!("{file}: {} servers, {bytes} bytes, checked\n", report.servers))?;
    Ok(Ended::Good)
}

/// `guichet restore`.
pub(crate) fn restore(args: &RestoreArgs) -> anyhow::Result<Ended> {
    survive_file_limits();
    let report = sqlite::restore(&args.backup, &args.data).context("restore")?;
    let (file, bytes) = (report.file.display(), report.bytes);
    output::print(&format!("{file}: {} servers, {bytes} bytes, checked\n", report.servers))?;
    Ok(Ended::Good)
}

/// `guichet verify`.
pub(crate) fn verify(args: &VerifyArgs, color: ColorArg) -> anyhow::Result<Ended> {
    let verified = verified(&args.data).context("verify")?;
    let audit = &verified.audit;
    let screen = terminal::stdout();
    let has_color = terminal::has_color(color, screen.is_screen());
    let first = format!(
        "{}: {} servers, {} bytes, version {}; {} facts checked, {} broken",
        args.data.display(),
        verified.servers,
        verified.bytes,
        verified.version,
        audit.checked,
        audit.violations.len()
    );
    let verdict = if audit.holds() { AnsiColor::Green } else { AnsiColor::Red };
    let mut said = String::new();
    for line in screen.line(&first, 2) {
        said += &(painted(&line, verdict, has_color) + "\n");
    }
    for violation in &audit.violations {
        said += &(screen.line(&format!("  {violation}"), 4).join("\n") + "\n");
    }
    output::print(&said)?;
    Ok(Ended::of(audit.holds(), false))
}

/// The password of a database, from the variable that PostgreSQL's own programs have it from.
#[cfg(feature = "postgres")]
pub(crate) fn database_password() -> Option<String> {
    std::env::var("PGPASSWORD").ok()
}

/// What was found in a directory, or in a database.
fn verified(data: &Path) -> anyhow::Result<Verified> {
    if !is_database(data) {
        return Ok(sqlite::verify(data)?);
    }
    #[cfg(feature = "postgres")]
    {
        let text = data.to_str().context("--data: a connection string is text in UTF-8")?;
        let place = postgres::Place::parse(text, database_password().as_deref())?;
        Ok(postgres::verify(&place)?)
    }
    #[cfg(not(feature = "postgres"))]
    anyhow::bail!("--data: this program was built without PostgreSQL (feature `postgres`)")
}
