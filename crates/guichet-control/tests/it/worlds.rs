//! Worlds: nothing of one is in another, and nothing is left of one that ended.

use std::sync::Weak;
use std::time::Duration;

use http::Method;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::support::{Service, blueprint, path};
use guichet_control::access::Access;

/// Longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn nothing_of_a_world_is_in_another() {
    let service = Service::open(10);
    let (one, other) = (service.make(json!({})).await, service.make(json!({})).await);
    let paths = [String::new(), path(&one), path(&other)];
    let mut tokens = Vec::new();
    let mut servers = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        let token = service.log_in(path).await;
        servers.push(service.create(path, &token, &format!("of-{number}")).await);
        tokens.push(token);
    }
    for (number, path) in paths.iter().enumerate() {
        assert_eq!(service.names(path, &tokens[number]).await, [format!("of-{number}")]);
        for (foreign, token) in tokens.iter().enumerate().filter(|(other, _)| *other != number) {
            let url = format!("{path}/compute/v2.1/servers");
            let refused = service.ask(Method::GET, &url, token, None).await;
            assert_eq!(refused.code(), 401, "a token of {foreign} in {number}");
            let url = format!("{url}/{}", servers[foreign]);
            let own = &tokens[number];
            // Two worlds of one seed draw the same ids: what lies there is their own.
            let found = service.ask(Method::GET, &url, own, None).await;
            let name = &found.body["server"]["name"];
            assert!(found.code() == 404 || *name == format!("of-{number}"), "{found:?}");
        }
    }
}

#[tokio::test]
async fn links_stay_inside_the_world() {
    let service = Service::open(1);
    let made = service.make(json!({ "seed": 7 })).await;
    let path = path(&made);
    let url = format!("http://localhost{path}");
    assert_eq!(made["world"]["auth_url"], format!("{url}/identity"));
    assert_eq!(made["environment"]["OS_AUTH_URL"], format!("{url}/identity"));
    assert!(made["clouds_yaml"].as_str().unwrap().contains(&format!("\"{url}/identity\"")));
    let logged_in = service.log_in_with(&path, "secret").await;
    let endpoints: Vec<String> = logged_in.body["token"]["catalog"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row["endpoints"].as_array().unwrap())
        .map(|endpoint| endpoint["url"].as_str().unwrap().to_owned())
        .collect();
    assert!(endpoints.len() >= 4 && endpoints.iter().all(|found| found.starts_with(&url)));
    let token = service.log_in(&path).await;
    for name in ["a", "b", "c"] {
        service.create(&path, &token, name).await;
    }
    let mut next = format!("{path}/compute/v2.1/servers?limit=2");
    let mut names = Vec::new();
    loop {
        let page = service.ask(Method::GET, &next, &token, None).await;
        for row in page.body["servers"].as_array().unwrap() {
            names.push(row["name"].as_str().unwrap().to_owned());
            let own = row["links"][0]["href"].as_str().unwrap();
            assert!(own.starts_with(&url), "{own}");
        }
        let Some(link) = page.body["servers_links"][0]["href"].as_str() else { break };
        next = link.strip_prefix("http://localhost").unwrap().to_owned();
    }
    assert_eq!(names, ["c", "b", "a"]);
}

#[tokio::test]
async fn the_same_seed_draws_the_same_again_after_a_reset() {
    let service = Service::open(1);
    let made = service.make(json!({ "seed": 5 })).await;
    let (path, id) = (path(&made), made["world"]["id"].as_str().unwrap());
    let token = service.log_in(&path).await;
    service.create(&path, &token, "one").await;
    let reset = service.steer(Method::POST, &format!("worlds/{id}/reset"), None, None).await;
    assert_eq!(reset.code(), 204);
    let url = format!("{path}/compute/v2.1/servers");
    assert_eq!(service.ask(Method::GET, &url, &token, None).await.code(), 401);
    let token = service.log_in(&path).await;
    assert!(service.names(&path, &token).await.is_empty());
    // The first world is reset in the same way.
    let token = service.log_in("").await;
    service.create("", &token, "one").await;
    let reset = service.steer(Method::POST, "worlds/root/reset", None, None).await;
    assert_eq!(reset.code(), 204);
    let token = service.log_in("").await;
    assert!(service.names("", &token).await.is_empty());
}

