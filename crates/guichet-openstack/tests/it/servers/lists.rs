//! Pages and order of lists.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::bench::{Bench, Client, column, fault};

async fn five(client: &Client<'_>) {
    for name in ["a", "b", "c", "d", "e"] {
        client.active(&json!({ "name": name })).await;
    }
}

#[tokio::test]
async fn servers_links_are_there_whenever_the_page_is_full() {
    let bench = Bench::new();
    let client = bench.client("demo");
    five(&client).await;
    for path in ["/servers", "/servers/detail"] {
        let mut seen = Vec::new();
        let mut next =
            Some(format!("{path}?limit=2&name=%5Ba-e%5D&sort_key=display_name&sort_dir=asc"));
        while let Some(page) = next {
            let body = client.body(&page).await;
            seen.extend(column(&body["servers"], "name"));
            next = body["servers_links"][0]["href"].as_str().map(|href| {
                assert!(href.contains("limit=2") && href.contains("marker="), "{href}");
                assert!(href.contains("name=%5Ba-e%5D"), "the query is repeated: {href}");
                href.strip_prefix("http://cloud:1/compute/v2.1").unwrap().to_owned()
            });
        }
        assert_eq!(seen, ["a", "b", "c", "d", "e"]);
        // Full, though nothing follows; the page after it is empty and the last.
        let full = client.body(&format!("{path}?limit=5")).await;
        let href = full["servers_links"][0]["href"].as_str().unwrap();
        assert_eq!(full["servers_links"][0]["rel"], "next");
        let after = client.body(href.strip_prefix("http://cloud:1/compute/v2.1").unwrap()).await;
        assert_eq!(after, json!({ "servers": [] }));
        assert_eq!(client.body(&format!("{path}?limit=6")).await.get("servers_links"), None);
        assert_eq!(client.body(path).await.get("servers_links"), None);
    }
}

#[tokio::test]
async fn an_unknown_marker_is_400_and_so_is_a_limit_that_is_none() {
    let bench = Bench::new();
    let client = bench.client("demo");
    five(&client).await;
    let others = bench.client("alt").active(&json!({})).await;
    for sorted in ["", "&sort_key=display_name"] {
        for marker in ["x", "00000000-0000-0000-0000-000000000001", &others] {
            let (status, said) = client.refused(&format!("?marker={marker}{sorted}")).await;
            assert_eq!((status, said), (400, format!("marker [{marker}] not found")));
        }
    }
    for limit in ["-1", "", "x", "1.5"] {
        let (status, said) = client.refused(&format!("?limit={limit}")).await;
        assert_eq!(status, 400, "{limit}");
        assert!(said.contains("limit"));
    }
    assert_eq!(client.body("/servers/detail?limit=0").await, json!({ "servers": [] }));
    assert_eq!(client.names("?limit=100000").await.len(), 5);
}

#[tokio::test]
async fn the_newest_come_first_unless_asked_otherwise() {
    let bench = Bench::new();
    let client = bench.client("demo");
    five(&client).await;
    let newest = ["e", "d", "c", "b", "a"];
    let oldest = ["a", "b", "c", "d", "e"];
    for (query, expected) in [
        ("", newest),
        ("?sort_key=created_at", newest),
        ("?sort_key=created_at&sort_dir=desc", newest),
        ("?sort_key=created_at&sort_dir=asc", oldest),
        ("?sort_key=display_name&sort_dir=asc", oldest),
        ("?sort_key=display_name", newest),
        ("?sort_key=vm_state&sort_key=display_name&sort_dir=asc&sort_dir=asc", oldest),
        ("?sort_key=key_name&sort_dir=asc", oldest),
        ("?sort_key=key_name", newest),
        ("?sort_key=progress&sort_dir=asc", oldest),
        ("?sort_dir=asc", oldest),
        ("?sort_key=vm_state&sort_key=display_name&sort_dir=asc", oldest),
        ("?sort_key=created_at&sort_key=uuid&sort_dir=asc&sort_dir=desc", oldest),
    ] {
        assert_eq!(client.names(query).await, expected, "{query}");
    }
    let (status, said) = client.refused("?sort_dir=asc&sort_dir=asc").await;
    assert_eq!(status, 400);
    assert!(said.ends_with("Sort direction size exceeds sort key size"), "{said}");
    for query in ["?sort_key=color", "?sort_key=display_name&sort_dir=up", "?sort_key="] {
        let (status, said) = client.refused(query).await;
        assert_eq!(status, 400, "{query}");
        assert!(said.contains("sort_"));
    }
    assert_eq!(client.refused("?sort_key=host").await.0, 403);
    assert_eq!(bench.client("admin").names("?sort_key=host").await.len(), 0);
}

