//! A GET beside long lists.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use guichet_core::limits::PAGE_MAX;
use guichet_core::project::Quota;
use guichet_core::server::Size;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::wire::{Service, Wire};
use crate::servers::{Bench, Client, soon};

const SERVERS: usize = 5_000;

fn bench() -> Bench {
    Bench::with(|declared| {
        declared.projects[0].quota = Quota::default();
        let each = Size { vcpus: 1_000, ram_mib: 1 << 20 };
        declared.hosts = guichet_engine::config::hosts(16, each);
    })
}

/// So many servers, with nothing left to do to any.
async fn filled(bench: &Bench, client: &Client<'_>) {
    for _ in 0..SERVERS / 100 {
        client.create(&json!({ "min_count": 100 })).await;
    }
    soon(async {
        while bench.test.cloud.manager().figures().jobs > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Lists all servers, page by page. `answered` counts GETs that others got an answer to: for each
/// page, how many while it was made. Its head comes when it is made to the last row.
async fn listed(mut wire: Wire, answered: Arc<AtomicUsize>) -> Vec<usize> {
    let (mut ids, mut meanwhile) = (BTreeSet::new(), Vec::new());
    let mut marker = String::new();
    loop {
        let before = answered.load(Ordering::Relaxed);
        let path = format!("/servers/detail?limit={PAGE_MAX}&marker={marker}");
        let head = wire.head("GET", &path, Bytes::new()).await;
        let during = answered.load(Ordering::Relaxed) - before;
        assert_eq!(head.status(), 200);
        let body = head.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let rows = body["servers"].as_array().unwrap();
        let Some(last) = rows.last() else { break };
        assert_eq!(rows.len(), PAGE_MAX);
        meanwhile.push(during);
        last["id"].as_str().unwrap().clone_into(&mut marker);
        ids.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(ids.len(), SERVERS);
    meanwhile
}

/// Client and service share one thread, so whatever keeps it keeps everybody. A client that does
/// nothing but GET one server gets several answers while any single page is made: were a page
/// made in one go, it would get two at most, whose requests were on their way.
#[tokio::test]
async fn a_list_of_5000_servers_does_not_hold_up_a_get() {
    let bench = bench();
    let client = bench.client("demo");
    filled(&bench, &client).await;
    let newest = client.body("/servers?limit=1").await;
    let path = format!("/servers/{}", newest["servers"][0]["id"].as_str().unwrap());
    let service = Service::of(&bench.test.cloud).await;
    for listers in [1, 3] {
        let answered = Arc::new(AtomicUsize::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let mut wire = service.connect(&client.token).await;
        let (count, stop, path) = (Arc::clone(&answered), Arc::clone(&over), path.clone());
        let mut reader = JoinSet::new();
        reader.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(wire.ask("GET", &path, None).await.0, 200);
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut lists = JoinSet::new();
        for _ in 0..listers {
            let wire = service.connect(&client.token).await;
            lists.spawn(listed(wire, Arc::clone(&answered)));
        }
        let meanwhile: Vec<usize> = lists.join_all().await.into_iter().flatten().collect();
        over.store(true, Ordering::Relaxed);
        reader.join_all().await;
        assert_eq!(meanwhile.len(), listers * SERVERS / PAGE_MAX);
        assert!(meanwhile.iter().all(|during| *during >= 5), "{listers} lists: {meanwhile:?}");
    }
    service.end().await;
}
