//! Networks, subnets, ports, security groups and quotas of Network.

use serde_json::{Value, json};

use crate::support::{ALT, Bench, DEMO, PRIVATE, SUBNET, Who, column};

/// A path of Network's.
fn at(path: &str) -> String {
    format!("/network/v2.0/{path}")
}

async fn ids(bench: &Bench, who: Who, list: &str, query: &str) -> Vec<String> {
    let body = bench.body(who, 1, &at(&format!("{list}?{query}"))).await;
    column(&body[list.replace('-', "_")], "id")
}

#[tokio::test]
async fn networks_versions_are_open() {
    let bench = Bench::new();
    let body = bench.body(Who::Nobody, 1, "/network").await;
    let links = json!([{ "rel": "self", "href": "http://cloud/network/v2.0/" }]);
    let version = json!({ "id": "v2.0", "status": "CURRENT", "links": links });
    assert_eq!(body, json!({ "versions": [version] }));
    let body = bench.body(Who::Nobody, 1, "/network/v2.0").await;
    let names = column(&body["resources"], "name");
    for name in ["network", "subnet", "port", "quota"] {
        assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
    }
    assert_eq!(column(&body["resources"], "collection").len(), names.len());
    assert_eq!(bench.status(Who::Nobody, 1, &at("networks")).await, 401);
}

#[tokio::test]
async fn networks_and_subnets_are_shown() {
    let bench = Bench::new();
    let body = bench.body(Who::Reader, 1, &at("networks")).await;
    let row = &body["networks"][0];
    assert_eq!(body, json!({ "networks": [row] }));
    for (field, expected) in [
        ("id", json!(PRIVATE)),
        ("name", json!("private")),
        ("status", json!("ACTIVE")),
        ("shared", json!(true)),
        ("router:external", json!(false)),
        ("subnets", json!([SUBNET])),
    ] {
        assert_eq!(row[field], expected, "{field}");
    }
    let one = bench.body(Who::Reader, 1, &at(&format!("networks/{PRIVATE}"))).await;
    assert_eq!(one, json!({ "network": row }));
    let one = bench.body(Who::Reader, 1, &at(&format!("subnets/{SUBNET}"))).await;
    let subnet = &one["subnet"];
    assert_eq!(subnet["cidr"], "10.0.0.0/24");
    assert_eq!(subnet["gateway_ip"], "10.0.0.1");
    assert_eq!(subnet["allocation_pools"], json!([{ "start": "10.0.0.2", "end": "10.0.0.254" }]));
    assert_eq!(subnet["network_id"], json!(PRIVATE));
}

#[tokio::test]
async fn names_and_unknown_ids_are_404_in_neutrons_shape() {
    let bench = Bench::new();
    for path in ["networks/private", "subnets/x", "security-groups/default", "ports/x", "routers/x"]
    {
        let answer = bench.get(Who::Reader, 1, &at(path)).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.body["NeutronError"]["type"], "NotFound", "{path}");
    }
    let answer = bench.get(Who::Reader, 1, &at("networks/private")).await;
    assert_eq!(answer.body["NeutronError"]["message"], "Network private could not be found.");
    let answer = bench.get(Who::Reader, 1, &at("security-groups/default")).await;
    assert_eq!(answer.message(), "Security group default could not be found.");
}

#[tokio::test]
async fn lists_are_filtered_by_any_field() {
    let bench = Bench::new();
    let id = PRIVATE.to_string();
    let kept = [
        "name=private",
        "name=x&name=private",
        "shared=True",
        "router:external=False",
        "admin_state_up=1",
        "status=ACTIVE",
        "color=red",
        "tags-any=x",
        "mtu=1500",
        "fields=id&fields=name",
        "sort_key=name&sort_dir=desc",
    ];
    for query in kept {
        assert_eq!(ids(&bench, Who::Reader, "networks", query).await, [&*id], "{query}");
    }
    for query in ["name=public", "router:external=True", "shared=0", "tags=x", "status=DOWN"] {
        let found = ids(&bench, Who::Reader, "networks", query).await;
        assert_eq!(found, Vec::<String>::new(), "{query}");
    }
    let body = bench.body(Who::Reader, 1, &at("networks?fields=id&fields=name")).await;
    assert_eq!(body, json!({ "networks": [{ "id": PRIVATE, "name": "private" }] }));
    let body = bench.body(Who::Reader, 1, &at("networks?limit=1&fields=id")).await;
    let href = format!("http://cloud/network/v2.0/networks?limit=1&fields=id&marker={id}");
    assert_eq!(body["networks_links"], json!([{ "rel": "next", "href": href }]));
    let next = bench.body(Who::Reader, 1, href.trim_start_matches("http://cloud")).await;
    assert_eq!(next, json!({ "networks": [] }));
    assert_eq!(bench.status(Who::Reader, 1, &at("networks?marker=x")).await, 400);
}

