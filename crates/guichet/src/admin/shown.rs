//! Answers to administrators as they are printed.

use std::ops::Range;

use guichet_view::screen::{Squeeze, framed};
use serde_json::Value;

use crate::terminal;

/// A cell: a text as it is, a number, or that there is nothing.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64().filter(|_| !number.is_u64()) {
            Some(number) => format!("{number:.1}"),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// A table of rows, each column by its name and where it is in a row. Of those that do not fit a
/// screen the columns of `drops` go first.
pub(crate) fn table(
    rows: &Value,
    columns: &[(&str, &str)],
    numbers: Range<usize>,
    squeeze: Squeeze<'_>,
) -> String {
    let head = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
    let cells = |row: &Value| columns.iter().map(|(_, at)| cell(&row[*at])).collect();
    let framed = framed(head, rows.iter().map(cells), numbers);
    terminal::stdout().table(framed, squeeze) + "\n"
}

/// How many rows there are of how many.
fn of_total(rows: &Value, answer: &Value) -> String {
    let shown = rows.as_array().map_or(0, Vec::len);
    format!("{shown} shown of {}\n", cell(&answer["total"]))
}

/// Each field of an object on a line of its own.
pub(crate) fn fields(object: &Value) -> String {
    let fields = object.as_object().into_iter().flatten();
    let line = |(name, value): (&String, &Value)| format!("{name:12} {}\n", cell(value));
    fields.map(line).collect()
}

pub(super) fn projects(answer: &Value) -> String {
    let rows = &answer["projects"];
    let columns = [("id", "id"), ("name", "name"), ("weight", "weight"), ("servers", "servers")];
    let squeeze = Squeeze { drops: &[2], wraps: 1 };
    table(rows, &columns, 2..4, squeeze) + &of_total(rows, answer)
}

pub(super) fn users(answer: &Value) -> String {
    let mut rows = answer["users"].clone();
    for row in rows.as_array_mut().into_iter().flatten() {
        let roles = row["roles"].as_array().map_or(&[][..], Vec::as_slice);
        let role = |it: &Value| format!("{}:{}", cell(&it["project"]), cell(&it["role"]));
        row["roles"] = roles.iter().map(role).collect::<Vec<_>>().join(", ").into();
    }
    let columns = [("id", "id"), ("name", "name"), ("tokens", "tokens"), ("roles", "roles")];
    table(&rows, &columns, 2..3, Squeeze { drops: &[], wraps: 3 }) + &of_total(&rows, answer)
}

pub(super) fn roles(answer: &Value) -> String {
    let mut rows = answer["roles"].clone();
    for row in rows.as_array_mut().into_iter().flatten() {
        let implied = row["implies"].as_array().map_or(&[][..], Vec::as_slice);
        row["implies"] = implied.iter().map(cell).collect::<Vec<_>>().join(", ").into();
    }
    let columns = [("id", "id"), ("name", "name"), ("includes", "implies")];
    table(&rows, &columns, 0..0, Squeeze { drops: &[], wraps: 2 })
}

pub(super) fn quota(answer: &Value) -> String {
    let columns = [("resource", "resource"), ("in use", "in_use"), ("limit", "limit")];
    let mut rows = answer["quota"].clone();
    for row in rows.as_array_mut().into_iter().flatten() {
        if row["limit"].is_null() {
            row["limit"] = "unlimited".into();
        }
    }
    let rows = table(&rows, &columns, 1..3, Squeeze::default());
    format!("project {}\n{rows}", cell(&answer["project"]))
}

pub(super) fn tokens(answer: &Value) -> String {
    let rows = &answer["tokens"];
    let columns = [("user", "user"), ("tokens", "tokens")];
    table(rows, &columns, 1..2, Squeeze::default()) + &of_total(rows, answer)
}

/// Operations: their ids are long, so that a screen has the server's name in their place.
pub(super) fn operations(answer: &Value) -> String {
    let columns = [
        ("id", "id"),
        ("state", "state"),
        ("action", "action"),
        ("project", "project"),
        ("server", "name"),
        ("wait ms", "wait_ms"),
        ("run ms", "run_ms"),
    ];
    table(&answer["operations"], &columns, 5..7, Squeeze { drops: &[4, 3], wraps: 0 })
}

pub(super) fn depths(answer: &Value) -> String {
    let queue = &answer["queue"];
    let columns = [
        ("project", "name"),
        ("waiting", "waiting"),
        ("running", "in_flight"),
        ("oldest s", "oldest_s"),
    ];
    let rows = table(&queue["projects"], &columns, 1..4, Squeeze { drops: &[], wraps: 0 });
    let (waiting, bound) = (cell(&queue["waiting"]), cell(&queue["bound"]));
    let others = queue["other_projects"].as_object().map_or_else(String::new, |others| {
        let (projects, waiting) = (cell(&others["projects"]), cell(&others["waiting"]));
        format!("; {waiting} of them of {projects} projects more")
    });
    format!("{rows}{waiting} of {bound} places taken{others}\n")
}

pub(super) fn servers(answer: &Value) -> String {
    let columns = [
        ("id", "id"),
        ("name", "name"),
        ("project", "project"),
        ("status", "status"),
        ("task", "task_state"),
        ("host", "host"),
        ("created", "created"),
    ];
    let squeeze = Squeeze { drops: &[6, 4, 5], wraps: 1 };
    let rows = table(&answer["servers"], &columns, 0..0, squeeze);
    let next = answer["next"].as_str();
    rows + &next.map_or_else(String::new, |next| format!("more: --marker {next}\n"))
}
