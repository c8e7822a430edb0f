//! What is typed behind `report`.

use std::path::PathBuf;

use clap::Args;
use guichet_core::limits;

use super::values::output_file;

#[derive(Debug, Args)]
pub(crate) struct BesideArgs {
    /// Two results or more: what `simulate`, or what `compare`, printed with `--format json`
    #[arg(required = true, num_args = 2..=limits::REPORT_FILES_MAX, value_name = "RESULT")]
    pub(crate) results: Vec<PathBuf>,

    /// Write a report to this file: a page of HTML with charts, which needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Output", value_parser = output_file())]
    pub(crate) report: Option<PathBuf>,
}
