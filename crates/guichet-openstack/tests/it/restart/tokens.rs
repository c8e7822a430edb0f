//! Tokens over a restart.

use std::pin::pin;

use guichet_cloud::config::Declared;
use serde_json::json;

use super::keeper::{Keeper, Mode};
use super::{is_good, is_unrecorded, log_in, made, waits};
use crate::support::{TestCloud, by_password};

#[tokio::test]
async fn one_says_the_same_after_a_restart_and_a_revoked_one_says_nothing() {
    let store = Keeper::new(&Declared::dev());
    let before = store.start(Declared::dev()).await;
    let (kept, revoked) =
        (log_in(&before, "demo").await.token(), log_in(&before, "demo").await.token());
    let by_token = json!({ "identity": { "methods": ["token"], "token": { "id": kept } } });
    let child = before.ask(&by_token).await.token();
    assert_eq!(before.about("DELETE", &kept, &revoked).await.code(), 204);
    assert!(!is_good(&before, &revoked).await);
    let said = before.about("GET", &kept, &child).await.json();
    let after = store.start(Declared::dev()).await;
    assert!(is_good(&after, &kept).await && !is_good(&after, &revoked).await);
    assert_eq!(after.about("GET", &kept, &child).await.json(), said);
    assert_eq!(said["token"]["audit_ids"].as_array().unwrap().len(), 2);
    assert_eq!(store.count("token"), 2);
}

#[tokio::test]
async fn one_got_by_a_revoked_one_is_not_good_after_a_restart() {
    let store = Keeper::new(&Declared::dev());
    let before = store.start(Declared::dev()).await;
    let (first, revoker) =
        (log_in(&before, "demo").await.token(), log_in(&before, "demo").await.token());
    let by_token = json!({ "identity": { "methods": ["token"], "token": { "id": first } } });
    let child = before.ask(&by_token).await.token();
    assert_eq!(before.about("DELETE", &revoker, &first).await.code(), 204);
    let after = store.start(Declared::dev()).await;
    assert!(!is_good(&after, &child).await && is_good(&after, &revoker).await);
}

#[tokio::test]
async fn one_that_expired_meanwhile_is_not_good() {
    let store = Keeper::new(&Declared::dev());
    let token = log_in(&store.start(Declared::dev()).await, "demo").await.token();
    store.change("token", |row| row["expires_at_us"] = json!(1_000_000));
    assert!(!is_good(&store.start(Declared::dev()).await, &token).await);
}

const DECLARED: &str = r#"
project = [{ name = "one" }, { name = "two" }]
user = [
    { name = "ann", password = "secret", default_project = "two",
      roles = [{ project = "one", role = "reader" }, { project = "two", role = "admin" }] },
    { name = "bob", password = "secret", default_project = "one",
      roles = [{ project = "one", role = "member" }] },
]
"#;

/// After a start with another file: which roles ann's token and bob's have.
async fn roles_after(text: &str) -> [Option<String>; 2] {
    let declared = Declared::parse(DECLARED, "one.toml").unwrap();
    let store = Keeper::new(&declared);
    let before = store.start(declared).await;
    let tokens = [log_in(&before, "ann").await.token(), log_in(&before, "bob").await.token()];
    let after = store.start(Declared::parse(text, "two.toml").unwrap()).await;
    let mut roles = [None, None];
    for (role, token) in roles.iter_mut().zip(&tokens) {
        let answer = after.about("GET", token, token).await;
        if answer.code() == 200 {
            let body = answer.json();
            let greatest = body["token"]["roles"][0]["name"].as_str().unwrap();
            let project = body["token"]["project"]["name"].as_str().unwrap();
            let user = body["token"]["user"]["name"].as_str().unwrap();
            *role = Some(format!("{user} {greatest} {project}"));
        } else {
            assert_eq!(answer.code(), 401);
        }
    }
    roles
}

#[tokio::test]
async fn what_the_file_says_at_the_next_start_has_the_last_word() {
    let ann = || Some("ann admin two".to_owned());
    let bob = || Some("bob member one".to_owned());
    assert_eq!(roles_after(DECLARED).await, [ann(), bob()]);
    // In another order all means the same.
    let turned = r#"
project = [{ name = "new" }, { name = "two" }, { name = "one" }]
user = [
    { name = "bob", password = "secret", roles = [{ project = "one", role = "admin" }] },
    { name = "ann", password = "secret", roles = [{ project = "two", role = "admin" }] },
]
"#;
    assert_eq!(roles_after(turned).await, [ann(), bob()], "no token gets more than it had");
    let less = r#"
project = [{ name = "two" }]
user = [{ name = "ann", password = "x", roles = [{ project = "two", role = "reader" }] },
        { name = "bob", password = "x", roles = [{ project = "two", role = "reader" }] }]
"#;
    assert_eq!(roles_after(less).await, [Some("ann reader two".to_owned()), None]);
    let without = "user = [{ name = \"bob\", password = \"x\" }]\nproject = [{ name = \"one\" }]";
    assert_eq!(roles_after(without).await, [None, None]);
}

