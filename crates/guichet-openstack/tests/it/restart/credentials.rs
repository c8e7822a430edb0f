//! Application credentials over a restart.

use std::pin::pin;

use guichet_cloud::config::Declared;
use serde_json::{Value, json};

use super::keeper::{Keeper, Mode};
use super::{is_good, is_unrecorded, made, waits};
use crate::support::TestCloud;

async fn log_in_by(cloud: &TestCloud, credential: &Value) -> crate::support::Answer {
    let identity = json!({ "methods": ["application_credential"], "application_credential": {
        "id": credential["id"], "secret": credential["secret"] } });
    cloud.ask(&json!({ "identity": identity })).await
}

fn path(cloud: &TestCloud, credential: &Value) -> String {
    let (user, id) = (cloud.user_id("demo"), credential["id"].as_str().unwrap());
    format!("/identity/v3/users/{user}/application_credentials/{id}")
}

#[tokio::test]
async fn one_logs_in_after_a_restart_and_a_deleted_one_and_its_tokens_do_not() {
    let store = Keeper::new(&Declared::dev());
    let before = store.start(Declared::dev()).await;
    let mut made_of = Vec::new();
    for (name, unrestricted) in [("zoe", true), ("ann", false), ("gone", false)] {
        let fields = json!({ "name": name, "description": format!("\"{name}\"\n\u{0}"),
            "unrestricted": unrestricted, "expires_at": "2900-01-02T03:04:05" });
        made_of.push(made(&before, "demo", fields).await.json()["application_credential"].clone());
    }
    let [kept, other, gone] = &made_of[..] else { panic!("three") };
    let token = log_in_by(&before, kept).await.token();
    let lost = log_in_by(&before, gone).await.token();
    let demo = before.token_of("demo");
    assert_eq!(before.delete(&path(&before, gone), &demo).await.code(), 204);
    let list = format!("/identity/v3/users/{}/application_credentials", before.user_id("demo"));
    let listed = before.get(&list, &demo).await.json();
    let after = store.start(Declared::dev()).await;
    assert!(is_good(&after, &token).await && !is_good(&after, &lost).await);
    log_in_by(&after, kept).await.token();
    log_in_by(&after, other).await.token();
    assert_eq!(log_in_by(&after, gone).await.code(), 401);
    // Told alike, in the order in which they were made.
    assert_eq!(after.get(&list, &after.token_of("demo")).await.json(), listed);
    // Its tokens end with it, those from before too.
    assert_eq!(after.delete(&path(&after, kept), &after.token_of("demo")).await.code(), 204);
    assert!(!is_good(&after, &token).await);
}

#[tokio::test]
async fn one_whose_user_has_no_role_any_more_is_not_good() {
    let declared = |role: &str| {
        let text = format!(
            "project = [{{ name = \"p\" }}, {{ name = \"q\" }}]\nuser = [{{ name = \"demo\", password = \"x\", roles = [{role}] }}]"
        );
        Declared::parse(&text, "mine").unwrap()
    };
    let member = declared("{ project = \"p\", role = \"member\" }");
    let store = Keeper::new(&member);
    let before = store.start(member).await;
    let fields = json!({ "name": "ci", "roles": [{ "name": "member" }] });
    let credential = made(&before, "demo", fields).await.json();
    let credential = &credential["application_credential"];
    let token = log_in_by(&before, credential).await.token();
    for less in ["{ project = \"q\", role = \"member\" }", "{ project = \"p\", role = \"reader\" }"]
    {
        let after = store.start(declared(less)).await;
        assert_eq!(log_in_by(&after, credential).await.code(), 401, "{less}");
        assert!(!is_good(&after, &token).await, "{less}");
    }
    let after = store.start(declared("{ project = \"p\", role = \"admin\" }")).await;
    assert!(is_good(&after, &token).await);
    let role = log_in_by(&after, credential).await.json()["token"]["roles"][0]["name"].clone();
    assert_eq!(role, "member", "it does not grow with its user");
}

#[tokio::test]
async fn the_answer_waits_and_what_cannot_be_recorded_is_503() {
    let store = Keeper::new(&Declared::dev());
    let cloud = store.start(Declared::dev()).await;
    store.set(Mode::Hold);
    let mut making = pin!(made(&cloud, "demo", json!({ "name": "ci" })));
    tokio::select! {
        answer = &mut making => panic!("{answer:?}"),
        () = store.one_held() => {}
    }
    assert!(waits(making.as_mut()).await);
    // Its name is taken meanwhile.
    assert_eq!(made(&cloud, "demo", json!({ "name": "ci" })).await.code(), 409);
    store.let_go();
    let credential = making.await.json()["application_credential"].clone();
    store.set(Mode::Refuse);
    is_unrecorded(&made(&cloud, "demo", json!({ "name": "second" })).await);
    let demo = cloud.token_of("demo");
    is_unrecorded(&cloud.delete(&path(&cloud, &credential), &demo).await);
    assert_eq!(cloud.get(&path(&cloud, &credential), &demo).await.code(), 200);
    store.set(Mode::Keep);
    assert_eq!(store.count("application_credential"), 1);
    assert_eq!(made(&cloud, "demo", json!({ "name": "second" })).await.code(), 201);
    assert_eq!(cloud.delete(&path(&cloud, &credential), &demo).await.code(), 204);
}

/// One whose client went away is deleted again: nobody knows its secret, and its name is free.
#[tokio::test]
async fn one_nobody_waits_for_is_nobodys() {
    let store = Keeper::new(&Declared::dev());
    let cloud = store.start(Declared::dev()).await;
    store.set(Mode::Hold);
    {
        let mut making = pin!(made(&cloud, "demo", json!({ "name": "ci" })));
        tokio::select! {
            answer = &mut making => panic!("{answer:?}"),
            () = store.one_held() => {}
        }
        assert_eq!(store.count("application_credential"), 1);
    }
    assert_eq!(store.count("application_credential"), 0);
    store.set(Mode::Keep);
    assert_eq!(made(&cloud, "demo", json!({ "name": "ci" })).await.code(), 201);
}

/// Its name is taken, so its user sees by what, and can delete it.
#[tokio::test]
async fn one_without_a_role_is_listed_and_can_be_deleted() {
    let declared = |role: &str| {
        let text = format!(
            "project = [{{ name = \"p\" }}]\nuser = [{{ name = \"demo\", password = \"x\", roles = [{{ project = \"p\", role = \"{role}\" }}] }}]"
        );
        Declared::parse(&text, "mine").unwrap()
    };
    let store = Keeper::new(&declared("member"));
    let before = store.start(declared("member")).await;
    let fields = json!({ "name": "ci", "roles": [{ "name": "member" }] });
    let credential = made(&before, "demo", fields).await.json();
    let credential = &credential["application_credential"];
    let after = store.start(declared("reader")).await;
    let demo = after.token_of("demo");
    let shown = after.get(&path(&after, credential), &demo).await.json();
    assert_eq!(shown["application_credential"]["roles"], json!([]));
    assert_eq!(made(&after, "demo", json!({ "name": "ci" })).await.code(), 409);
    assert_eq!(after.delete(&path(&after, credential), &demo).await.code(), 204);
    assert_eq!(made(&after, "demo", json!({ "name": "ci" })).await.code(), 201);
}
