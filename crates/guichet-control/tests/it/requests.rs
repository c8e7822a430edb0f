//! What a world was asked.

use http::{Method, Request};
use serde_json::{Value, json};

use crate::support::{Service, path};

async fn requests(service: &Service, id: &str, query: &str) -> Value {
    let path = format!("worlds/{id}/requests?{query}");
    let found = service.steer(Method::GET, &path, None, None).await;
    assert_eq!(found.code(), 200, "{found:?}");
    found.body
}

#[tokio::test]
async fn a_world_remembers_what_it_was_sent_and_no_secret() {
    let service = Service::open(2);
    let (made, other) = (service.make(json!({})).await, service.make(json!({})).await);
    let id = made["world"]["id"].as_str().unwrap();
    let token = service.log_in(&path(&made)).await;
    service.create(&path(&made), &token, "one").await;
    let url = format!("{}/compute/v2.1/servers?limit=1&marker=none", path(&made));
    let request = Request::builder()
        .uri(&url)
        .header("x-auth-token", &token)
        .header("user-agent", "test/1")
        .header("idempotency-key", "k");
    let refused = service.answer(request, None).await;
    let all = requests(&service, id, "").await;
    let shown: Vec<(&str, &str, u64)> = all["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap();
            (text("method"), text("path"), row["status"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("POST", "/identity/v3/auth/tokens", 201),
            ("GET", "/image/v2/images", 200),
            ("POST", "/compute/v2.1/servers", 202),
            ("GET", "/compute/v2.1/servers?limit=1&marker=none", 400),
        ]
    );
    let last = &all["requests"][3];
    assert_eq!((&last["user_agent"], &last["idempotency_key"]), (&json!("test/1"), &json!("k")));
    assert_eq!(last["id"], refused.headers["x-openstack-request-id"].to_str().unwrap());
    assert!(!all.to_string().contains(&token) && !all.to_string().contains("secret"));
    // Some of them, and nobody else's.
    let posts = requests(&service, id, "method=post&path=/compute/v2.1/servers&status=202").await;
    assert_eq!((posts["requests"].as_array().unwrap().len(), &posts["total"]), (1, &json!(4)));
    let of_other = requests(&service, other["world"]["id"].as_str().unwrap(), "").await;
    assert_eq!(of_other["total"], 0);
    let all = format!("worlds/{id}/requests");
    assert_eq!(service.steer(Method::DELETE, &all, None, None).await.code(), 204);
    assert_eq!(requests(&service, id, "").await["total"], 0);
}

#[tokio::test]
async fn no_secret_of_a_query_is_remembered() {
    let service = Service::open(1);
    let made = service.make(json!({})).await;
    let id = made["world"]["id"].as_str().unwrap();
    let query = "name=web&token=hush-1&Access%4Bey=hush-2&limit=3";
    let url = format!("{}/compute/v2.1/servers?{query}", path(&made));
    service.ask(Method::GET, &url, "", None).await;
    let all = requests(&service, id, "").await;
    assert_eq!(
        all["requests"][0]["path"],
        "/compute/v2.1/servers?name=web&token=***&Access%4Bey=***&limit=3"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_before_a_reset_is_not_remembered_after_it() {
    let service = Service::open(1);
    let made = service.make(json!({})).await;
    let id = made["world"]["id"].as_str().unwrap();
    let rule = json!({ "on": "request", "do": "delay", "delay_s": 20, "times": 1 });
    service.steer(Method::POST, &format!("worlds/{id}/faults"), None, Some(rule)).await;
    let url = format!("{}/identity/v3", path(&made));
    let reset = format!("worlds/{id}/reset");
    let (early, ()) = tokio::join!(biased; service.ask(Method::GET, &url, "", None), async {
        // The other was polled before: it is held up by now.
        assert_eq!(service.steer(Method::POST, &reset, None, None).await.code(), 204);
        assert_eq!(requests(&service, id, "").await["total"], 0);
    });
    assert_eq!(early.code(), 200, "{early:?}");
    assert_eq!(requests(&service, id, "").await["total"], 0);
    service.ask(Method::GET, &url, "", None).await;
    assert_eq!(requests(&service, id, "").await["total"], 1);
}

#[tokio::test]
async fn the_first_world_remembers_when_it_is_told_to() {
    let service = Service::open(0);
    service.log_in("").await;
    assert_eq!(requests(&service, "root", "").await["total"], 0);
    let most = |most: Value| {
        service.steer(Method::PUT, "worlds/root/requests", None, Some(json!({ "most": most })))
    };
    assert_eq!(most(json!(2)).await.code(), 204);
    for _ in 0..3 {
        service.log_in("").await;
    }
    let found = requests(&service, "root", "").await;
    assert_eq!(
        (&found["total"], &found["forgotten"], &found["most"]),
        (&json!(3), &json!(1), &json!(2))
    );
    for wrong in [json!(10_001), json!(-1), json!("2"), json!(null)] {
        assert_eq!(most(wrong.clone()).await.code(), 400, "{wrong}");
    }
    for query in ["status=abc", "status=1", "colour=red", "path=************"] {
        let path = format!("worlds/root/requests?{query}");
        assert_eq!(service.steer(Method::GET, &path, None, None).await.code(), 400, "{query}");
    }
    assert_eq!(requests(&service, "root", "").await["most"], 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_its_client_gave_up_is_known_too() {
    let service = Service::open(1);
    let made = service.make(json!({})).await;
    let id = made["world"]["id"].as_str().unwrap();
    let rule = json!({ "on": "request", "do": "delay", "delay_s": 20 });
    service.steer(Method::POST, &format!("worlds/{id}/faults"), None, Some(rule)).await;
    let url = format!("{}/identity/v3", path(&made));
    let asking = service.ask(Method::GET, &url, "", None);
    let second = std::time::Duration::from_secs(1);
    tokio::time::timeout(second, asking).await.expect_err("it is held up");
    let found = requests(&service, id, "").await;
    assert_eq!((&found["requests"][0]["status"], &found["total"]), (&json!(0), &json!(1)));
}
