//! Instance actions: what was done, under the ids of its requests.

use std::collections::BTreeSet;

use guichet_core::action::Action;
use serde_json::{Value, json};

use super::bench::{Bench, column, fault};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn the_request_id_of_an_answer_names_the_instance_action() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let made = client.ask(&json!({})).await;
    let id = made.json()["server"]["id"].as_str().unwrap().to_owned();
    client.until(&id, "ACTIVE").await;
    let stopped = client.act(&id, &json!({ "os-stop": null })).await;
    client.until(&id, "SHUTOFF").await;
    let path = format!("/servers/{id}/os-instance-actions");
    let list = client.body(&path).await;
    assert_eq!(column(&list["instanceActions"], "action"), ["stop", "create"], "newest first");
    for (answer, action, event) in [
        (&made, "create", "compute__do_build_and_run_instance"),
        (&stopped, "stop", "compute_stop_instance"),
    ] {
        let request = answer.headers["x-openstack-request-id"].to_str().unwrap();
        let one = client.body(&format!("{path}/{request}")).await["instanceAction"].take();
        assert_eq!(one["action"], action);
        assert_eq!(one["request_id"], request);
        assert_eq!(one["instance_uuid"], *id);
        assert_eq!(one["user_id"], bench.test.user_id("demo"));
        assert_eq!(one["project_id"], bench.test.project_id("demo"));
        assert_eq!(one["message"], Value::Null);
        assert_eq!(one["events"][0]["event"], event);
        assert_eq!(one["events"][0]["result"], "Success");
    }
    let other = format!("{path}/req-00000000-0000-0000-0000-000000000001");
    let answer = client.get(&other).await;
    assert_eq!(answer.code(), 404);
    fault(&answer);
}

#[tokio::test]
async fn fields_of_actions_and_events_appear_with_their_versions() {
    let bench = Bench::new();
    let (demo, admin) = (bench.client("demo"), bench.client("admin"));
    let id = demo.active(&json!({})).await;
    let path = format!("/servers/{id}/os-instance-actions");
    let list = demo.body(&path).await;
    let request = list["instanceActions"][0]["request_id"].as_str().unwrap().to_owned();
    for minor in [1, 21, 50, 51, 57, 58, 61, 62, 83, 84, 96] {
        for (client, is_admin) in [(demo.at(minor), false), (admin.at(minor), true)] {
            let mut row = BTreeSet::from([
                "action",
                "instance_uuid",
                "request_id",
                "user_id",
                "project_id",
                "start_time",
                "message",
            ]);
            if minor >= 58 {
                row.insert("updated_at");
            }
            let list = client.body(&path).await;
            assert_eq!(keys(&list["instanceActions"][0]), row, "2.{minor} {is_admin}");
            let one = client.body(&format!("{path}/{request}")).await["instanceAction"].take();
            if minor >= 51 || is_admin {
                row.insert("events");
                let mut event = BTreeSet::from(["event", "start_time", "finish_time", "result"]);
                let more = [
                    ("traceback", is_admin),
                    ("hostId", minor >= 62),
                    ("host", minor >= 62 && is_admin),
                    ("details", minor >= 84),
                ];
                event.extend(more.iter().filter(|(_, there)| *there).map(|(name, _)| *name));
                assert_eq!(keys(&one["events"][0]), event, "2.{minor} {is_admin}");
            }
            assert_eq!(keys(&one), row, "2.{minor} {is_admin}");
        }
    }
}

#[tokio::test]
async fn actions_of_a_deleted_server_can_be_read_from_2_21_on() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    client.delete(&format!("/servers/{id}")).await;
    client.until_gone(&id).await;
    let path = format!("/servers/{id}/os-instance-actions");
    let list = client.at(21).body(&path).await;
    assert_eq!(column(&list["instanceActions"], "action"), ["delete", "create"]);
    assert_eq!(client.at(20).get(&path).await.code(), 404);
    assert_eq!(bench.client("alt").get(&path).await.code(), 404);
    let request = list["instanceActions"][0]["request_id"].as_str().unwrap();
    let one = client.at(51).body(&format!("{path}/{request}")).await;
    assert_eq!(one["instanceAction"]["events"][0]["event"], "compute_terminate_instance");
    assert_eq!(client.at(20).get(&format!("{path}/{request}")).await.code(), 404);
}

#[tokio::test]
async fn what_runs_has_no_end_and_what_failed_says_so() {
    let bench = Bench::new();
    let client = bench.client("demo");
    bench.hold(&[Action::Create]);
    let id = client.create(&json!({})).await;
    client.until_it(&id, |server| server["OS-EXT-STS:task_state"] == "spawning").await;
    let path = format!("/servers/{id}/os-instance-actions");
    let list = client.body(&path).await;
    let request = list["instanceActions"][0]["request_id"].as_str().unwrap().to_owned();
    let running = client.body(&format!("{path}/{request}")).await;
    let event = &running["instanceAction"]["events"][0];
    assert_eq!((&event["finish_time"], &event["result"]), (&Value::Null, &Value::Null));
    bench.fail(&[Action::Create]);
    bench.hold(&[]);
    client.until(&id, "ERROR").await;
    let failed = client.body(&format!("{path}/{request}")).await["instanceAction"].take();
    assert_eq!(failed["message"], "Error");
    assert_eq!(failed["events"][0]["result"], "Error");
    assert!(failed["events"][0]["details"].is_string());
}

#[tokio::test]
async fn actions_have_pages_and_filters_from_2_58_on() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    for (body, then) in [("os-stop", "SHUTOFF"), ("os-start", "ACTIVE")] {
        client.act(&id, &json!({ body: null })).await;
        client.until(&id, then).await;
    }
    let path = format!("/servers/{id}/os-instance-actions");
    let page = client.body(&format!("{path}?limit=2")).await;
    assert_eq!(column(&page["instanceActions"], "action"), ["start", "stop"]);
    let href = page["links"][0]["href"].as_str().unwrap();
    let after = client.body(href.strip_prefix("http://cloud:1/compute/v2.1").unwrap()).await;
    assert_eq!(column(&after["instanceActions"], "action"), ["create"]);
    assert_eq!(
        client.at(57).body(&format!("{path}?limit=1")).await["instanceActions"][2]["action"],
        "create"
    );
    let count = async |minor: u16, query: &str| {
        let list = client.at(minor).body(&format!("{path}?{query}")).await;
        list["instanceActions"].as_array().map(Vec::len)
    };
    assert_eq!(count(58, "changes-since=2020-01-01T00:00:00Z").await, Some(3));
    assert_eq!(count(58, "changes-since=2100-01-01T00:00:00Z").await, Some(0));
    assert_eq!(count(66, "changes-before=2020-01-01T00:00:00Z").await, Some(0));
    for (minor, query) in [
        (58, "marker=x"),
        (58, "limit=-1"),
        (58, "color=red"),
        (65, "changes-before=2020-01-01T00:00:00Z"),
        (96, "changes-since=yesterday"),
    ] {
        let answer = client.at(minor).get(&format!("{path}?{query}")).await;
        assert_eq!(answer.code(), 400, "{query}");
        fault(&answer);
    }
}
