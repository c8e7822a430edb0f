//! The time of a world: stopped, made faster, moved on.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Service, blueprint, path};
use guichet_control::access::Access;

/// A service whose machines take tens of seconds, a world of it, and the world's id.
async fn slow() -> (Service, Value, String) {
    let service = Service::of(blueprint("realistic"), 3, Access::Open);
    let made = service.make(json!({ "seed": 3 })).await;
    let id = made["world"]["id"].as_str().unwrap().to_owned();
    (service, made, id)
}

async fn set(service: &Service, id: &str, speed: f64) -> Answer {
    let path = format!("worlds/{id}/clock");
    service.steer(Method::PUT, &path, None, Some(json!({ "speed": speed }))).await
}

async fn advance(service: &Service, id: &str, how: Value) -> Answer {
    service.steer(Method::POST, &format!("worlds/{id}/clock/advance"), None, Some(how)).await
}

async fn statuses(service: &Service, made: &Value, token: &str) -> Vec<String> {
    let path = format!("{}/compute/v2.1/servers/detail", path(made));
    let list = service.ask(Method::GET, &path, token, None).await;
    let rows = list.body["servers"].as_array().unwrap();
    rows.iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_slow_create_is_over_at_once_when_time_is_moved_on() {
    let (service, made, id) = slow().await;
    assert_eq!(set(&service, &id, 0.0).await.body["clock"]["speed"], 0.0);
    let token = service.log_in(&path(&made)).await;
    for n in 0..3 {
        service.create(&path(&made), &token, &format!("server-{n}")).await;
    }
    assert_eq!(statuses(&service, &made, &token).await, ["BUILD"; 3]);
    let moved = advance(&service, &id, json!({ "until_idle": true })).await;
    assert_eq!(moved.code(), 200, "{moved:?}");
    assert_eq!(moved.body["reached"], true);
    assert!(moved.body["steps"].as_u64().unwrap() >= 3, "{moved:?}");
    assert_eq!(moved.body["clock"]["operations"], 0);
    assert_eq!(moved.body["clock"]["speed"], 0.0);
    assert_eq!(statuses(&service, &made, &token).await, ["ACTIVE"; 3]);
    // The token goes by the process's time.
    let again = advance(&service, &id, json!({ "by_s": 86_400.0 * 30.0 })).await;
    assert_eq!(again.body["reached"], true);
    assert_eq!(statuses(&service, &made, &token).await, ["ACTIVE"; 3]);
}

#[tokio::test]
async fn who_asks_again_finds_all_over_where_time_jumps() {
    let (service, made, id) = slow().await;
    let token = service.log_in(&path(&made)).await;
    let clock = format!("worlds/{id}/clock");
    let jumps = json!({ "jumps": true });
    let set = service.steer(Method::PUT, &clock, None, Some(jumps)).await;
    assert_eq!((set.code(), &set.body["clock"]["jumps"]), (200, &json!(true)), "{set:?}");
    let began = set.body["clock"]["now"].as_str().unwrap().to_owned();
    for n in 0..3 {
        service.create(&path(&made), &token, &format!("server-{n}")).await;
    }
    assert_eq!(statuses(&service, &made, &token).await, ["ACTIVE"; 3]);
    let shown = service.steer(Method::GET, &clock, None, None).await;
    // RFC 3339 in UTC: later instants are later texts. A create takes seconds on such machines.
    assert!(shown.body["clock"]["now"].as_str().unwrap() > &*began, "{shown:?}");
    let walks = json!({ "jumps": false });
    service.steer(Method::PUT, &clock, None, Some(walks)).await;
    service.create(&path(&made), &token, "slow").await;
    let mut seen = statuses(&service, &made, &token).await;
    seen.sort();
    assert_eq!(seen, ["ACTIVE", "ACTIVE", "ACTIVE", "BUILD"]);
}

/// With one worker, the second create begins when the first has ended, not at the end of it all.
#[tokio::test]
async fn time_is_moved_on_step_by_step() {
    let service = Service::of(blueprint("realistic"), 3, Access::Open);
    let config = "workers = 1\nprofile = \"realistic\"\n";
    let made = service.make(json!({ "config": config, "seed": 3 })).await;
    let id = made["world"]["id"].as_str().unwrap();
    set(&service, id, 0.0).await;
    let world = service.worlds.look_at(id).unwrap();
    let cloud = world.cloud();
    let manager = cloud.manager();
    let new = guichet_engine::NewServer::one("one", "d2-2", "debian-13");
    let mut ids = Vec::new();
    for _ in 0..3 {
        let ack = manager.create(guichet_engine::Caller::default(), &new).await.unwrap();
        ids.push(ack.operations[0]);
    }
    advance(&service, id, json!({ "until_idle": true })).await;
    let mut ended = None;
    for id in ids {
        let operation = manager.operation(id).unwrap();
        assert!(operation.service().unwrap().as_secs() >= 1, "{operation:?}");
        // To the millisecond that timers are exact to.
        if let Some(ended) = ended {
            assert_eq!(operation.started, Some(ended), "{operation:?}");
        }
        ended = operation.finished;
    }
}

#[tokio::test]
async fn time_goes_to_where_it_is_told_and_never_back() {
    let (service, made, id) = slow().await;
    set(&service, &id, 0.0).await;
    let before = service.steer(Method::GET, &format!("worlds/{id}/clock"), None, None).await;
    let again = service.steer(Method::GET, &format!("worlds/{id}/clock"), None, None).await;
    assert_eq!(before.body["clock"]["now"], again.body["clock"]["now"], "it stands still");
    let moved = advance(&service, &id, json!({ "to": "2100-01-01T00:00:00Z" })).await;
    assert_eq!(moved.code(), 400, "too far: {moved:?}");
    let moved = advance(&service, &id, json!({ "to": "2030-01-01T00:00:00Z" })).await;
    assert_eq!(moved.body["clock"]["now"], "2030-01-01T00:00:00.000000Z", "{moved:?}");
    for (how, said) in [
        (json!({ "to": "2029-12-31T23:59:59Z" }), "never goes back"),
        (json!({ "to": "tomorrow" }), "expected an instant"),
        (json!({ "by_s": -1.0 }), "by_s: found -1"),
        (json!({ "by_s": 1e300 }), "by_s: found 1"),
        (json!({ "by_s": 1.0, "until_idle": true }), "Say one of"),
        (json!({ "until_idle": false }), "Say one of"),
        (json!({}), "Say one of"),
        (json!({ "by": 1 }), "by: there is no such field"),
    ] {
        let refused = advance(&service, &id, how.clone()).await;
        assert_eq!(refused.code(), 400, "{how}");
        assert!(refused.message().contains(said), "{how}: {}", refused.message());
    }
    for speed in [-1.0, 10_000.5, 1e300] {
        assert_eq!(set(&service, &id, speed).await.code(), 400, "{speed}");
    }
    let stands = service.steer(Method::GET, &format!("worlds/{id}/clock"), None, None).await;
    assert_eq!(stands.body["clock"]["now"], "2030-01-01T00:00:00.000000Z");
    // Servers are stamped by it, and the time of others is their own.
    let token = service.log_in(&path(&made)).await;
    let server = service.create(&path(&made), &token, "later").await;
    let url = format!("{}/compute/v2.1/servers/{server}", path(&made));
    let shown = service.ask(Method::GET, &url, &token, None).await;
    assert_eq!(shown.body["server"]["created"], "2030-01-01T00:00:00Z");
    let root = service.steer(Method::GET, "worlds/root/clock", None, None).await;
    assert!(root.body["clock"]["now"].as_str().unwrap() < "2030");
    // A reset begins with the present.
    service.steer(Method::POST, &format!("worlds/{id}/reset"), None, None).await;
    let reset = service.steer(Method::GET, &format!("worlds/{id}/clock"), None, None).await;
    assert!(reset.body["clock"]["now"].as_str().unwrap() < "2030");
    assert_eq!(reset.body["clock"]["speed"], 0.0, "it goes as fast as before");
}

/// A thousand times as fast, what takes tens of seconds is over before a client has looked twice.
#[tokio::test]
async fn time_goes_faster() {
    let (service, made, id) = slow().await;
    assert_eq!(set(&service, &id, 1_000.0).await.code(), 200);
    let token = service.log_in(&path(&made)).await;
    service.create(&path(&made), &token, "one").await;
    let over = async {
        while statuses(&service, &made, &token).await != ["ACTIVE"] {
            tokio::task::yield_now().await;
        }
    };
    let deadline = std::time::Duration::from_secs(60);
    tokio::time::timeout(deadline, over).await.expect("it is ACTIVE");
}

#[tokio::test]
async fn one_request_at_a_time_steers() {
    let (service, made, id) = slow().await;
    let token = service.log_in(&path(&made)).await;
    service.create(&path(&made), &token, "one").await;
    let advancing = advance(&service, &id, json!({ "until_idle": true }));
    let (advanced, set) = tokio::join!(advancing, set(&service, &id, 0.0));
    assert_eq!((advanced.code(), set.code()), (200, 409), "{advanced:?} {set:?}");
    let stands = service.steer(Method::GET, &format!("worlds/{id}/clock"), None, None).await;
    assert_eq!(stands.body["clock"]["speed"], 1.0, "it goes on as before");
}

#[tokio::test]
async fn a_service_that_stops_is_not_steered_and_its_time_goes_on() {
    let (service, _, _) = slow().await;
    assert_eq!(set(&service, "root", 0.0).await.code(), 200);
    service.worlds.begin_closing();
    for refused in [
        set(&service, "root", 0.0).await,
        advance(&service, "root", json!({ "until_idle": true })).await,
        service.steer(Method::POST, "worlds/root/reset", None, None).await,
        service.steer(Method::POST, "worlds", None, None).await,
    ] {
        assert_eq!(refused.code(), 503, "{refused:?}");
    }
    let shown = service.steer(Method::GET, "worlds/root/clock", None, None).await;
    assert_eq!(shown.body["clock"]["speed"], 1.0);
}
