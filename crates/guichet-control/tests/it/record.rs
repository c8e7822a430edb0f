//! What is written down of each request, to be replayed.

use http::Method;
use serde_json::{Value, json};

use guichet_control::lines::Lines;

use crate::support::Service;

/// The lines that wait.
fn waiting(lines: &Lines<String>) -> Vec<String> {
    lines.lines.try_iter().collect()
}

#[tokio::test]
async fn no_line_is_long_whatever_is_sent() {
    let (service, lines) = Service::recorded(0);
    let long = "x".repeat(60_000);
    let servers = "/compute/v2.1/servers";
    service.ask(Method::GET, &format!("/{long}"), "", None).await;
    service.ask(Method::DELETE, &format!("{servers}/{long}"), "", None).await;
    let stop = json!({ "os-stop": null });
    service.ask(Method::POST, &format!("{servers}/{long}/action"), "", Some(stop)).await;
    let create = json!({ "server": { "name": long, "max_count": 5_000_000_000u64 } });
    service.ask(Method::POST, servers, "", Some(create)).await;
    let lines = waiting(&lines);
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line.len() < 1_500), "{lines:?}");
}

#[tokio::test]
async fn a_world_that_begins_anew_is_another_cloud() {
    let (service, lines) = Service::recorded(2);
    let clouds = || -> Vec<Value> {
        let read = |line: &String| serde_json::from_str::<Value>(line).unwrap()["cloud"].take();
        waiting(&lines).iter().map(read).collect()
    };
    let made = service.make(json!({})).await;
    let (path, id) = (crate::support::path(&made), made["world"]["id"].as_str().unwrap());
    let ask = async |path: &str| {
        service.ask(Method::GET, &format!("{path}/compute/v2.1/servers"), "", None).await;
    };
    ask("").await;
    ask(&path).await;
    ask("").await;
    let reset = service.steer(Method::POST, &format!("worlds/{id}/reset"), None, None).await;
    assert_eq!(reset.code(), 204);
    ask(&path).await;
    ask("").await;
    assert_eq!(clouds(), [1, 2, 1, 3, 1]);
}
