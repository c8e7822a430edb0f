//! Bodies of a create that are refused: 400 that names the field, never another status.

use serde_json::{Value, json};

use super::bench::{Bench, fault, new};

/// A field, a value it cannot have, and the version that is asked.
fn wrong() -> Vec<(u16, &'static str, Value)> {
    let long = "x".repeat(256);
    let user_data = "A".repeat(65_536);
    vec![
        (96, "name", json!("")),
        (96, "name", json!("  ")),
        (96, "name", json!(7)),
        (96, "name", json!(long)),
        (96, "imageRef", json!("cirros")),
        (96, "imageRef", json!(7)),
        (96, "flavorRef", json!([])),
        (96, "flavorRef", json!("m1.none")),
        (96, "min_count", json!(0)),
        (96, "min_count", json!(-1)),
        (96, "min_count", json!("x")),
        (96, "min_count", json!(2.5)),
        (96, "max_count", json!("")),
        (96, "max_count", json!(101)),
        (96, "max_count", json!(u64::MAX)),
        (96, "metadata", json!([])),
        (96, "metadata", json!({ "": "x" })),
        (96, "metadata", json!({ "metadata": 7 })),
        (96, "tags", json!("a")),
        (96, "tags", json!(["a,b"])),
        (96, "tags", json!(["a/b"])),
        (96, "tags", json!([""])),
        (96, "tags", json!(["x".repeat(61)])),
        (96, "tags", json!(vec!["x"; 51])),
        (51, "tags", json!(["x"])),
        (96, "description", json!(7)),
        (96, "description", json!(long)),
        (18, "description", json!("x")),
        (96, "user_data", json!("no base6")),
        (96, "user_data", json!(null)),
        (96, "key_name", json!(null)),
        (96, "availability_zone", json!(null)),
        (96, "accessIPv4", json!("")),
        (96, "name", json!(" a")),
        (96, "name", json!("a\u{200b}b")),
        (96, "description", json!("a\tb")),
        (96, "metadata", json!({ "a/b": "c" })),
        (96, "config_drive", json!("t")),
        (96, "trusted_image_certificates", json!([])),
        (92, "hostname", json!("a")),
        (96, "user_data", json!(user_data)),
        (96, "hostname", json!("")),
        (96, "hostname", json!("a b")),
        (93, "hostname", json!("x".repeat(64))),
        (93, "hostname", json!("a.example")),
        (89, "hostname", json!("a")),
        (96, "adminPass", json!(7)),
        (96, "accessIPv4", json!("::1")),
        (96, "accessIPv6", json!("192.0.2.1")),
        (96, "config_drive", json!("perhaps")),
        (96, "OS-DCF:diskConfig", json!("auto")),
        (96, "return_reservation_id", json!("perhaps")),
        (96, "security_groups", json!("default")),
        (96, "security_groups", json!(["default"])),
        (96, "key_name", json!("none")),
        (96, "availability_zone", json!(7)),
        (57, "personality", json!([])),
        (62, "trusted_image_certificates", json!(null)),
        (96, "color", json!("red")),
    ]
}

#[tokio::test]
async fn a_wrong_field_is_400_and_named() {
    let bench = Bench::new();
    let client = bench.client("demo");
    for (minor, field, value) in wrong() {
        let mut body = new(&bench.image(), &json!({}));
        if minor < 37 {
            body["server"].as_object_mut().unwrap().remove("networks");
        }
        body["server"][field] = value.clone();
        let answer = client.at(minor).post("/servers", &body).await;
        assert_eq!(answer.code(), 400, "{field}: {value} at 2.{minor}");
        let said = fault(&answer);
        assert!(said.contains(field), "{field}: {said}");
        assert!(said.len() < 1_000, "{field}: {} bytes", said.len());
    }
    assert_eq!(client.names("").await.len(), 0, "nothing was made");
}

