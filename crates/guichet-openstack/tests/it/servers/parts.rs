//! What hangs on a server: metadata, tags, addresses, ports, volumes, security groups.

use serde_json::{Value, json};

use super::bench::{Bench, fault};

#[tokio::test]
async fn metadata_are_merged_replaced_and_dropped() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({ "metadata": { "a": "1" } })).await;
    let all = format!("/servers/{id}/metadata");
    let metadata = |value: Value| json!({ "metadata": value });
    let answer = client.post(&all, &metadata(json!({ "b": "2" }))).await;
    assert_eq!((answer.code(), answer.json()), (200, metadata(json!({ "a": "1", "b": "2" }))));
    let answer = client.put(&all, &metadata(json!({ "c": "3" }))).await;
    assert_eq!((answer.code(), answer.json()), (200, metadata(json!({ "c": "3" }))));
    let one = format!("{all}/d%20e");
    let meta = json!({ "meta": { "d e": "" } });
    let answer = client.put(&one, &meta).await;
    assert_eq!((answer.code(), answer.json()), (200, meta.clone()));
    assert_eq!(client.body(&one).await, meta);
    assert_eq!(client.body(&all).await, metadata(json!({ "c": "3", "d e": "" })));
    assert_eq!(client.server(&id).await["metadata"], json!({ "c": "3", "d e": "" }));
    let answer = client.delete(&one).await;
    assert_eq!((answer.code(), answer.bytes.len()), (204, 0));
    for answer in [client.delete(&one).await, client.get(&one).await] {
        assert_eq!(answer.code(), 404);
        fault(&answer);
    }
    assert_eq!(client.put(&all, &metadata(json!({}))).await.json(), metadata(json!({})));
}

#[tokio::test]
async fn metadata_that_are_none_are_400() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let all = format!("/servers/{id}/metadata");
    let long = "x".repeat(256);
    for body in [
        json!({}),
        json!({ "metadata": null }),
        json!({ "metadata": [] }),
        json!({ "metadata": { "metadata": 7 } }),
        json!({ "metadata": { "metadata": null } }),
        json!({ "metadata": { "metadata": long } }),
        json!({ "metadata": { "": "x" } }),
        json!({ "metadata": { long.clone(): "x" } }),
        json!({ "metadata": {}, "more": 1 }),
    ] {
        for answer in [client.post(&all, &body).await, client.put(&all, &body).await] {
            assert_eq!(answer.code(), 400, "{body}");
            assert!(fault(&answer).contains("metadata") || body.get("more").is_some());
        }
    }
    for body in [
        json!({}),
        json!({ "meta": {} }),
        json!({ "meta": { "b": "1" } }),
        json!({ "meta": { "a": "1", "b": "1" } }),
        json!({ "meta": { "a": 1 } }),
        json!({ "meta": "a" }),
    ] {
        assert_eq!(client.put(&format!("{all}/a"), &body).await.code(), 400, "{body}");
    }
}

#[tokio::test]
async fn tags_are_there_from_2_26_on() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let all = format!("/servers/{id}/tags");
    for (method, path) in [
        ("GET", all.clone()),
        ("DELETE", all.clone()),
        ("GET", format!("{all}/a")),
        ("PUT", format!("{all}/a")),
        ("DELETE", format!("{all}/a")),
    ] {
        assert_eq!(client.at(25).call(method, &path, None).await.code(), 404, "{method} {path}");
    }
    let answer = client.put(&all, &json!({ "tags": ["b", "a", "b"] })).await;
    assert_eq!((answer.code(), answer.json()), (200, json!({ "tags": ["a", "b"] })));
    let added = client.call("PUT", &format!("{all}/c"), None).await;
    assert_eq!(added.code(), 201);
    assert_eq!(added.headers["location"], format!("http://cloud:1/compute/v2.1{all}/c"));
    let spaced = client.call("PUT", &format!("{all}/d%20e"), None).await;
    assert_eq!(spaced.headers["location"], format!("http://cloud:1/compute/v2.1{all}/d%20e"));
    assert_eq!(client.at(26).body(&all).await, json!({ "tags": ["a", "b", "c", "d e"] }));
    assert_eq!(client.get(&format!("{all}/b")).await.code(), 204);
    assert_eq!(client.delete(&format!("{all}/b")).await.code(), 204);
    for method in ["GET", "DELETE"] {
        let answer = client.call(method, &format!("{all}/b"), None).await;
        assert_eq!(answer.code(), 404);
        fault(&answer);
    }
    assert_eq!(client.delete(&all).await.code(), 204);
    assert_eq!(client.body(&all).await, json!({ "tags": [] }));
}

