//! Snapshots of worlds: gone back to, and begun from.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Service, blueprint, path};
use guichet_control::access::Access;

/// The servers of a world, as their list has them.
async fn servers(service: &Service, path: &str, token: &str) -> Value {
    let url = format!("{path}/compute/v2.1/servers/detail");
    service.ask(Method::GET, &url, token, None).await.body["servers"].take()
}

async fn steer(service: &Service, method: Method, path: &str, body: Value) -> Answer {
    service.steer(method, path, None, Some(body)).await
}

/// Moves time on until nothing is under way.
async fn settle(service: &Service, id: &str) {
    let url = format!("worlds/{id}/clock/advance");
    let advanced = steer(service, Method::POST, &url, json!({ "until_idle": true })).await;
    assert_eq!(advanced.body["reached"], true, "{advanced:?}");
}

/// Waits until all has begun that can begin at this time.
async fn rest(service: &Service, id: &str) {
    let url = format!("worlds/{id}/clock/advance");
    assert_eq!(steer(service, Method::POST, &url, json!({ "by_s": 0 })).await.code(), 200);
}

async fn freeze(service: &Service, id: &str) {
    let url = format!("worlds/{id}/clock");
    assert_eq!(steer(service, Method::PUT, &url, json!({ "speed": 0 })).await.code(), 200);
}

#[tokio::test]
async fn a_world_goes_back_to_its_snapshot_and_what_was_under_way_ends() {
    let service = Service::of(blueprint("realistic"), 2, Access::Open);
    let made = service.make(json!({})).await;
    let (path, id) = (path(&made), made["world"]["id"].as_str().unwrap());
    freeze(&service, id).await;
    let token = service.log_in(&path).await;
    service.create(&path, &token, "done").await;
    settle(&service, id).await;
    let flying = service.create(&path, &token, "flying").await;
    rest(&service, id).await;
    let before = servers(&service, &path, &token).await;
    let url = format!("worlds/{id}/snapshots");
    let taken = steer(&service, Method::POST, &url, json!({ "name": "base" })).await;
    assert_eq!(taken.code(), 201, "{taken:?}");
    assert_eq!(taken.body["snapshot"]["servers"], 2);
    assert_eq!(taken.body["snapshot"]["operations"], 1);
    for server in before.as_array().unwrap() {
        let url = format!("{path}/compute/v2.1/servers/{}", server["id"].as_str().unwrap());
        assert_eq!(service.ask(Method::DELETE, &url, &token, None).await.code(), 204);
    }
    settle(&service, id).await;
    assert_eq!(servers(&service, &path, &token).await, json!([]));
    // Twice, so that it is seen to be as it was.
    for _ in 0..2 {
        let restored =
            steer(&service, Method::POST, &format!("{url}/base/restore"), json!({})).await;
        assert_eq!(restored.code(), 204, "{restored:?}");
        // The token is the one from before, and time stands where it stood.
        assert_eq!(servers(&service, &path, &token).await, before);
        settle(&service, id).await;
        let url = format!("{path}/compute/v2.1/servers/{flying}");
        let shown = service.ask(Method::GET, &url, &token, None).await;
        assert_eq!(shown.body["server"]["status"], "ACTIVE", "{shown:?}");
        let world = service.worlds.look_at(id).unwrap();
        assert!(world.cloud().manager().audit().holds());
    }
    // What is made now has ids that nothing in the snapshot has.
    let new = service.create(&path, &token, "new").await;
    assert!(!before.to_string().contains(&new));
}

