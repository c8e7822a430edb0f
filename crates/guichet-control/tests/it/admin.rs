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
async fn whoever_has_no_control_token_learns_nothing() {
    let token = guichet_cloud::worlds::ControlToken::new("0123456789abcdef");
    let service = Service::of(blueprint("instant"), 0, Access::by(&token));
    for path in ["projects", "users", "roles", "tokens", "quotas/demo", "queue", "servers"] {
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
