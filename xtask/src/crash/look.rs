//! A look at everything that is there, while no request is under way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use guichet_driver::clock::Stopwatch;
use serde_json::Value;

use super::judge::{Action, Look, Row, Shown};
use super::wire::{Question, Wire};

/// Between two looks at what is not yet at rest.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until nothing is being done, but no longer than `wait`, then looks. `known` are servers
/// to ask for besides those listed.
pub(crate) async fn look(
    wire: &mut Wire,
    known: BTreeSet<String>,
    wait: Duration,
    is_last: bool,
) -> anyhow::Result<Look> {
    let watch = Stopwatch::start();
    let (listed, at_rest) = loop {
        let listed = list(wire).await?;
        let at_rest = !listed.iter().any(Row::is_busy);
        if at_rest || watch.elapsed() >= wait {
            break (listed, at_rest);
        }
        tokio::time::sleep(PAUSE).await;
    };
    let limits = wire.read("/compute/v2.1/limits").await?;
    let used = limits["limits"]["absolute"]["totalInstancesUsed"].as_u64();
    anyhow::ensure!(used.is_some(), "limits without usage: {limits}");
    let mut shown = BTreeMap::new();
    for id in known.into_iter().chain(listed.iter().map(|row| row.id.clone())) {
        if !shown.contains_key(&id) {
            let one = one(wire, &id).await?;
            shown.insert(id, one);
        }
    }
    Ok(Look { listed, shown, used: used.filter(|_| at_rest), all_ended: is_last || at_rest })
}

/// Every server, page by page.
async fn list(wire: &mut Wire) -> anyhow::Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    loop {
        let marker = rows.last().map(|row| format!("?marker={}", row.id)).unwrap_or_default();
        let body = wire.read(&format!("/compute/v2.1/servers/detail{marker}")).await?;
        let page = body["servers"].as_array().map(Vec::as_slice).unwrap_or_default();
        rows.extend(page.iter().map(row));
        if body["servers_links"].is_null() || page.is_empty() {
            return Ok(rows);
        }
    }
}

fn row(body: &Value) -> Row {
    let text = |field: &str| body[field].as_str().map(str::to_owned);
    let metadata = body["metadata"].as_object().into_iter().flatten();
    Row {
        id: text("id").unwrap_or_default(),
        name: text("name").unwrap_or_default(),
        status: text("status").unwrap_or_default(),
        task_state: text("OS-EXT-STS:task_state"),
        metadata: metadata
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect(),
    }
}

/// A server and its actions. Those of a deleted one are there as long as it is remembered.
async fn one(wire: &mut Wire, id: &str) -> anyhow::Result<Shown> {
    let path = format!("/compute/v2.1/servers/{id}");
    let answer = wire.must(&Question::get(path.clone())).await?;
    let row = match answer.status {
        200 => Some(row(&answer.body["server"])),
        404 => None,
        status => anyhow::bail!("GET {path}: {status}: {}", answer.body),
    };
    let path = format!("{path}/os-instance-actions");
    let answer = wire.must(&Question::get(path.clone())).await?;
    let listed = answer.body["instanceActions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_deleted = listed.iter().any(|action| action["action"] == "delete");
    let mut actions = Vec::new();
    for action in listed {
        let text = |field: &str| action[field].as_str().unwrap_or_default().to_owned();
        let (request, action) = (text("request_id"), text("action"));
        let detail = wire.read(&format!("{path}/{request}")).await?;
        let events = &detail["instanceAction"]["events"];
        let result = match events[0]["result"].as_str() {
            // What a delete found waiting never began, and has no event.
            None if is_deleted && action != "delete" && events[0].is_null() => Some("Cancelled"),
            result => result,
        };
        actions.push(Action { result: result.map(str::to_owned), request, action });
    }
    Ok(Shown { row, actions })
}
