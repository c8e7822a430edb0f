//! What is typed behind `tp`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use guichet_check::Mapping;
use guichet_core::limits;
use guichet_lab::simulate::options::whole;
use guichet_locale::Message;

use super::FormatArg;
use super::values::output_file;

/// Points of the lab sheet.
pub(crate) const TP_POINTS: u64 = 12;

const CHECK_EXIT_CODES: &str = "\
Exit codes: 0 nothing was found in the schedules that were run (which is no proof), 1 something was
found, 2 bad input: no such file, no class to check, Python cannot read it, no Python, 130
interrupted.
This runs the files, each in a process of its own with limits. That is no sandbox.";

/// The lab sheet (TP), for those who solve it and those who mark it.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct TpArgs {
    /// The point of the sheet, from 1 to 12. Without it: the list of points
    #[arg(value_name = "N", allow_negative_numbers = true,
          value_parser = whole(1, TP_POINTS))]
    pub(crate) point: Option<u64>,

    /// Show the answer to the question too
    #[arg(long, requires = "point")]
    pub(crate) answer: bool,

    #[command(subcommand)]
    pub(crate) command: Option<TpCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TpCommand {
    /// Check a ServeurManager written in Python: run it under many schedules and show what breaks
    #[command(after_help = CHECK_EXIT_CODES)]
    Check(CheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files with a class each, in Python 3.9 or newer with its standard library
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The class, where a file has several that could be meant
    #[arg(long, value_name = "NAME")]
    pub(crate) class: Option<String>,

    /// Which method does what, where its name does not say it (creer…, create…, supprimer…, delete…,
    /// redemarrer…, reboot…, lister…, list… are known)
    #[arg(long, value_name = "KIND=METHOD,…", default_value = "", hide_default_value = true,
          value_parser = mapping)]
    pub(crate) map: Mapping,

    /// The most times that one schedule takes the turn from a thread that could go on
    #[arg(long, value_name = "N", default_value_t = limits::CHECK_PREEMPTIONS_DEFAULT,
          allow_negative_numbers = true, value_parser = whole(0, limits::CHECK_PREEMPTIONS_MAX))]
    pub(crate) preemptions: u64,

    /// The most schedules of one class
    #[arg(long, value_name = "N", default_value_t = limits::CHECK_SCHEDULES_DEFAULT,
          allow_negative_numbers = true, value_parser = whole(1, limits::CHECK_SCHEDULES_MAX))]
    pub(crate) schedules: u64,

    /// Seconds for one file, after which it is ended
    #[arg(long, value_name = "SECONDS", default_value_t = limits::CHECK_TIME_DEFAULT.as_secs(),
          allow_negative_numbers = true, value_parser = whole(1, limits::CHECK_TIME_MAX.as_secs()))]
    pub(crate) time: u64,

    /// The Python that runs the files
    #[arg(long, value_name = "PROGRAM", default_value = "python3")]
    pub(crate) python: PathBuf,

    /// Write a page to this file too: the code, and beside it the shortest schedules, to step through
    /// and to leave. For one class at a time
    #[arg(long, value_name = "FILE", value_parser = output_file())]
    pub(crate) report: Option<PathBuf>,

    /// What to print on stdout; JSON is one array with an object for each file
    #[arg(long, value_enum, default_value_t = FormatArg::Table)]
    pub(crate) format: FormatArg,
}

fn mapping(text: &str) -> Result<Mapping, Message> {
    if text.is_empty() { Ok(Mapping::default()) } else { text.parse() }
}
