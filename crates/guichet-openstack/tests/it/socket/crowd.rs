//! Many clients at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::project::Quota;
use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::wire::{Service, id};
use crate::servers::{Bench, new, soon};

const CLIENTS: usize = 32;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_two_clients_create_2000_and_delete_1000() {
    const EACH: usize = 2_000 / CLIENTS;
    const MORE: usize = 2_000 % CLIENTS;
    let bench = Bench::with(|declared| {
        declared.projects[0].quota = Quota::default();
        // Room for all of them.
        declared.hosts = guichet_engine::config::hosts(
            16,
            guichet_core::server::Size { vcpus: 1_000, ram_mib: 1 << 20 },
        );
    });
    let client = bench.client("demo");
    let service = Service::of(&bench.test.cloud).await;
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let mut wire = service.connect(&client.token).await;
        let body = new(&bench.image(), &json!({ "name": format!("s{number}") }));
        clients.spawn(async move {
            let mut kept = Vec::new();
            for round in 0..EACH + usize::from(number < MORE) {
                let (status, answer) = wire.ask("POST", "/servers", Some(&body)).await;
                assert_eq!(status, 202, "{answer:?}");
                kept.push(id(&answer));
                // Every second one goes again.
                if (round + number) % 2 == 0 {
                    let gone = kept.remove(kept.len() / 2);
                    let (status, _) = wire.ask("DELETE", &format!("/servers/{gone}"), None).await;
                    assert_eq!(status, 204);
                }
            }
            kept
        });
    }
    let kept: BTreeSet<String> = clients.join_all().await.into_iter().flatten().collect();
    assert_eq!(kept.len(), 1_000);
    let mut wire = service.connect(&client.token).await;
    let left = soon(async {
        loop {
            let (_, body) = wire.ask("GET", "/servers", None).await;
            let body: Value = serde_json::from_slice(&body).unwrap();
            let rows = body["servers"].as_array().unwrap();
            // A page is a thousand: were one more there, one of ours would be missing.
            let ids = rows.iter().map(|row| row["id"].as_str().unwrap().to_owned());
            let ids: BTreeSet<String> = ids.collect();
            if ids == kept {
                return ids.len();
            }
        }
    })
    .await;
    assert_eq!(left, 1_000);
    soon(async {
        while bench.test.cloud.manager().usage(guichet_core::ids::ProjectId(0)).unwrap().0.instances
            != 1_000
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(bench.test.cloud.manager().audit().holds());
    service.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_two_deletes_of_one_server_have_one_effect() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let service = Service::of(&bench.test.cloud).await;
    for held in [false, true] {
        let server = client.active(&json!({})).await;
        bench.hold(if held { &[Action::Delete] } else { &[] });
        let start = Arc::new(Barrier::new(CLIENTS));
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let mut wire = service.connect(&client.token).await;
            let (start, path) = (Arc::clone(&start), format!("/servers/{server}"));
            clients.spawn(async move {
                start.wait().await;
                wire.ask("DELETE", &path, None).await.0
            });
        }
        let answers = clients.join_all().await;
        assert!(answers.iter().all(|status| [204, 404].contains(status)), "{answers:?}");
        assert!(answers.contains(&204));
        // While it is being deleted every one of them is 204.
        assert!(!held || !answers.contains(&404), "{answers:?}");
        bench.hold(&[]);
        client.until_gone(&server).await;
        let actions = client.body(&format!("/servers/{server}/os-instance-actions")).await;
        let actions = actions["instanceActions"].as_array().unwrap();
        assert_eq!(actions.iter().filter(|row| row["action"] == "delete").count(), 1);
    }
    service.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quota_of_three_lets_exactly_three_of_thirty_two_in() {
    let bench = Bench::with(|declared| {
        declared.projects[0].quota = Quota { instances: Some(3), ..Quota::default() };
    });
    let client = bench.client("demo");
    let service = Service::of(&bench.test.cloud).await;
    let start = Arc::new(Barrier::new(CLIENTS));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let mut wire = service.connect(&client.token).await;
        let (start, body) = (Arc::clone(&start), new(&bench.image(), &json!({})));
        clients.spawn(async move {
            start.wait().await;
            wire.ask("POST", "/servers", Some(&body)).await.0
        });
    }
    let answers = clients.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 202).count(), 3, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 403).count(), CLIENTS - 3);
    assert_eq!(client.names("").await.len(), 3);
    service.end().await;
}

#[tokio::test]
async fn a_server_deleted_while_it_reboots_stays_deleted() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let service = Service::of(&bench.test.cloud).await;
    let server = client.active(&json!({})).await;
    let mut wire = service.connect(&client.token).await;
    bench.hold(&[Action::RebootHard]);
    let path = format!("/servers/{server}");
    let reboot = json!({ "reboot": { "type": "HARD" } });
    assert_eq!(wire.ask("POST", &format!("{path}/action"), Some(&reboot)).await.0, 202);
    assert_eq!(wire.ask("DELETE", &path, None).await.0, 204);
    bench.hold(&[]);
    client.until_gone(&server).await;
    assert_eq!(wire.ask("GET", &path, None).await.0, 404);
    assert_eq!(wire.ask("DELETE", &path, None).await.0, 404);
    assert!(bench.test.cloud.manager().audit().holds());
    service.end().await;
}
