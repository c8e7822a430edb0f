//! Application credentials.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{TestCloud, project};

fn path(cloud: &TestCloud, user: &str) -> String {
    format!("/identity/v3/users/{}/application_credentials", cloud.user_id(user))
}

/// Makes one with a token and gives what was answered.
async fn made(cloud: &TestCloud, user: &str, fields: Value) -> Value {
    let body = json!({ "application_credential": fields });
    let answer = cloud.post(&path(cloud, user), &cloud.token_of(user), &body).await;
    assert_eq!(answer.code(), 201, "{}", String::from_utf8_lossy(&answer.bytes));
    answer.json()["application_credential"].clone()
}

fn by_credential(credential: &Value) -> Value {
    json!({ "methods": ["application_credential"], "application_credential": {
        "id": credential["id"], "secret": credential["secret"],
    } })
}

#[tokio::test]
async fn one_is_made_used_listed_and_deleted_with_its_tokens() {
    let cloud = TestCloud::dev();
    let demo = cloud.token_of("demo");
    let credential = made(&cloud, "demo", json!({ "name": "ci", "description": "d" })).await;
    assert_eq!(credential["project_id"], cloud.project_id("demo"));
    assert_eq!(credential["roles"][0]["name"], "member");
    assert_eq!(credential["unrestricted"], false);
    let answer = cloud.ask(&json!({ "identity": by_credential(&credential) })).await;
    let token = answer.token();
    let body = &answer.json()["token"];
    assert_eq!(body["project"]["name"], "demo");
    assert_eq!(
        body["application_credential"],
        json!({ "id": credential["id"], "name": "ci", "restricted": true })
    );
    assert_eq!(body["methods"], json!(["application_credential"]));
    let named = json!({ "methods": ["application_credential"], "application_credential": {
        "name": "ci", "user": { "name": "demo", "domain": { "id": "default" } },
        "secret": credential["secret"] } });
    cloud.ask(&json!({ "identity": named })).await.token();
    let list = cloud.get(&path(&cloud, "demo"), &demo).await.json();
    assert_eq!(list["application_credentials"][0]["name"], "ci");
    let one = format!("{}/{}", path(&cloud, "demo"), credential["id"].as_str().unwrap());
    let shown = cloud.get(&one, &demo).await.json();
    for body in [&shown["application_credential"], &list["application_credentials"][0]] {
        assert!(body.get("secret").is_none(), "shown once: {body}");
    }
    assert_eq!(cloud.delete(&one, &demo).await.code(), 204);
    assert_eq!(cloud.delete(&one, &demo).await.code(), 404);
    assert_eq!(cloud.get(&one, &demo).await.code(), 404);
    assert_eq!(cloud.get("/identity/v3/projects", &token).await.code(), 401);
    let again = cloud.ask(&json!({ "identity": by_credential(&credential) })).await;
    assert_eq!(again.code(), 401);
}

