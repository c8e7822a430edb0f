//! Where clients look first, whatever they were told the address of the service is.

use serde_json::json;

use crate::support::{TestCloud, by_password};

#[tokio::test]
async fn the_address_alone_leads_to_the_login() {
    let test = TestCloud::dev();
    let versions = test.get("/", "").await;
    assert_eq!(versions.code(), 300);
    let link = versions.json()["versions"]["values"][0]["links"][0]["href"].clone();
    assert!(link.as_str().unwrap().ends_with("/identity/v3/"), "{link}");
    let version = test.get("/v3", "").await;
    assert_eq!(version.code(), 200);
    assert_eq!(version.json()["version"]["id"], "v3.14");
    let login = json!({ "auth": { "identity": by_password("demo", "secret") } });
    assert_eq!(test.post("/v3/auth/tokens", "", &login).await.code(), 201);
}

#[tokio::test]
async fn nobody_is_asked_for_a_token_where_there_is_nothing() {
    let test = TestCloud::dev();
    for path in ["/identity/v2.0", "/identity/v2.0/tokens", "/v2.0", "/identity/nothing"] {
        let answer = test.get(path, "").await;
        assert_eq!(answer.code(), 404, "{path}");
        assert!(!answer.headers.contains_key("www-authenticate"), "{path}");
    }
    assert_eq!(test.get("/identity/v3/nothing", "").await.code(), 401);
}

#[tokio::test]
async fn a_path_is_the_same_with_more_slashes_or_a_format() {
    let test = TestCloud::dev();
    let token = test.token_of("demo");
    for (path, same) in [
        ("//network//v2.0/networks/", "/network/v2.0/networks"),
        ("/network/v2.0/networks.json", "/network/v2.0/networks"),
        ("/image/v2/images.json?limit=1", "/image/v2/images?limit=1"),
        ("/compute//v2.1/flavors//", "/compute/v2.1/flavors"),
    ] {
        let (answer, expected) = (test.get(path, &token).await, test.get(same, &token).await);
        assert_eq!((answer.code(), answer.json()), (200, expected.json()), "{path}");
    }
}