#[tokio::test]
async fn ports_are_those_of_servers() {
    let bench = Bench::new();
    let servers = bench.servers(0, 2).await;
    let others = bench.servers(1, 1).await;
    let of = async |who, id| {
        let body = bench.body(who, 1, &at(&format!("ports?device_id={id}"))).await;
        body["ports"].as_array().expect("a list").clone()
    };
    let rows = of(Who::Reader, servers[0]).await;
    assert_eq!(rows.len(), 1);
    for (field, expected) in [
        ("device_id", json!(servers[0])),
        ("device_owner", json!("compute:nova")),
        ("network_id", json!(PRIVATE)),
        ("mac_address", json!("fa:16:3e:00:00:00")),
        ("fixed_ips", json!([{ "subnet_id": SUBNET, "ip_address": "10.0.0.10" }])),
        ("status", json!("ACTIVE")),
        ("project_id", json!(DEMO)),
    ] {
        assert_eq!(rows[0][field], expected, "{field}");
    }
    let id = rows[0]["id"].as_str().expect("an id");
    let one = bench.body(Who::Reader, 1, &at(&format!("ports/{id}"))).await;
    assert_eq!(one, json!({ "port": rows[0] }));
    assert_eq!(of(Who::Member, others[0]).await, Vec::<Value>::new(), "another project's");
    assert_eq!(of(Who::Admin, others[0]).await.len(), 1);
    assert_eq!(ids(&bench, Who::Member, "ports", "").await.len(), 2);
    assert_eq!(ids(&bench, Who::Admin, "ports", "").await.len(), 3);
    assert_eq!(bench.status(Who::Alt, 1, &at(&format!("ports/{id}"))).await, 404);
    let by_address = ids(&bench, Who::Member, "ports", "fixed_ips=ip_address%3D10.0.0.11").await;
    assert_eq!(by_address.len(), 1);
    let security_group = &ids(&bench, Who::Member, "security-groups", "name=default").await[0];
    assert_eq!(rows[0]["security_groups"], json!([security_group]));
}

#[tokio::test]
async fn ports_have_pages() {
    let bench = Bench::new();
    bench.servers(0, 3).await;
    let all = ids(&bench, Who::Member, "ports", "").await;
    let mut path = at("ports?limit=2");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let body = bench.body(Who::Member, 1, &path).await;
        seen.extend(column(&body["ports"], "id"));
        let Some(href) = body["ports_links"][0]["href"].as_str() else { break };
        path = href.strip_prefix("http://cloud").expect("our own").to_owned();
    }
    assert_eq!(seen, all);
    assert_eq!(bench.status(Who::Member, 1, &at("ports?marker=x")).await, 400);
    assert_eq!(ids(&bench, Who::Member, "ports", "limit=0").await.len(), 0);
}

#[tokio::test]
async fn a_project_with_more_ports_than_a_page_has_two() {
    let bench = Bench::new();
    for _ in 0..11 {
        bench.servers(1, 100).await;
    }
    let body = bench.body(Who::Alt, 1, &at("ports?fields=id")).await;
    let mut seen = column(&body["ports"], "id");
    assert_eq!(seen.len(), 1_000);
    let href = body["ports_links"][0]["href"].as_str().expect("a link");
    let path = href.strip_prefix("http://cloud").expect("our own");
    seen.extend(column(&bench.body(Who::Alt, 1, path).await["ports"], "id"));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 1_100);
    let body = bench.body(Who::Alt, 1, &at(&format!("quotas/{ALT}/details"))).await;
    assert_eq!(body["quota"]["port"]["used"], 1_100, "counted past a page");
    for id in [&seen[0], &seen[1_099]] {
        assert_eq!(bench.status(Who::Alt, 1, &at(&format!("ports/{id}"))).await, 200);
    }
}

