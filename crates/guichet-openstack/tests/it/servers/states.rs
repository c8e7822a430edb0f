//! Every other action of Compute: where each leads, what it shows meanwhile, what it is answered
//! with, who may ask for it, and what stands in its way.

use std::time::Duration;

use guichet_core::action::Action;
use serde_json::{Value, json};

use super::bench::{Bench, Client, fault};

/// Has it done, and waits for where it leads.
async fn go(client: &Client<'_>, id: &str, body: Value, then: &str) {
    let answer = client.act(id, &body).await;
    assert_eq!(answer.code(), 202, "{body}: {}", String::from_utf8_lossy(&answer.bytes));
    client.until(id, then).await;
}

#[tokio::test]
async fn what_members_ask_for_leads_where_nova_does() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    for (body, then) in [
        (json!({ "pause": null }), "PAUSED"),
        (json!({ "unpause": null }), "ACTIVE"),
        (json!({ "suspend": null }), "SUSPENDED"),
        (json!({ "resume": null }), "ACTIVE"),
        (json!({ "changePassword": { "adminPass": "x" } }), "ACTIVE"),
        (json!({ "shelve": null }), "SHELVED_OFFLOADED"),
        (json!({ "unshelve": null }), "ACTIVE"),
        (json!({ "resize": { "flavorRef": "2" } }), "VERIFY_RESIZE"),
        (json!({ "revertResize": null }), "ACTIVE"),
        (json!({ "os-stop": null }), "SHUTOFF"),
        (json!({ "shelve": null }), "SHELVED_OFFLOADED"),
        (json!({ "unshelve": {} }), "ACTIVE"),
    ] {
        go(&client, &id, body, then).await;
    }
    let server = client.server(&id).await;
    assert_eq!(server["flavor"]["original_name"], "m1.tiny");
    let events = client.body(&format!("/servers/{id}/os-instance-actions")).await;
    let names: Vec<&str> = events["instanceActions"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|row| row["action"].as_str().unwrap())
        .collect();
    let expected = [
        "create",
        "pause",
        "unpause",
        "suspend",
        "resume",
        "changePassword",
        "shelve",
        "shelveOffload",
        "unshelve",
        "resize",
        "revertResize",
        "stop",
        "shelve",
        "shelveOffload",
        "unshelve",
    ];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_resize_holds_two_places_until_it_is_confirmed() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let used = async || {
        let limits = client.body("/limits").await;
        limits["limits"]["absolute"]["totalCoresUsed"].as_u64().unwrap()
    };
    assert_eq!(used().await, 1);
    bench.hold(&[Action::Resize]);
    assert_eq!(client.act(&id, &json!({ "resize": { "flavorRef": "3" } })).await.code(), 202);
    assert_eq!(client.server(&id).await["status"], "RESIZE");
    assert_eq!(used().await, 3);
    bench.hold(&[]);
    client.until(&id, "VERIFY_RESIZE").await;
    let confirmed = client.act(&id, &json!({ "confirmResize": null })).await;
    assert_eq!((confirmed.code(), confirmed.bytes.len()), (204, 0));
    client.until(&id, "ACTIVE").await;
    assert_eq!(used().await, 2);
    assert_eq!(client.server(&id).await["flavor"]["original_name"], "m1.medium");
    for (body, text) in [
        (json!({ "flavorRef": "3" }), "When resizing, instances must change flavor!"),
        (json!({ "flavorRef": "none" }), "Flavor none could not be found."),
    ] {
        let answer = client.act(&id, &json!({ "resize": body })).await;
        assert_eq!((answer.code(), fault(&answer)), (400, text.to_owned()));
    }
}

