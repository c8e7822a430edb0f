//! Snapshots as documents: exported, written by hand, refused.

use guichet_cloud::worlds::Blueprint;
use guichet_control::access::Access;
use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Service, blueprint, path};

const URL: &str = "worlds/root/snapshots/base";

async fn import(service: &Service, document: Value) -> Answer {
    service.steer(Method::PUT, &format!("{URL}/document"), None, Some(document)).await
}

async fn export(service: &Service) -> Value {
    let answer = service.steer(Method::GET, &format!("{URL}/document"), None, None).await;
    assert_eq!(answer.code(), 200, "{answer:?}");
    answer.body
}

fn document(servers: impl Into<Value>) -> Value {
    json!({ "format": "guichet-snapshot", "version": 1, "servers": servers.into() })
}

fn server(name: &str) -> Value {
    json!({ "name": name, "flavor": "m1.tiny", "image": "cirros" })
}

#[tokio::test]
async fn a_document_written_by_hand_is_a_fleet() {
    let service = Service::open(1);
    let mut stopped = server("db");
    stopped["vm_state"] = "stopped".into();
    stopped["metadata"] = json!({ "role": "primary" });
    stopped["tags"] = json!(["prod"]);
    let mut flying = server("flying");
    flying["operation"] = json!({ "action": "create" });
    let made = import(&service, document(json!([server("web"), stopped, flying]))).await;
    assert_eq!(made.code(), 201, "{made:?}");
    assert_eq!(made.body["snapshot"]["servers"], 3);
    assert_eq!(made.body["snapshot"]["operations"], 1);
    let restored = service.steer(Method::POST, &format!("{URL}/restore"), None, None).await;
    assert_eq!(restored.code(), 204, "{restored:?}");
    let token = service.log_in("").await;
    let settled = json!({ "until_idle": true });
    service.steer(Method::POST, "worlds/root/clock/advance", None, Some(settled)).await;
    let list = service.ask(Method::GET, "/compute/v2.1/servers/detail", &token, None).await;
    let rows = list.body["servers"].as_array().unwrap();
    let mut shown: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row["name"].as_str().unwrap(), row["status"].as_str().unwrap()))
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, [("db", "SHUTOFF"), ("flying", "ACTIVE"), ("web", "ACTIVE")]);
    let mut addresses: Vec<&str> =
        rows.iter().map(|row| row["addresses"]["private"][0]["addr"].as_str().unwrap()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), 3, "{rows:?}");
    assert!(service.worlds.first().cloud().manager().audit().holds());
    // It can be acted on as any.
    let db = rows.iter().find(|row| row["name"] == "db").unwrap()["id"].as_str().unwrap();
    let url = format!("/compute/v2.1/servers/{db}/action");
    let started = service.ask(Method::POST, &url, &token, Some(json!({ "os-start": null }))).await;
    assert_eq!(started.code(), 202, "{started:?}");
}

