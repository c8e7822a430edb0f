//! Asking for tokens, looking at them, ending them.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_cloud::config::{Declared, Rates};
use guichet_core::limits;
use guichet_core::time::Clock as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::{TestCloud, by_password, project};

#[tokio::test]
async fn discovery_says_300_and_200_without_a_token() {
    let cloud = TestCloud::dev();
    for path in ["/identity", "/identity/"] {
        let answer = cloud.get(path, "").await;
        assert_eq!(answer.code(), 300, "{path}");
        let version = &answer.json()["versions"]["values"][0];
        assert_eq!(version["id"], "v3.14");
        assert_eq!(version["status"], "stable");
        assert_eq!(version["links"][0]["href"], "http://cloud:1/identity/v3/");
    }
    let answer = cloud.get("/identity/v3/", "").await;
    assert_eq!((answer.code(), &answer.json()["version"]["id"]), (200, &json!("v3.14")));
}

#[tokio::test]
async fn a_token_says_all_that_clients_read() {
    let cloud = TestCloud::dev();
    let asked = json!({ "identity": by_password("demo", "secret"), "scope": project("demo") });
    let answer = cloud.ask(&asked).await;
    let token = answer.token();
    assert_eq!(token.len(), 43);
    let body = &answer.json()["token"];
    assert_eq!(body["methods"], json!(["password"]));
    assert_eq!(body["audit_ids"].as_array().unwrap().len(), 1);
    for date in ["issued_at", "expires_at"] {
        let date = body[date].as_str().unwrap();
        assert!(date.len() == 27 && date.ends_with('Z') && &date[19..20] == ".", "{date}");
    }
    let domain = json!({ "id": "default", "name": "Default" });
    assert_eq!(
        body["user"],
        json!({ "id": cloud.user_id("demo"), "name": "demo", "domain": domain,
                "password_expires_at": null })
    );
    assert_eq!(
        body["project"],
        json!({ "id": cloud.project_id("demo"), "name": "demo", "domain": domain })
    );
    assert_eq!(body["is_domain"], false);
    let roles: Vec<&Value> =
        body["roles"].as_array().unwrap().iter().map(|role| &role["name"]).collect();
    assert_eq!(roles, ["member", "reader"], "with those it implies");
    catalog_is_complete(&body["catalog"]);
}

fn catalog_is_complete(catalog: &Value) {
    let expected = [
        ("compute", "http://cloud:1/compute/v2.1"),
        ("identity", "http://cloud:1/identity"),
        ("image", "http://cloud:1/image"),
        ("network", "http://cloud:1/network"),
    ];
    for (service, (kind, url)) in catalog.as_array().unwrap().iter().zip(expected) {
        assert_eq!(service["type"], kind);
        assert!(service["id"].is_string() && service["name"].is_string());
        let endpoints = service["endpoints"].as_array().unwrap();
        let interfaces: Vec<_> = endpoints.iter().map(|endpoint| &endpoint["interface"]).collect();
        assert_eq!(interfaces, ["public", "internal", "admin"]);
        for endpoint in endpoints {
            assert_eq!(endpoint["url"], url);
            assert_eq!(
                (&endpoint["region"], &endpoint["region_id"]),
                (&json!("RegionOne"), &json!("RegionOne"),)
            );
        }
    }
}

#[tokio::test]
async fn users_and_projects_are_named_by_id_or_by_name_and_domain() {
    let cloud = TestCloud::dev();
    let by_id = json!({ "methods": ["password"], "password": {
        "user": { "id": cloud.user_id("demo"), "password": "secret" } } });
    let by_domain_name = json!({ "methods": ["password"], "password": {
        "user": { "name": "demo", "domain": { "name": "default" }, "password": "secret" } } });
    let project_id = json!({ "project": { "id": cloud.project_id("demo") } });
    let libcloud = json!({ "project": { "name": "demo", "domain": { "id": "default" } } });
    for identity in [by_id, by_domain_name] {
        for scope in [&project_id, &libcloud] {
            cloud.ask(&json!({ "identity": identity, "scope": scope })).await.token();
        }
    }
}

#[tokio::test]
async fn no_scope_is_the_default_project_and_unscoped_has_no_project() {
    let cloud = TestCloud::dev();
    let identity = by_password("demo", "secret");
    let body = cloud.ask(&json!({ "identity": identity })).await.json();
    assert_eq!(body["token"]["project"]["name"], "demo");
    for unscoped in [json!("unscoped"), json!({ "unscoped": {} })] {
        let answer = cloud.ask(&json!({ "identity": identity, "scope": unscoped })).await;
        let token = answer.token();
        for absent in ["project", "roles", "catalog", "is_domain"] {
            assert!(answer.json()["token"].get(absent).is_none(), "{absent}");
        }
        assert_eq!(cloud.get("/identity/v3/auth/projects", &token).await.code(), 200);
        assert_eq!(cloud.get("/identity/v3/auth/catalog", &token).await.code(), 403);
    }
    let nobody = Declared::parse("[[user]]\nname='a'\npassword='b'", "mine").unwrap();
    let cloud = TestCloud::of(nobody);
    let answer = cloud.ask(&json!({ "identity": by_password("a", "b") })).await;
    assert!(answer.json()["token"].get("project").is_none());
}

