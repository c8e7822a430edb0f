//! A disk that is full: whoever waits for it is told to come back, and finds one server.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_cloud::Cloud;
use guichet_cloud::config::Declared;
use guichet_core::chance::Chance;
use guichet_core::fleet::Saved;
use guichet_core::limits;
use guichet_driver::Driver;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_store::journal::model::{ModelLog, Mood};
use guichet_store::local::LocalStore;
use serde_json::json;
use tokio::time::Instant;

use crate::support::{Answer, TestCloud};

/// A cloud that writes to a log in memory.
fn cloud_on(log: &ModelLog) -> TestCloud {
    let declared = Declared::dev();
    let config = declared.engine_config();
    let names = Names { projects: Vec::new(), hosts: Vec::new() };
    let clock = WorldClock::real();
    let profile = Profile::builtin("instant").unwrap();
    let driver = Arc::new(Simulated::new(profile, names, clock.clone(), Chance::new(1)));
    let fleet = config.fleet(driver.expected_service());
    let log = Box::new(log.clone());
    let store =
        LocalStore::open(fleet, Arc::new(clock.clone()), Saved::default(), log, Box::new(|_| {}))
            .unwrap();
    let builder = Cloud::builder(declared).store(Arc::new(store), Vec::new()).driver(driver);
    TestCloud::of_cloud(builder.clock(clock).seed(0).open().unwrap().cloud)
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the time of the paused runtime is looked at")]
async fn a_create_that_waits_too_long_may_be_repeated() {
    let log = ModelLog::default();
    let cloud = cloud_on(&log);
    let token = cloud.token_of("demo");
    let body = json!({ "server": {
        "name": "web", "imageRef": cloud.cloud.catalogue().images(guichet_cloud::catalogue::Viewer::Admin)[0].id, "flavorRef": "1",
    } });
    let create = async || -> Answer {
        let request = http::Request::builder()
            .method("POST")
            .uri("/compute/v2.1/servers")
            .header("x-auth-token", &token)
            .header("content-type", "application/json")
            .header("idempotency-key", "the first")
            .body(axum::body::Body::from(body.to_string()));
        cloud.send(request.unwrap()).await
    };
    log.set_mood(Mood::Full);
    // From here on a timer is due as soon as nothing else is: the writer is a thread of its own.
    tokio::time::pause();
    let before = Instant::now();
    let answer = create().await;
    assert_eq!(answer.code(), 503);
    assert!(before.elapsed() >= limits::ANSWER_TIME);
    assert_eq!(answer.headers["retry-after"], "1");
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(text.contains("Ask again") && text.contains("Idempotency-Key"), "{text}");
    // It is not there yet, and nothing more is taken.
    let list = cloud.get("/compute/v2.1/servers", &token).await.json();
    assert_eq!(list["servers"], json!([]));
    // The writer is a thread of its own, which the paused clock did not wait for.
    for _ in 0..30_000 {
        if cloud.cloud.manager().figures().journal.is_some_and(|journal| journal.is_stalled) {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    let again = create().await;
    let text = String::from_utf8(again.bytes.clone()).unwrap();
    assert!(again.code() == 503 && text.contains("full"), "{text}");

    tokio::time::resume();
    log.set_mood(Mood::Good);
    cloud.cloud.manager().durable().await;
    let (first, second) = (create().await, create().await);
    assert_eq!((first.code(), second.code()), (202, 202));
    assert_eq!(first.json(), second.json());
    let list = cloud.get("/compute/v2.1/servers", &token).await.json();
    assert_eq!(list["servers"].as_array().unwrap().len(), 1, "{list}");
    assert_eq!(list["servers"][0]["id"], first.json()["server"]["id"]);
}
