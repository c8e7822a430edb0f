//! What is said first when several things are wrong with a request to Compute.

use axum::body::Body;
use axum::extract::Request;

use crate::support::TestCloud;

#[tokio::test]
async fn path_then_version_then_project_then_object() {
    let cloud = TestCloud::dev();
    let token = cloud.token_of("demo");
    let [own, other] = ["demo", "alt"].map(|name| cloud.project_id(name));
    let ask = async |method: &str, path: &str, version: &str| {
        let request = Request::builder().method(method).uri(format!("/compute/v2.1{path}"));
        let request = request.header("x-auth-token", &token);
        let request = request.header("x-openstack-nova-api-version", version);
        cloud.send(request.body(Body::empty()).unwrap()).await
    };
    for (method, path, version, expected) in [
        ("GET", "/nothing".to_owned(), "9.9", 404),
        ("GET", format!("/{other}/nothing"), "2.1", 404),
        ("PATCH", format!("/{other}/flavors"), "9.9", 405),
        ("GET", format!("/{other}/flavors"), "9.9", 406),
        ("GET", format!("/{other}/flavors"), "abc", 400),
        ("GET", format!("/{other}/flavors/nothing"), "2.1", 400),
        ("GET", format!("/{own}/flavors/nothing"), "2.1", 404),
        ("GET", format!("/{own}/flavors/"), "2.1", 200),
        ("GET", "/flavors".to_owned(), "2.96", 200),
    ] {
        let answer = ask(method, &path, version).await;
        assert_eq!(answer.code(), expected, "{method} {path} at {version}");
        let id = &answer.headers["x-openstack-request-id"];
        assert_eq!(&answer.headers["x-compute-request-id"], id, "{path}: Compute's older name");
    }
    let answer = ask("GET", &format!("/{other}/flavors"), "2.1").await;
    let expected = format!(
        "Malformed request URL: URL's project_id '{other}' doesn't match Context's project_id '{own}'"
    );
    assert_eq!(answer.json()["badRequest"]["message"], expected);
}
