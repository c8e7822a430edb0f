//! Drawn passwords, administrators' passwords and addresses over a restart.

use std::collections::HashSet;

use axum::body::Body;
use guichet_cloud::config::Declared;
use guichet_core::ids::ServerId;
use http::Request;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::keeper::{Keeper, Mode};
use crate::support::{TestCloud, by_password};

async fn opens(cloud: &TestCloud, user: &str, password: &str) -> bool {
    cloud.ask(&json!({ "identity": by_password(user, password) })).await.code() == 201
}

#[tokio::test]
async fn a_drawn_password_is_good_at_later_starts_and_is_not_drawn_again() {
    let stop = CancellationToken::new();
    let mut first = Declared::default_cloud();
    let drawn = first.draw_passwords(&[]).unwrap();
    assert!(drawn.before.is_empty() && drawn.now.len() == 2);
    assert!(!format!("{drawn:?}").contains(&drawn.now[0].1));
    let store = Keeper::new(&first);
    // A process that ends before a hash is made has kept none: the next draws again.
    drop(store.start(first.clone()).await);
    assert_eq!(Declared::default_cloud().draw_passwords(&store.found()).unwrap().now.len(), 2);
    let cloud = store.start(first).await;
    cloud.cloud.accounts().hash_passwords(&stop).await;
    assert_eq!(store.count("user"), 2);
    for _ in 0..2 {
        let mut later = Declared::default_cloud();
        let again = later.draw_passwords(&store.found()).unwrap();
        assert!(again.now.is_empty() && again.before.len() == 2);
        let cloud = store.start(later).await;
        cloud.cloud.accounts().hash_passwords(&stop).await;
        for (user, password) in &drawn.now {
            assert!(opens(&cloud, user, password).await);
            assert!(!opens(&cloud, user, "guessed").await);
        }
    }
}

#[tokio::test]
async fn a_password_in_the_file_wins_and_ends_the_drawn_one() {
    let stop = CancellationToken::new();
    let text = |password: &str| format!("user = [{{ name = \"ann\"{password} }}]");
    let parse = |password: &str| Declared::parse(&text(password), "mine").unwrap();
    let mut first = parse("");
    let drawn = first.draw_passwords(&[]).unwrap().now.remove(0).1;
    let store = Keeper::new(&first);
    let cloud = store.start(first).await;
    cloud.cloud.accounts().hash_passwords(&stop).await;
    assert!(opens(&cloud, "ann", &drawn).await);
    let mut second = parse(", password = \"said\"");
    assert!(second.draw_passwords(&store.found()).unwrap().now.is_empty());
    let cloud = store.start(second).await;
    cloud.cloud.accounts().hash_passwords(&stop).await;
    assert!(opens(&cloud, "ann", "said").await && !opens(&cloud, "ann", &drawn).await);
    // What the file said is the file's to keep.
    assert_eq!(store.count("user"), 0);
    assert_eq!(parse("").draw_passwords(&store.found()).unwrap().now.len(), 1);
}

#[tokio::test]
async fn a_drawn_password_that_cannot_be_kept_is_good_until_the_process_ends() {
    let mut declared = Declared::default_cloud();
    let drawn = declared.draw_passwords(&[]).unwrap().now;
    let store = Keeper::new(&declared);
    let cloud = store.start(declared).await;
    store.set(Mode::Refuse);
    let stop = CancellationToken::new();
    stop.cancel();
    cloud.cloud.accounts().hash_passwords(&stop).await;
    store.set(Mode::Keep);
    assert!(opens(&cloud, &drawn[0].0, &drawn[0].1).await);
    assert_eq!(store.count("user"), 0);
}

/// Creates a server, under a key if one is given.
async fn create(cloud: &TestCloud, token: &str, key: Option<&str>) -> Value {
    let body = json!({ "server": {
        "name": "web", "flavorRef": "1", "imageRef": cloud.cloud.catalogue().images(guichet_cloud::catalogue::Viewer::Admin)[0].id,
        "networks": "auto" } });
    let mut request = Request::post("/compute/v2.1/servers")
        .header("host", "cloud:1")
        .header("content-type", "application/json")
        .header("x-auth-token", token)
        .header("openstack-api-version", "compute 2.96");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let answer = cloud.send(request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!(answer.code(), 202, "{}", String::from_utf8_lossy(&answer.bytes));
    answer.json()["server"].clone()
}

#[tokio::test]
async fn a_repeated_create_has_the_same_password_after_a_restart() {
    let store = Keeper::new(&Declared::dev());
    let before = store.start(Declared::dev()).await;
    let first = create(&before, &before.token_of("demo"), Some("k")).await;
    let after = store.start(Declared::dev()).await;
    let again = create(&after, &after.token_of("demo"), Some("k")).await;
    assert_eq!((&again["id"], &again["adminPass"]), (&first["id"], &first["adminPass"]));
    assert_eq!(first["adminPass"].as_str().unwrap().len(), 12);
    assert_eq!(store.count("secret"), 1);
    let elsewhere = Keeper::new(&Declared::dev()).start(Declared::dev()).await;
    let server = ServerId(uuid::Uuid::nil());
    let password = |cloud: &TestCloud| cloud.cloud.servers().admin_password(server);
    assert_ne!(password(&elsewhere), password(&after));
}

#[tokio::test]
async fn a_start_that_cannot_keep_its_secret_is_refused() {
    let store = Keeper::new(&Declared::dev());
    let cloud = store.start(Declared::dev()).await;
    assert!(cloud.cloud.keep_secrets().await.is_ok());
    store.set(Mode::Refuse);
    assert!(cloud.cloud.keep_secrets().await.is_err());
}

#[tokio::test]
async fn no_two_servers_of_two_processes_have_an_address_a_mac_or_a_port_in_common() {
    let store = Keeper::new(&Declared::dev());
    let before = store.start(Declared::dev()).await;
    let token = before.token_of("demo");
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(create(&before, &token, None).await["id"].as_str().unwrap().to_owned());
    }
    // Fewer than were made: a count of servers would not do.
    let gone = format!("/compute/v2.1/servers/{}", ids[1]);
    assert_eq!(before.delete(&gone, &token).await.code(), 204);
    let after = store.start(Declared::dev()).await;
    let token = after.token_of("demo");
    for _ in 0..4 {
        create(&after, &token, None).await;
    }
    let page = after.cloud.manager().servers(&guichet_store::Query::default());
    let ports: Vec<_> =
        page.servers.iter().flat_map(|s| s.details.clone().unwrap().ports.clone()).collect();
    assert!(ports.len() >= 7, "{ports:?}");
    let addresses: HashSet<_> = ports.iter().map(|port| port.address).collect();
    let macs: HashSet<_> = ports.iter().map(|port| port.mac).collect();
    let port_ids: HashSet<_> = ports.iter().map(|port| port.id).collect();
    assert_eq!([addresses.len(), macs.len(), port_ids.len()], [ports.len(); 3]);
}
