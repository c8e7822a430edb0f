//! Faults that are asked for while a world runs.

use guichet_core::limits;
use guichet_core::time::Clock;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::support::{Answer, Service, blueprint, path};
use guichet_control::access::Access;

async fn add(service: &Service, id: &str, rule: Value) -> Answer {
    service.steer(Method::POST, &format!("worlds/{id}/faults"), None, Some(rule)).await
}

async fn rules(service: &Service, id: &str) -> Value {
    service.steer(Method::GET, &format!("worlds/{id}/faults"), None, None).await.body["faults"]
        .take()
}

/// A service, a world of it, its id, and a token.
async fn world() -> (Service, Value, String, String) {
    let service = Service::open(4);
    let made = service.make(json!({ "seed": 11, "profile": "instant" })).await;
    let id = made["world"]["id"].as_str().unwrap().to_owned();
    let token = service.log_in(&path(&made)).await;
    (service, made, id, token)
}

/// The answer to a create, with a key if there is one.
async fn create(service: &Service, made: &Value, token: &str, key: Option<&str>) -> Answer {
    let path = path(made);
    let images = service.ask(Method::GET, &format!("{path}/image/v2/images"), token, None).await;
    let server = json!({
        "name": "web", "flavorRef": "1", "imageRef": images.body["images"][0]["id"],
    });
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(format!("{path}/compute/v2.1/servers"))
        .header("x-auth-token", token);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    service.answer(request, Some(json!({ "server": server }))).await
}

