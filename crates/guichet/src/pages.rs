//! `guichet completions` and `guichet man`: what shells and readers know of the commands, made from
//! the same declarations.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};

use crate::Ended;
use crate::cli::Cli;
use crate::cli::admin::{CompletionsArgs, ManArgs};
use crate::output;

/// The program as its pages call it.
const NAME: &str = "guichet";

/// Prints what a shell is to load.
pub(crate) fn completions(args: &CompletionsArgs) -> anyhow::Result<Ended> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), NAME, &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Ended::Good)
}

/// Writes a page for each command.
pub(crate) fn man(args: &ManArgs) -> anyhow::Result<Ended> {
    let shown = || format!("--dir: {}", args.dir.display());
    fs::create_dir_all(&args.dir).with_context(shown)?;
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let count = write(&command, NAME, &args.dir).with_context(shown)?;
    output::print(&format!("{}: {count} pages\n", args.dir.display()))?;
    Ok(Ended::Good)
}

/// Writes the page of a command and of all below it that are shown: gives how many.
fn write(command: &Command, name: &str, dir: &Path) -> std::io::Result<usize> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone().name(name.to_owned())).render(&mut page)?;
    fs::write(dir.join(format!("{name}.1")), page)?;
    let mut count = 1;
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        count += write(below, &format!("{name}-{}", below.get_name()), dir)?;
    }
    Ok(count)
}
