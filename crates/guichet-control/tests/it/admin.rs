//! What an administrator asks: who there is, quotas, tokens, operations and servers across projects.

use guichet_control::access::Access;
use guichet_control::{Beside, owned_app};
use guichet_observe::Watch;
use http::{HeaderValue, Method, Request};
use serde_json::json;
use std::sync::Arc;
use tower::ServiceExt;

use crate::support::{Service, blueprint};

#[tokio::test]
async fn accounts_are_listed_and_found() {
    let service = Service::open(0);
    let projects = service.steer(Method::GET, "projects?limit=1", None, None).await;
    assert_eq!(projects.body["projects"].as_array().unwrap().len(), 1);
    assert_eq!(projects.body["total"], 3);
    let one = service.steer(Method::GET, "users?name=admin", None, None).await;
    assert_eq!(one.body["users"][0]["roles"][0]["role"], "admin");
    for (path, code) in
        [("projects?name=nope", 404), ("users?color=1", 400), ("users?limit=x", 400)]
    {
        assert_eq!(service.steer(Method::GET, path, None, None).await.code(), code, "{path}");
    }
}

#[tokio::test]
async fn a_word_that_is_none_is_refused_with_those_that_are() {
    let service = Service::open(0);
    for (path, said) in [
        ("servers?status=odd", "status: there is no \"odd\"; expected one of BUILD, "),
        ("events?kind=odd", "kind: there is no \"odd\"; expected one of accepted, started, "),
        (
            "worlds/root/operations?action=odd",
            "action: there is no \"odd\"; expected one of create, ",
        ),
    ] {
        let refused = service.steer(Method::GET, path, None, None).await;
        let message = refused.body["error"]["message"].as_str().unwrap();
        assert!(refused.code() == 400 && message.starts_with(said), "{path}: {message}");
    }
}

#[tokio::test]
async fn a_quota_is_set_and_given_back() {
    let service = Service::open(0);
    let path = "quotas/demo";
    let declared = service.steer(Method::GET, path, None, None).await.body;
    assert_eq!(declared["quota"][0]["limit"], 10);
    let set = service.steer(Method::PUT, path, None, Some(json!({ "instances": 3 }))).await;
    assert_eq!(set.body["quota"][0]["limit"], 3);
    let any = service.steer(Method::PUT, path, None, Some(json!({ "cores": -1 }))).await;
    assert!(any.body["quota"][1]["limit"].is_null());
    assert_eq!(any.body["quota"][0]["limit"], 3, "what is left out stays");
    let wrong = service.steer(Method::PUT, path, None, Some(json!({ "ram": -2 }))).await;
    assert_eq!(wrong.code(), 400);
    let reset = service.steer(Method::DELETE, path, None, None).await;
    assert_eq!(reset.body, declared);
}

#[tokio::test]
async fn tokens_are_counted_and_end() {
    let service = Service::open(0);
    let token = service.log_in("").await;
    let users = service.steer(Method::GET, "tokens", None, None).await;
    assert_eq!(users.body["tokens"][0], json!({ "user": "demo", "tokens": 1 }));
    assert!(!users.body.to_string().contains(&token));
    let path = "/compute/v2.1/servers";
    assert_eq!(service.ask(Method::GET, path, &token, None).await.code(), 200);
    assert_eq!(service.steer(Method::DELETE, "tokens", None, None).await.code(), 400);
    let none = service.steer(Method::DELETE, "tokens?project=alt", None, None).await;
    assert_eq!(none.body["ended"], 0);
    let ended = service.steer(Method::DELETE, "tokens?project=demo", None, None).await;
    assert_eq!(ended.body["ended"], 1);
    assert_eq!(service.ask(Method::GET, path, &token, None).await.code(), 401);
}

#[tokio::test]
async fn servers_and_operations_are_listed_and_refused_in_words() {
    let service = Service::open(0);
    for (path, code) in [
        ("servers", 200),
        ("servers?status=ERROR", 200),
        ("servers?status=odd", 400),
        ("servers/nope", 400),
        ("servers/00000000-0000-4000-8000-000000000000", 404),
        ("operations?state=failed", 200),
        ("operations?state=odd", 400),
        ("operations/00000000-0000-4000-8000-000000000000/1", 404),
        ("queue", 200),
    ] {
        assert_eq!(service.steer(Method::GET, path, None, None).await.code(), code, "{path}");
    }
}

#[tokio::test]
async fn what_is_in_flight_is_listed_from_what_began_first_on() {
    // Nothing ends while time stands still.
    let service = Service::of(blueprint("realistic"), 0, Access::Open);
    let run = async |speed: u32| {
        let clock = Some(json!({ "speed": speed }));
        let set = service.steer(Method::PUT, "worlds/root/clock", None, clock).await;
        assert_eq!(set.code(), 200, "{set:?}");
    };
    run(0).await;
    let token = service.log_in("").await;
    let mut servers = Vec::new();
    for name in ["one", "two", "three"] {
        servers.push(service.create("", &token, name).await);
    }
    let path = |more: &str| format!("operations/in-flight{more}");
    let list = async |more: &str| service.steer(Method::GET, &path(more), None, None).await;
    let listed = async || {
        let list = list("").await;
        assert_eq!(list.code(), 200, "{list:?}");
        list.body["operations"].as_array().unwrap().clone()
    };
    let all = tokio::time::timeout(std::time::Duration::from_secs(30), async {
        loop {
            let all = listed().await;
            if all.len() == servers.len() {
                return all;
            }
            tokio::task::yield_now().await;
        }
    });
    let all = all.await.expect("they are started");
    for row in &all {
        assert_eq!((&row["action"], &row["state"]), (&json!("create"), &json!("running")), "{row}");
        assert!(row["run_ms"].is_number() && row["wait_ms"].is_number(), "{row}");
        let id = row["id"].as_str().unwrap();
        let one = service.steer(Method::GET, &format!("operations/{id}"), None, None).await;
        assert_eq!(one.body["operation"], *row);
    }
    let first = list("?limit=1").await.body["operations"].take();
    assert_eq!(first, json!([all[0]]));
    for wrong in ["?limit=x", "?offset=1", "?state=queued"] {
        assert_eq!(list(wrong).await.code(), 400, "{wrong}");
    }
    run(1_000).await;
    let over = tokio::time::timeout(std::time::Duration::from_secs(30), async {
        while !listed().await.is_empty() {
            tokio::task::yield_now().await;
        }
    });
    over.await.expect("they end");
}

#[tokio::test]
async fn whoever_has_no_control_token_learns_nothing() {
    let token = guichet_cloud::worlds::ControlToken::new("0123456789abcdef");
    let service = Service::of(blueprint("instant"), 0, Access::by(&token));
    for path in [
        "projects",
        "users",
        "roles",
        "tokens",
        "quotas/demo",
        "queue",
        "servers",
        "operations/in-flight",
    ] {
        assert_eq!(service.steer(Method::GET, path, None, None).await.code(), 401, "{path}");
    }
}

#[tokio::test]
async fn the_owner_needs_no_token_and_has_the_control_api_alone() {
    let service = Service::open(0);
    let watch = Arc::new(Watch::new(Arc::clone(&service.worlds)));
    let app = owned_app(watch, Beside::default(), HeaderValue::from_static("127.0.0.1:8774"));
    for (path, code) in [("/guichet/v1/projects", 200), ("/identity/v3", 404)] {
        let request = Request::builder().uri(path).body(axum::body::Body::empty()).unwrap();
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), code, "{path}");
    }
}