#[tokio::test]
async fn what_there_is_none_of_is_400() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let other = "00000000-0000-0000-0000-000000000001";
    for (more, said) in [
        (json!({ "imageRef": other }), "Can not find requested image"),
        (json!({ "imageRef": null }), "imageRef"),
        (json!({ "imageRef": "" }), "Invalid imageRef provided."),
        (
            json!({ "imageRef": "", "block_device_mapping_v2": [{ "source_type": "image" }] }),
            "servers boot from an image here",
        ),
        (json!({ "availability_zone": "mars" }), "availability zone is not available"),
        (json!({ "security_groups": [{ "name": "other" }] }), "Security group other not found"),
        (json!({ "min_count": 3, "max_count": 2 }), "min_count must be <= max_count"),
        (json!({ "name": null }), "'name' is a required property"),
        (json!({ "flavorRef": null }), "'flavorRef' is a required property"),
    ] {
        let answer = client.ask(&more).await;
        assert_eq!(answer.code(), 400, "{more}");
        assert!(fault(&answer).contains(said), "{}", fault(&answer));
    }
    let mut grouped = new(&bench.image(), &json!({}));
    grouped["os:scheduler_hints"] = json!({ "group": other });
    let answer = client.post("/servers", &grouped).await;
    assert_eq!(answer.code(), 400, "a group there is none of");
    grouped["os:scheduler_hints"] = json!("x");
    assert_eq!(client.post("/servers", &grouped).await.code(), 400);
}

#[tokio::test]
async fn a_flavor_one_cannot_see_is_one_there_is_none_of() {
    let bench = Bench::with(|declared| declared.flavors[1].is_public = false);
    let refused = bench.client("demo").ask(&json!({ "flavorRef": "2" })).await;
    assert_eq!(refused.code(), 400);
    assert!(fault(&refused).contains("flavorRef"));
    bench.client("admin").create(&json!({ "flavorRef": "2" })).await;
}

#[tokio::test]
async fn metadata_128_items_are_accepted_and_129_are_403() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let items = |count: usize| {
        let items = (0..count).map(|n| (format!("k{n}"), json!("v")));
        json!({ "metadata": items.collect::<serde_json::Map<_, _>>() })
    };
    client.create(&items(128)).await;
    let answer = client.ask(&items(129)).await;
    assert_eq!(answer.code(), 403);
    assert!(answer.json()["forbidden"].is_object());
    assert!(fault(&answer).starts_with("Quota exceeded for metadata_items"), "{}", fault(&answer));
    let path = format!("/servers/{}/metadata", client.create(&items(128)).await);
    assert_eq!(client.post(&path, &json!({ "metadata": { "more": "v" } })).await.code(), 403);
    assert_eq!(client.put(&path, &items(129)).await.code(), 403);
}

#[tokio::test]
async fn a_body_that_is_no_object_is_400_and_another_kind_415() {
    use axum::body::Body;
    let bench = Bench::new();
    let client = bench.client("demo");
    for (kind, text, status) in [
        ("application/json", "", 400),
        ("application/json", "{", 400),
        ("application/json", "[]", 400),
        ("application/json", "\"\u{0}\"", 400),
        ("application/json", "{\"server\": null}", 400),
        ("application/json", "{\"server\": {}, \"more\": 1}", 400),
        ("application/xml", "<server/>", 415),
        ("text/plain", "{}", 415),
    ] {
        let mut request = client.request("POST", "/servers", None);
        request.headers_mut().insert("content-type", kind.parse().unwrap());
        *request.body_mut() = Body::from(text.to_owned());
        let answer = bench.test.send(request).await;
        assert_eq!(answer.code(), status, "{kind} {text}");
        fault(&answer);
    }
    let deep = format!("{{\"server\":{}", "[".repeat(100_000));
    let mut request = client.request("POST", "/servers", None);
    *request.body_mut() = Body::from(deep);
    assert_eq!(bench.test.send(request).await.code(), 400);
}

#[tokio::test]
async fn files_for_servers_are_as_many_and_as_long_as_the_limits_say() {
    let bench = Bench::new();
    let client = bench.client("demo").at(56);
    let file = |path: &str, contents: &str| json!({ "path": path, "contents": contents });
    let good = file("/etc/motd", "aGVsbG8=");
    let fits = vec![good.clone(); 5];
    assert_eq!(client.ask(&json!({ "personality": fits })).await.code(), 202);
    let long = "QUJD".repeat(10_240 / 3 + 1);
    for (files, status, said) in [
        (vec![good; 6], 403, "Personality file limit exceeded"),
        (vec![file(&"x".repeat(256), "")], 403, "Personality file path exceeds maximum 255"),
        (vec![file("/a", &long)], 403, "Personality file content exceeds maximum 10240"),
        (vec![file("/a", "no base6")], 400, "contents"),
        (vec![json!({ "path": "/a", "owner": "x" })], 400, "personality"),
    ] {
        let answer = client.ask(&json!({ "personality": files })).await;
        assert_eq!(answer.code(), status, "{said}");
        assert!(fault(&answer).contains(said), "{said}");
    }
}
