//! `guichet backup`, `restore` and `verify`: care for a data directory; and what happens when one
//! breaks.

use anyhow::Context;
use guichet_store::journal::LogError;
use guichet_store::journal::sqlite;

use crate::cli::{BackupArgs, RestoreArgs, VerifyArgs};
use crate::{Ended, output};

/// The exit code of a journal that broke: `EX_IOERR` of sysexits.h.
const LOST: i32 = 74;

/// Nothing is known to be durable any more: the process ends at once, and nobody is told that
/// something was taken in. The next start finds out what is in the file.
pub(crate) fn lost(error: &LogError) {
    output::say(&format!(
        "error: {error}; nothing that was not acknowledged is known to be there. Look at the \
         disk, then start again: what was acknowledged is in the directory\n"
    ));
    std::process::exit(LOST);
}

/// `guichet backup`.
pub(crate) fn backup(args: &BackupArgs) -> anyhow::Result<Ended> {
    let report = sqlite::backup(&args.data, &args.dest).context("backup")?;
    let (file, bytes) = (report.file.display(), report.bytes);
    output::print(&format!("{file}: {} servers, {bytes} bytes, checked\n", report.servers))?;
    Ok(Ended::Good)
}

/// `guichet restore`.
pub(crate) fn restore(args: &RestoreArgs) -> anyhow::Result<Ended> {
    let report = sqlite::restore(&args.backup, &args.data).context("restore")?;
    let (file, bytes) = (report.file.display(), report.bytes);
    output::print(&format!("{file}: {} servers, {bytes} bytes, checked\n", report.servers))?;
    Ok(Ended::Good)
}

/// `guichet verify`.
pub(crate) fn verify(args: &VerifyArgs) -> anyhow::Result<Ended> {
    let verified = sqlite::verify(&args.data).context("verify")?;
    let audit = &verified.audit;
    let mut said = format!(
        "{}: {} servers, {} bytes, version {}; {} facts checked, {} broken\n",
        args.data.display(),
        verified.servers,
        verified.bytes,
        verified.version,
        audit.checked,
        audit.violations.len()
    );
    for violation in &audit.violations {
        said += &format!("  {violation}\n");
    }
    output::print(&said)?;
    Ok(Ended::of(audit.holds(), false))
}
