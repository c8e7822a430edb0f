//! What a test can say of its program: which requests it sent with which bodies and headers, and what
//! became of them.

use http::{Method, Request};
use serde_json::{Value, json};

use crate::support::{Service, path};

async fn listed(service: &Service, id: &str, what: &str) -> Value {
    let found = service.steer(Method::GET, &format!("worlds/{id}/{what}"), None, None).await;
    assert_eq!(found.code(), 200, "{found:?}");
    found.body
}

async fn write_down(service: &Service, id: &str, what: Value) -> (u16, Value) {
    let answer =
        service.steer(Method::PUT, &format!("worlds/{id}/requests"), None, Some(what)).await;
    (answer.code(), answer.body)
}

/// A world with so much of a server's create in its journal.
async fn created(what: Value) -> (Service, String, Value) {
    let service = Service::open(2);
    let made = service.make(json!({ "profile": "instant" })).await;
    let id = made["world"]["id"].as_str().unwrap().to_owned();
    assert_eq!(write_down(&service, &id, what).await.0, 204);
    let token = service.log_in(&path(&made)).await;
    let images = format!("{}/image/v2/images", path(&made));
    let image =
        service.ask(Method::GET, &images, &token, None).await.body["images"][0]["id"].take();
    let server = json!({
        "name": "web", "flavorRef": "1", "imageRef": image, "networks": "none",
        "adminPass": "hush-1", "user_data": "aHVzaC0y", "metadata": { "tier": "front" },
    });
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{}/compute/v2.1/servers", path(&made)))
        .header("x-auth-token", &token)
        .header("idempotency-key", "k1")
        .header("x-openstack-nova-api-version", "2.90");
    let answer = service.answer(request, Some(json!({ "server": server }))).await;
    assert_eq!(answer.code(), 202, "{answer:?}");
    let all = listed(&service, &id, "requests").await;
    assert!(!all.to_string().contains("hush") && !all.to_string().contains("aHVzaC0y"), "{all}");
    assert!(!all.to_string().contains(&token) && !all.to_string().contains("secret"), "{all}");
    (service, id, all)
}

#[tokio::test]
async fn bodies_and_headers_are_written_down_if_they_are_asked_for_and_no_secret() {
    let headers = ["X-OpenStack-Nova-API-Version", "X-Auth-Token", "Accept"];
    let (service, id, all) = created(json!({ "bodies": 16_384, "headers": headers })).await;
    let sent = all["requests"].as_array().unwrap().last().unwrap();
    let server = &sent["body"]["server"];
    assert_eq!((&server["name"], &server["metadata"]["tier"]), (&json!("web"), &json!("front")));
    assert_eq!((&server["adminPass"], &server["user_data"]), (&json!("***"), &json!("***")));
    assert!(sent["body_bytes"].as_u64().unwrap() > 100);
    let headers = json!({ "x-openstack-nova-api-version": "2.90", "x-auth-token": "***" });
    assert_eq!(sent["headers"], headers);
    // Of a login there is who it was.
    let login = &all["requests"][0]["body"]["auth"]["identity"]["password"]["user"];
    assert_eq!((&login["name"], &login["password"]), (&json!("demo"), &json!("***")));
    // What is left out stays as it was.
    assert_eq!(write_down(&service, &id, json!({ "bodies": 0 })).await.0, 204);
    let now = listed(&service, &id, "requests").await;
    assert_eq!((&now["bodies"], now["headers"].as_array().unwrap().len()), (&json!(0), 3));
}

#[tokio::test]
async fn a_body_that_is_longer_than_asked_for_is_counted_alone() {
    let (service, id, all) = created(json!({ "bodies": 20 })).await;
    let sent = all["requests"].as_array().unwrap().last().unwrap();
    assert_eq!(sent["body"], Value::Null);
    assert!(sent["body_bytes"].as_u64().unwrap() > 100);
    for (wrong, said) in [
        (json!({}), "Say most, bodies or headers"),
        (json!({ "bodies": 65_537 }), "bodies: expected 0 to 65536 bytes"),
        (json!({ "headers": ["a b"] }), "headers: \"a b\" is no name of a header"),
        (json!({ "headers": vec!["a"; 17] }), "headers: found 17, expected 16 at most"),
        (json!({ "headers": [1] }), "headers[0]: found 1, expected a text"),
    ] {
        let (code, body) = write_down(&service, &id, wrong.clone()).await;
        let message = body["error"]["message"].as_str().unwrap();
        assert!(code == 400 && message.contains(said), "{wrong}: {message}");
    }
}

#[tokio::test]
async fn requests_are_found_by_a_part_of_their_path_and_of_their_status() {
    let (service, id, _) = created(json!({ "most": 100 })).await;
    for (query, count) in [
        ("path=*/servers", 1),
        ("path=/compute/*", 1),
        ("path=/compute", 0),
        ("status=2*", 3),
        ("status=201&method=post", 1),
        ("status=0", 0),
    ] {
        let found = listed(&service, &id, &format!("requests?{query}")).await;
        assert_eq!(found["requests"].as_array().unwrap().len(), count, "{query}");
        assert_eq!(found["headers"], json!([]));
    }
}

#[tokio::test]
async fn operations_say_what_became_of_requests() {
    let service = Service::open(2);
    let made = service.make(json!({ "profile": "instant" })).await;
    let id = made["world"]["id"].as_str().unwrap();
    let token = service.log_in(&path(&made)).await;
    let rule = json!({
        "on": "operation", "action": "create", "server": "bad", "do": "error", "message": "no disk",
    });
    service.steer(Method::POST, &format!("worlds/{id}/faults"), None, Some(rule)).await;
    let good = service.create(&path(&made), &token, "good").await;
    service.create(&path(&made), &token, "bad").await;
    let idle = json!({ "until_idle": true });
    let advance = format!("worlds/{id}/clock/advance");
    service.steer(Method::POST, &advance, None, Some(idle.clone())).await;
    let url = format!("{}/compute/v2.1/servers/{good}", path(&made));
    let deleted = service.ask(Method::DELETE, &url, &token, None).await;
    service.steer(Method::POST, &advance, None, Some(idle)).await;
    let all = listed(&service, id, "operations").await;
    let shown: Vec<[&str; 3]> = all["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| ["action", "name", "state"].map(|name| row[name].as_str().unwrap()))
        .collect();
    let [create, fails, delete] = [
        ["create", "good", "succeeded"],
        ["create", "bad", "failed"],
        ["delete", "good", "succeeded"],
    ];
    assert_eq!(shown, [create, fails, delete]);
    let last = &all["operations"][2];
    assert_eq!(last["request"], deleted.headers["x-openstack-request-id"].to_str().unwrap());
    assert_eq!((&last["server"], &last["project"]), (&json!(good), &json!("demo")));
    let at = |name: &str| last[name].as_str().unwrap();
    assert!(at("queued_at") <= at("running_at") && at("running_at") <= at("done_at"));
    assert_eq!(all["operations"][1]["failure"], "driver");
    let request = last["request"].as_str().unwrap();
    for (query, count) in [
        ("state=failed", 1),
        ("action=create", 2),
        ("server=b*", 1),
        (&*format!("server={good}"), 2),
        (&*format!("request={request}"), 1),
    ] {
        let found = listed(&service, id, &format!("operations?{query}")).await;
        assert_eq!(found["total"], count, "{query}");
    }
    for wrong in ["state=done", "action=creat", "color=red", "server=************"] {
        let path = format!("worlds/{id}/operations?{wrong}");
        assert_eq!(service.steer(Method::GET, &path, None, None).await.code(), 400, "{wrong}");
    }
}