#[tokio::test]
async fn what_ends_is_gone_with_what_runs_in_it() {
    // Its servers take far longer than this test.
    let service = Service::of(blueprint("realistic"), 3, Access::Open);
    let made = service.make(json!({})).await;
    let (path, id) = (path(&made), made["world"]["id"].as_str().unwrap());
    let token = service.log_in(&path).await;
    service.create(&path, &token, "slow").await;
    let world = service.worlds.look_at(id).unwrap();
    let cloud: Weak<_> = std::sync::Arc::downgrade(&world.cloud());
    drop(world);
    let ended = service.steer(Method::DELETE, &format!("worlds/{id}"), None, None).await;
    assert_eq!(ended.code(), 204);
    let again = service.steer(Method::DELETE, &format!("worlds/{id}"), None, None).await;
    assert_eq!(again.code(), 404);
    let gone =
        service.ask(Method::GET, &format!("{path}/compute/v2.1/servers"), &token, None).await;
    assert_eq!(gone.code(), 404);
    tokio::time::timeout(DEADLINE, service.worlds.close()).await.expect("it ends");
    assert!(cloud.upgrade().is_none(), "somebody still holds the cloud");
}

#[tokio::test(start_paused = true)]
async fn a_world_ends_when_nobody_uses_it() {
    let service = Service::open(2);
    let idle = service.make(json!({ "idle_s": 60 })).await;
    let used = service.make(json!({ "idle_s": 60 })).await;
    let stop = CancellationToken::new();
    let worlds = std::sync::Arc::clone(&service.worlds);
    let stopped = stop.clone();
    let ending = TaskTracker::new();
    ending.spawn(async move { worlds.end_idle(&stopped).await });
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_secs(10)).await;
        let url = format!("{}/identity/v3", path(&used));
        assert_eq!(service.ask(Method::GET, &url, "", None).await.code(), 200);
    }
    let left: Vec<String> =
        service.worlds.all().iter().map(|world| world.id().to_string()).collect();
    assert_eq!(left, ["root", used["world"]["id"].as_str().unwrap()]);
    let url = format!("{}/identity/v3", path(&idle));
    assert_eq!(service.ask(Method::GET, &url, "", None).await.code(), 404);
    stop.cancel();
    ending.close();
    ending.wait().await;
}

#[tokio::test]
async fn there_are_no_more_than_there_may_be() {
    let service = Service::open(2);
    let first = service.make(json!({})).await;
    service.make(json!({})).await;
    let refused = service.steer(Method::POST, "worlds", None, None).await;
    assert_eq!(refused.code(), 429);
    assert!(refused.headers.contains_key("retry-after"));
    assert!(refused.message().starts_with("There are 2 worlds"));
    let id = first["world"]["id"].as_str().unwrap();
    service.steer(Method::DELETE, &format!("worlds/{id}"), None, None).await;
    service.make(json!({})).await;
    let none = Service::open(0);
    assert_eq!(none.steer(Method::POST, "worlds", None, None).await.code(), 403);
}

/// Many at once, each with its own servers, while others are made and end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_used_at_once() {
    let service = std::sync::Arc::new(Service::open(64));
    let clients = TaskTracker::new();
    let running = (0..16).map(|client| {
        let service = std::sync::Arc::clone(&service);
        clients.spawn(async move {
            for round in 0..4 {
                let made = service.make(json!({})).await;
                let path = path(&made);
                let token = service.log_in(&path).await;
                let mut expected: Vec<String> =
                    (0..3).map(|n| format!("{client}-{round}-{n}")).collect();
                for name in &expected {
                    service.create(&path, &token, name).await;
                }
                expected.reverse();
                assert_eq!(service.names(&path, &token).await, expected);
                let id = made["world"]["id"].as_str().unwrap();
                let own = made["control_token"].as_str().unwrap();
                let path = format!("worlds/{id}");
                let ended = service.steer(Method::DELETE, &path, Some(own), None).await;
                assert_eq!(ended.code(), 204);
            }
        })
    });
    for client in running.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    assert!(service.worlds.is_empty());
    tokio::time::timeout(DEADLINE, service.worlds.close()).await.expect("all end");
}