#[tokio::test]
async fn what_is_exported_is_the_same_once_it_was_imported() {
    let service = Service::open(1);
    let token = service.log_in("").await;
    for name in ["a", "b", "c"] {
        service.create("", &token, name).await;
    }
    let settled = json!({ "until_idle": true });
    service.steer(Method::POST, "worlds/root/clock/advance", None, Some(settled)).await;
    let taken = json!({ "name": "base" });
    service.steer(Method::POST, "worlds/root/snapshots", None, Some(taken)).await;
    let first = export(&service).await;
    assert_eq!(first["servers"].as_array().unwrap().len(), 3);
    assert!(!first.to_string().contains("admin_pass"), "{first}");
    let made = import(&service, first.clone()).await;
    assert_eq!(made.code(), 201, "{made:?}");
    assert_eq!(export(&service).await, first);
    // And in another world where the same is declared.
    let other = service.make(json!({})).await;
    let url = format!("worlds/{}/snapshots/x", other["world"]["id"].as_str().unwrap());
    let made =
        service.steer(Method::PUT, &format!("{url}/document"), None, Some(first.clone())).await;
    assert_eq!(made.code(), 201, "{made:?}");
    let restored = service.steer(Method::POST, &format!("{url}/restore"), None, None).await;
    assert_eq!(restored.code(), 204, "{restored:?}");
    let token = service.log_in(&path(&other)).await;
    assert_eq!(service.names(&path(&other), &token).await, ["c", "b", "a"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_said_with_its_place() {
    let service = Service::open(1);
    let with = |name: &str, value: Value| {
        let mut server = server("web");
        server[name] = value;
        document(json!([server]))
    };
    let mut newer = document(json!([]));
    newer["version"] = 2.into();
    newer["what_comes_then"] = json!({});
    let mut unknown = document(json!([]));
    unknown["sevrers"] = json!([]);
    let record = json!({ "kind": "token", "number": 1_048_576, "body": {} });
    let mut secret = document(json!([]));
    secret["records"] = json!([record]);
    let twice = json!({ "name": "b", "flavor": "m1.tiny", "image": "cirros",
        "ports": [{ "network": "private", "address": "10.0.0.2" }] });
    let cases = [
        (json!({}), "format: expected \"guichet-snapshot\""),
        (newer, "version: found 2, and this program reads up to 1"),
        (unknown, "unknown field `sevrers`"),
        (with("flavour", "x".into()), "unknown field `flavour`"),
        (with("flavor", "huge".into()), "servers[0] (web): flavor: \"huge\" is not declared"),
        (with("flavor", Value::Null), "servers[0] (web): flavor: a server needs one"),
        (with("flavor", json!(1_048_576)), "servers[0] (web): flavor: no record has number"),
        (with("vm_state", "asleep".into()), "\"asleep\": "),
        (
            with("created", "2999-01-01T00:00:00Z".into()),
            "servers[0] (web): created, updated: later",
        ),
        (with("name", "".into()), "servers[0]: name: expected 1 to 255 characters"),
        (with("vm_state", "building".into()), "BUILD for ever"),
        (with("host", "nowhere".into()), "servers[0] (web): host: \"nowhere\" is not declared"),
        (with("operation", json!({ "action": "resize" })), "operation.args: not those of resize"),
        (document(json!([twice, twice])), "servers[1] (b): ports: 10.0.0.2 is another server's"),
        (secret, "records[0] (token): kind: none that a snapshot has"),
    ];
    for (document, expected) in cases {
        let refused = import(&service, document).await;
        assert_eq!(refused.code(), 400, "{expected}: {refused:?}");
        assert!(refused.message().contains(expected), "{expected}: {}", refused.message());
    }
    assert_eq!(service.steer(Method::GET, URL, None, None).await.code(), 404);
}

#[tokio::test]
async fn snapshots_that_are_files_are_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        let snapshots = Some(dir.path().join("snapshots"));
        Service::of(Blueprint { snapshots, ..blueprint("instant") }, 2, Access::Open)
    };
    let service = open();
    assert_eq!(import(&service, document(json!([server("web")]))).await.code(), 201);
    let first = export(&service).await;
    let file = dir.path().join("snapshots/base.json");
    assert!(file.exists());
    // Those of other worlds end with them.
    let made = service.make(json!({})).await;
    let url = format!("worlds/{}/snapshots", made["world"]["id"].as_str().unwrap());
    let taken = json!({ "name": "other" });
    assert_eq!(service.steer(Method::POST, &url, None, Some(taken)).await.code(), 201);
    assert!(!dir.path().join("snapshots/other.json").exists());
    std::fs::write(dir.path().join("snapshots/broken.json"), "{").unwrap();
    let again = open();
    assert_eq!(export(&again).await, first);
    let url = "worlds/root/snapshots";
    let listed = again.steer(Method::GET, url, None, None).await;
    assert_eq!(listed.body["snapshots"].as_array().unwrap().len(), 1, "{listed:?}");
    // What could not be read is somebody's, and is not written over.
    let taken = json!({ "name": "broken" });
    let refused = again.steer(Method::POST, url, None, Some(taken)).await;
    assert_eq!(refused.code(), 409);
    assert!(refused.message().contains("broken.json is there and could not be read"));
    let replaced = json!({ "name": "base", "replace": true });
    assert_eq!(again.steer(Method::POST, url, None, Some(replaced)).await.code(), 201);
    assert_eq!(export(&open()).await["servers"], json!([]));
    assert_eq!(again.steer(Method::DELETE, URL, None, None).await.code(), 204);
    assert!(!file.exists());
    assert_eq!(open().steer(Method::GET, URL, None, None).await.code(), 404);
}
