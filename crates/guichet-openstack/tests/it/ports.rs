//! Ports, in pages, by their ids and by what they have.

use serde_json::{Value, json};

use crate::servers::{Bench, Client};

/// What Network answers.
async fn asked(client: &Client<'_>, bench: &Bench, path: &str) -> (u16, Value) {
    let answer = bench.test.get(&format!("/network/v2.0/{path}"), &client.token).await;
    (answer.code(), answer.json())
}

/// The ids of the ports that a query shows.
async fn ids(client: &Client<'_>, bench: &Bench, query: &str) -> Vec<String> {
    let (code, body) = asked(client, bench, &format!("ports?{query}")).await;
    assert_eq!(code, 200, "{query}: {body}");
    let ports = body["ports"].as_array().unwrap();
    ports.iter().map(|port| port["id"].as_str().unwrap().to_owned()).collect()
}

/// All pages of so many ports.
async fn paged(client: &Client<'_>, bench: &Bench, query: &str, limit: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    loop {
        let marker = all.last().map_or_else(String::new, |last| format!("&marker={last}"));
        let page = ids(client, bench, &format!("{query}&limit={limit}{marker}")).await;
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Six servers, two of them the administrator's; the fifth has two ports.
async fn six(client: &Client<'_>, admin: &Client<'_>, network: &str) -> Vec<String> {
    let mut servers = Vec::new();
    for which in 0..6 {
        let owner = if which % 3 == 0 { admin } else { client };
        let more = match which {
            4 => json!({ "networks": [{ "uuid": network }, { "uuid": network }] }),
            _ => json!({}),
        };
        servers.push(owner.active(&more).await);
    }
    servers
}

#[tokio::test]
async fn ports_come_in_pages_and_are_found_by_what_they_have() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let servers = six(&client, &admin, &bench.network()).await;
    let all = ids(&admin, &bench, "").await;
    assert_eq!(all.len(), 7);
    let project = bench.test.project_id("demo");
    for (query, count) in [
        (String::new(), 7),
        (format!("project_id={project}"), 5),
        (format!("tenant_id={project}&status=ACTIVE"), 5),
        ("status=DOWN".to_owned(), 0),
        ("colour=blue".to_owned(), 7),
    ] {
        let whole = ids(&admin, &bench, &query).await;
        assert_eq!(whole.len(), count, "{query}");
        for limit in 1..8 {
            assert_eq!(paged(&admin, &bench, &query, limit).await, whole, "{query}, {limit}");
        }
    }
    // By their addresses, with a marker too.
    let port = &asked(&admin, &bench, &format!("ports/{}", all[3])).await.1["port"];
    let mac = port["mac_address"].as_str().unwrap();
    let address = port["fixed_ips"][0]["ip_address"].as_str().unwrap();
    for (query, count) in [
        (format!("mac_address={mac}"), 1),
        (format!("fixed_ips=ip_address%3D{address}"), 1),
        (format!("mac_address={mac}&fixed_ips=ip_address%3D10.99.99.99"), 0),
        (format!("mac_address={mac}&mac_address=x&marker={}", all[0]), 1),
        ("mac_address=fa:16:3f:00:00:00".to_owned(), 0),
    ] {
        let found = ids(&admin, &bench, &query).await;
        assert_eq!(found, all[3..3 + count], "{query}");
    }
    // By server, and by their own ids: another project's is not there.
    let own = ids(&client, &bench, "").await;
    assert_eq!(own.len(), 5);
    for id in &all {
        let (code, body) = asked(&client, &bench, &format!("ports/{id}")).await;
        assert_eq!(code == 200, own.contains(id), "{body}");
        let by_id = ids(&client, &bench, &format!("id={id}")).await;
        assert_eq!(by_id.len(), usize::from(own.contains(id)));
        assert_eq!(
            asked(&admin, &bench, &format!("ports/{id}")).await.1["port"]["id"],
            *id.as_str()
        );
    }
    assert_eq!(ids(&client, &bench, &format!("device_id={}", servers[4])).await.len(), 2);
    let both = format!("id={}&id={}", own[0], own[4]);
    assert_eq!(ids(&client, &bench, &both).await, [own[0].clone(), own[4].clone()]);
    let quota = format!("quotas/{project}/details");
    assert_eq!(asked(&client, &bench, &quota).await.1["quota"]["port"]["used"], 5);
    // A marker that is no port, or another project's, is refused; so is one that is gone.
    let others = all.iter().find(|id| !own.contains(id)).unwrap();
    for marker in ["x", others.as_str()] {
        let (code, _) = asked(&client, &bench, &format!("ports?marker={marker}")).await;
        assert_eq!(code, 400, "{marker}");
    }
    assert_eq!(client.delete(&format!("/servers/{}", servers[4])).await.code(), 204);
    client.until_gone(&servers[4]).await;
    assert_eq!(asked(&client, &bench, &quota).await.1["quota"]["port"]["used"], 3);
    let left = ids(&client, &bench, "").await;
    for gone in own.iter().filter(|id| !left.contains(id)) {
        assert_eq!(asked(&client, &bench, &format!("ports/{gone}")).await.0, 404);
        assert_eq!(asked(&client, &bench, &format!("ports?marker={gone}")).await.0, 400);
    }
}
