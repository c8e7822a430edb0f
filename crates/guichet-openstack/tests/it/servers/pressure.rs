//! More than there is room for: quota, queue, rate.

use std::num::NonZeroU32;

use guichet_core::action::Action;
use guichet_core::project::Quota;
use serde_json::json;

use super::bench::{Bench, fault, soon};
use crate::support::Answer;

fn retry_after_s(answer: &Answer) -> u64 {
    answer.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn over_quota_is_403_in_novas_words() {
    let bench = Bench::with(|declared| {
        let quota = Quota { instances: Some(2), cores: Some(9), ram_mib: Some(17_000) };
        declared.projects[0].quota = quota;
    });
    let client = bench.client("demo");
    let refused = async |more| {
        let answer = client.ask(&more).await;
        assert_eq!(answer.code(), 403);
        assert!(answer.json()["forbidden"].is_object());
        fault(&answer)
    };
    let id = client.active(&json!({ "flavorRef": "5" })).await;
    assert_eq!(
        refused(json!({ "flavorRef": "3" })).await,
        "Quota exceeded for cores: Requested 2, but already used 8 of 9 cores"
    );
    assert_eq!(
        refused(json!({ "flavorRef": "2" })).await,
        "Quota exceeded for ram: Requested 2048, but already used 16384 of 17000 ram"
    );
    client.active(&json!({})).await;
    assert_eq!(
        refused(json!({})).await,
        "Quota exceeded for instances: Requested 1, but already used 2 of 2 instances"
    );
    client.delete(&format!("/servers/{id}")).await;
    client.until_gone(&id).await;
    client.create(&json!({})).await;
}

#[tokio::test]
async fn a_full_queue_is_503_with_retry_after() {
    let bench = Bench::with(|declared| {
        declared.workers = 1;
        declared.queue = 2;
    });
    bench.hold(&[Action::Create]);
    let client = bench.client("demo");
    // The worker holds one at most, and the queue two.
    let mut refused = None;
    for _ in 0..6 {
        let answer = client.ask(&json!({})).await;
        if answer.code() != 202 {
            refused = Some(answer);
            break;
        }
    }
    let answer = refused.unwrap();
    assert_eq!(answer.code(), 503);
    assert!((1..=75).contains(&retry_after_s(&answer)));
    let body = answer.json();
    assert_eq!(body["serviceUnavailable"]["retryAfter"], retry_after_s(&answer).to_string());
    bench.hold(&[]);
    soon(async {
        while client.ask(&json!({})).await.code() != 202 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn past_the_rate_is_429_with_retry_after_and_others_go_on() {
    let bench = Bench::with(|declared| {
        declared.rates.compute_per_s = NonZeroU32::new(3);
    });
    let client = bench.client("demo");
    let mut refused = None;
    for _ in 0..20 {
        let answer = client.get("/servers").await;
        if answer.code() != 200 {
            refused = Some(answer);
            break;
        }
    }
    let answer = refused.unwrap();
    assert_eq!(answer.code(), 429);
    assert!(retry_after_s(&answer) >= 1);
    assert_eq!(answer.json()["overLimit"]["retryAfter"], retry_after_s(&answer).to_string());
    assert!(answer.headers.contains_key("x-openstack-request-id"));
    assert_eq!(bench.client("alt").get("/servers").await.code(), 200);
}

#[tokio::test]
async fn a_stopping_service_is_503_with_retry_after() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let _ = bench.test.cloud.manager().drain(std::time::Duration::from_secs(10)).await;
    let answer = client.ask(&json!({})).await;
    assert_eq!(answer.code(), 503);
    assert!(retry_after_s(&answer) >= 1);
    assert_eq!(client.get("/servers").await.code(), 200);
}