#[tokio::test]
async fn a_project_has_one_security_group() {
    let bench = Bench::new();
    let own = ids(&bench, Who::Member, "security-groups", "").await;
    let others = ids(&bench, Who::Alt, "security-groups", "").await;
    assert_eq!((own.len(), others.len()), (1, 1));
    assert_ne!(own, others);
    assert_eq!(ids(&bench, Who::Admin, "security-groups", "").await.len(), 2);
    let of_demo = ids(&bench, Who::Admin, "security-groups", &format!("project_id={DEMO}")).await;
    assert_eq!(of_demo, own);
    let one = bench.body(Who::Member, 1, &at(&format!("security-groups/{}", own[0]))).await;
    assert_eq!(one["security_group"]["name"], "default");
    let path = at(&format!("security-groups/{}", others[0]));
    assert_eq!(bench.status(Who::Member, 1, &path).await, 404);
}

#[tokio::test]
async fn what_there_is_none_of_has_empty_lists() {
    let bench = Bench::new();
    for list in ["floatingips?port_id=x", "security-group-rules", "routers", "trunks"] {
        let body = bench.body(Who::Reader, 1, &at(list)).await;
        let rows = body.as_object().and_then(|body| body.values().next());
        assert_eq!(rows, Some(&json!([])), "{list}");
    }
    assert_eq!(bench.body(Who::Member, 1, &at("agents")).await, json!({ "agents": [] }));
    assert_eq!(bench.status(Who::Member, 1, &at("agents/1")).await, 404);
    assert_eq!(bench.body(Who::Admin, 1, &at("agents")).await, json!({ "agents": [] }));
    let body = bench.body(Who::Reader, 1, &at("extensions")).await;
    assert!(column(&body["extensions"], "alias").contains(&"security-group".to_owned()));
    let zones = bench.body(Who::Reader, 1, &at("availability_zones")).await;
    assert_eq!(zones["availability_zones"][0]["state"], "available");
}

#[tokio::test]
async fn networks_can_only_be_looked_at() {
    let bench = Bench::new();
    for (method, path) in [
        ("POST", "networks".to_owned()),
        ("PUT", format!("networks/{PRIVATE}")),
        ("DELETE", "ports/x".to_owned()),
        ("POST", "floatingips".to_owned()),
        ("POST", "security-group-rules".to_owned()),
        ("PUT", format!("quotas/{DEMO}")),
    ] {
        let answer = bench.ask(Who::Reader, 1, method, &at(&path), None).await;
        assert_eq!(answer.status, 403, "{path}");
        let answer = bench.ask(Who::Member, 1, method, &at(&path), None).await;
        assert_eq!(answer.status, 501, "{path}");
        assert_eq!(answer.body["NeutronError"]["type"], "NotImplemented");
    }
}

#[tokio::test]
async fn networks_quotas_limit_nothing() {
    let bench = Bench::new();
    bench.servers(0, 2).await;
    for path in [DEMO.to_owned(), format!("{DEMO}/default")] {
        let body = bench.body(Who::Reader, 1, &at(&format!("quotas/{path}"))).await;
        assert_eq!((&body["quota"]["port"], &body["quota"]["network"]), (&json!(-1), &json!(-1)));
    }
    let body = bench.body(Who::Reader, 1, &at(&format!("quotas/{DEMO}/details"))).await;
    assert_eq!(body["quota"]["port"], json!({ "limit": -1, "used": 2, "reserved": 0 }));
    assert_eq!(bench.status(Who::Member, 1, &at(&format!("quotas/{ALT}"))).await, 403);
    assert_eq!(bench.status(Who::Admin, 1, &at(&format!("quotas/{ALT}"))).await, 200);
    assert_eq!(bench.status(Who::Admin, 1, &at("quotas/nobody")).await, 404);
    assert_eq!(bench.body(Who::Admin, 1, &at("quotas")).await, json!({ "quotas": [] }));
}

#[tokio::test]
async fn a_direction_of_sorting_that_is_none_is_400() {
    let bench = Bench::new();
    for path in ["networks?sort_dir=up", "networks?sort_key=name&sort_dir=up", "ports?sort_dir=up"]
    {
        assert_eq!(bench.status(Who::Member, 1, &at(path)).await, 400, "{path}");
    }
}
