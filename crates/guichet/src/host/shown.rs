//! Hosts as they are printed.

use std::fmt::Write as _;

use guichet_view::screen::Squeeze;
use serde_json::Value;

use crate::admin::shown::{cell, fields, table};
use crate::terminal;

/// How far an emptying is, in one cell.
pub(super) fn progress(drain: &Value) -> String {
    if drain.is_null() {
        return "-".to_owned();
    }
    let count = |name: &str| cell(&drain[name]);
    let (left, moving, moved) = (count("left"), count("moving"), count("moved"));
    let mut said = format!("{left} left, {moving} moving, {moved} moved");
    if drain["stuck"].as_u64().is_some_and(|stuck| stuck > 0) {
        let _ = write!(said, ", {} stuck", count("stuck"));
    }
    said
}

/// The same where there is little place.
fn left(drain: &Value) -> String {
    if drain.is_null() {
        return "-".to_owned();
    }
    format!("{} left, {} stuck", cell(&drain["left"]), cell(&drain["stuck"]))
}

/// All hosts of an answer with figures: the fullest, and behind them those that take no servers.
pub(super) fn list(answer: &Value) -> String {
    let hosts = &answer["hosts"];
    let rows = |name: &str| hosts[name].as_array().map_or(&[][..], Vec::as_slice);
    let fullest = rows("fullest");
    let is_among = |row: &&Value| fullest.iter().any(|other| other["name"] == row["name"]);
    let closed = rows("closed").iter().filter(|row| !is_among(row));
    let mut all: Vec<Value> = fullest.iter().chain(closed).cloned().collect();
    for row in &mut all {
        row["drain"] = left(&row["drain"]).into();
    }
    let columns = [
        ("host", "name"),
        ("state", "state"),
        ("status", "status"),
        ("vcpus used", "vcpus_used"),
        ("vcpus", "vcpus"),
        ("MiB used", "ram_used_mib"),
        ("MiB", "ram_mib"),
        ("drain", "drain"),
    ];
    let shown = all.len();
    let mut columns = &columns[..];
    if all.iter().all(|row| row["drain"] == "-") {
        columns = &columns[..columns.len() - 1];
    }
    let squeeze = Squeeze { drops: &[5, 6, 1], wraps: 0 };
    let text = table(&all.into(), columns, 3..7, squeeze);
    format!("{text}{shown} shown of {}\n", cell(&hosts["count"]))
}

/// One host.
pub(super) fn one(host: &Value) -> String {
    let mut shown = host.clone();
    let drain = shown["drain"].take();
    shown["drain"] = progress(&drain).into();
    fields(&shown) + &stuck(&drain)
}

/// The servers of a drain that cannot be moved at present, and why: a line each, which a narrow screen
/// wraps.
pub(super) fn stuck(drain: &Value) -> String {
    let servers = drain["servers"].as_array().map_or(&[][..], Vec::as_slice);
    let stuck = drain["stuck"].as_u64().unwrap_or(0);
    let screen = terminal::stdout();
    let line = |server: &Value| {
        let [name, id, reason, message] =
            ["name", "id", "reason", "message"].map(|at| cell(&server[at]));
        screen.line(&format!("stuck: {name} ({id}), {reason}: {message}"), 2)
    };
    let mut lines: Vec<String> = servers.iter().flat_map(line).collect();
    let shown = servers.len() as u64;
    if stuck > shown {
        lines.push(format!("{shown} shown of {stuck} that are stuck"));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_has_each_host_once_and_the_drain_only_if_there_is_one() {
        let host = |name: &str, drain: Value| {
            json!({ "name": name, "state": "up", "status": "enabled", "vcpus_used": 1, "vcpus": 8,
                "ram_used_mib": 512, "ram_mib": 4096, "drain": drain })
        };
        let full = host("full", Value::Null);
        let text = list(&json!({ "hosts": { "count": 1, "fullest": [full], "closed": [full] } }));
        assert_eq!(text.matches("full").count(), 1, "{text}");
        assert!(!text.contains("drain") && text.ends_with("1 shown of 1\n"), "{text}");
        let drain = json!({ "left": 5, "moving": 2, "moved": 9, "stuck": 1 });
        let empty = host("empty", drain);
        let text = list(&json!({ "hosts": { "count": 7, "fullest": [full], "closed": [empty] } }));
        assert!(text.contains("5 left, 1 stuck"), "{text}");
        assert_eq!(progress(&empty["drain"]), "5 left, 2 moving, 9 moved, 1 stuck");
        assert!(text.ends_with("2 shown of 7\n"), "{text}");
    }

    #[test]
    fn what_is_stuck_is_a_line_each_and_the_others_are_counted() {
        let server =
            json!({ "name": "web", "id": "s1", "reason": "no_room", "message": "No room." });
        let text = stuck(&json!({ "stuck": 3, "servers": [server, server] }));
        let line = "stuck: web (s1), no_room: No room.\n";
        assert_eq!(text, format!("{line}{line}2 shown of 3 that are stuck\n"));
        assert_eq!(stuck(&Value::Null) + &stuck(&json!({ "stuck": 0, "servers": [] })), "");
    }
}
