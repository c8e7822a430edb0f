//! What a check came to.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use guichet_core::limits;
use guichet_locale::{Message, text};
use serde_json::{Value, json};

use crate::child::{self, Left};
use crate::error::CheckError;
use crate::message::{Done, Found, Graph, Line, Problem, Subject};
use crate::options::Options;
use crate::stop::Stop;

/// What came of checking one file.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The file, as it was named.
    pub path: PathBuf,
    /// Its text by line.
    pub(crate) source: Vec<String>,
    /// What was checked.
    pub subject: Option<Subject>,
    /// What was found, the simplest schedule first.
    pub found: Vec<Found>,
    /// Kinds that were found, but whose schedule was not told before the end.
    pub(crate) untold: Vec<String>,
    /// How far it went; nothing if the file was ended before.
    pub(crate) done: Option<Done>,
    /// For a page: what else could happen, by finding.
    pub(crate) graphs: Vec<Graph>,
    /// Time ran out, and the file was ended.
    pub(crate) is_late: bool,
}

impl Verdict {
    /// Whether anything was found.
    pub fn is_bad(&self) -> bool {
        !self.found.is_empty() || !self.untold.is_empty()
    }

    /// For other programs.
    pub fn json(&self) -> Value {
        let done = self.done.clone().unwrap_or_default();
        json!({
            "file": self.path.display().to_string(),
            "verdict": if self.is_bad() { "found" } else { "not_found" },
            "subject": self.subject,
            "schedules": done.schedules,
            "preemptions_complete": done.preemptions,
            "stopped": if self.is_late { Some("ended") } else { done.stopped.as_deref() },
            "repeatable": !done.stray,
            "kinds": self.kinds(),
            "found": self.found,
        })
    }

    fn kinds(&self) -> Vec<&str> {
        let told = self.found.iter().map(|found| found.kind.as_str());
        told.chain(self.untold.iter().map(String::as_str)).collect()
    }
}

/// The same as [`Verdict::json`] for a file that could not be checked.
pub fn refused_json(path: &Path, problem: &str) -> Value {
    json!({ "file": path.display().to_string(), "verdict": "refused", "problem": problem })
}

/// Checks a file. This runs it.
///
/// # Errors
///
/// If it cannot be read or run, has no class to check, or was stopped.
pub fn check(path: &Path, options: &Options, stop: &Stop) -> Result<Verdict, CheckError> {
    let source = read(path)?;
    let absolute = path.canonicalize().map_err(|error| no_file(path, error))?;
    let Some(name) = absolute.to_str() else {
        return Err(not_checked(path, Message::new(|it| text!(it, "check-not-utf8"))));
    };
    let left = child::run(name, options, stop)?;
    let source = source.lines().map(str::to_owned).collect();
    judge(path, source, &left, options)
}

fn no_file(path: &Path, error: io::Error) -> CheckError {
    CheckError::NoFile { path: path.to_owned(), error }
}

fn not_checked(path: &Path, what: Message) -> CheckError {
    CheckError::NotChecked { path: path.to_owned(), what }
}

fn read(path: &Path) -> Result<String, CheckError> {
    let there = std::fs::metadata(path).map_err(|error| no_file(path, error))?;
    if !there.is_file() {
        return Err(not_checked(path, Message::new(|it| text!(it, "check-no-file"))));
    }
    if Metadata::len(&there) > limits::CHECK_SOURCE_MAX {
        return Err(not_checked(path, Message::new(|it| text!(it, "check-too-long"))));
    }
    let bytes = std::fs::read(path).map_err(|error| no_file(path, error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn judge(
    path: &Path,
    source: Vec<String>,
    left: &Left,
    options: &Options,
) -> Result<Verdict, CheckError> {
    let mut verdict = Verdict {
        path: path.to_owned(),
        source,
        subject: None,
        found: Vec::new(),
        untold: Vec::new(),
        done: None,
        graphs: Vec::new(),
        is_late: left.is_late,
    };
    let mut problem: Option<Problem> = None;
    // A line that was cut off is the end of what is known.
    let lines = left.report.split(|byte| *byte == b'\n');
    for message in lines.map_while(|line| serde_json::from_slice(line).ok()) {
        match message {
            Line::Subject(subject) => verdict.subject = Some(subject),
            Line::Kind { kind } => verdict.untold.push(kind),
            Line::Found(found) => {
                verdict.untold.retain(|kind| *kind != found.kind);
                verdict.found.push(*found);
            }
            Line::Refused(refused) => problem = Some(refused),
            Line::Done(done) => verdict.done = Some(done),
            Line::Graph(graph) => verdict.graphs.push(*graph),
        }
    }
    verdict.found.sort_by_key(|found| (found.preemptions, found.steps.len()));
    if let Some(problem) = problem {
        return Err(not_checked(path, Message::new(move |it| problem.sentence(it))));
    }
    if verdict.done.is_none() && !verdict.is_bad() {
        return Err(not_checked(path, early_end(left, options)));
    }
    Ok(verdict)
}

/// Why a child that found nothing ended before it was done.
fn early_end(left: &Left, options: &Options) -> Message {
    if left.is_late {
        let seconds = options.time.as_secs();
        return Message::new(move |it| text!(it, "check-late", seconds = seconds));
    }
    if left.is_too_long {
        return Message::new(|it| text!(it, "check-too-much"));
    }
    let errors = String::from_utf8_lossy(&left.errors);
    let last = errors.lines().rev().find(|line| !line.trim().is_empty());
    match last.map(|last| last.trim().to_owned()) {
        Some(last) => Message::new(move |it| text!(it, "check-ended-with", last = last.as_str())),
        None => Message::new(|it| text!(it, "check-ended-early")),
    }
}
