//! `POST /servers/{id}/action` and `DELETE`: states, sentences, empty bodies.

use guichet_core::action::Action;
use serde_json::{Value, json};

use super::bench::{Bench, fault};

#[tokio::test]
async fn actions_tags_and_deletes_answer_without_a_body() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    for (body, then) in [
        (json!({ "os-stop": null }), "SHUTOFF"),
        (json!({ "os-start": {} }), "ACTIVE"),
        (json!({ "reboot": { "type": "SOFT" } }), "ACTIVE"),
        (json!({ "reboot": { "type": "HARD" } }), "ACTIVE"),
        (json!({ "lock": null }), "ACTIVE"),
        (json!({ "unlock": null }), "ACTIVE"),
    ] {
        let answer = client.act(&id, &body).await;
        assert_eq!((answer.code(), answer.bytes.len()), (202, 0), "{body}");
        assert_eq!(answer.headers.get("content-type"), None);
        client.until(&id, then).await;
    }
    let tag = format!("/servers/{id}/tags/a");
    for (method, status) in [("PUT", 201), ("PUT", 204), ("GET", 204), ("DELETE", 204)] {
        let answer = client.call(method, &tag, None).await;
        assert_eq!((answer.code(), answer.bytes.len()), (status, 0), "{method}");
    }
    let answer = client.delete(&format!("/servers/{id}")).await;
    assert_eq!((answer.code(), answer.bytes.len()), (204, 0));
}

#[tokio::test]
async fn deleting_is_visible_and_may_be_repeated_then_404() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    bench.hold(&[Action::Delete]);
    let path = format!("/servers/{id}");
    assert_eq!(client.delete(&path).await.code(), 204);
    let server = client.server(&id).await;
    assert_eq!(server["OS-EXT-STS:task_state"], "deleting");
    assert_eq!(server["status"], "ACTIVE");
    assert_eq!(client.names("").await.len(), 1);
    assert_eq!(client.delete(&path).await.code(), 204);
    let answer = client.act(&id, &json!({ "reboot": { "type": "HARD" } })).await;
    assert_eq!(answer.code(), 409);
    assert!(fault(&answer).ends_with("while it is in task_state deleting"));
    bench.hold(&[]);
    client.until_gone(&id).await;
    assert_eq!(client.delete(&path).await.code(), 404);
    assert_eq!(client.act(&id, &json!({ "os-stop": null })).await.code(), 404);
    assert_eq!(client.put(&path, &json!({ "server": { "name": "x" } })).await.code(), 404);
    assert_eq!(client.names("").await, Vec::<String>::new());
    assert_eq!(bench.client("admin").get(&path).await.code(), 404);
}

#[tokio::test]
async fn a_delete_while_it_is_built_takes_it_away() {
    let bench = Bench::new();
    bench.hold(&[Action::Create]);
    let client = bench.client("demo");
    let id = client.create(&json!({})).await;
    assert_eq!(client.delete(&format!("/servers/{id}")).await.code(), 204);
    client.until_gone(&id).await;
}

#[tokio::test]
async fn a_conflict_is_409_in_novas_words() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let said = async |body: Value| {
        let answer = client.act(&id, &body).await;
        assert_eq!(answer.code(), 409, "{body}");
        assert!(answer.json()["conflictingRequest"].is_object());
        fault(&answer)
    };
    assert_eq!(
        said(json!({ "os-start": null })).await,
        format!("Cannot 'start' instance {id} while it is in vm_state active")
    );
    client.act(&id, &json!({ "os-stop": null })).await;
    client.until(&id, "SHUTOFF").await;
    assert_eq!(
        said(json!({ "os-stop": null })).await,
        format!("Cannot 'stop' instance {id} while it is in vm_state stopped")
    );
    assert_eq!(
        said(json!({ "reboot": { "type": "SOFT" } })).await,
        format!("Cannot 'reboot' instance {id} while it is in vm_state stopped")
    );
    client.act(&id, &json!({ "os-start": null })).await;
    client.until(&id, "ACTIVE").await;
    bench.hold(&[Action::RebootSoft]);
    assert_eq!(client.act(&id, &json!({ "reboot": { "type": "SOFT" } })).await.code(), 202);
    assert_eq!(client.server(&id).await["status"], "REBOOT");
    assert_eq!(
        said(json!({ "os-stop": null })).await,
        format!("Cannot 'stop' instance {id} while it is in task_state rebooting")
    );
    // A hard reboot may interrupt a soft one.
    bench.hold(&[Action::RebootHard]);
    assert_eq!(client.act(&id, &json!({ "reboot": { "type": "HARD" } })).await.code(), 202);
    assert_eq!(client.server(&id).await["status"], "HARD_REBOOT");
    bench.hold(&[]);
    client.until(&id, "ACTIVE").await;
}

