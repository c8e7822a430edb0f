//! What was copied, and whether it holds, as it is printed.

use std::path::Path;

use anstyle::AnsiColor;
use guichet_lab::simulate::paint::painted;
use guichet_locale::Message;
use guichet_store::journal::copy::Copied;
use guichet_store::journal::sqlite::Verified;
use guichet_view::screen::{Screen, Squeeze, framed};

use crate::cli::ColorArg;
use crate::{Ended, output, terminal};

/// Prints what was copied, table by table, and what holds of it.
pub(super) fn copied(
    copied: &Copied,
    (from, to): (&Path, &Path),
    color: ColorArg,
) -> Result<Ended, Message> {
    let screen = terminal::stdout();
    let head = format!("{}: copied from {}, and compared", to.display(), from.display());
    output::print(&(screen.line(&head, 2).join("\n") + "\n" + &tables(copied, screen) + "\n"))?;
    verified(&copied.verified, to, color)
}

/// A line for each table.
fn tables(copied: &Copied, screen: Screen) -> String {
    let head = ["table", "rows"].map(str::to_owned).to_vec();
    let rows = copied.tables.iter().map(|one| vec![one.table.to_owned(), one.rows.to_string()]);
    screen.table(framed(head, rows, 1..2), Squeeze::default())
}

/// Prints what was checked, and what is broken.
pub(super) fn verified(
    verified: &Verified,
    data: &Path,
    color: ColorArg,
) -> Result<Ended, Message> {
    let audit = &verified.audit;
    let screen = terminal::stdout();
    let has_color = terminal::has_color(color, screen.is_screen());
    let first = format!(
        "{}: {} servers, {} bytes, version {}; {} facts checked, {} broken",
        data.display(),
        verified.servers,
        verified.bytes,
        verified.version,
        audit.checked,
        audit.violations.len()
    );
    let verdict = if audit.holds() { AnsiColor::Green } else { AnsiColor::Red };
    let mut lines = String::new();
    for line in screen.line(&first, 2) {
        lines += &(painted(&line, verdict, has_color) + "\n");
    }
    for violation in &audit.violations {
        lines += &(screen.line(&format!("  {violation}"), 4).join("\n") + "\n");
    }
    output::print(&lines)?;
    Ok(Ended::of(audit.holds(), false))
}
