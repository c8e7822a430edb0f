//! Hosts disabled, forced down and emptied over HTTP.

use guichet_cloud::worlds::ControlToken;
use guichet_control::access::Access;
use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Service, blueprint};

async fn wait_for(mut holds: impl AsyncFnMut() -> bool) {
    let soon = tokio::time::timeout(std::time::Duration::from_secs(60), async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    });
    soon.await.expect("it comes about");
}

async fn hosts(service: &Service) -> Vec<Value> {
    let list = service.steer(Method::GET, "hosts", None, None).await;
    assert_eq!(list.code(), 200, "{list:?}");
    list.body["hosts"].as_array().unwrap().clone()
}

async fn host(service: &Service, name: &str) -> Value {
    let mut shown = service.steer(Method::GET, &format!("hosts/{name}"), None, None).await;
    assert_eq!(shown.code(), 200, "{shown:?}");
    shown.body["host"].take()
}

async fn change(service: &Service, name: &str, body: Value) -> Answer {
    service.steer(Method::PATCH, &format!("hosts/{name}"), None, Some(body)).await
}

/// The host that a server is on, and the server as an administrator is shown it.
async fn server(service: &Service, admin: &str, id: &str) -> Value {
    let path = format!("/compute/v2.1/servers/{id}");
    service.ask(Method::GET, &path, admin, None).await.body["server"].take()
}

const HOST: &str = "OS-EXT-SRV-ATTR:host";
const TASK: &str = "OS-EXT-STS:task_state";

async fn act(service: &Service, admin: &str, id: &str, action: Value) -> u16 {
    let path = format!("/compute/v2.1/servers/{id}/action");
    service.ask(Method::POST, &path, admin, Some(action)).await.code()
}

async fn is_idle(service: &Service, admin: &str, id: &str, status: &str) -> bool {
    let shown = server(service, admin, id).await;
    shown["status"] == status && shown[TASK] == Value::Null
}

#[tokio::test]
async fn a_host_is_disabled_with_a_reason_and_enabled_again() {
    let service = Service::open(0);
    let admin = service.log_in_as("", "admin").await;
    let name = hosts(&service).await[0]["name"].as_str().unwrap().to_owned();
    let shown =
        change(&service, &name, json!({ "status": "disabled", "reason": "new fans" })).await;
    assert_eq!(shown.body["host"]["status"], "disabled", "{shown:?}");
    let list = service.ask(Method::GET, "/compute/v2.1/os-services", &admin, None).await;
    let row = list.body["services"].as_array().unwrap().iter().find(|row| row["host"] == *name);
    assert_eq!(row.unwrap()["disabled_reason"], "new fans");
    for wrong in [
        json!({}),
        json!({ "reason": "none" }),
        json!({ "status": "enabled", "reason": "none" }),
        json!({ "status": "disabled", "reason": "" }),
        json!({ "status": "broken" }),
    ] {
        assert_eq!(change(&service, &name, wrong.clone()).await.code(), 400, "{wrong}");
    }
    assert_eq!(host(&service, &name).await["reason"], "new fans");
    assert_eq!(change(&service, "none", json!({ "forced_down": true })).await.code(), 404);
    assert_eq!(alike(&service, &name).await, ["up", "disabled"]);
    let shown = change(&service, &name, json!({ "status": "enabled" })).await.body;
    assert_eq!(
        (&shown["host"]["status"], &shown["host"]["reason"]),
        (&json!("enabled"), &Value::Null)
    );
}

#[tokio::test]
async fn only_who_may_steer_a_cloud_sees_and_sets_its_hosts() {
    let token = ControlToken::new("one that nobody guesses");
    let service = Service::of(blueprint("instant"), 0, Access::by(&token));
    let ask = async |method, path, token| service.steer(method, path, token, None).await.code();
    assert_eq!(ask(Method::GET, "hosts", None).await, 401);
    assert_eq!(ask(Method::GET, "hosts", Some("another")).await, 403);
    assert_eq!(ask(Method::POST, "hosts/any/drain", Some("another")).await, 403);
    assert_eq!(ask(Method::GET, "hosts", Some("one that nobody guesses")).await, 200);
    assert_eq!(ask(Method::GET, "hosts?world=none", Some("one that nobody guesses")).await, 404);
    assert_eq!(ask(Method::GET, "hosts?what=none", Some("one that nobody guesses")).await, 400);
}

