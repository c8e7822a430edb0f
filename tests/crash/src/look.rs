//! A look at everything that is there, while no request is under way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use guichet_clock::Stopwatch;
use serde_json::Value;

use crate::judge::{Action, Look, Row, Shown};
use crate::wire::{Question, Wire};

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
    let mut ids = known;
    ids.extend(listed.iter().map(|row| row.id.clone()));
    let mut shown = BTreeMap::new();
    for id in ids {
        let one = one(wire, &id).await?;
        shown.insert(id, one);
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
    let networks = body["addresses"].as_object().into_iter().flatten();
    let ports = networks.flat_map(|(_, ports)| ports.as_array().into_iter().flatten());
    let addresses = ports.flat_map(|port| [&port["addr"], &port["OS-EXT-IPS-MAC:mac_addr"]]);
    Row {
        id: text("id").unwrap_or_default(),
        name: text("name").unwrap_or_default(),
        status: text("status").unwrap_or_default(),
        task_state: text("OS-EXT-STS:task_state"),
        metadata: metadata
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect(),
        addresses: addresses.filter_map(|address| address.as_str().map(str::to_owned)).collect(),
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
    let mut actions = Vec::new();
    for action in listed {
        let text = |field: &str| action[field].as_str().unwrap_or_default().to_owned();
        let (request, action) = (text("request_id"), text("action"));
        let detail = wire.read(&format!("{path}/{request}")).await?;
        let result = result(&detail["instanceAction"], row.is_none());
        actions.push(Action { result: result.map(str::to_owned), request, action });
    }
    Ok(Shown { row, actions })
}

/// How an action ended, if it has. One that never began, because another took its place, has no
/// event: that it is over shows in when it changed last, or in that the server is gone.
fn result(action: &Value, is_gone: bool) -> Option<&str> {
    let event = &action["events"][0];
    if event.is_null() {
        let is_over = is_gone || action["updated_at"] != action["start_time"];
        return is_over.then_some("never begun");
    }
    event["result"].as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::result;

    #[test]
    fn an_action_is_over_with_its_event_or_with_a_change_and_none() {
        let action = |event: serde_json::Value, updated: &str| {
            let events = if event.is_null() { json!([]) } else { json!([{ "result": event }]) };
            json!({ "events": events, "start_time": "1", "updated_at": updated })
        };
        let waits = action(json!(null), "1");
        let runs = json!({ "events": [{ "result": null }], "start_time": "1", "updated_at": "2" });
        assert_eq!(result(&waits, false), None);
        assert_eq!(result(&waits, true), Some("never begun"), "its server was deleted at once");
        assert_eq!(result(&runs, false), None);
        assert_eq!(result(&runs, true), None, "a server that is gone has nothing that runs");
        assert_eq!(result(&action(json!(null), "2"), false), Some("never begun"));
        assert_eq!(result(&action(json!("Error"), "2"), false), Some("Error"));
    }
}