#[tokio::test]
async fn a_rebuild_changes_the_row_at_once_and_answers_with_it() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({ "metadata": { "a": "1" } })).await;
    go(&client, &id, json!({ "os-stop": null }), "SHUTOFF").await;
    bench.hold(&[Action::Rebuild]);
    let body = json!({ "rebuild": {
        "imageRef": bench.image(), "name": "db", "metadata": { "b": "2" }, "adminPass": "secret",
        "description": "new", "accessIPv4": "192.0.2.1",
    } });
    let answer = client.act(&id, &body).await;
    assert_eq!(answer.code(), 202);
    assert!(answer.headers["location"].to_str().unwrap().ends_with(&id));
    let server = &answer.json()["server"];
    assert_eq!((&server["adminPass"], &server["status"]), (&json!("secret"), &json!("REBUILD")));
    assert_eq!((&server["name"], &server["metadata"]), (&json!("db"), &json!({ "b": "2" })));
    assert_eq!(
        (&server["description"], &server["accessIPv4"]),
        (&json!("new"), &json!("192.0.2.1"))
    );
    bench.hold(&[]);
    client.until(&id, "SHUTOFF").await;
    // Below 2.75 the answer is a part, as that of PUT.
    let answer = client.at(60).act(&id, &json!({ "rebuild": { "imageRef": bench.image() } })).await;
    let server = &answer.json()["server"];
    assert!(server.get("OS-EXT-STS:vm_state").is_none() && server["user_data"].is_null());
    assert!(server["adminPass"].is_string() && server.get("key_name").is_some());
    for (body, status) in [
        (json!({}), 400),
        (json!({ "imageRef": "00000000-0000-0000-0000-000000000000" }), 400),
        (json!({ "imageRef": bench.image(), "colour": "red" }), 400),
    ] {
        assert_eq!(client.act(&id, &json!({ "rebuild": body })).await.code(), status);
    }
}

#[tokio::test]
async fn a_rescue_answers_with_a_password_and_is_taken_back() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let answer = client.act(&id, &json!({ "rescue": { "adminPass": "secret" } })).await;
    assert_eq!((answer.code(), answer.json()), (200, json!({ "adminPass": "secret" })));
    client.until(&id, "RESCUE").await;
    let answer = client.act(&id, &json!({ "pause": null })).await;
    let text = format!("Cannot 'pause' instance {id} while it is in vm_state rescued");
    assert_eq!((answer.code(), fault(&answer)), (409, text));
    go(&client, &id, json!({ "unrescue": null }), "ACTIVE").await;
    let drawn = client.act(&id, &json!({ "rescue": null })).await.json();
    assert!(!drawn["adminPass"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_shelved_server_gives_its_host_up_and_is_placed_anew() {
    let bench = Bench::with(|declared| declared.hosts.truncate(1));
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    let free = async || {
        let row = &admin.at(87).body("/os-hypervisors/detail").await["hypervisors"][0];
        row["vcpus_used"].as_u64().unwrap()
    };
    assert_eq!(free().await, 1);
    go(&client, &id, json!({ "shelve": null }), "SHELVED_OFFLOADED").await;
    assert_eq!(free().await, 0);
    let shown = admin.server(&id).await;
    assert!(shown["OS-EXT-SRV-ATTR:host"].is_null());
    let answer = client.act(&id, &json!({ "os-start": null })).await;
    let text = format!("Cannot 'start' instance {id} while it is in vm_state shelved_offloaded");
    assert_eq!((answer.code(), fault(&answer)), (409, text));
    bench.fail(&[Action::Unshelve]);
    go(&client, &id, json!({ "unshelve": null }), "SHELVED_OFFLOADED").await;
    assert_eq!(free().await, 0);
    bench.fail(&[]);
    go(&client, &id, json!({ "unshelve": null }), "ACTIVE").await;
    assert_eq!(free().await, 1);
    go(&client, &id, json!({ "shelve": null }), "SHELVED_OFFLOADED").await;
    assert_eq!(client.delete(&format!("/servers/{id}")).await.code(), 204);
    client.until_gone(&id).await;
    assert!(bench.test.cloud.manager().audit().holds());
}

#[tokio::test]
async fn a_shelved_server_keeps_its_host_where_that_is_configured() {
    let bench = Bench::with(|declared| declared.times.shelved = None);
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    go(&client, &id, json!({ "shelve": null }), "SHELVED").await;
    assert_eq!(client.act(&id, &json!({ "shelveOffload": null })).await.code(), 403);
    go(&admin, &id, json!({ "shelveOffload": null }), "SHELVED_OFFLOADED").await;
}

#[tokio::test]
async fn administrators_move_servers_and_say_what_is_not_so() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    let host = async || admin.server(&id).await["OS-EXT-SRV-ATTR:host"].clone();
    let first = host().await;
    for body in [
        json!({ "migrate": null }),
        json!({ "os-migrateLive": { "host": null, "block_migration": "auto" } }),
        json!({ "evacuate": {} }),
        json!({ "os-resetState": { "state": "error" } }),
        json!({ "trigger_crash_dump": null }),
    ] {
        let answer = client.act(&id, &body).await;
        assert_eq!(answer.code(), 403, "{body}");
    }
    let live = json!({ "os-migrateLive": { "host": null, "block_migration": "auto" } });
    go(&admin, &id, live, "ACTIVE").await;
    let second = host().await;
    assert_ne!(first, second);
    go(&admin, &id, json!({ "migrate": { "host": first } }), "VERIFY_RESIZE").await;
    assert_eq!(host().await, first);
    go(&admin, &id, json!({ "revertResize": null }), "ACTIVE").await;
    assert_eq!(host().await, second);
    for (body, text) in [
        (json!({ "migrate": { "host": "moon" } }), "Compute host moon could not be found."),
        (
            json!({ "migrate": { "host": second } }),
            "Invalid input for field/attribute host: the server is there already.",
        ),
    ] {
        let answer = admin.act(&id, &body).await;
        assert_eq!((answer.code(), fault(&answer)), (400, text.to_owned()));
    }
    go(&admin, &id, json!({ "os-resetState": { "state": "error" } }), "ERROR").await;
    go(&admin, &id, json!({ "os-resetState": { "state": "active" } }), "ACTIVE").await;
    go(&admin, &id, json!({ "trigger_crash_dump": null }), "ACTIVE").await;
    assert_eq!(admin.at(16).act(&id, &json!({ "trigger_crash_dump": null })).await.code(), 404);
}

#[tokio::test]
async fn a_reset_ends_whatever_runs() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    bench.hold(&[Action::Resize]);
    assert_eq!(client.act(&id, &json!({ "resize": { "flavorRef": "2" } })).await.code(), 202);
    go(&admin, &id, json!({ "os-resetState": { "state": "error" } }), "ERROR").await;
    bench.hold(&[]);
    go(&client, &id, json!({ "reboot": { "type": "HARD" } }), "ACTIVE").await;
    assert_eq!(client.server(&id).await["flavor"]["original_name"], "m1.tiny");
    assert!(bench.test.cloud.manager().audit().holds());
}

