//! The figures of one file: what `simulate` or `compare` printed with `--format json`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use guichet_core::limits;
use guichet_locale::{Locale, system_error, text};
use serde_json::Value;

use super::{Key, RowName, RunFigure};
use crate::compare::plan::Work;

/// The command whose results a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Simulate,
    Compare,
}

impl Source {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Simulate => "guichet simulate",
            Self::Compare => "guichet compare",
        }
    }
}

/// A file's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The file.
    pub path: PathBuf,
    source: Source,
    /// Figures in the order in which they are shown.
    pub figures: Vec<(Key, f64)>,
}

/// Why a file's figures cannot be laid beside others.
#[derive(Debug)]
pub enum Unusable {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is longer than [`limits::REPORT_FILE_MAX`].
    Long,
    /// It is no JSON.
    NoJson(serde_json::Error),
    /// It is other JSON.
    Other,
    /// A figure is not there.
    Without(String),
    /// It is of another command than the first file.
    Unlike(&'static str, &'static str),
}

impl Unusable {
    /// What is wrong with which file, and what was expected.
    pub fn text(&self, path: &Path, locale: Locale) -> String {
        let path = path.display().to_string();
        match self {
            Self::Unreadable(why) => {
                let why = system_error(why, locale);
                text!(locale, "report-unreadable", path = path, why = why)
            }
            Self::Long => {
                let most = limits::REPORT_FILE_MAX / (1024 * 1024);
                text!(locale, "report-long", path = path, most = most)
            }
            Self::NoJson(why) => {
                text!(locale, "report-no-json", path = path, why = why.to_string())
            }
            Self::Other => text!(locale, "report-other", path = path),
            Self::Without(field) => {
                text!(locale, "report-without", path = path, field = field.as_str())
            }
            Self::Unlike(found, expected) => {
                let (found, expected) = (*found, *expected);
                text!(locale, "report-unlike", path = path, found = found, expected = expected)
            }
        }
    }
}

/// Reads the figures of several files.
///
/// # Errors
/// The first that cannot be used, and why.
pub fn take(paths: &[PathBuf]) -> Result<Vec<Taken>, (PathBuf, Unusable)> {
    let mut all: Vec<Taken> = Vec::with_capacity(paths.len());
    for path in paths {
        let taken = one(path).map_err(|why| (path.clone(), why))?;
        if let Some(first) = all.first().filter(|first| first.source != taken.source) {
            let why = Unusable::Unlike(taken.source.as_str(), first.source.as_str());
            return Err((path.clone(), why));
        }
        all.push(taken);
    }
    Ok(all)
}

fn one(path: &Path) -> Result<Taken, Unusable> {
    let file = File::open(path).map_err(Unusable::Unreadable)?;
    let mut text = Vec::new();
    let limit = limits::REPORT_FILE_MAX;
    file.take(limit + 1).read_to_end(&mut text).map_err(Unusable::Unreadable)?;
    if text.len() as u64 > limit {
        return Err(Unusable::Long);
    }
    let value: Value = serde_json::from_slice(&text).map_err(Unusable::NoJson)?;
    let (source, figures) = if value.get("results").is_some() {
        (Source::Compare, of_rows(&value)?)
    } else if value.get("latency_ms").is_some() {
        (Source::Simulate, of_run(&value)?)
    } else {
        return Err(Unusable::Other);
    };
    Ok(Taken { path: path.to_owned(), source, figures })
}

/// A number somewhere in an object; none where there is null.
fn number(value: &Value, field: &str) -> Result<Option<f64>, Unusable> {
    let pointer = format!("/{}", field.replace('.', "/"));
    match value.pointer(&pointer) {
        Some(Value::Null) => Ok(None),
        found => match found.and_then(Value::as_f64) {
            Some(number) => Ok(Some(number)),
            None => Err(Unusable::Without(field.to_owned())),
        },
    }
}

fn of_run(value: &Value) -> Result<Vec<(Key, f64)>, Unusable> {
    let mut figures = Vec::new();
    for figure in RunFigure::ALL {
        let found = match figure {
            RunFigure::Seconds => seconds(value)?,
            RunFigure::Refused => Some(refused(value)?),
            RunFigure::Requests => {
                let (sent, seconds) = (number(value, "requests.sent")?, seconds(value)?);
                sent.zip(seconds.filter(|s| *s > 0.0)).map(|(sent, seconds)| sent / seconds)
            }
            RunFigure::Failed => number(value, "operations.failed")?,
            RunFigure::Wait => number(value, "wait_ms.p50")?,
            RunFigure::WaitSlow => number(value, "wait_ms.p99")?,
            RunFigure::Latency => number(value, "latency_ms.p50")?,
            RunFigure::LatencySlow => number(value, "latency_ms.p99")?,
            RunFigure::Flight => number(value, "max_in_flight")?,
            RunFigure::Queue => number(value, "max_queue_depth")?,
            RunFigure::Cpu => number(value, "cpu_us_per_operation")?,
            RunFigure::Memory => number(value, "peak_rss_mib")?,
        };
        figures.extend(found.map(|found| (Key::Run(figure), found)));
    }
    Ok(figures)
}

/// How long a run took, by its own clock.
fn seconds(value: &Value) -> Result<Option<f64>, Unusable> {
    match number(value, "virtual_seconds")? {
        Some(seconds) => Ok(Some(seconds)),
        None => number(value, "seconds"),
    }
}

/// Refused requests of all kinds.
fn refused(value: &Value) -> Result<f64, Unusable> {
    let kinds = value.pointer("/requests/refused").and_then(Value::as_object);
    let kinds = kinds.ok_or_else(|| Unusable::Without("requests.refused".to_owned()))?;
    Ok(kinds.values().filter_map(Value::as_f64).sum())
}

fn of_rows(value: &Value) -> Result<Vec<(Key, f64)>, Unusable> {
    let rows = value["results"].as_array().ok_or(Unusable::Other)?;
    let mut rates: Vec<(RowName, f64)> = Vec::new();
    let (mut slow, mut others) = (Vec::new(), Vec::new());
    for row in rows {
        let word = |field: &str| {
            row[field].as_str().ok_or_else(|| Unusable::Without(format!("results.{field}")))
        };
        let work = [Work::Io, Work::Cpu].into_iter().find(|work| row["work"] == work.as_str());
        let work = work.ok_or_else(|| Unusable::Without("results.work".to_owned()))?;
        let (model, workers) = (word("model")?.to_owned(), row["workers"].as_u64());
        let name = RowName { work, model, workers };
        let each = number(row, "cpu_us_per_operation")?;
        others.extend(each.map(|each| (Key::Cpu(name.clone()), each)));
        let late = number(row, "latency_ms.p99")?;
        slow.extend(late.map(|late| (Key::Slow(name.clone()), late)));
        rates.extend(number(row, "requests_per_s.median")?.map(|rate| (name, rate)));
    }
    let mut figures: Vec<(Key, f64)> = Vec::new();
    for (row, rate) in &rates {
        let key = Key::Most(row.work, row.model.clone());
        match figures.iter_mut().find(|(known, _)| *known == key) {
            Some((_, most)) => *most = most.max(*rate),
            None => figures.push((key, *rate)),
        }
    }
    figures.extend(rates.into_iter().map(|(row, rate)| (Key::Rate(row), rate)));
    figures.extend(slow);
    figures.extend(others);
    Ok(figures)
}