#[tokio::test]
async fn a_locked_server_is_409_but_not_for_administrators() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    let lock = json!({ "lock": { "locked_reason": "mine" } });
    // Before, what is inside is not looked at.
    assert_eq!(client.at(72).act(&id, &lock).await.code(), 202);
    assert_eq!(client.server(&id).await["locked_reason"], json!(null));
    assert_eq!(client.act(&id, &lock).await.code(), 202);
    let server = client.server(&id).await;
    assert_eq!((&server["locked"], &server["locked_reason"]), (&json!(true), &json!("mine")));
    for answer in [
        client.act(&id, &json!({ "os-stop": null })).await,
        client.act(&id, &json!({ "reboot": { "type": "HARD" } })).await,
        client.delete(&format!("/servers/{id}")).await,
        client.post(&format!("/servers/{id}/metadata"), &json!({ "metadata": {} })).await,
        client.put(&format!("/servers/{id}/metadata"), &json!({ "metadata": {} })).await,
        client.put(&format!("/servers/{id}/metadata/a"), &json!({ "meta": { "a": "1" } })).await,
        client.delete(&format!("/servers/{id}/metadata/a")).await,
    ] {
        assert_eq!(answer.code(), 409);
        assert_eq!(fault(&answer), format!("Instance {id} is locked"));
    }
    // What only describes it may be changed, as in Nova.
    let described = json!({ "server": { "name": "db", "description": "locked" } });
    let tags = format!("/servers/{id}/tags");
    for (answer, status) in [
        (client.put(&format!("/servers/{id}"), &described).await, 200),
        (client.put(&tags, &json!({ "tags": ["a"] })).await, 200),
        (client.call("PUT", &format!("{tags}/b"), None).await, 201),
        (client.delete(&format!("{tags}/a")).await, 204),
    ] {
        assert_eq!(answer.code(), status);
    }
    let server = client.server(&id).await;
    assert_eq!((&server["name"], &server["tags"]), (&json!("db"), &json!(["b"])));
    assert_eq!((&server["description"], &server["locked"]), (&json!("locked"), &json!(true)));
    assert_eq!(admin.act(&id, &json!({ "reboot": { "type": "SOFT" } })).await.code(), 202);
    admin.until(&id, "ACTIVE").await;
    assert_eq!(client.act(&id, &json!({ "unlock": null })).await.code(), 202);
    assert_eq!(client.server(&id).await["locked"], false);
    // A lock by an administrator is not its owner's to take away.
    assert_eq!(admin.act(&id, &json!({ "lock": null })).await.code(), 202);
    assert_eq!(client.act(&id, &json!({ "unlock": null })).await.code(), 409);
    assert_eq!(admin.delete(&format!("/servers/{id}")).await.code(), 204);
}

#[tokio::test]
async fn a_body_without_exactly_one_known_action_is_400() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    for body in [
        json!({}),
        json!({ "os-stop": null, "os-start": null }),
        json!({ "dance": null }),
        json!({ "reboot": null }),
        json!({ "reboot": { "type": "GENTLE" } }),
        json!({ "reboot": { "type": 7 } }),
        json!({ "lock": 7 }),
        json!({ "trigger_crash_dump": {} }),
        json!({ "os-getConsoleOutput": null }),
        json!({ "os-getConsoleOutput": { "length": -2 } }),
        json!({ "os-getConsoleOutput": 7 }),
        json!({ "os-getConsoleOutput": { "length": "many" } }),
    ] {
        let answer = client.act(&id, &body).await;
        assert_eq!(answer.code(), 400, "{body}");
        fault(&answer);
    }
    // What Nova took away is said to be gone.
    assert_eq!(client.act(&id, &json!({ "resetNetwork": null })).await.code(), 410);
}

#[tokio::test]
async fn a_console_is_there_once_it_is_built() {
    let bench = Bench::new();
    bench.hold(&[Action::Create]);
    let client = bench.client("demo");
    let id = client.create(&json!({})).await;
    let ask = json!({ "os-getConsoleOutput": { "length": 10 } });
    let answer = client.act(&id, &ask).await;
    assert_eq!(answer.code(), 409);
    bench.hold(&[]);
    client.until(&id, "ACTIVE").await;
    for body in [ask, json!({ "os-getConsoleOutput": {} })] {
        let answer = client.act(&id, &body).await;
        assert_eq!(answer.code(), 200);
        assert!(answer.json()["output"].is_string());
    }
}
