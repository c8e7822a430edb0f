//! What is audited, how it is named, and what is in no line.

use guichet_control::access::Access;
use guichet_control::audit::{Event, OnFull};
use guichet_control::lines::{Line, Lines};
use guichet_core::limits;
use guichet_http::cells::{GoesOn, Said};
use http::{Method, Request};
use serde_json::{Value, json};

use crate::support::Service;

fn waiting(lines: &Lines<Event>) -> Vec<Value> {
    let events: Vec<Event> = lines.lines.try_iter().collect();
    lines.written(events.len());
    events.into_iter().map(read).collect()
}

fn read(event: Event) -> Value {
    let text = event.text();
    assert!(text.len() <= limits::AUDIT_LINE_MAX && !text.contains('\n'), "{text}");
    serde_json::from_str(&text).unwrap()
}

/// Action, outcome and code of each.
fn acts(events: &[Value]) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let act = |event: &Value| {
        (text(&event["action"]), text(&event["outcome"]), text(&event["reason"]["reasonCode"]))
    };
    events.iter().map(act).collect()
}

fn act(action: &str, outcome: &str, code: &str) -> (String, String, String) {
    (action.to_owned(), outcome.to_owned(), code.to_owned())
}

/// Of several cells the one that has it writes down what came of it, and of whoever comes from another cell
/// which project that is there.
#[tokio::test]
async fn what_goes_on_to_another_cell_has_its_line_there() {
    let (service, lines) = Service::audited(0, OnFull::Refuse, Access::Open);
    let path = "/compute/v2.1/servers/5c5a1a6e-0d2b-4b7c-9a3e-0f1e2d3c4b5a";
    let [admin, demo] = [service.log_in_as("", "admin").await, service.log_in("").await];
    waiting(&lines);
    for (token, goes_on, expected) in [
        (&admin, true, &[][..]),
        (&admin, false, &[act("delete/server", "failure", "404")]),
        // It is not looked for elsewhere for a member.
        (&demo, true, &[act("delete/server", "failure", "404")]),
    ] {
        let mut request = Request::delete(path).header("x-auth-token", token);
        if goes_on {
            request = request.extension(GoesOn);
        }
        assert_eq!(service.answer(request, None).await.code(), 404);
        assert_eq!(acts(&waiting(&lines)), expected, "{goes_on}");
    }
    // Here the cell says it to itself.
    let cloud = service.worlds.first().cloud();
    let said = cloud.accounts().answer(&json!({ "token": admin }).to_string()).expect("it is good");
    let said: Value = serde_json::from_str(&said).unwrap();
    let project = &said["project"];
    assert!(project.is_string(), "{said}");
    // A later version says more of it.
    let mut more = said.clone();
    more["more"] = json!(1);
    for said in [&said, &more] {
        let request = Request::delete(path).header("x-auth-token", "c1.of-another-cell");
        let request = request.extension(Said(said.to_string().into()));
        assert_eq!(service.answer(request, None).await.code(), 404);
        let line = &waiting(&lines)[0]["initiator"];
        assert_eq!((&line["name"], &line["project_id"]), (&json!("admin"), project));
    }
}

