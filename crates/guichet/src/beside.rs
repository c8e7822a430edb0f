//! `guichet report`: results of earlier runs side by side.

use std::path::Path;

use anyhow::anyhow;
use guichet_lab::beside::shown::{page, people};
use guichet_lab::beside::taken::take;

use crate::cli::BesideArgs;
use crate::ended::Ended;
use crate::reader::Reader;
use crate::{output, report, terminal};

/// Runs the command.
pub(crate) fn run(args: &BesideArgs, reader: Reader) -> anyhow::Result<Ended> {
    let locale = reader.locale;
    if let Some(path) = &args.report {
        let reads: Vec<&Path> = args.results.iter().map(AsRef::as_ref).collect();
        report::claim("--report", path, &reads, &[], locale)?;
    }
    let all = take(&args.results).map_err(|(path, why)| anyhow!(why.text(&path, locale)))?;
    let text = people(&all, terminal::stdout(), locale);
    output::print(&text)?;
    if let Some(path) = &args.report {
        report::write(path, &page(&all, report::facts(None::<u64>, locale), locale))?;
    }
    Ok(Ended::Good)
}
