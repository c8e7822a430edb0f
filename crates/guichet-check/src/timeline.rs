//! A schedule beside the code: a column for each client, or, where the class has threads of its
//! own, one column with names.

use guichet_locale::{Locale, text};

use crate::layout::{WIDTH, wrapped};
use crate::message::{Found, Note, Step};

/// Clients that get a column each.
const COLUMNS_MAX: usize = 3;
/// What stands before the columns: the number of the step.
const MARGIN: usize = 8;

/// The lines of a schedule.
pub(crate) fn lines(found: &Found, source: &[String], locale: Locale) -> Vec<String> {
    let mut threads: Vec<u64> = found.steps.iter().map(|step| step.task).collect();
    threads.sort_unstable();
    threads.dedup();
    if threads.is_empty() {
        return Vec::new();
    }
    let columns = if threads.len() <= COLUMNS_MAX { threads.len() } else { 1 };
    let width = (WIDTH - MARGIN) / columns - 1;
    let names: Vec<String> = threads.iter().map(|number| found.name(*number, locale)).collect();
    let mut lines = vec![heading(&names, columns, width, locale)];
    let mut last = None;
    for (number, step) in found.steps.iter().enumerate() {
        let Some(thread) = threads.iter().position(|task| *task == step.task) else { continue };
        let column = if columns == 1 { 0 } else { thread };
        let mut cells = cell(step, source, width, locale);
        if columns == 1 && last != Some(step.task) && names.len() > 1 {
            cells.insert(0, text!(locale, "check-by", name = names[thread].as_str()));
        }
        last = Some(step.task);
        for (row, text) in cells.iter().enumerate() {
            let step = if row == 0 { format!("{:>6}  ", number + 1) } else { " ".repeat(MARGIN) };
            let before = " ".repeat(column * (width + 1));
            lines.push(format!("{step}{before}{text}").trim_end().to_owned());
        }
    }
    lines
}

fn heading(names: &[String], columns: usize, width: usize, locale: Locale) -> String {
    let mut line = format!("{:>6}  ", text!(locale, "check-step"));
    if columns == names.len() {
        for name in names {
            line += &format!("{:<width$} ", clipped(name, width));
        }
    } else {
        line += &text!(locale, "check-by-thread");
    }
    line.trim_end().to_owned()
}

/// The rows of one step.
fn cell(step: &Step, source: &[String], width: usize, locale: Locale) -> Vec<String> {
    let mut rows = Vec::new();
    let index = usize::try_from(step.line).ok().and_then(|line| line.checked_sub(1));
    if let Some(code) = index.and_then(|index| source.get(index)) {
        let again = if step.again { "… " } else { "" };
        rows.push(clipped(&format!("{:>3} {again}{}", step.line, code.trim()), width));
    }
    let is_alone = rows.is_empty();
    for note in &step.notes {
        let indent = if is_alone { "" } else { "    " };
        for text in wrapped(&sentence(note, locale), indent, width) {
            rows.push(clipped(&text, width));
        }
    }
    rows
}

/// A step in one line.
pub(crate) fn line(step: &Step, source: &[String], locale: Locale) -> String {
    let rows = cell(step, source, usize::MAX, locale);
    rows.iter().map(|row| row.trim()).collect::<Vec<_>>().join(" · ")
}

/// What happens, in a few words.
pub(crate) fn sentence(note: &Note, locale: Locale) -> String {
    let name = note.name.as_deref().unwrap_or("");
    match note.what.as_str() {
        "calls" => format!("▶ {}", note.text.as_deref().unwrap_or("")),
        "returns" => format!("◀ {}", note.text.as_deref().unwrap_or("")),
        "takes" => text!(locale, "check-takes", name = name),
        "gives" => text!(locale, "check-gives", name = name),
        "waits" => text!(locale, "check-waits", name = name),
        "puts" => text!(locale, "check-puts", name = name),
        "gets" => text!(locale, "check-gets", name = name),
        "submits" => text!(locale, "check-submits", name = name),
        "starts" => text!(locale, "check-starts", name = name),
        "sleeps" => {
            let seconds = locale.decimal(&note.seconds.unwrap_or(0.0).to_string());
            text!(locale, "check-sleeps", seconds = seconds)
        }
        "ends" => text!(locale, "check-ends"),
        "stops_before" => text!(locale, "check-stops-before", access = access(note, locale)),
        "goes_on" => access(note, locale),
        other => other.to_owned(),
    }
}

/// What a thread does inside a line.
pub(crate) fn access(note: &Note, locale: Locale) -> String {
    let name = note.name.as_deref().filter(|name| !name.is_empty());
    match (note.kind.as_deref(), name) {
        (Some("calls"), _) => text!(locale, "check-calls"),
        (Some("reads"), Some(name)) => text!(locale, "check-reads", name = name),
        (Some("writes"), Some(name)) => text!(locale, "check-writes", name = name),
        (Some("reads"), None) => text!(locale, "check-reads-something"),
        (Some("writes"), None) => text!(locale, "check-writes-something"),
        (Some(kind), Some(name)) => format!("{kind} {name}"),
        (Some(kind), None) => kind.to_owned(),
        (None, _) => String::new(),
    }
}

fn clipped(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}
