//! `guichet cell`: which nodes there are, and which of them leads.

use anyhow::bail;
use guichet_clock::Stopwatch;
use guichet_core::limits;
use guichet_view::screen::Squeeze;
use http::Method;
use serde_json::{Value, json};

use crate::Ended;
use crate::admin::shown::{cell, table};
use crate::cli::admin::AtArgs;
use crate::cli::cell::{CellCommand, MoveArgs};
use crate::control::{Client, encoded, print};

/// Runs the command.
pub(crate) fn run(command: &CellCommand) -> anyhow::Result<Ended> {
    match command {
        CellCommand::List(at) => list(at),
        CellCommand::Move(args) => hand_over(args),
    }
}

fn list(at: &AtArgs) -> anyhow::Result<Ended> {
    let answer = Client::new(&at.place)?.ask(&Method::GET, "cells", None)?;
    print(&answer, at.format, |answer| listed(&answer["cells"]))?;
    Ok(Ended::Good)
}

/// All nodes of an answer: of each cell the one that leads, and those that follow.
fn listed(cells: &Value) -> String {
    let cells = cells.as_array().map_or(&[][..], Vec::as_slice);
    if cells.is_empty() {
        return "no cells: this service is not one of several nodes (serve --data postgres://...)\n"
            .to_owned();
    }
    let mut rows = Vec::new();
    for of in cells {
        let row = |node: &Value, role: &str| {
            json!({ "cell": of["name"], "node": node["name"], "address": node["address"],
                "role": role })
        };
        let is_led = !of["leader"].is_null();
        let mut leader = row(&of["leader"], if is_led { "leads" } else { "nobody leads" });
        for of_leader in ["epoch", "batch", "led_since"] {
            leader[of_leader] = of[of_leader].clone();
        }
        rows.push(leader);
        let followers = of["followers"].as_array().map_or(&[][..], Vec::as_slice);
        rows.extend(followers.iter().map(|node| row(node, "follows")));
    }
    let columns = [
        ("cell", "cell"),
        ("node", "node"),
        ("role", "role"),
        ("epoch", "epoch"),
        ("batch", "batch"),
        ("since", "led_since"),
        ("address", "address"),
    ];
    table(&rows.into(), &columns, 3..5, Squeeze { drops: &[4, 5, 3], wraps: 6 })
}

/// Has another node lead, and waits until one does.
fn hand_over(args: &MoveArgs) -> anyhow::Result<Ended> {
    let MoveArgs { cell: named, at } = args;
    let client = Client::new(&at.place)?;
    let number = match named {
        Some(named) => encoded(named).to_string(),
        None => only(&client.ask(&Method::GET, "cells", None)?["cells"])?,
    };
    let watch = Stopwatch::start();
    let before = client.ask(&Method::POST, &format!("cells/{number}/move"), None)?;
    let name = cell(&before["name"]);
    let after = loop {
        // What is asked meanwhile waits at the node that it came to.
        let cells = client.ask(&Method::GET, "cells", None);
        let found = cells.as_ref().ok().and_then(|cells| newer(&cells["cells"], &before));
        if let Some(found) = found {
            break found.clone();
        }
        if watch.elapsed() > limits::MOVE_PATIENCE {
            let why = cells.err().map_or_else(String::new, |error| format!(" ({error:#})"));
            bail!(
                "cell {name}: no node leads anew after {} s{why}",
                limits::MOVE_PATIENCE.as_secs()
            );
        }
        // Nobody wakes it, and if it wakes all the same it only asks once more.
        std::thread::park_timeout(limits::FORWARD_PAUSE);
    };
    let took_ms = watch.elapsed().as_millis();
    let is_other = after["leader"]["address"] != before["leader"]["address"];
    print(&after, at.format, |after| {
        let leader = &after["leader"];
        let (node, address, epoch) =
            (cell(&leader["name"]), cell(&leader["address"]), cell(&after["epoch"]));
        let still = if is_other { "" } else { " again: no other node took over" };
        format!(
            "cell {name}: node {node} ({address}) leads{still}, epoch {epoch}, after {took_ms} ms\n"
        )
    })?;
    Ok(if is_other { Ended::Good } else { Ended::Broken })
}

/// The number of the cell of a service that has one.
fn only(cells: &Value) -> anyhow::Result<String> {
    match cells.as_array().map_or(&[][..], Vec::as_slice) {
        // Whoever is asked says that there is none.
        [] => Ok("0".to_owned()),
        [only] => Ok(only["id"].to_string()),
        several => {
            let names: Vec<&str> = several.iter().filter_map(|of| of["name"].as_str()).collect();
            bail!("--cell: there are several cells, name one of {}", names.join(", "));
        }
    }
}

/// The same cell in a later epoch, once it is led.
fn newer<'a>(cells: &'a Value, before: &Value) -> Option<&'a Value> {
    let cells = cells.as_array()?;
    let epoch = before["epoch"].as_i64()?;
    let is_newer = |of: &&Value| {
        !of["leader"].is_null() && of["epoch"].as_i64().is_some_and(|now| now > epoch)
    };
    cells.iter().filter(|of| of["id"] == before["id"]).find(is_newer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_node_has_a_row_and_the_leader_its_epoch() {
        let node = |name: &str| json!({ "name": name, "address": format!("http://{name}:8774") });
        let cells = json!([{ "id": 0, "name": "default", "epoch": 7, "batch": 912, "led_since": "2026-11-29T22:00:00Z",
            "leader": node("a"), "followers": [node("b"), node("c")] }]);
        let text = listed(&cells);
        let lines: Vec<&str> = text.lines().filter(|line| line.contains("http")).collect();
        let [a, b, c] = &lines[..] else { panic!("{text}") };
        assert!(a.contains("leads") && a.contains('7') && a.contains("912"), "{text}");
        assert!(b.contains("follows") && b.contains("http://b:8774"), "{text}");
        assert!(c.contains("follows") && !c.contains("912"), "{text}");
        assert!(listed(&json!([])).contains("not one of several nodes"));
        let later = |epoch: i64| json!([{ "id": 0, "epoch": epoch, "leader": node("b") }]);
        assert!(newer(&later(8), &cells[0]).is_some());
        assert!(newer(&later(7), &cells[0]).is_none());
        let unled = json!([{ "id": 0, "epoch": 8, "leader": null }]);
        assert!(newer(&unled, &cells[0]).is_none(), "nobody leads it yet");
        let unled = json!([{ "id": 1, "name": "west", "leader": null, "followers": [node("c")] }]);
        let text = listed(&unled);
        assert!(text.contains("west") && text.contains("nobody leads"), "{text}");
        assert_eq!(only(&cells).expect("it is one"), "0");
        let two = json!([{ "id": 0, "name": "east" }, { "id": 1, "name": "west" }]);
        let error = only(&two).expect_err("which one is not said").to_string();
        assert_eq!(error, "--cell: there are several cells, name one of east, west");
    }
}
