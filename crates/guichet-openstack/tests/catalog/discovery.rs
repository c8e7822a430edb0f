//! Versions, what is open to all, and the order in which a request is refused.

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use guichet_openstack::app;
use guichet_openstack::http::gate::Obstacle;
use guichet_openstack::http::problem::Problem;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Bench, Who, read};

/// Asks the whole surface, gate and all, without a token.
async fn through_the_gate(bench: &Bench, path: &str) -> (u16, Value) {
    let request = Request::builder().uri(path).header("host", "cloud").body(Body::empty());
    let Ok(answer) = app(&bench.cloud).oneshot(request.expect("a request")).await;
    let answer = read(answer).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn computes_versions_are_listed_the_old_one_first() {
    let bench = Bench::new();
    let expected = json!({ "versions": [
        {
            "id": "v2.0", "status": "SUPPORTED", "version": "", "min_version": "",
            "updated": "2011-01-21T11:33:21Z",
            "links": [{ "rel": "self", "href": "http://cloud/compute/v2/" }],
        },
        {
            "id": "v2.1", "status": "CURRENT", "version": "2.96", "min_version": "2.1",
            "updated": "2013-07-23T11:33:21Z",
            "links": [{ "rel": "self", "href": "http://cloud/compute/v2.1/" }],
        },
    ]});
    assert_eq!(bench.body(Who::Nobody, 1, "/compute").await, expected);
    assert_eq!(through_the_gate(&bench, "/compute/").await, (200, expected));
}

#[tokio::test]
async fn self_links_of_versions_can_be_fetched_and_say_the_same() {
    let bench = Bench::new();
    let (_, all) = through_the_gate(&bench, "/compute").await;
    for listed in all["versions"].as_array().unwrap() {
        let href = listed["links"][0]["href"].as_str().unwrap();
        let path = href.strip_prefix("http://cloud").unwrap();
        for path in [path, path.trim_end_matches('/')] {
            let (status, body) = through_the_gate(&bench, path).await;
            let version = &body["version"];
            assert_eq!(status, 200, "{path}");
            assert_eq!(version["links"][0], listed["links"][0]);
            assert_eq!(version["links"][1]["rel"], "describedby");
            assert_eq!(version["version"], listed["version"]);
            assert!(version["media-types"][0]["type"].is_string());
        }
    }
}

#[tokio::test]
async fn discovery_is_open_and_nothing_else_is() {
    let bench = Bench::new();
    for path in ["/compute", "/compute/v2", "/compute/v2.1"] {
        assert_eq!(through_the_gate(&bench, path).await.0, 200, "{path}");
    }
    for path in [
        "/compute/v2.1/flavors",
        "/compute/v2.1/nothing",
        "/image/v2/images",
        "/network/v2.0/networks",
    ] {
        assert_eq!(through_the_gate(&bench, path).await.0, 401, "{path}");
    }
}

#[tokio::test]
async fn what_networks_and_images_were_in_compute_is_gone() {
    let bench = Bench::new();
    for path in ["images", "os-networks", "os-floating-ips", "os-security-groups"] {
        for (minor, status) in [(1, 200), (35, 200), (36, 404), (96, 404)] {
            let path = format!("/compute/v2.1/{path}");
            assert_eq!(bench.status(Who::Admin, minor, &path).await, status, "{path} {minor}");
            let one = format!("{path}/none");
            assert_eq!(bench.status(Who::Admin, minor, &one).await, 404, "{one} {minor}");
        }
    }
}

#[tokio::test]
async fn a_path_is_looked_at_before_version_and_project() {
    let bench = Bench::new();
    let ask = async |method: &str, path: &str| {
        let problem = Problem::new(StatusCode::NOT_ACCEPTABLE, "no such version");
        bench.ask_behind(Obstacle(problem), method, path).await.status
    };
    assert_eq!(ask("GET", "/compute/v2.1/nothing").await, 404);
    assert_eq!(ask("PATCH", "/compute/v2.1/flavors").await, 405);
    assert_eq!(ask("GET", "/compute/v2.1/flavors").await, 406);
    assert_eq!(ask("GET", "/compute/v2.1/flavors/nothing").await, 406);
    assert_eq!(ask("GET", "/compute/v2.1").await, 200, "discovery has no versions");
}