#[tokio::test]
async fn what_is_asked_of_a_host_that_was_forced_down_waits_until_it_is_up() {
    let service = Service::open(0);
    let admin = service.log_in_as("", "admin").await;
    let [stays, leaves] =
        [service.create("", &admin, "stays").await, service.create("", &admin, "leaves").await];
    for id in [&stays, &leaves] {
        wait_for(async || is_idle(&service, &admin, id, "ACTIVE").await).await;
    }
    let name = server(&service, &admin, &stays).await[HOST].as_str().unwrap().to_owned();
    // Both on it.
    if server(&service, &admin, &leaves).await[HOST] != *name {
        let there = json!({ "os-migrateLive": { "host": name, "block_migration": false, "disk_over_commit": false } });
        assert_eq!(act(&service, &admin, &leaves, there).await, 202);
        wait_for(async || is_idle(&service, &admin, &leaves, "ACTIVE").await).await;
    }
    let down = change(&service, &name, json!({ "forced_down": true })).await;
    assert_eq!((&down.body["host"]["state"], down.code()), (&json!("down"), 200));
    assert_eq!(alike(&service, &name).await, ["down", "enabled"]);
    // They are shown as they were; nothing new is placed there.
    assert_eq!(server(&service, &admin, &stays).await["status"], "ACTIVE");
    let evacuate = json!({ "evacuate": { "onSharedStorage": false } });
    assert_eq!(act(&service, &admin, &leaves, evacuate).await, 202);
    wait_for(async || is_idle(&service, &admin, &leaves, "ACTIVE").await).await;
    assert_ne!(server(&service, &admin, &leaves).await[HOST], *name);
    // An action waits, or is refused at once; what waits goes on.
    change(&service, &name, json!({ "forced_down": false })).await;
    assert_eq!(host(&service, &name).await["state"], "up");
    let reboot = json!({ "reboot": { "type": "HARD" } });
    change(&service, &name, json!({ "forced_down": true })).await;
    let asked = act(&service, &admin, &stays, reboot).await;
    if asked == 202 {
        wait_for(async || server(&service, &admin, &stays).await[TASK] == "rebooting_hard").await;
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        let shown = server(&service, &admin, &stays).await;
        assert_eq!(shown[TASK], "rebooting_hard", "{shown}");
    } else {
        assert_eq!(asked, 409);
    }
    change(&service, &name, json!({ "forced_down": false })).await;
    wait_for(async || is_idle(&service, &admin, &stays, "ACTIVE").await).await;
    assert_eq!(server(&service, &admin, &stays).await[HOST], *name);
}

/// The state and status of a host, which the figures show as the host itself does.
async fn alike(service: &Service, name: &str) -> [String; 2] {
    let [shown, figures] = [host(service, name).await, figures(service).await];
    let closed = figures["closed"].as_array().unwrap();
    let row = closed.iter().find(|row| row["name"] == name).expect("it takes no servers");
    ["state", "status"].map(|field| {
        assert_eq!(row[field], shown[field], "{field}");
        row[field].as_str().unwrap().to_owned()
    })
}

/// What the figures say of hosts.
async fn figures(service: &Service) -> Value {
    let mut stats = service.steer(Method::GET, "stats", None, None).await;
    assert_eq!(stats.code(), 200, "{stats:?}");
    stats.body["hosts"].take()
}