#[tokio::test]
async fn whatever_is_wrong_is_one_and_the_same_401() {
    let cloud = TestCloud::dev();
    let mut bodies = Vec::new();
    let right = by_password("demo", "secret");
    let elsewhere = json!({ "methods": ["password"], "password": {
        "user": { "name": "demo", "domain": { "id": "other" }, "password": "secret" } } });
    for (identity, scope) in [
        (by_password("demo", "wrong"), Value::Null),
        (by_password("nobody", "secret"), Value::Null),
        (elsewhere, Value::Null),
        (right.clone(), project("alt")),
        (right.clone(), project("nowhere")),
        (right.clone(), json!({ "domain": { "id": "default" } })),
        (right.clone(), json!({ "system": { "all": true } })),
        (json!({ "methods": ["totp"], "totp": {} }), Value::Null),
        (json!({ "methods": ["token"], "token": { "id": "x" } }), Value::Null),
        (
            json!({ "methods": ["application_credential"],
                    "application_credential": { "id": "x", "secret": "y" } }),
            Value::Null,
        ),
    ] {
        let answer = cloud.ask(&json!({ "identity": identity, "scope": scope })).await;
        assert_eq!(answer.code(), 401, "{identity} {scope}");
        assert_eq!(answer.headers["www-authenticate"], "Keystone uri='http://cloud:1/identity'");
        bodies.push(answer.json());
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    assert_eq!(bodies[0]["error"]["title"], "Unauthorized");
}

#[tokio::test]
async fn a_token_is_shown_checked_and_revoked() {
    let cloud = TestCloud::dev();
    let (mine, other) = (cloud.token_of("demo"), cloud.token_of("demo"));
    let answer = cloud.about("GET", &mine, &other).await;
    assert_eq!(answer.code(), 200);
    assert_eq!(answer.headers["x-subject-token"], other.as_str());
    assert_eq!(answer.json()["token"]["user"]["name"], "demo");
    let head = cloud.about("HEAD", &mine, &other).await;
    assert_eq!((head.code(), head.bytes.len()), (200, 0));
    let alt = cloud.token_of("alt");
    assert_eq!(cloud.about("GET", &alt, &mine).await.code(), 403);
    assert_eq!(cloud.about("DELETE", &alt, &mine).await.code(), 403);
    assert_eq!(cloud.about("GET", &cloud.token_of("admin"), &mine).await.code(), 200);
    let none = cloud.get("/identity/v3/auth/tokens", &mine).await;
    assert_eq!(none.code(), 400);
    assert!(none.message().contains("X-Subject-Token"));
    let gone = cloud.about("DELETE", &mine, &other).await;
    assert_eq!((gone.code(), gone.bytes.len()), (204, 0));
    assert_eq!(cloud.about("GET", &mine, &other).await.code(), 404);
    assert_eq!(cloud.about("DELETE", &mine, &other).await.code(), 404);
    assert_eq!(cloud.get("/identity/v3/auth/projects", &other).await.code(), 401);
    assert_eq!(cloud.about("DELETE", &mine, &mine).await.code(), 204);
    assert_eq!(cloud.about("GET", &mine, &mine).await.code(), 401);
}

#[tokio::test(start_paused = true)]
async fn a_token_ends_after_a_day_and_one_got_by_it_too() {
    let cloud = TestCloud::dev();
    let first = cloud.token_of("demo");
    tokio::time::advance(limits::TOKEN_TTL - Duration::from_secs(1)).await;
    let by_token = json!({ "methods": ["token"], "token": { "id": first } });
    let answer = cloud.ask(&json!({ "identity": by_token, "scope": project("demo") })).await;
    let second = answer.token();
    let body = &answer.json()["token"];
    assert_eq!(body["methods"], json!(["password", "token"]));
    let chain = body["audit_ids"].as_array().unwrap();
    let root = cloud.about("GET", &first, &first).await.json()["token"]["audit_ids"][0].clone();
    assert_eq!((chain.len(), &chain[1]), (2, &root), "its own id, then that of the first token");
    let other = json!({ "identity": by_token, "scope": project("alt") });
    assert_eq!(cloud.ask(&other).await.code(), 401, "a token opens no other door");
    assert_eq!(cloud.get("/identity/v3/auth/projects", &second).await.code(), 200);
    tokio::time::advance(Duration::from_secs(1)).await;
    for token in [&first, &second] {
        assert_eq!(cloud.get("/identity/v3/auth/projects", token).await.code(), 401);
    }
}

#[tokio::test]
async fn without_the_catalog_if_it_is_not_wanted() {
    let cloud = TestCloud::dev();
    let asked = json!({ "auth": { "identity": by_password("demo", "secret") } });
    let answer = cloud.post("/identity/v3/auth/tokens?nocatalog", "", &asked).await;
    assert_eq!(answer.code(), 201);
    assert!(answer.json()["token"].get("catalog").is_none());
    let token = answer.token();
    let catalog = cloud.get("/identity/v3/auth/catalog", &token).await.json();
    catalog_is_complete(&catalog["catalog"]);
}

#[tokio::test]
async fn past_its_rate_a_user_is_told_when_to_come_back() {
    let mut declared = Declared::dev();
    declared.rates = Rates::named("ovhcloud").unwrap();
    let cloud = TestCloud::of(declared);
    let token = cloud.token_of("demo");
    // A slow machine gives back a request for each second that this takes.
    let clock = WorldClock::real();
    let begun = clock.now();
    let mut answered = 0;
    let refused = loop {
        let answer = cloud.get("/identity/v3/auth/projects", &token).await;
        if answer.code() != 200 {
            break answer;
        }
        answered += 1;
        assert!(answered <= 60 + clock.now().since(begun).as_secs() + 1, "it is never refused");
    };
    assert!(answered >= 60, "refused after {answered}");
    assert_eq!(refused.code(), 429);
    assert_eq!(refused.headers["retry-after"], "1");
    let login = json!({ "identity": by_password("demo", "secret") });
    // One that was given back in the meantime is taken by the first.
    let answers = [cloud.ask(&login).await.code(), cloud.ask(&login).await.code()];
    assert!(answers.contains(&429), "before any password is looked at: {answers:?}");
    cloud.ask(&json!({ "identity": by_password("alt", "secret") })).await.token();
}

#[tokio::test]
async fn a_login_storm_is_answered_or_told_to_come_back_and_reads_go_on() {
    let cloud = TestCloud::dev();
    let token = cloud.token_of("demo");
    let most = limits::HASHES_AT_ONCE + limits::HASHES_WAITING_MAX;
    let login = json!({ "identity": by_password("nobody", "x") });
    // All places of the line are taken before anyone is told the result.
    let cloud = Arc::new(cloud);
    let (mut storm, mut refused) = (JoinSet::new(), 0);
    for _ in 0..most + 40 {
        let (cloud, login) = (Arc::clone(&cloud), login.clone());
        storm.spawn(async move { cloud.ask(&login).await });
    }
    for _ in 0..10 {
        assert_eq!(cloud.get("/identity/v3/auth/projects", &token).await.code(), 200);
        tokio::task::yield_now().await;
    }
    // The first who are told to come back are told at once; the rest wait for their turn.
    for _ in 0..40 {
        let answer = storm.join_next().await.unwrap().unwrap();
        if answer.code() == 401 {
            continue;
        }
        assert_eq!(answer.code(), 503);
        let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=limits::RETRY_AFTER_MAX_S).contains(&wait));
        refused += 1;
    }
    assert!(refused > 0);
    storm.abort_all();
    while storm.join_next().await.is_some() {}
    let login = json!({ "identity": by_password("demo", "secret") });
    cloud.ask(&login).await.token();
}

