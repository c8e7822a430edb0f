//! `Idempotency-Key`: a create that is repeated makes one server.

use serde_json::{Value, json};

use super::bench::{Bench, Client, fault, new};
use crate::support::Answer;

async fn keyed(client: &Client<'_>, key: &str, body: &Value) -> Answer {
    let mut request = client.request("POST", "/servers", Some(body));
    request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    client.test.send(request).await
}

#[tokio::test]
async fn a_repeat_has_the_same_server_and_password() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let body = new(&bench.image(), &json!({ "metadata": { "a": "1" } }));
    let first = keyed(&client, "k", &body).await;
    let again = keyed(&client, "k", &body).await;
    assert_eq!((first.code(), again.code()), (202, 202));
    assert_eq!(first.json(), again.json());
    assert_eq!(client.names("").await.len(), 1);
    let other = keyed(&client, "l", &body).await.json();
    assert_ne!(other["server"]["adminPass"], first.json()["server"]["adminPass"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_two_at_once_make_one_server() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let body = new(&bench.image(), &json!({}));
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let mut request = client.request("POST", "/servers", Some(&body));
        request.headers_mut().insert("idempotency-key", "k".parse().unwrap());
        let app = guichet_openstack::app(&bench.test.cloud);
        asking.spawn(async move {
            let answer = tower::ServiceExt::oneshot(app, request).await.unwrap();
            assert_eq!(answer.status(), 202);
            let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap();
            serde_json::from_slice::<Value>(&body.to_bytes()).unwrap()
        });
    }
    let answers = asking.join_all().await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "one server, one password");
    assert_eq!(client.names("").await.len(), 1);
}

#[tokio::test]
async fn another_body_under_the_same_key_is_409() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let network = bench.network();
    let on = |address: &str| json!({ "networks": [{ "uuid": network, "fixed_ip": address }] });
    let body = |more: &Value| new(&bench.image(), more);
    let first = json!({ "adminPass": "one" });
    assert_eq!(keyed(&client, "k", &body(&first)).await.code(), 202);
    for more in [
        json!({ "adminPass": "one", "name": "other" }),
        json!({ "adminPass": "one", "flavorRef": "2" }),
        json!({ "adminPass": "one", "metadata": { "a": "b" } }),
        json!({ "adminPass": "one", "max_count": 2 }),
        json!({ "adminPass": "one", "networks": "none" }),
        on("10.0.9.9"),
        json!({ "adminPass": "two" }),
        json!({}),
    ] {
        let answer = keyed(&client, "k", &body(&more)).await;
        assert_eq!(answer.code(), 409, "{more}");
        assert!(fault(&answer).contains("Idempotency-Key"));
    }
    assert_eq!(keyed(&client, "k", &body(&first)).await.code(), 202);
    assert_eq!(client.names("").await.len(), 1);
    // Another project's keys are its own.
    let alt = bench.client("alt");
    assert_eq!(keyed(&alt, "k", &body(&json!({}))).await.code(), 202);
}

#[tokio::test]
async fn a_key_that_is_none_is_400() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let body = new(&bench.image(), &json!({}));
    for key in ["", "  ", &"k".repeat(256)] {
        assert_eq!(keyed(&client, key, &body).await.code(), 400, "{key:?}");
    }
    assert_eq!(keyed(&client, &"k".repeat(255), &body).await.code(), 202);
}