#[tokio::test]
async fn tags_that_are_none_are_400() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let all = format!("/servers/{id}/tags");
    for body in [
        json!({ "tags": null }),
        json!({}),
        json!({ "tags": {} }),
        json!({ "tags": [7] }),
        json!({ "tags": ["a,b"] }),
        json!({ "tags": ["x".repeat(61)] }),
        json!({ "tags": (0..51).map(|n| n.to_string()).collect::<Vec<_>>() }),
    ] {
        let answer = client.put(&all, &body).await;
        assert_eq!(answer.code(), 400, "{body}");
        assert!(fault(&answer).contains("tags"), "{}", fault(&answer));
    }
    for tag in ["a,b", "a%2Fb", &"x".repeat(61)] {
        assert_eq!(client.call("PUT", &format!("{all}/{tag}"), None).await.code(), 400, "{tag}");
    }
    let fifty: Vec<_> = (0..50).map(|n| n.to_string()).collect();
    assert_eq!(client.put(&all, &json!({ "tags": fifty })).await.code(), 200);
    assert_eq!(client.call("PUT", &format!("{all}/more"), None).await.code(), 400);
    assert_eq!(client.call("PUT", &format!("{all}/7"), None).await.code(), 204);
}

#[tokio::test]
async fn addresses_ports_and_groups_of_a_server_with_and_without_a_network() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let path = format!("/servers/{id}");
    let address = client.server(&id).await["addresses"]["private"][0].take();
    let short = json!([{ "addr": address["addr"], "version": 4 }]);
    assert_eq!(
        client.body(&format!("{path}/ips")).await,
        json!({ "addresses": { "private": short } })
    );
    assert_eq!(client.body(&format!("{path}/ips/private")).await, json!({ "private": short }));
    assert_eq!(client.get(&format!("{path}/ips/other")).await.code(), 404);
    let port = client.body(&format!("{path}/os-interface")).await["interfaceAttachments"][0].take();
    assert_eq!(port["net_id"], json!(bench.network()));
    assert_eq!(port["mac_addr"], address["OS-EXT-IPS-MAC:mac_addr"]);
    assert_eq!(port["fixed_ips"][0]["ip_address"], address["addr"]);
    assert_eq!(
        client.body(&format!("{path}/os-volume_attachments")).await,
        json!({ "volumeAttachments": [] })
    );
    let groups = client.at(1).body(&format!("{path}/os-security-groups")).await;
    assert_eq!(groups["security_groups"][0]["name"], "default");
    let group = groups["security_groups"][0]["id"].as_str().unwrap();
    let asked = format!("/network/v2.0/security-groups/{group}");
    assert_eq!(bench.test.get(&asked, &client.token).await.code(), 200);

    let alone = format!("/servers/{}", client.active(&json!({ "networks": "none" })).await);
    assert_eq!(client.body(&format!("{alone}/ips")).await, json!({ "addresses": {} }));
    let none = client.body(&format!("{alone}/os-interface")).await;
    assert_eq!(none, json!({ "interfaceAttachments": [] }));
    let none = client.body(&format!("{alone}/os-security-groups")).await;
    assert_eq!(none, json!({ "security_groups": [] }));
}