#[tokio::test]
async fn who_asks_for_tokens_without_end_ends_its_own_oldest_and_keeps_nobody_out() {
    let cloud = TestCloud::dev();
    let identity = cloud.cloud.accounts();
    let (mine, others) = (cloud.token_of("demo"), cloud.token_of("alt"));
    let by_token = json!({ "identity": { "methods": ["token"], "token": { "id": mine } } });
    let child = cloud.ask(&by_token).await.token();
    let demo = identity.session(&mine).unwrap().user;
    let next = identity.token_for(demo, None).unwrap();
    for _ in 2..limits::TOKENS_PER_USER_MAX {
        identity.token_for(demo, None).unwrap();
    }
    for (token, is_good) in [(&mine, false), (&child, false), (&next, true), (&others, true)] {
        assert_eq!(identity.session(token).is_some(), is_good);
    }
    let answer = cloud.ask(&json!({ "identity": by_password("demo", "secret") })).await;
    assert_eq!(answer.code(), 201, "one more is had at any time");
}

#[tokio::test]
async fn a_token_got_by_a_token_ends_when_that_is_revoked() {
    let cloud = TestCloud::dev();
    let first = cloud.token_of("demo");
    let by_token =
        |token: &str| json!({ "identity": { "methods": ["token"], "token": { "id": token } } });
    let second = cloud.ask(&by_token(&first)).await.token();
    let third = cloud.ask(&by_token(&second)).await.token();
    assert_eq!(cloud.about("DELETE", &first, &second).await.code(), 204);
    for (token, code) in [(&first, 200), (&second, 401), (&third, 401)] {
        assert_eq!(cloud.get("/identity/v3/auth/projects", token).await.code(), code);
    }
}

#[tokio::test]
async fn hashing_ahead_changes_nothing_and_no_secret_is_shown() {
    let cloud = TestCloud::dev();
    let stop = CancellationToken::new();
    cloud.cloud.accounts().hash_passwords(&stop).await;
    cloud.cloud.accounts().hash_passwords(&stop).await;
    let token = cloud.ask(&json!({ "identity": by_password("demo", "secret") })).await.token();
    let shown = format!("{:?} {:?}", cloud.cloud, cloud.cloud.accounts().session(&token));
    assert!(!shown.contains("\"secret\"") && !shown.contains(&token), "{shown}");
}