/// Waits until nothing is under way, and gives the statuses.
async fn statuses(service: &Service, made: &Value, token: &str) -> Vec<String> {
    let id = made["world"]["id"].as_str().unwrap();
    let clock = format!("worlds/{id}/clock/advance");
    let idle = json!({ "until_idle": true });
    let moved = service.steer(Method::POST, &clock, None, Some(idle)).await;
    assert_eq!(moved.body["reached"], true, "{moved:?}");
    let url = format!("{}/compute/v2.1/servers/detail", path(made));
    let list = service.ask(Method::GET, &url, token, None).await;
    let rows = list.body["servers"].as_array().unwrap();
    rows.iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_third_create_fails_and_no_other_each_time() {
    let mut all = Vec::new();
    for _ in 0..2 {
        let (service, made, id, token) = world().await;
        let rule = json!({
            "on": "request", "method": "POST", "path": "/compute/v2.1/servers", "nth": 3,
            "do": "answer", "status": 503, "message": "not now", "retry_after_s": 7,
        });
        assert_eq!(add(&service, &id, rule.clone()).await.body, json!({ "rules": [1] }));
        let mut codes = Vec::new();
        let mut ids = Vec::new();
        for _ in 0..5 {
            let answer = create(&service, &made, &token, None).await;
            if answer.code() == 503 {
                assert_eq!(answer.headers["retry-after"], "7");
                assert_eq!(answer.body["serviceUnavailable"]["message"], "not now", "{answer:?}");
                ids.push(answer.headers["x-openstack-request-id"].to_str().unwrap().to_owned());
            }
            codes.push(answer.code());
        }
        assert_eq!(codes, [202, 202, 503, 202, 202]);
        let shown = rules(&service, &id).await;
        assert_eq!((&shown[0]["seen"], &shown[0]["struck"]), (&json!(5), &json!(1)));
        assert_eq!(shown[0]["latest"], json!(ids));
        let mut says = rule;
        says["after"] = json!(false);
        assert_eq!(shown[0]["says"], says);
        all.push(codes);
    }
    assert_eq!(all[0], all[1]);
}

#[tokio::test]
async fn what_was_done_and_not_answered_is_done_once() {
    let (service, made, id, token) = world().await;
    for what in ["answer", "close"] {
        let mut rule = json!({
            "on": "request", "method": "post", "path": "*/servers", "times": 1, "do": what,
            "after": true,
        });
        if what == "answer" {
            rule["status"] = json!(504);
        }
        assert_eq!(add(&service, &id, rule).await.code(), 201);
        let lost = create(&service, &made, &token, Some(what)).await;
        assert_eq!(lost.code(), if what == "answer" { 504 } else { 503 });
        let again = create(&service, &made, &token, Some(what)).await;
        assert_eq!(again.code(), 202, "{again:?}");
    }
    assert_eq!(statuses(&service, &made, &token).await, ["ACTIVE", "ACTIVE"]);
    // One whose connection was closed had no status.
    let posts = format!("worlds/{id}/requests?method=POST");
    let sent = service.steer(Method::GET, &posts, None, None).await;
    let codes: Vec<u64> = sent.body["requests"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["path"] == "/compute/v2.1/servers")
        .map(|row| row["status"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [504, 202, 0, 202]);
}

#[tokio::test]
async fn a_lie_is_told_and_nothing_done() {
    let (service, made, id, token) = world().await;
    let server = create(&service, &made, &token, None).await.body["server"]["id"].clone();
    let url = format!("{}/compute/v2.1/servers/{}", path(&made), server.as_str().unwrap());
    let lie =
        json!({ "on": "request", "method": "DELETE", "times": 1, "do": "answer", "status": 204 });
    add(&service, &id, lie).await;
    let told = service.ask(Method::DELETE, &url, &token, None).await;
    assert_eq!((told.code(), &told.body), (204, &Value::Null));
    assert_eq!(statuses(&service, &made, &token).await, ["ACTIVE"]);
    assert_eq!(service.ask(Method::DELETE, &url, &token, None).await.code(), 204);
    assert!(statuses(&service, &made, &token).await.is_empty());
}

#[tokio::test]
async fn operations_go_wrong_as_they_are_told_to() {
    let (service, made, id, token) = world().await;
    let rule = |what: Value| {
        let mut rule = json!({ "on": "operation", "action": "create", "server": "w*", "times": 1 });
        rule.as_object_mut().unwrap().append(&mut what.as_object().unwrap().clone());
        rule
    };
    for (what, status) in [
        (json!({ "do": "error", "message": "no disk" }), "ERROR"),
        (json!({ "do": "error", "message": "no disk", "transient": true }), "ACTIVE"),
        (json!({ "do": "failed_but_done", "message": "who knows" }), "ERROR"),
        (json!({ "do": "slow", "delay_s": 500.0 }), "ACTIVE"),
        // A stuck call ends by its deadline, and another attempt is made.
        (json!({ "do": "stuck" }), "ACTIVE"),
    ] {
        assert_eq!(add(&service, &id, rule(what.clone())).await.code(), 201, "{what}");
        assert_eq!(create(&service, &made, &token, None).await.code(), 202);
        let statuses = statuses(&service, &made, &token).await;
        assert_eq!(statuses[0], status, "{what}");
    }
    let shown = rules(&service, &id).await;
    assert!(shown.as_array().unwrap().iter().all(|rule| rule["struck"] == 1), "{shown}");
    // What does not fit is left alone.
    let other = json!({ "on": "operation", "project": "alt", "do": "error" });
    add(&service, &id, other).await;
    create(&service, &made, &token, None).await;
    assert_eq!(statuses(&service, &made, &token).await[0], "ACTIVE");
    let url = format!("{}/compute/v2.1/servers/detail?status=ERROR", path(&made));
    let list = service.ask(Method::GET, &url, &token, None).await;
    assert_eq!(list.body["servers"][1]["fault"]["message"], "no disk", "{list:?}");
}

#[tokio::test(start_paused = true)]
async fn a_request_is_held_up() {
    let (service, made, id, token) = world().await;
    for after in [false, true] {
        let rule = json!({
            "on": "request", "method": "GET", "path": "*/flavors", "do": "delay", "delay_s": 20,
            "after": after, "times": 1,
        });
        assert_eq!(add(&service, &id, rule).await.code(), 201);
        let before = service.worlds.clock().now();
        let url = format!("{}/compute/v2.1/flavors", path(&made));
        assert_eq!(service.ask(Method::GET, &url, &token, None).await.code(), 200);
        assert!(service.worlds.clock().now().since(before).as_secs() >= 20);
    }
}

#[tokio::test]
async fn rules_are_taken_out_and_do_not_leave_their_world() {
    let (service, made, id, token) = world().await;
    assert_eq!(add(&service, &id, json!({ "scenario": "outage" })).await.body["rules"], json!([1]));
    assert_eq!(create(&service, &made, &token, None).await.code(), 503);
    let more = add(&service, &id, json!({ "scenario": "brown-out" })).await;
    assert_eq!(more.body, json!({ "rules": [2, 3] }));
    let other = service.make(json!({})).await;
    let others = service.log_in(&path(&other)).await;
    assert_eq!(create(&service, &other, &others, None).await.code(), 202);
    let remove = |rule: &str| {
        let path = format!("worlds/{id}/faults/{rule}");
        let service = &service;
        async move { service.steer(Method::DELETE, &path, None, None).await.code() }
    };
    assert_eq!((remove("3").await, remove("3").await, remove("x").await), (204, 404, 404));
    let all = format!("worlds/{id}/faults");
    assert_eq!(service.steer(Method::DELETE, &all, None, None).await.code(), 204);
    assert_eq!(rules(&service, &id).await, json!([]));
    assert_eq!(create(&service, &made, &token, None).await.code(), 202);
    // A reset world has none either.
    add(&service, &id, json!({ "scenario": "outage" })).await;
    service.steer(Method::POST, &format!("worlds/{id}/reset"), None, None).await;
    assert_eq!(rules(&service, &id).await, json!([]));
}

#[tokio::test]
async fn every_scenario_is_sound() {
    let service = Service::of(blueprint("instant"), 1, Access::Open);
    for name in ["outage", "brown-out", "api-throttled", "flapping", "creates-fail", "host-dies"] {
        let made = add(&service, "root", json!({ "scenario": name })).await;
        assert_eq!(made.code(), 201, "{name}: {made:?}");
    }
    let shown = rules(&service, "root").await;
    // Each could be sent as it is shown.
    for rule in shown.as_array().unwrap() {
        assert_eq!(add(&service, "root", rule["says"].clone()).await.code(), 201, "{rule}");
    }
}

#[tokio::test]
async fn a_rule_that_is_none_is_refused() {
    let (service, _, id, _) = world().await;
    let request = |what: Value| {
        let mut rule = json!({ "on": "request", "do": "answer", "status": 503 });
        rule.as_object_mut().unwrap().append(&mut what.as_object().unwrap().clone());
        rule
    };
    for (rule, said) in [
        (json!({}), "do: say what is to go wrong"),
        (json!({ "do": "stuck" }), "on: expected request, operation or host"),
        (
            json!({ "do": "explode", "on": "request" }),
            "do: there is no \"explode\"; expected one of answer",
        ),
        (
            json!({ "on": "request", "do": "stuck" }),
            "answer, close, delay, expire_token or lack_one",
        ),
        (json!({ "on": "operation", "do": "close" }), "error, failed_but_done"),
        (json!({ "on": "request", "do": "answer" }), "status: say which, 200 to 599"),
        (request(json!({ "status": 99 })), "status: say which, 200 to 599"),
        (request(json!({ "color": 1 })), "color: there is no such field"),
        (request(json!({ "nth": 0 })), "nth, every and times are 1 or more"),
        (request(json!({ "probability": 2 })), "probability is above 0 and 1 at most"),
        (request(json!({ "server": "web" })), "server: changes nothing"),
        (request(json!({ "path": "compute/*" })), "path: expected one inside the world"),
        (request(json!({ "path": "/w/0123456789ab/*" })), "path: expected one inside the world"),
        (request(json!({ "nth": 1, "every": 2 })), "not together"),
        (request(json!({ "delay_s": 1 })), "delay_s: changes nothing"),
        (request(json!({ "path": "*".repeat(20) })), "stars"),
        (request(json!({ "message": "a".repeat(300) })), "message: 255 bytes"),
        (
            json!({ "on": "request", "do": "delay", "delay_s": 31 }),
            "delay_s: say how long, 0 to 30 s",
        ),
        (
            json!({ "on": "request", "do": "delay", "delay_s": -1 }),
            "delay_s: say how long, 0 to 30 s",
        ),
        (json!({ "on": "operation", "do": "stuck", "action": "creat" }), "there is no \"creat\""),
        (request(json!({ "nth": "3" })), "nth: found the text \"3\", expected a whole number"),
        (request(json!({ "service": "volume" })), "service: expected one of compute, identity"),
        (request(json!({ "from": "noon" })), "from: found \"noon\", expected an instant"),
        (request(json!({ "until_s": -1 })), "until_s: found -1, expected 0 to"),
        (request(json!({ "until_s": 1e300 })), "until_s: found"),
        (request(json!({ "from_s": 2, "until_s": 1 })), "until must be later than from"),
        (request(json!({ "from": "2030-01-01T00:00:00Z", "from_s": 1 })), "one of from and from_s"),
        (request(json!({ "lacks": "web" })), "lacks: changes nothing"),
        (json!({ "on": "host", "do": "die" }), "host: say which"),
        (json!({ "on": "host", "do": "close", "host": "a" }), "do: with on=host it is die"),
        (json!({ "on": "host", "do": "die", "host": "a", "nth": 1 }), "nth: changes nothing"),
        (json!({ "scenario": "host-dies", "nth": 1 }), "host-dies has nothing beside it but"),
        (json!({ "scenario": "outage", "host": "a" }), "A scenario has nothing beside it but"),
        (json!({ "scenario": "flood" }), "scenario: there is no \"flood\""),
        (json!({ "scenario": "outage", "nth": 1 }), "A scenario has nothing beside it but"),
    ] {
        let refused = add(&service, &id, rule.clone()).await;
        assert_eq!(refused.code(), 400, "{rule}: {refused:?}");
        assert!(refused.message().contains(said), "{rule}: {}", refused.message());
    }
    for _ in 0..100 {
        assert_eq!(add(&service, &id, request(json!({ "nth": 9 }))).await.code(), 201);
    }
    let full = add(&service, &id, request(json!({ "nth": 9 }))).await;
    assert_eq!(full.code(), 403);
    assert!(full.message().contains("100 rules at most"));
}

#[tokio::test]
async fn a_rule_that_can_strike_nothing_is_refused_and_says_why() {
    let (service, _, id, _) = world().await;
    let wrong = json!({ "on": "operation", "action": "reboot_soft*", "do": "stuck" });
    let answer = add(&service, &id, wrong).await;
    assert_eq!(answer.code(), 400, "{answer:?}");
    assert!(answer.message().contains("reboot"), "{answer:?}");
    assert!(!answer.message().contains("reboot_soft"), "{answer:?}");
    for rule in [
        json!({ "scenario": "host-dies", "host": "nope" }),
        json!({ "on": "host", "host": "nope-*", "do": "die" }),
        json!({ "on": "operation", "host": "nope", "do": "stuck" }),
    ] {
        let answer = add(&service, &id, rule).await;
        assert_eq!(answer.code(), 400, "{answer:?}");
        let first = service.worlds.first().cloud().catalogue().hosts()[0].name.to_string();
        assert!(answer.message().contains(&first), "{answer:?}");
    }
    let much = json!({ "on": "operation", "action": "create", "do": "stuck" });
    for _ in 0..limits::FAULT_RULES_MAX {
        assert_eq!(add(&service, &id, much.clone()).await.code(), 201);
    }
    assert_eq!(add(&service, &id, much).await.code(), 403);
}