#[tokio::test]
async fn the_answer_waits_until_it_is_durable() {
    let store = Keeper::new(&Declared::dev());
    let cloud = store.start(Declared::dev()).await;
    store.set(Mode::Hold);
    let mut asking = pin!(log_in(&cloud, "demo"));
    tokio::select! {
        answer = &mut asking => panic!("{answer:?}"),
        () = store.one_held() => {}
    }
    assert!(waits(asking.as_mut()).await);
    store.let_go();
    let token = asking.await.token();
    assert!(is_good(&cloud, &token).await);
    let mut ending = pin!(cloud.about("DELETE", &token, &token));
    tokio::select! {
        answer = &mut ending => panic!("{answer:?}"),
        () = store.one_held() => {}
    }
    // A check waits for nobody.
    assert!(is_good(&cloud, &token).await && waits(ending.as_mut()).await);
    store.let_go();
    assert_eq!(ending.await.code(), 204);
    assert!(!is_good(&cloud, &token).await);
    assert_eq!(store.count("token"), 0);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_503_and_changes_nothing() {
    let store = Keeper::new(&Declared::dev());
    let cloud = store.start(Declared::dev()).await;
    let token = log_in(&cloud, "demo").await.token();
    store.set(Mode::Refuse);
    let refused = log_in(&cloud, "demo").await;
    is_unrecorded(&refused);
    assert!(!refused.headers.contains_key("x-subject-token"));
    is_unrecorded(&cloud.about("DELETE", &token, &token).await);
    assert!(is_good(&cloud, &token).await);
    store.set(Mode::Keep);
    assert_eq!(store.count("token"), 1);
    log_in(&cloud, "demo").await.token();
    assert_eq!(cloud.about("DELETE", &token, &token).await.code(), 204);
    assert!(!is_good(&cloud, &token).await);
}

/// A client that goes away while its revocation is written is not told, but has its way.
#[tokio::test]
async fn a_revocation_whose_client_went_away_holds() {
    let store = Keeper::new(&Declared::dev());
    let cloud = store.start(Declared::dev()).await;
    let token = log_in(&cloud, "demo").await.token();
    store.set(Mode::Hold);
    {
        let mut ending = pin!(cloud.about("DELETE", &token, &token));
        tokio::select! {
            answer = &mut ending => panic!("{answer:?}"),
            () = store.one_held() => {}
        }
    }
    assert!(!is_good(&cloud, &token).await);
    store.let_go();
    assert!(!is_good(&store.start(Declared::dev()).await, &token).await);
}

/// One whose client went away leaves no place taken: a bound would be reached for nothing.
#[tokio::test]
async fn a_token_nobody_waits_for_is_nobodys() {
    let store = Keeper::new(&Declared::dev());
    let cloud = store.start(Declared::dev()).await;
    store.set(Mode::Hold);
    for _ in 0..2 {
        let mut asking = pin!(log_in(&cloud, "demo"));
        tokio::select! {
            answer = &mut asking => panic!("{answer:?}"),
            () = store.one_held() => {}
        }
    }
    store.set(Mode::Keep);
    log_in(&cloud, "demo").await.token();
    assert_eq!(store.count("token"), 1);
}

#[tokio::test]
async fn no_row_has_a_token_a_password_or_a_secret_in_it() {
    let mut declared = Declared::default_cloud();
    let drawn = declared.draw_passwords(&[]).unwrap().now;
    let store = Keeper::new(&declared);
    let cloud = store.start(declared).await;
    cloud.cloud.accounts().hash_passwords(&Default::default()).await;
    let mut texts = Vec::new();
    for (user, password) in &drawn {
        let token = cloud.ask(&json!({ "identity": by_password(user, password) })).await.token();
        let credential = made(&cloud, user, json!({ "name": "ci" })).await.json();
        let credential = &credential["application_credential"];
        let identity = json!({ "methods": ["application_credential"], "application_credential": {
            "id": credential["id"], "secret": credential["secret"] } });
        texts.push(cloud.ask(&json!({ "identity": identity })).await.token());
        texts.push(credential["secret"].as_str().unwrap().to_owned());
        let own = json!({ "name": "own", "secret": "correct horse battery staple" });
        assert_eq!(made(&cloud, user, own).await.code(), 201);
        assert_eq!(cloud.about("DELETE", &token, &token).await.code(), 204);
        texts.extend([token, password.clone()]);
    }
    texts.push("correct horse".to_owned());
    let seen = store.seen();
    // Two users with two tokens, one of them revoked, two credentials, one password; one secret.
    assert_eq!(seen.lines().count(), 2 * (2 + 1 + 2 + 1) + 1, "{seen}");
    for text in texts {
        assert!(!seen.contains(&text), "{text} in {seen}");
    }
}

/// Rows of any other kind or shape, beside those that are sound.
#[tokio::test]
async fn a_damaged_row_spares_the_others() {
    let store = Keeper::new(&Declared::dev());
    let cloud = store.start(Declared::dev()).await;
    let (demo, alt) = (log_in(&cloud, "demo").await.token(), log_in(&cloud, "alt").await.token());
    let alts = cloud.user_id("alt");
    store.change("token", |row| {
        if row["user"] == alts {
            row["methods"] = json!(["telepathy"]);
        }
    });
    let after: TestCloud = store.start(Declared::dev()).await;
    assert!(is_good(&after, &demo).await && !is_good(&after, &alt).await);
}
