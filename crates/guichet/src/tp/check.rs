//! `guichet tp check`: from flags to checks, and from verdicts to what is printed.

use std::path::Path;
use std::time::Duration;

use anyhow::bail;
use guichet_check::{CheckError, Options, Verdict};
use guichet_core::limits;
use guichet_locale::{Locale, text};
use serde_json::Value;

use crate::cli::{CheckArgs, FormatArg};
use crate::ended::Ended;
use crate::{output, report};

/// Checks each file.
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
        match guichet_check::check(path, &options) {
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
