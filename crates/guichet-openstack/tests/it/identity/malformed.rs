//! Bodies that are none: 400 with the field named, never a 5xx, never a panic.

use axum::body::Body;
use http::Request;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{TestCloud, by_password, project};

#[tokio::test]
async fn each_mistake_is_400_and_names_its_field() {
    let cloud = TestCloud::dev();
    let right = by_password("demo", "secret");
    let user = |user: Value| {
        json!({ "identity": {
        "methods": ["password"], "password": { "user": user } } })
    };
    let scope = |scope: Value| json!({ "identity": right, "scope": scope });
    for (auth, said) in [
        (Value::Null, "auth. It is missing"),
        (json!(3), "auth. Expected an object"),
        (json!({}), "auth.identity. It is missing"),
        (json!({ "identity": [] }), "auth.identity. Expected an object"),
        (json!({ "identity": {} }), "auth.identity.methods. It is missing"),
        (json!({ "identity": { "methods": "password" } }), "methods. Expected a list"),
        (json!({ "identity": { "methods": [] } }), "methods. Expected at least one"),
        (json!({ "identity": { "methods": [3] } }), "methods[0]. Expected a string"),
        (json!({ "identity": { "methods": ["a", "b", "c", "d"] } }), "methods. Too many"),
        (json!({ "identity": { "methods": ["password"] } }), "auth.identity.password. It is"),
        (json!({ "identity": { "methods": ["token"], "token": {} } }), "identity.token.id. It is"),
        (
            json!({ "identity": { "methods": ["application_credential"],
                                  "application_credential": { "id": "x" } } }),
            "application_credential.secret. It is missing",
        ),
        (user(json!({ "password": "x" })), "password.user.name. It is missing"),
        (user(json!({ "name": "demo", "password": "x" })), "password.user.domain. It is missing"),
        (
            user(json!({ "name": "demo", "domain": {}, "password": "x" })),
            "password.user.domain.name. It is missing",
        ),
        (user(json!({ "id": "x" })), "password.user.password. It is missing"),
        (user(json!({ "id": 3, "password": "x" })), "password.user.id. Expected a string"),
        (user(json!({ "id": "x", "password": 3 })), "password.user.password. Expected a string"),
        (scope(json!(3)), "auth.scope. Expected an object"),
        (scope(json!({})), "auth.scope. Expected exactly one field"),
        (scope(json!({ "x": 1 })), "auth.scope. Expected project, domain"),
        (scope(json!({ "project": {} })), "auth.scope.project.name. It is missing"),
        (scope(json!({ "project": { "name": "a" } })), "auth.scope.project.domain. It is missing"),
        (scope(json!({ "project": {}, "domain": {} })), "auth.scope. Expected exactly one field"),
    ] {
        let answer = cloud.ask(&auth).await;
        assert_eq!(answer.code(), 400, "{auth}");
        assert!(answer.message().contains(said), "{auth}: {}", answer.message());
    }
    let answer = cloud.post("/identity/v3/auth/tokens", "", &json!({ "a\u{7}": 1 })).await;
    assert_eq!(answer.code(), 400);
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let cloud = TestCloud::dev();
    for (kind, body, code) in [
        ("application/json", "", 400),
        ("application/json", "{", 400),
        ("application/json", "[]", 400),
        ("application/json; charset=utf-8", "null", 400),
        ("application/xml", "<a/>", 415),
    ] {
        let request = Request::post("/identity/v3/auth/tokens").header("content-type", kind);
        let answer = cloud.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.code(), code, "{kind} {body}");
        assert!(answer.json()["error"]["message"].is_string());
    }
    let large = json!({ "auth": "a".repeat(guichet_core::limits::BODY_MAX) });
    assert_eq!(cloud.post("/identity/v3/auth/tokens", "", &large).await.code(), 413);
}

/// Any JSON, not too deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A name that means something, or any.
fn key() -> impl Strategy<Value = String> {
    let known = [
        "auth",
        "identity",
        "methods",
        "password",
        "user",
        "domain",
        "name",
        "id",
        "scope",
        "token",
        "project",
        "application_credential",
        "secret",
        "roles",
        "expires_at",
        "unrestricted",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => ".{0,6}"]
}

/// All places of a value, as paths of steps.
fn places(value: &Value, here: &mut Vec<String>, all: &mut Vec<Vec<String>>) {
    all.push(here.clone());
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (step, value) in inside {
        here.push(step);
        places(value, here, all);
        here.pop();
    }
}

/// The value with one place changed to something else.
fn mutated(mut value: Value, which: usize, by: Value) -> Value {
    let mut all = Vec::new();
    places(&value, &mut Vec::new(), &mut all);
    let path = &all[which % all.len()];
    let pointer: String = path.iter().map(|step| format!("/{step}")).collect();
    if let Some(place) = value.pointer_mut(&pointer) {
        *place = by;
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn no_body_is_answered_5xx(which in any::<usize>(), by in any_json(), random in any_json()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let cloud = TestCloud::dev();
            let token = cloud.token_of("demo");
            let login = json!({ "auth": {
                "identity": {
                    "methods": ["token", "application_credential"],
                    "token": { "id": token },
                    "application_credential": { "id": "x", "secret": "y" },
                },
                "scope": project("demo"),
            } });
            let credential = json!({ "application_credential": {
                "name": "a", "secret": "b", "expires_at": "2100-01-01T00:00:00",
                "roles": [{ "name": "member" }], "unrestricted": true,
            } });
            let credentials =
                format!("/identity/v3/users/{}/application_credentials", cloud.user_id("demo"));
            for (path, body) in [
                ("/identity/v3/auth/tokens", mutated(login, which, by.clone())),
                (&credentials[..], mutated(credential, which, by)),
                ("/identity/v3/auth/tokens", random.clone()),
                (&credentials[..], random),
            ] {
                let answer = cloud.post(path, &token, &body).await;
                assert!(answer.code() < 500, "{path} {body}: {}", answer.code());
                if answer.code() >= 400 {
                    assert!(answer.json()["error"]["message"].is_string(), "{path} {body}");
                }
            }
        });
    }

    #[test]
    fn no_path_query_or_token_is_answered_5xx(path in "[a-z%0-9/?=&.]{0,24}", token in "[ -~]{0,50}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let cloud = TestCloud::dev();
            let admin = cloud.token_of("admin");
            for start in ["/identity/v3/", "/identity/v3/users/", "/identity/v3/projects?"] {
                let uri = format!("{start}{path}");
                if uri.parse::<http::Uri>().is_err() {
                    continue;
                }
                for token in [&admin, &token] {
                    let answer = cloud.get(&uri, token).await;
                    assert!(answer.code() < 500, "{uri}: {}", answer.code());
                    serde_json::from_slice::<Value>(&answer.bytes).unwrap();
                }
            }
        });
    }
}