/// A drain is shown by itself, and among the figures, though its host is not one of the fullest.
async fn is_shown_elsewhere(service: &Service, name: &str, drain: &Value) {
    let path = format!("hosts/{name}/drain");
    let alone = service.steer(Method::GET, &path, None, None).await.body;
    assert_eq!((&alone["drain"], &alone["status"]), (drain, &json!("draining")));
    assert_eq!(alone["reason"], "move out");
    let none = service.steer(Method::GET, "hosts/none/drain", None, None).await;
    assert_eq!(none.code(), 404);
    let figures = figures(service).await;
    assert_eq!(figures["closed_count"], 1);
    let closed = &figures["closed"][0];
    assert_eq!((&closed["name"], &closed["status"]), (&json!(name), &json!("draining")));
    assert_eq!(closed["drain"], json!({ "left": 1, "moving": 0, "moved": 2, "stuck": 1 }));
}

#[tokio::test]
async fn a_drain_moves_what_can_be_moved_and_says_what_cannot() {
    let service = Service::open(0);
    let admin = service.log_in_as("", "admin").await;
    let mut ids = Vec::new();
    for name in ["runs", "stopped", "suspended"] {
        let id = service.create("", &admin, name).await;
        wait_for(async || is_idle(&service, &admin, &id, "ACTIVE").await).await;
        ids.push(id);
    }
    let name = server(&service, &admin, &ids[2]).await[HOST].as_str().unwrap().to_owned();
    for id in &ids[..2] {
        if server(&service, &admin, id).await[HOST] != *name {
            let there = json!({ "os-migrateLive": { "host": name, "block_migration": false, "disk_over_commit": false } });
            assert_eq!(act(&service, &admin, id, there).await, 202);
            wait_for(async || is_idle(&service, &admin, id, "ACTIVE").await).await;
        }
    }
    assert_eq!(act(&service, &admin, &ids[1], json!({ "os-stop": null })).await, 202);
    assert_eq!(act(&service, &admin, &ids[2], json!({ "suspend": null })).await, 202);
    wait_for(async || is_idle(&service, &admin, &ids[1], "SHUTOFF").await).await;
    wait_for(async || is_idle(&service, &admin, &ids[2], "SUSPENDED").await).await;
    let path = format!("hosts/{name}/drain");
    let begun =
        service.steer(Method::POST, &path, None, Some(json!({ "reason": "move out" }))).await;
    assert_eq!(
        (begun.code(), &begun.body["host"]["status"]),
        (202, &json!("draining")),
        "{begun:?}"
    );
    wait_for(async || host(&service, &name).await["drain"]["moved"] == 2).await;
    let shown = host(&service, &name).await;
    assert_eq!((&shown["reason"], &shown["servers"]), (&json!("move out"), &json!(1)));
    let drain = &shown["drain"];
    assert_eq!((&drain["left"], &drain["stuck"]), (&json!(1), &json!(1)), "{shown}");
    is_shown_elsewhere(&service, &name, drain).await;
    assert_eq!(drain["servers"][0]["reason"], "state");
    assert_eq!(drain["servers"][0]["name"], "suspended");
    for (id, status) in [(&ids[0], "ACTIVE"), (&ids[1], "SHUTOFF")] {
        let shown = server(&service, &admin, id).await;
        assert!(shown[HOST] != *name && shown["status"] == status, "{shown}");
    }
    // It goes on once its owner brings it back; the pause is the world's.
    assert_eq!(act(&service, &admin, &ids[2], json!({ "resume": null })).await, 202);
    wait_for(async || is_idle(&service, &admin, &ids[2], "ACTIVE").await).await;
    let advance = Some(json!({ "by_s": 11 }));
    service.steer(Method::POST, "worlds/root/clock/advance", None, advance).await;
    wait_for(async || host(&service, &name).await["status"] == "drained").await;
    assert_eq!(
        (
            host(&service, &name).await["servers"].clone(),
            host(&service, &name).await["drain"].clone()
        ),
        (json!(0), Value::Null)
    );
    // It takes servers again once it is enabled, and not before.
    assert_eq!(service.steer(Method::DELETE, &path, None, None).await.code(), 204);
    assert_eq!(host(&service, &name).await["status"], "disabled");
    let enabled = change(&service, &name, json!({ "status": "enabled" })).await;
    assert_eq!(enabled.body["host"]["status"], "enabled");
    assert_eq!(figures(&service).await["closed"], json!([]));
}
