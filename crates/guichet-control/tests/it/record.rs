//! What is written down of each request, to be replayed.

use http::Method;
use serde_json::{Value, json};

use guichet_control::record::Lines;

use crate::support::Service;

/// The lines that wait.
fn waiting(lines: &Lines) -> Vec<String> {
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

#[tokio::test]
async fn a_create_of_several_names_them() {
    let (service, lines) = Service::recorded(1);
    let made = service.make(json!({})).await;
    let path = crate::support::path(&made);
    let token = service.log_in_as(&path, "admin").await;
    let servers = format!("{path}/compute/v2.1/servers");
    let images = service.ask(Method::GET, &format!("{path}/image/v2/images"), &token, None).await;
    let create = async |count: u32, reservation: bool| {
        let server = json!({
            "name": "web", "flavorRef": "1", "imageRef": images.body["images"][0]["id"],
            "max_count": count, "return_reservation_id": reservation,
        });
        let answer =
            service.ask(Method::POST, &servers, &token, Some(json!({ "server": server }))).await;
        assert_eq!(answer.code(), 202, "{answer:?}");
        let line = waiting(&lines).pop().unwrap();
        assert!(line.len() < 4_096, "{line}");
        serde_json::from_str::<Value>(&line).unwrap()
    };
    let there = async || {
        let list = service.ask(Method::GET, &servers, &token, None).await;
        let rows = list.body["servers"].as_array().unwrap();
        rows.iter().map(|row| row["id"].clone()).collect::<Vec<Value>>()
    };
    let one = create(1, false).await;
    assert_eq!((&one["version"], &one["count"]), (&json!(1), &json!(1)));
    assert_eq!((&one["server"], &one["servers"]), (&there().await[0], &json!(null)));
    let three = create(3, false).await;
    assert_eq!((&three["server"], &three["count"]), (&three["servers"][0], &json!(3)));
    // An answer that names none.
    let two = create(2, true).await;
    let named = [&three, &two].map(|line| line["servers"].as_array().unwrap());
    assert_eq!(named.map(Vec::len), [3, 2]);
    let there = there().await;
    assert_eq!(there.len(), 6);
    assert!(named.into_iter().flatten().all(|id| there.contains(id)), "{named:?} {there:?}");
}
