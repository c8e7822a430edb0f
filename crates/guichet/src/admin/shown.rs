//! Answers to administrators as they are printed.

use std::ops::Range;

use guichet_view::screen::{Screen, Squeeze, framed};
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

/// Operations, on a screen or in a pipe.
pub(super) fn operations(answer: &Value) -> String {
    operations_on(terminal::stdout(), answer)
}

/// Operations: a line each if there is room, and else two, with nothing left out. Their ids are long, and
/// must be whole: `operation show` takes them.
fn operations_on(screen: Screen, answer: &Value) -> String {
    let rows = answer["operations"].as_array().map_or(&[][..], Vec::as_slice);
    let columns = [
        ("id", "id"),
        ("state", "state"),
        ("action", "action"),
        ("project", "project"),
        ("server", "name"),
        ("wait ms", "wait_ms"),
        ("run ms", "run_ms"),
    ];
    let head = columns.map(|(name, _)| name.to_owned()).to_vec();
    let cells = |row: &Value| columns.map(|(_, at)| cell(&row[at])).to_vec();
    let mut table = framed(head, rows.iter().map(cells), 5..7);
    if !screen.has_room_for(&table) {
        let head = ["server (project)\nid", "action\nstate", "wait ms", "run ms"];
        let cells = |row: &Value| {
            let [id, state, action, project, server, wait, run] =
                columns.map(|(_, at)| cell(&row[at]));
            vec![format!("{server} ({project})\n{id}"), format!("{action}\n{state}"), wait, run]
        };
        table = framed(head.map(str::to_owned).to_vec(), rows.iter().map(cells), 2..4);
    }
    screen.table(table, Squeeze::default()) + "\n"
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_have_their_names_and_whole_ids_at_any_width() {
        let id = "0cf45c59-be26-460e-913a-9923de72889d/1";
        let operation = |action: &str, state: &str| {
            json!({ "id": id, "state": state, "action": action, "project": "demo", "name": "web-1",
                "wait_ms": 1_234.5, "run_ms": 54_321.0 })
        };
        let rows = [operation("create", "succeeded"), operation("live_migrate", "cancelled")];
        let answer = json!({ "operations": rows });
        for columns in [80, 100, 140] {
            let text = operations_on(Screen::wide(columns), &answer);
            assert!(text.lines().all(|line| line.chars().count() <= columns), "{text}");
            for whole in [id, "demo", "web-1", "live_migrate", "cancelled", "1234.5", "54321.0"] {
                assert!(text.contains(whole), "{whole} at {columns}:\n{text}");
            }
        }
        let piped = operations_on(Screen::PIPE, &answer);
        assert_eq!(piped.lines().count(), 2 + 4, "a line each: {piped}");
    }
}