#[tokio::test]
async fn a_deleted_server_can_be_restored_where_that_is_configured() {
    let hour = Some(Duration::from_secs(3_600));
    let bench = Bench::with(|declared| declared.times.soft_deleted = hour);
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    let path = format!("/servers/{id}");
    assert_eq!(client.delete(&path).await.code(), 204);
    client.until(&id, "SOFT_DELETED").await;
    assert_eq!(client.names("").await, Vec::<String>::new());
    assert_eq!(admin.names("?all_tenants=1&status=SOFT_DELETED").await, ["web"]);
    go(&client, &id, json!({ "restore": null }), "ACTIVE").await;
    assert_eq!(client.names("").await, ["web"]);
    assert_eq!(client.delete(&path).await.code(), 204);
    client.until(&id, "SOFT_DELETED").await;
    assert_eq!(client.act(&id, &json!({ "forceDelete": null })).await.code(), 202);
    client.until_gone(&id).await;
    // Where it is not, there is nothing to restore.
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    assert_eq!(client.act(&id, &json!({ "restore": null })).await.code(), 409);
}

#[tokio::test]
async fn bodies_are_as_strict_as_novas() {
    let bench = Bench::new();
    let admin = bench.client("admin");
    let id = bench.client("demo").active(&json!({})).await;
    let live = |more: Value| {
        let mut body = json!({ "host": null, "block_migration": "auto" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "os-migrateLive": body })
    };
    for (minor, body) in [
        (96, json!({ "unshelve": {} , "pause": null })),
        (90, json!({ "unshelve": {} })),
        (96, json!({ "resize": null })),
        (96, json!({ "resize": { "flavorRef": "2", "more": 1 } })),
        (96, json!({ "changePassword": {} })),
        (96, json!({ "changePassword": { "adminPass": 7 } })),
        (96, json!({ "rescue": { "adminPass": 7 } })),
        (96, json!({ "rescue": { "rescue_image_ref": "moon" } })),
        (96, json!({ "unshelve": { "availability_zone": "moon" } })),
        (96, json!({ "migrate": { "host": "" } })),
        (24, live(json!({}))),
        (96, live(json!({ "force": true }))),
        (96, live(json!({ "disk_over_commit": false }))),
        (96, json!({ "os-migrateLive": { "host": null } })),
        (13, json!({ "evacuate": {} })),
        (96, json!({ "evacuate": { "onSharedStorage": true } })),
        (96, json!({ "os-resetState": { "state": "paused" } })),
        (96, json!({ "addSecurityGroup": {} })),
    ] {
        let answer = admin.at(minor).act(&id, &body).await;
        assert_eq!(answer.code(), 400, "2.{minor}: {body}");
        fault(&answer);
    }
}

