//! Key pairs over a restart.

use guichet_cloud::config::Declared;
use serde_json::{Value, json};

use super::is_unrecorded;
use super::keeper::{Keeper, Mode};
use crate::keypairs::ED25519;
use crate::support::{Answer, TestCloud};

const PATH: &str = "/compute/v2.1/os-keypairs";

async fn import(cloud: &TestCloud, name: &str) -> Answer {
    let body = json!({ "keypair": { "name": name, "public_key": ED25519 } });
    cloud.post(PATH, &cloud.token_of("demo"), &body).await
}

async fn listed(cloud: &TestCloud) -> Value {
    cloud.get(PATH, &cloud.token_of("demo")).await.json()
}

#[tokio::test]
async fn they_are_there_after_a_restart_and_what_cannot_be_recorded_is_503() {
    let store = Keeper::new(&Declared::dev());
    let before = store.start(Declared::dev()).await;
    for name in ["mine", "gone"] {
        assert_eq!(import(&before, name).await.code(), 200);
    }
    let path = format!("{PATH}/gone");
    assert_eq!(before.delete(&path, &before.token_of("demo")).await.code(), 202);
    let shown = listed(&before).await;
    let after = store.start(Declared::dev()).await;
    assert_eq!(listed(&after).await, shown);
    assert_eq!(shown["keypairs"].as_array().unwrap().len(), 1);
    store.set(Mode::Refuse);
    is_unrecorded(&import(&after, "late").await);
    let path = format!("{PATH}/mine");
    is_unrecorded(&after.delete(&path, &after.token_of("demo")).await);
    store.set(Mode::Keep);
    assert_eq!(listed(&after).await, shown);
    assert_eq!(import(&after, "mine").await.code(), 409);
}
