//! What `status=` lists, while everything changes and after it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use guichet_clock::WorldClock;
use guichet_cloud::config::Declared;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::project::Quota;
use guichet_core::state::Status;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::wire::{Service, Wire, id};
use crate::servers::{new, soon};
use crate::support::TestCloud;

const CLIENTS: u64 = 6;
const REQUESTS: u64 = 120;

/// Short enough for a test, long enough to be seen at work; some creates end in ERROR.
const PROFILE: &str = r#"
[default]
delay = { uniform = { min_ms = 1, max_ms = 6 } }

[[fault]]
kind = "error"
probability = 0.2
actions = ["create"]
transient = false
"#;

fn cloud(seed: u64) -> TestCloud {
    let mut declared = Declared::dev();
    declared.projects[0].quota = Quota::default();
    let profile = Profile::parse(PROFILE, "statuses").unwrap();
    let chance = Chance::new(seed);
    let driver = Simulated::new(profile, Names::default(), WorldClock::real(), chance);
    TestCloud::over(declared, Arc::new(driver))
}

/// Creates, and does something to what it created, at random: all that it ever created.
async fn changes(mut wire: Wire, body: Value, chance: Chance, client: u64) -> Vec<String> {
    let mut made: Vec<String> = Vec::new();
    for n in 0..REQUESTS {
        let place = chance.bits(Purpose::Target, client, n, 0) as usize % made.len().max(1);
        let action = match chance.bits(Purpose::Action, client, n, 0) % 10 {
            _ if made.len() < 3 => None,
            0..=2 => None,
            3 => Some(json!({ "reboot": { "type": "SOFT" } })),
            4..=5 => Some(json!({ "reboot": { "type": "HARD" } })),
            6..=7 => Some(json!({ "os-stop": null })),
            8 => Some(json!({ "os-start": null })),
            _ => {
                let path = format!("/servers/{}", made[place]);
                let (status, _) = wire.ask("DELETE", &path, None).await;
                assert!([204, 404].contains(&status), "DELETE: {status}");
                continue;
            }
        };
        let Some(action) = action else {
            let (status, answer) = wire.ask("POST", "/servers", Some(&body)).await;
            assert_eq!(status, 202, "{answer:?}");
            made.push(id(&answer));
            continue;
        };
        // What is not in the state for it says so, and what is gone too.
        let path = format!("/servers/{}/action", made[place]);
        let (status, _) = wire.ask("POST", &path, Some(&action)).await;
        assert!([202, 404, 409].contains(&status), "{action}: {status}");
    }
    made
}

/// The ids of what is listed under a status, each of which says so itself.
async fn listed(wire: &mut Wire, status: Status, seed: u64) -> BTreeSet<String> {
    let path = format!("/servers/detail?status={status}");
    let (code, body) = wire.ask("GET", &path, None).await;
    assert_eq!(code, 200);
    let body: Value = serde_json::from_slice(&body).unwrap();
    let row = |row: &Value| {
        assert_eq!(row["status"], status.as_str(), "seed {seed}: {row}");
        row["id"].as_str().unwrap().to_owned()
    };
    body["servers"].as_array().unwrap().iter().map(row).collect()
}

/// Every status that others than administrators may ask for.
fn statuses() -> impl Iterator<Item = Status> {
    Status::ALL.iter().copied().filter(|status| *status != Status::Deleted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_lists_what_get_says_has_it() {
    for seed in [1, 2, 3] {
        let test = cloud(seed);
        let token = test.token_of("demo");
        let service = Service::of(&test.cloud).await;
        let under_way = Arc::new(AtomicUsize::new(CLIENTS as usize));
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let body = new(
                &test.cloud.catalogue().images(guichet_cloud::catalogue::Viewer::Admin)[0]
                    .id
                    .to_string(),
                &json!({}),
            );
            let changes = changes(service.connect(&token).await, body, Chance::new(seed), client);
            let under_way = Arc::clone(&under_way);
            clients.spawn(async move {
                let made = changes.await;
                under_way.fetch_sub(1, Ordering::Relaxed);
                made
            });
        }
        let mut wire = service.connect(&token).await;
        let mut seen = BTreeSet::new();
        let moving = [Status::Build, Status::Active, Status::HardReboot, Status::Shutoff];
        while under_way.load(Ordering::Relaxed) > 0 {
            for status in moving {
                if !listed(&mut wire, status, seed).await.is_empty() {
                    seen.insert(status);
                }
            }
        }
        assert!(moving.iter().all(|status| seen.contains(status)), "seed {seed}: {seen:?}");
        let made: BTreeSet<String> = clients.join_all().await.into_iter().flatten().collect();
        soon(async {
            while test.cloud.manager().figures().jobs > 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for server in made {
            let (code, body) = wire.ask("GET", &format!("/servers/{server}"), None).await;
            if code == 200 {
                let body: Value = serde_json::from_slice(&body).unwrap();
                let status = body["server"]["status"].as_str().unwrap().to_owned();
                said.entry(status).or_default().insert(server);
            } else {
                assert_eq!(code, 404, "seed {seed}: {server}");
            }
        }
        let left: Vec<&str> = said.keys().map(String::as_str).collect();
        assert_eq!(left, ["ACTIVE", "ERROR", "SHUTOFF"], "seed {seed}: each is there to be listed");
        for status in statuses() {
            let expected = said.remove(status.as_str()).unwrap_or_default();
            assert_eq!(listed(&mut wire, status, seed).await, expected, "seed {seed}: {status}");
        }
        assert!(said.is_empty(), "seed {seed}: statuses that nobody knows: {said:?}");
        assert!(test.cloud.manager().audit().holds());
        service.end().await;
    }
}