#[tokio::test]
async fn what_is_not_offered_is_said_once_the_server_was_found() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let nobody = "00000000-0000-0000-0000-000000000000";
    for (minor, body, status) in [
        (5, json!({ "os-getVNCConsole": { "type": "novnc" } }), 200),
        (96, json!({ "resetNetwork": null }), 410),
        (43, json!({ "addFloatingIp": { "address": "192.0.2.1" } }), 404),
        (96, json!({ "addSecurityGroup": { "name": "moon" } }), 404),
        (96, json!({ "addSecurityGroup": { "name": "default" } }), 202),
    ] {
        assert_eq!(client.at(minor).act(&id, &body).await.code(), status, "{body}");
        assert_eq!(client.at(minor).act(nobody, &body).await.code(), 404, "{body}");
    }
    // Another version has it.
    assert_eq!(client.act(&id, &json!({ "addFloatingIp": {} })).await.code(), 404);
}

#[tokio::test]
async fn a_console_one_looks_at_says_what_it_is() {
    let bench = Bench::new();
    let client = bench.client("demo");
    bench.hold(&[Action::Create]);
    let id = client.create(&json!({})).await;
    let path = format!("/servers/{id}/remote-consoles");
    let ask = |protocol: &str, kind: &str| json!({ "remote_console": { "protocol": protocol, "type": kind } });
    assert_eq!(client.post(&path, &ask("vnc", "novnc")).await.code(), 409);
    bench.hold(&[]);
    client.until(&id, "ACTIVE").await;
    let console = client.post(&path, &ask("vnc", "novnc")).await.json()["remote_console"].clone();
    let url = console["url"].as_str().unwrap();
    assert!(url.ends_with(&format!("/compute/consoles/novnc?server={id}")), "{url}");
    for (minor, protocol, kind, status) in [
        (5, "vnc", "novnc", 404),
        (7, "mks", "webmks", 400),
        (8, "mks", "webmks", 200),
        (96, "vnc", "serial", 400),
        (96, "fax", "novnc", 400),
    ] {
        let answer = client.at(minor).post(&path, &ask(protocol, kind)).await;
        assert_eq!(answer.code(), status, "{protocol} {kind} at 2.{minor}");
    }
    let old = client.at(5).act(&id, &json!({ "os-getSerialConsole": { "type": "serial" } })).await;
    assert_eq!(old.json()["console"]["type"], "serial");
    assert_eq!(
        client.at(6).act(&id, &json!({ "os-getSerialConsole": { "type": "serial" } })).await.code(),
        404
    );
    let request = http::Request::get("/compute/consoles/novnc").header("host", "cloud:1");
    let page = bench.test.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(page.code(), 200);
    assert!(String::from_utf8_lossy(&page.bytes).contains("simulated"));
}

#[tokio::test]
async fn the_console_tells_of_each_boot() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let data = "I2Nsb3VkLWNvbmZpZwpydW5jbWQ6CiAtIGVjaG8gcmVhZHkK";
    let id = client.active(&json!({ "user_data": data })).await;
    let read = async |body: Value| {
        let answer = client.act(&id, &json!({ "os-getConsoleOutput": body })).await;
        answer.json()["output"].as_str().unwrap().to_owned()
    };
    let first = read(json!({})).await;
    for part in ["Linux version", "Hostname set to <web>", "+ echo ready", "web login: ", "10."] {
        assert!(first.contains(part), "{part} is not in {first}");
    }
    client.act(&id, &json!({ "reboot": { "type": "SOFT" } })).await;
    client.until(&id, "ACTIVE").await;
    let second = read(json!({ "length": "-1" })).await;
    assert!(second.starts_with(&first) && second.len() > first.len());
    assert_eq!(second.matches("+ echo ready").count(), 1);
    assert_eq!(read(json!({ "length": 3 })).await.lines().count(), 3);
    assert_eq!(read(json!({ "length": 0 })).await, "");
}
