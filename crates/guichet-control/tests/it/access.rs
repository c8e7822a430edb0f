//! Who may steer what.

use guichet_cloud::worlds::ControlToken;
use guichet_control::access::Access;
use http::{Method, Request};
use serde_json::json;

use crate::support::{Service, blueprint};

const OWN: &str = "the-service-has-this-one";

#[tokio::test]
async fn a_service_with_a_token_wants_it() {
    let access = Access::by(&ControlToken::new(OWN));
    let service = Service::of(blueprint("instant"), 3, access);
    let make = |token| service.steer(Method::POST, "worlds", token, None);
    assert_eq!(make(None).await.code(), 401);
    assert_eq!(make(None).await.headers["www-authenticate"], "Bearer");
    assert_eq!(make(Some("another")).await.code(), 403);
    assert!(service.worlds.is_empty());
    let (one, other) = (make(Some(OWN)).await.body, make(Some(OWN)).await.body);
    let token = |made: &serde_json::Value| made["control_token"].as_str().unwrap().to_owned();
    let id = one["world"]["id"].as_str().unwrap();
    for (method, path) in [
        (Method::GET, format!("worlds/{id}")),
        (Method::POST, format!("worlds/{id}/reset")),
        (Method::DELETE, format!("worlds/{id}")),
        (Method::GET, "worlds/0123456789ab".to_owned()),
        (Method::POST, "worlds/root/reset".to_owned()),
    ] {
        let ask = |token| service.steer(method.clone(), &path, token, None);
        assert_eq!(ask(None).await.code(), 401, "{method} {path}");
        assert_eq!(ask(Some(&*token(&other))).await.code(), 403, "{method} {path}");
    }
    // Its own does not list what others made.
    let list = service.steer(Method::GET, "worlds", Some(&token(&one)), None).await;
    assert_eq!(list.code(), 403);
    let path = format!("worlds/{id}");
    assert_eq!(service.steer(Method::GET, &path, Some(&token(&one)), None).await.code(), 200);
    assert_eq!(service.steer(Method::DELETE, &path, Some(&token(&one)), None).await.code(), 204);
    assert_eq!(service.steer(Method::GET, &path, Some(OWN), None).await.code(), 404);
    // What has ended had a token that is worth nothing now.
    assert_eq!(service.steer(Method::GET, &path, Some(&token(&one)), None).await.code(), 403);
}

#[tokio::test]
async fn an_open_service_takes_nothing_from_a_page() {
    let service = Service::open(3);
    let request = Request::builder().method(Method::POST).uri("/guichet/v1/worlds");
    let refused = service.answer(request.header("origin", "http://example.org"), None).await;
    assert_eq!(refused.code(), 403);
    assert!(service.worlds.is_empty());
    let made = service.make(json!({})).await;
    let id = made["world"]["id"].as_str().unwrap();
    let path = format!("worlds/{id}");
    // Whoever shows a token means it.
    assert_eq!(service.steer(Method::DELETE, &path, Some("foreign"), None).await.code(), 403);
    assert_eq!(service.steer(Method::DELETE, &path, None, None).await.code(), 204);
}

#[tokio::test]
async fn an_open_service_is_called_by_a_name_of_this_machine() {
    let service = Service::open(3);
    for (host, code) in [
        ("localhost:8774", 200),
        ("127.0.0.1:8774", 200),
        ("127.1.2.3", 200),
        ("[::1]:8774", 200),
        ("a.localhost", 200),
        ("example.org", 403),
        ("127.0.0.1.example.org:80", 403),
    ] {
        let request = Request::builder().uri("/guichet/v1/worlds").header("host", host);
        assert_eq!(service.answer(request, None).await.code(), code, "{host}");
    }
}

/// Whoever may not is told so before anything that was sent is read.
#[tokio::test]
async fn a_body_is_not_read_for_a_stranger() {
    let access = Access::by(&ControlToken::new(OWN));
    let service = Service::of(blueprint("instant"), 3, access);
    for path in ["worlds", "worlds/root/faults", "worlds/root/clock/advance"] {
        let refused = service.steer(Method::POST, path, None, Some(json!({ "no": 1 }))).await;
        assert_eq!(refused.code(), 401, "{path}");
    }
}