#[tokio::test]
async fn an_administrator_pages_through_all_projects() {
    let bench = Bench::new();
    for user in ["demo", "alt", "demo", "alt", "admin"] {
        bench.client(user).active(&json!({})).await;
    }
    let admin = bench.client("admin");
    let (mut seen, mut marker) = (Vec::new(), String::new());
    loop {
        let page = admin.body(&format!("/servers?all_tenants=1&limit=2&marker={marker}")).await;
        let ids = column(&page["servers"], "id");
        let Some(last) = ids.last() else { break };
        marker.clone_from(last);
        seen.extend(ids);
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[tokio::test]
async fn a_page_is_cut_to_a_thousand() {
    let bench = Bench::unlimited();
    let client = bench.client("demo");
    for _ in 0..11 {
        client.create(&json!({ "min_count": 100 })).await;
    }
    for query in ["", "?limit=5000"] {
        let body = client.body(&format!("/servers{query}")).await;
        assert_eq!(body["servers"].as_array().map(Vec::len), Some(1_000));
        assert!(body["servers_links"].is_array());
    }
    let detail = client.get("/servers/detail?limit=1001").await;
    assert_eq!(detail.code(), 200);
    let rows: Value = detail.json();
    assert_eq!(rows["servers"].as_array().map(Vec::len), Some(1_000));
}

#[tokio::test]
async fn a_parameter_that_is_not_known_is_400_from_2_75_on() {
    let bench = Bench::new();
    let client = bench.client("demo");
    assert_eq!(client.at(74).get("/servers?color=red").await.code(), 200);
    for path in ["/servers?color=red", "/servers/detail?color=red"] {
        let answer = client.at(75).get(path).await;
        assert_eq!(answer.code(), 400);
        assert!(fault(&answer).contains("'color' was unexpected"));
    }
}

#[tokio::test]
async fn a_walk_goes_on_though_the_last_server_of_a_page_was_deleted() {
    let bench = Bench::unlimited();
    let client = bench.client("demo");
    for number in 0..6 {
        client.active(&json!({ "name": format!("web-{number}") })).await;
    }
    for sorted in ["", "&sort_key=display_name&sort_dir=asc", "&status=ACTIVE"] {
        let page = client.body(&format!("/servers?limit=2{sorted}")).await;
        let last = page["servers"][1]["id"].as_str().unwrap().to_owned();
        assert_eq!(client.delete(&format!("/servers/{last}")).await.code(), 204);
        client.until_gone(&last).await;
        let href = page["servers_links"][0]["href"].as_str().unwrap();
        let (_, rest) = href.split_once("/compute/v2.1").unwrap();
        let next = client.body(rest).await;
        assert!(!next["servers"].as_array().unwrap().is_empty(), "{sorted}: {next}");
        assert!(
            next["servers"]
                .as_array()
                .unwrap()
                .iter()
                .all(|row| row["id"] != page["servers"][0]["id"])
        );
    }
}

#[tokio::test]
async fn a_direction_of_sorting_that_is_none_is_400_with_or_without_a_key() {
    let bench = Bench::new();
    let client = bench.client("demo");
    for query in [
        "?sort_dir=up",
        "?sort_key=created_at&sort_dir=up",
        "?sort_key=created_at&sort_dir=asc&sort_dir=up",
        "?sort_dir=",
    ] {
        let (status, said) = client.refused(query).await;
        assert_eq!(status, 400, "{query}");
        assert!(said.contains("sort_dir"), "{said}");
    }
    assert_eq!(client.get("/servers?sort_dir=asc").await.code(), 200);
}

#[tokio::test]
async fn a_row_shows_what_its_server_shows_whatever_the_rows_before_it_are_of() {
    let bench = Bench::new();
    let admin = bench.client("admin");
    for n in 0..24 {
        let client = bench.client(["demo", "alt", "admin"][n % 3]);
        let flavor = ["1", "2"][n / 2 % 2];
        client.active(&json!({ "flavorRef": flavor })).await;
    }
    for minor in [1, 46, 47, 96] {
        let admin = admin.at(minor);
        let page = admin.body("/servers/detail?all_tenants=1").await;
        let rows = page["servers"].as_array().unwrap();
        let mut of = ["flavor", "tenant_id", "hostId"].map(|_| BTreeSet::new());
        for row in rows {
            let mut server = admin.server(row["id"].as_str().unwrap()).await;
            server.as_object_mut().unwrap().remove("server_groups");
            assert_eq!(row, &server);
            for (of, name) in of.iter_mut().zip(["flavor", "tenant_id", "hostId"]) {
                of.insert(row[name].to_string());
            }
        }
        // Rows that are all alike would show nothing.
        assert_eq!(of.each_ref().map(BTreeSet::len)[..2], [2, 3]);
        assert!(of[2].len() > 2, "{of:?}");
    }
}