#[tokio::test]
async fn one_has_all_roles_of_its_token_unless_some_are_named() {
    let cloud = TestCloud::dev();
    let names = |credential: &Value| -> Vec<String> {
        let roles = credential["roles"].as_array().unwrap().iter();
        roles.map(|role| role["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = made(&cloud, "admin", json!({ "name": "all" })).await;
    assert_eq!(names(&all), ["admin", "manager", "member", "reader"]);
    let one =
        made(&cloud, "admin", json!({ "name": "one", "roles": [{ "name": "member" }] })).await;
    assert_eq!(names(&one), ["member"]);
    let answer = cloud.ask(&json!({ "identity": by_credential(&all) })).await;
    assert_eq!(names(&answer.json()["token"]), names(&all));
}

#[tokio::test]
async fn a_scope_beside_one_is_401_and_a_wrong_secret_too() {
    let cloud = TestCloud::dev();
    let credential = made(&cloud, "demo", json!({ "name": "ci" })).await;
    let identity = by_credential(&credential);
    for scope in [project("demo"), json!("unscoped"), json!({ "domain": { "id": "default" } })] {
        let answer = cloud.ask(&json!({ "identity": identity, "scope": scope })).await;
        assert_eq!(answer.code(), 401, "{scope}");
    }
    let mut wrong = identity;
    wrong["application_credential"]["secret"] = json!("wrong");
    let wrong = cloud.ask(&json!({ "identity": wrong })).await;
    let unknown = json!({ "methods": ["application_credential"],
                          "application_credential": { "id": "x", "secret": "wrong" } });
    let unknown = cloud.ask(&json!({ "identity": unknown })).await;
    assert_eq!((wrong.code(), wrong.json()), (401, unknown.json()));
}

#[tokio::test]
async fn a_token_got_by_one_stays_in_its_project_and_its_role() {
    let cloud = TestCloud::dev();
    let fields = json!({ "name": "look", "roles": [{ "name": "reader" }] });
    let credential = made(&cloud, "admin", fields).await;
    let answer = cloud.ask(&json!({ "identity": by_credential(&credential) })).await;
    let token = answer.token();
    let body = answer.json();
    let roles = body["token"]["roles"].as_array().unwrap();
    assert_eq!((roles.len(), &roles[0]["name"]), (1, &json!("reader")));
    assert_eq!(cloud.get("/identity/v3/endpoints", &token).await.code(), 403);
    let by_token = json!({ "methods": ["token"], "token": { "id": token } });
    for (scope, code) in [
        (project("admin"), 201),
        (Value::Null, 201),
        (project("demo"), 401),
        (json!("unscoped"), 401),
    ] {
        let answer = cloud.ask(&json!({ "identity": by_token, "scope": scope })).await;
        assert_eq!(answer.code(), code, "{scope}");
        if code == 201 {
            assert_eq!(answer.json()["token"]["roles"].as_array().unwrap().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_restricted_one_makes_none_and_an_unrestricted_one_does() {
    let cloud = TestCloud::dev();
    for (name, unrestricted, code) in [("bound", false, 403), ("free", true, 201)] {
        let fields = json!({ "name": name, "unrestricted": unrestricted });
        let credential = made(&cloud, "demo", fields).await;
        let token = cloud.ask(&json!({ "identity": by_credential(&credential) })).await.token();
        let body = json!({ "application_credential": { "name": format!("{name}-child") } });
        let answer = cloud.post(&path(&cloud, "demo"), &token, &body).await;
        assert_eq!(answer.code(), code, "{name}");
        let one = format!("{}/{}", path(&cloud, "demo"), credential["id"].as_str().unwrap());
        let expected = if unrestricted { 204 } else { 403 };
        assert_eq!(cloud.delete(&one, &token).await.code(), expected);
    }
}

#[tokio::test]
async fn others_cannot_look_and_nobody_makes_one_for_another() {
    let cloud = TestCloud::dev();
    let credential = made(&cloud, "demo", json!({ "name": "ci", "secret": "my own" })).await;
    assert_eq!(credential["secret"], "my own");
    let (alt, admin) = (cloud.token_of("alt"), cloud.token_of("admin"));
    let list = path(&cloud, "demo");
    let one = format!("{list}/{}", credential["id"].as_str().unwrap());
    let body = json!({ "application_credential": { "name": "theirs" } });
    for path in [&list, &one] {
        assert_eq!(cloud.get(path, &alt).await.code(), 403);
        assert_eq!(cloud.get(path, &admin).await.code(), 200);
    }
    assert_eq!(cloud.post(&list, &alt, &body).await.code(), 403);
    assert_eq!(cloud.post(&list, &admin, &body).await.code(), 403);
    assert_eq!(cloud.delete(&one, &alt).await.code(), 403);
    let mine = path(&cloud, "alt");
    let stolen = format!("{mine}/{}", credential["id"].as_str().unwrap());
    assert_eq!(cloud.get(&stolen, &alt).await.code(), 404, "another user's under one's own path");
    assert_eq!(cloud.delete(&stolen, &alt).await.code(), 404);
    assert_eq!(cloud.delete(&one, &admin).await.code(), 204);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_for_one_is_named() {
    let cloud = TestCloud::dev();
    made(&cloud, "demo", json!({ "name": "taken" })).await;
    let demo = cloud.token_of("demo");
    for (fields, code, said) in [
        (json!({}), 400, "application_credential.name. It is missing"),
        (json!({ "name": 3 }), 400, "application_credential.name. Expected a string"),
        (json!({ "name": " " }), 400, "application_credential.name. Expected 1 to 255"),
        (json!({ "name": "a", "nam": 1 }), 400, "application_credential.nam. It is unknown"),
        (json!({ "name": "a", "secret": "" }), 400, "application_credential.secret. It is empty"),
        (json!({ "name": "a", "expires_at": "soon" }), 400, "expires_at. Expected a date"),
        (json!({ "name": "a", "expires_at": "2001-01-01T00:00:00" }), 400, "It has passed"),
        (json!({ "name": "a", "roles": [{ "name": "admin" }] }), 400, "roles[0]. The token does"),
        (json!({ "name": "a", "roles": [{}] }), 400, "roles[0]. Expected an id or a name"),
        (json!({ "name": "a", "description": "d".repeat(256) }), 400, "description. Expected at"),
        (json!({ "name": "a", "roles": 3 }), 400, "roles. Expected a list"),
        (json!({ "name": "a", "unrestricted": "no" }), 400, "unrestricted. Expected true or"),
        (json!({ "name": "a", "access_rules": [{}] }), 400, "access_rules. Access rules are not"),
        (json!({ "name": "taken" }), 409, "named taken exists"),
    ] {
        let body = json!({ "application_credential": fields });
        let answer = cloud.post(&path(&cloud, "demo"), &demo, &body).await;
        assert_eq!(answer.code(), code, "{body}");
        assert!(answer.message().contains(said), "{body}: {}", answer.message());
    }
    let unscoped = cloud.cloud.accounts().token_for(cloud.user("demo"), None).unwrap();
    let body = json!({ "application_credential": { "name": "a" } });
    assert_eq!(cloud.post(&path(&cloud, "demo"), &unscoped, &body).await.code(), 403);
}

#[tokio::test(start_paused = true)]
async fn one_ends_when_it_says_and_its_tokens_with_it() {
    let cloud = TestCloud::dev();
    let demo = cloud.token_of("demo");
    let now = cloud.about("GET", &demo, &demo).await.json()["token"]["issued_at"].clone();
    let now: jiff::Timestamp = now.as_str().unwrap().parse().unwrap();
    let end = now.checked_add(Duration::from_secs(3600)).unwrap();
    let credential =
        made(&cloud, "demo", json!({ "name": "hour", "expires_at": end.to_string() })).await;
    let shown = credential["expires_at"].as_str().unwrap();
    assert!(!shown.ends_with('Z') && shown.len() == 26, "{shown}");
    let answer = cloud.ask(&json!({ "identity": by_credential(&credential) })).await;
    let token = answer.token();
    assert_eq!(answer.json()["token"]["expires_at"], format!("{end:.6}"));
    tokio::time::advance(Duration::from_secs(3601)).await;
    assert_eq!(cloud.get("/identity/v3/projects", &token).await.code(), 401);
    let late = cloud.ask(&json!({ "identity": by_credential(&credential) })).await;
    assert_eq!(late.code(), 401);
    assert_eq!(cloud.get("/identity/v3/projects", &demo).await.code(), 200);
}