#[tokio::test]
async fn a_fork_begins_as_its_world_is_and_is_another() {
    let service = Service::open(3);
    let made = service.make(json!({})).await;
    let (one, id) = (path(&made), made["world"]["id"].as_str().unwrap());
    let token = service.log_in(&one).await;
    service.create(&one, &token, "common").await;
    settle(&service, id).await;
    let forked = steer(&service, Method::POST, &format!("worlds/{id}/fork"), json!({})).await;
    assert_eq!(forked.code(), 201, "{forked:?}");
    let other = path(&forked.body);
    assert_ne!(one, other);
    assert_ne!(forked.body["control_token"], made["control_token"]);
    // A token is of the world that gave it.
    let url = format!("{other}/compute/v2.1/servers");
    assert_eq!(service.ask(Method::GET, &url, &token, None).await.code(), 401);
    let of_other = service.log_in(&other).await;
    assert_eq!(service.names(&other, &of_other).await, ["common"]);
    service.create(&one, &token, "mine").await;
    service.create(&other, &of_other, "yours").await;
    assert_eq!(service.names(&one, &token).await, ["mine", "common"]);
    assert_eq!(service.names(&other, &of_other).await, ["yours", "common"]);
    // It is reset to what it began as.
    let forked_id = forked.body["world"]["id"].as_str().unwrap();
    let reset =
        steer(&service, Method::POST, &format!("worlds/{forked_id}/reset"), json!({})).await;
    assert_eq!(reset.code(), 204);
    let of_other = service.log_in(&other).await;
    assert_eq!(service.names(&other, &of_other).await, ["common"]);
}

#[tokio::test]
async fn a_world_may_begin_from_a_snapshot_of_the_first() {
    let service = Service::open(3);
    let token = service.log_in("").await;
    service.create("", &token, "base").await;
    let taken =
        steer(&service, Method::POST, "worlds/root/snapshots", json!({ "name": "b" })).await;
    assert_eq!(taken.code(), 201);
    let from = json!({ "world": "root", "snapshot": "b" });
    let made = service.make(json!({ "from": from, "profile": "fast" })).await;
    let token = service.log_in(&path(&made)).await;
    assert_eq!(service.names(&path(&made), &token).await, ["base"]);
    let refused = json!({ "from": from, "seed": 3 });
    assert_eq!(steer(&service, Method::POST, "worlds", refused).await.code(), 400);
    let refused = json!({ "from": { "world": "root", "snapshot": "none" } });
    assert_eq!(steer(&service, Method::POST, "worlds", refused).await.code(), 404);
    // It goes on when the snapshot is gone.
    let gone = service.steer(Method::DELETE, "worlds/root/snapshots/b", None, None).await;
    assert_eq!(gone.code(), 204);
    assert_eq!(service.names(&path(&made), &token).await, ["base"]);
}

#[tokio::test]
async fn names_are_checked_and_counted() {
    let service = Service::open(1);
    let url = "worlds/root/snapshots";
    for name in ["", ".hidden", "../up", "Loud", "a b", &"x".repeat(65)] {
        let refused = steer(&service, Method::POST, url, json!({ "name": name })).await;
        assert_eq!(refused.code(), 400, "{name:?}");
        assert!(refused.message().starts_with("name: "), "{refused:?}");
    }
    assert_eq!(steer(&service, Method::POST, url, json!({ "name": "a" })).await.code(), 201);
    let again = steer(&service, Method::POST, url, json!({ "name": "a" })).await;
    assert_eq!(again.code(), 409);
    let again = steer(&service, Method::POST, url, json!({ "name": "a", "replace": true })).await;
    assert_eq!(again.code(), 201);
    for number in 1..guichet_core::limits::SNAPSHOTS_PER_WORLD_MAX {
        let name = format!("n{number}");
        assert_eq!(steer(&service, Method::POST, url, json!({ "name": name })).await.code(), 201);
    }
    let refused = steer(&service, Method::POST, url, json!({ "name": "more" })).await;
    assert_eq!(refused.code(), 429);
    let listed = service.steer(Method::GET, url, None, None).await;
    let count = listed.body["snapshots"].as_array().unwrap().len();
    assert_eq!(count, guichet_core::limits::SNAPSHOTS_PER_WORLD_MAX);
    for (method, path) in [
        (Method::GET, "worlds/root/snapshots/none"),
        (Method::DELETE, "worlds/root/snapshots/none"),
        (Method::POST, "worlds/root/snapshots/none/restore"),
    ] {
        assert_eq!(service.steer(method, path, None, None).await.code(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_name_that_is_no_text_is_said_to_be_none() {
    let service = Service::open(0);
    for path in ["worlds/root/snapshots/%ff", "worlds/%ff/snapshots"] {
        let answer = service.steer(Method::GET, path, None, None).await;
        assert_eq!(answer.code(), 400, "{answer:?}");
        assert!(answer.message().contains("UTF-8"), "{answer:?}");
    }
}
