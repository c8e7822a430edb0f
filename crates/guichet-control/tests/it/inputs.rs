//! What cannot be read or made is refused, and nothing is made.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Service, blueprint};
use guichet_control::access::Access;

#[tokio::test]
async fn what_is_wrong_is_said_and_nothing_is_made() {
    let service = Service::open(3);
    for (asked, said) in [
        (json!({ "sed": 1 }), "sed: there is no such field"),
        (json!({ "seed": -1 }), "seed: found -1, expected a whole number"),
        (json!({ "seed": "1" }), "seed: found the text"),
        (json!({ "idle_s": 0 }), "idle_s: found 0, expected 1 to 604800"),
        (json!({ "idle_s": 604_801 }), "idle_s: found 604801"),
        (json!({ "profile": "/etc/passwd" }), "expected one of instant, fast"),
        (json!({ "config": "profile = \"/etc/passwd\"" }), "expected one of instant, fast"),
        (json!({ "config": "servers_max = 0" }), "configuration:1:15"),
        (json!({ "config": "nonsense" }), "configuration:1"),
        (json!({ "config": "driver = \"none\"" }), "driver"),
        (json!([]), "expected a JSON object"),
    ] {
        let refused = service.steer(Method::POST, "worlds", None, Some(asked.clone())).await;
        assert_eq!(refused.code(), 400, "{asked}: {refused:?}");
        assert!(refused.message().contains(said), "{asked}: {}", refused.message());
        assert!(service.worlds.is_empty());
    }
    let long = json!({ "config": "#".repeat(300 * 1_024) });
    assert_eq!(service.steer(Method::POST, "worlds", None, Some(long)).await.code(), 413);
}

#[tokio::test]
async fn paths_that_are_none_have_a_body_that_says_so() {
    let service = Service::open(3);
    for (method, path, code) in [
        (Method::GET, "nothing", 404),
        (Method::GET, "worlds/none", 404),
        (Method::DELETE, "worlds/ABCDEF012345", 404),
        (Method::DELETE, "worlds/root", 409),
        (Method::PUT, "worlds", 405),
    ] {
        let refused = service.steer(method, path, None, None).await;
        assert_eq!(refused.code(), code, "{path}");
        assert!(!refused.message().is_empty());
    }
    for path in ["/w/", "/w/none", "/w/0123456789ab/identity", "/w//identity/v3", "/guichet/"] {
        let refused = service.ask(Method::GET, path, "", None).await;
        assert_eq!(refused.code(), 404, "{path}");
        assert!(!refused.message().is_empty());
    }
}

#[tokio::test]
async fn a_data_directory_is_not_thrown_away() {
    let mut stored = blueprint("instant");
    stored.is_stored = true;
    let service = Service::of(stored, 1, Access::Open);
    let token = service.log_in("").await;
    service.create("", &token, "stays").await;
    let refused = service.steer(Method::POST, "worlds/root/reset", None, None).await;
    assert_eq!(refused.code(), 409);
    assert_eq!(service.names("", &token).await, ["stays"]);
}

/// A world of a configuration whose users have no passwords: they are drawn, and stay at a reset.
#[tokio::test]
async fn passwords_that_were_drawn_stay() {
    let service = Service::open(1);
    let config = "[[project]]\nname = \"demo\"\n[[user]]\nname = \"demo\"\n\
        roles = [{ project = \"demo\", role = \"member\" }]\n";
    let made = service.make(json!({ "config": config })).await;
    let environment: &Value = &made["environment"];
    let password = environment["OS_PASSWORD"].as_str().expect("one was drawn");
    let path = crate::support::path(&made);
    assert_eq!(service.log_in_with(&path, password).await.code(), 201);
    assert_eq!(service.log_in_with(&path, "secret").await.code(), 401);
    let id = made["world"]["id"].as_str().unwrap();
    service.steer(Method::POST, &format!("worlds/{id}/reset"), None, None).await;
    assert_eq!(service.log_in_with(&path, password).await.code(), 201);
}