#[tokio::test]
async fn who_did_what_with_which_outcome_has_a_line() {
    let (service, lines) = Service::audited(0, OnFull::Drop, Access::Open);
    let token = service.log_in("").await;
    let id = service.create("", &token, "web").await;
    let reboot = json!({ "reboot": { "type": "HARD" } });
    let path = format!("/compute/v2.1/servers/{id}");
    while service.ask(Method::GET, &path, &token, None).await.body["server"]["status"] != "ACTIVE" {
        tokio::task::yield_now().await;
    }
    service.ask(Method::POST, &format!("{path}/action"), &token, Some(reboot)).await;
    service.ask(Method::DELETE, &path, &token, None).await;
    service.ask(Method::GET, "/compute/v2.1/servers", &token, None).await;
    let events = waiting(&lines);
    assert_eq!(
        acts(&events),
        [
            act("authenticate", "success", "201"),
            act("create/server", "pending", "202"),
            act("reboot/server", "pending", "202"),
            act("delete/server", "success", "204"),
        ]
    );
    for event in &events {
        assert_eq!(event["typeURI"], "http://schemas.dmtf.org/cloud/audit/1.0/event");
        assert_eq!(event["eventType"], "activity");
        assert_eq!(
            (&event["initiator"]["name"], &event["observer"]["name"]),
            (&json!("demo"), &json!("guichet"))
        );
        assert!(event["initiator"]["request_id"].as_str().unwrap().starts_with("req-"), "{event}");
        assert!(event["initiator"]["project_id"].is_string(), "{event}");
    }
    let create = &events[1];
    assert_eq!((&create["target"]["id"], &create["target"]["name"]), (&json!(id), &json!("web")));
    assert_eq!(create["target"]["typeURI"], "service/compute/servers");
    assert_eq!(create["requestPath"], "/compute/v2.1/servers");
    assert_eq!(events[3]["target"]["id"], json!(id));
    let mut ids: Vec<&Value> = events.iter().map(|event| &event["id"]).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn what_was_refused_has_a_line_and_a_read_that_was_not_has_none() {
    let (service, lines) = Service::audited(0, OnFull::Drop, Access::Open);
    let wrong = service.log_in_with("", "hush").await;
    assert_eq!(wrong.code(), 401);
    let token = service.log_in("").await;
    for (token, path) in [
        ("hush", "/compute/v2.1/servers"),
        (&*token, "/compute/v2.1/os-services"),
        (&*token, "/compute/v2.1/servers"),
        (&*token, "/compute/v2.1/servers/none"),
    ] {
        service.ask(Method::GET, path, token, None).await;
    }
    let name = "n".repeat(9_000);
    service.steer(Method::PATCH, &format!("hosts/{name}"), None, Some(json!({}))).await;
    let events = waiting(&lines);
    assert_eq!(
        acts(&events),
        [
            act("authenticate", "failure", "401"),
            act("authenticate", "success", "201"),
            act("read/server", "failure", "401"),
            act("read/service", "failure", "403"),
            act("update/host", "failure", "400"),
        ]
    );
    assert_eq!(events[0]["reason"]["reasonText"], "unauthorized");
    assert_eq!(events[0]["initiator"]["name"], "demo");
    assert_eq!(events[2]["initiator"].get("name"), None);
}

#[tokio::test]
async fn no_secret_is_in_a_line() {
    let (service, lines) = Service::audited(1, OnFull::Drop, Access::Open);
    let token = service.log_in("").await;
    let images = service.ask(Method::GET, "/image/v2/images", &token, None).await;
    let server = json!({ "server": {
        "name": "web", "flavorRef": "1", "imageRef": images.body["images"][0]["id"],
        "adminPass": "canary-1", "user_data": "Y2FuYXJ5LTI=", "metadata": { "key": "canary-3" },
    } });
    let servers = "/compute/v2.1/servers";
    let made = service.ask(Method::POST, servers, &token, Some(server)).await;
    assert_eq!(made.code(), 202, "{made:?}");
    let id = made.body["server"]["id"].as_str().unwrap().to_owned();
    let change = json!({ "changePassword": { "adminPass": "canary-4" } });
    service.ask(Method::POST, &format!("{servers}/{id}/action"), &token, Some(change)).await;
    let pair = json!({ "keypair": { "name": "mine" } });
    let pair = service.ask(Method::POST, "/compute/v2.1/os-keypairs", &token, Some(pair)).await;
    let key = pair.body["keypair"]["private_key"].as_str().unwrap().to_owned();
    let user = service.ask(Method::GET, "/identity/v3/auth/tokens", &token, None).await;
    let _ = user;
    let subject = http::Request::get("/identity/v3/auth/tokens")
        .header("x-auth-token", &token)
        .header("x-subject-token", &token);
    let user = service.answer(subject, None).await.body["token"]["user"]["id"].clone();
    let path = format!("/identity/v3/users/{}/application_credentials", user.as_str().unwrap());
    let credential = json!({ "application_credential": { "name": "robot", "secret": "canary-5" } });
    let credential = service.ask(Method::POST, &path, &token, Some(credential)).await;
    assert_eq!(credential.code(), 201, "{credential:?}");
    let login = json!({ "auth": { "identity": { "methods": ["application_credential"],
        "application_credential": {
            "id": credential.body["application_credential"]["id"], "secret": "canary-5",
        } } } });
    let other = service.ask(Method::POST, "/identity/v3/auth/tokens", "", Some(login)).await;
    let other = other.headers["x-subject-token"].to_str().unwrap().to_owned();
    service.log_in_with("", "canary-6").await;
    let consoles = "/compute/v2.1/os-console-auth-tokens/canary-7?token=canary-8";
    service.ask(Method::GET, consoles, &token, None).await;
    service.ask(Method::DELETE, "/identity/v3/auth/tokens?token=canary-9", "canary-10", None).await;
    service.steer(Method::POST, "worlds", Some("canary-11"), Some(json!({}))).await;
    let events = waiting(&lines);
    assert_eq!(events.len(), 9, "{:?}", acts(&events));
    let all = events.iter().map(Value::to_string).collect::<Vec<String>>().join("\n");
    let line = key.lines().nth(1).unwrap();
    for secret in ["canary", "Y2FuYXJ5", &token, &other, line, "secret\""] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
    let named = |action: &str| events.iter().find(|event| event["action"] == action).unwrap();
    assert_eq!(named("create/application_credential")["target"]["name"], "robot");
    assert_eq!(named("create/keypair")["target"]["name"], "mine");
    assert_eq!(named("change_password/server")["target"]["id"], json!(id));
}

#[tokio::test]
async fn nothing_is_done_without_a_line_where_that_is_wanted() {
    let (service, lines) = Service::audited(0, OnFull::Refuse, Access::Open);
    let token = service.log_in("").await;
    let mut answer = 0;
    let path = "/compute/v2.1/servers/none";
    for _ in 0..=limits::AUDIT_LINES_MAX {
        answer = service.ask(Method::DELETE, path, &token, None).await.code();
        if answer == 503 {
            break;
        }
    }
    assert_eq!(answer, 503);
    assert_eq!(service.ask(Method::GET, "/compute/v2.1/servers", &token, None).await.code(), 200);
    let steered = service.steer(Method::POST, "worlds/root/reset", None, None).await;
    assert_eq!(steered.code(), 503);
    assert_eq!(waiting(&lines).len(), limits::AUDIT_LINES_MAX);
    assert_eq!(
        (lines.take_lost(), service.ask(Method::DELETE, path, &token, None).await.code()),
        (0, 404)
    );
}

#[tokio::test]
async fn strangers_do_not_fill_the_disk_and_are_counted() {
    let (service, lines) = Service::audited(0, OnFull::Drop, Access::Open);
    for _ in 0..2_000 {
        service.ask(Method::GET, "/compute/v2.1/servers", "", None).await;
    }
    // Of a few seconds at most.
    let events = waiting(&lines);
    assert!(events.len() < 1_500, "{}", events.len());
    let counted = events.iter().filter(|event| event["action"] != "authenticate/not_shown").count();
    assert!(counted as u64 >= limits::AUDIT_STRANGERS_PER_S, "{counted}");
}
