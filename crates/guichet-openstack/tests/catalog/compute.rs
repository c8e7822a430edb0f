//! Limits, quotas, zones, services, usage and what there is none of.

use serde_json::{Value, json};

use crate::support::{ALT, Bench, DEMO, Who, column};

/// Whole bodies are compared at these.
const VERSIONS: [u16; 7] = [1, 36, 47, 61, 75, 88, 96];

/// A path of Compute's.
fn at(path: &str) -> String {
    format!("/compute/v2.1/{path}")
}

/// Takes fields out of an object.
fn without(mut object: Value, fields: &[&str]) -> Value {
    let map = object.as_object_mut().expect("an object");
    map.retain(|name, _| !fields.contains(&name.as_str()));
    object
}

const NETWORK_LIMITS: &[&str] = &[
    "maxTotalFloatingIps",
    "maxSecurityGroups",
    "maxSecurityGroupRules",
    "totalFloatingIpsUsed",
    "totalSecurityGroupsUsed",
];

#[tokio::test]
async fn limits_lose_what_is_the_networks_and_injected_files() {
    let bench = Bench::new();
    bench.servers(0, 2).await;
    let all = json!({
        "maxTotalInstances": 10, "maxTotalCores": 20, "maxTotalRAMSize": -1,
        "maxTotalKeypairs": 100, "maxServerMeta": 128, "maxImageMeta": 128,
        "maxServerGroups": 10, "maxServerGroupMembers": 10,
        "maxPersonality": 5, "maxPersonalitySize": 10240,
        "maxTotalFloatingIps": -1, "maxSecurityGroups": -1, "maxSecurityGroupRules": -1,
        "totalInstancesUsed": 2, "totalCoresUsed": 2, "totalRAMUsed": 1024,
        "totalServerGroupsUsed": 0, "totalFloatingIpsUsed": 0, "totalSecurityGroupsUsed": 0,
    });
    for minor in [1, 35, 36, 38, 39, 47, 56, 57, 61, 75, 88, 96] {
        let mut absolute = all.clone();
        if minor >= 36 {
            absolute = without(absolute, NETWORK_LIMITS);
        }
        if minor >= 39 {
            absolute = without(absolute, &["maxImageMeta"]);
        }
        if minor >= 57 {
            absolute = without(absolute, &["maxPersonality", "maxPersonalitySize"]);
        }
        let expected = json!({ "limits": { "rate": [], "absolute": absolute } });
        assert_eq!(bench.body(Who::Reader, minor, &at("limits")).await, expected, "2.{minor}");
    }
}

#[tokio::test]
async fn another_projects_limits_are_for_administrators() {
    let bench = Bench::new();
    let reserved = bench.body(Who::Member, 1, &at("limits?reserved=False")).await;
    assert_eq!(reserved["limits"]["absolute"]["maxTotalInstances"], 10);
    let other = at(&format!("limits?tenant_id={ALT}"));
    assert_eq!(bench.status(Who::Member, 1, &other).await, 403);
    let body = bench.body(Who::Admin, 1, &other).await;
    assert_eq!(body["limits"]["absolute"]["maxTotalInstances"], -1);
    assert_eq!(bench.status(Who::Admin, 1, &at("limits?tenant_id=nobody")).await, 400);
    assert_eq!(bench.status(Who::Member, 75, &at("limits?color=red")).await, 400);
}

#[tokio::test]
async fn quota_sets_lose_what_is_the_networks_and_injected_files() {
    let bench = Bench::new();
    let all = json!({
        "id": DEMO, "instances": 10, "cores": 20, "ram": -1, "metadata_items": 128,
        "key_pairs": 100, "server_groups": 10, "server_group_members": 10,
        "fixed_ips": -1, "floating_ips": -1, "security_groups": -1, "security_group_rules": -1,
        "injected_files": 5, "injected_file_content_bytes": 10240, "injected_file_path_bytes": 255,
    });
    let networks = &["fixed_ips", "floating_ips", "security_groups", "security_group_rules"];
    let injected = &["injected_files", "injected_file_content_bytes", "injected_file_path_bytes"];
    for minor in [1, 35, 36, 47, 56, 57, 61, 75, 88, 96] {
        let mut set = all.clone();
        if minor >= 36 {
            set = without(set, networks);
        }
        if minor >= 57 {
            set = without(set, injected);
        }
        let expected = json!({ "quota_set": set });
        for path in [DEMO.to_owned(), format!("{DEMO}/defaults")] {
            let path = at(&format!("os-quota-sets/{path}"));
            assert_eq!(bench.body(Who::Reader, minor, &path).await, expected, "{path} 2.{minor}");
        }
    }
}

#[tokio::test]
async fn a_quota_in_detail_says_what_is_in_use() {
    let bench = Bench::new();
    bench.servers(0, 3).await;
    let body = bench.body(Who::Member, 57, &at(&format!("os-quota-sets/{DEMO}/detail"))).await;
    let set = &body["quota_set"];
    assert_eq!(set["id"], DEMO);
    assert_eq!(set["instances"], json!({ "limit": 10, "in_use": 3, "reserved": 0 }));
    assert_eq!(set["cores"], json!({ "limit": 20, "in_use": 3, "reserved": 0 }));
    assert_eq!(set["ram"], json!({ "limit": -1, "in_use": 1536, "reserved": 0 }));
    assert_eq!(set["metadata_items"], json!({ "limit": 128, "in_use": 0, "reserved": 0 }));
}

#[tokio::test]
async fn quotas_of_others_are_for_administrators_who_change_them() {
    let bench = Bench::new();
    let quota = |id: &str| at(&format!("os-quota-sets/{id}"));
    assert_eq!(bench.status(Who::Alt, 1, &quota(DEMO)).await, 403);
    assert_eq!(bench.status(Who::Alt, 1, &quota("demo")).await, 403);
    assert_eq!(bench.status(Who::Admin, 1, &quota(ALT)).await, 200);
    assert_eq!(bench.status(Who::Admin, 1, &quota("demo")).await, 400, "a name is no id");
    assert_eq!(bench.status(Who::Member, 75, &format!("{}?color=red", quota(DEMO))).await, 400);
    let body = json!({ "quota_set": { "instances": 100 } });
    for (method, status, instances) in [("PUT", 200, 100), ("DELETE", 202, 10)] {
        let answer = bench.ask(Who::Member, 57, method, &quota(DEMO), Some(&body)).await;
        assert_eq!(answer.status, 403);
        let answer = bench.ask(Who::Admin, 57, method, &quota(DEMO), Some(&body)).await;
        assert_eq!(answer.status, status);
        let shown = bench.body(Who::Member, 57, &quota(DEMO)).await;
        assert_eq!(shown["quota_set"]["instances"], instances);
    }
    assert_eq!(bench.ask(Who::Admin, 57, "PUT", &quota("demo"), Some(&body)).await.status, 400);
}

#[tokio::test]
async fn there_is_one_zone_and_administrators_see_its_hosts() {
    let bench = Bench::new();
    let zone = json!({ "zoneName": "nova", "zoneState": { "available": true }, "hosts": null });
    let expected = json!({ "availabilityZoneInfo": [zone] });
    for minor in VERSIONS {
        let body = bench.body(Who::Reader, minor, &at("os-availability-zone")).await;
        assert_eq!(body, expected);
    }
    let detail = at("os-availability-zone/detail");
    assert_eq!(bench.status(Who::Member, 1, &detail).await, 403);
    let body = bench.body(Who::Admin, 1, &detail).await;
    let hosts = &body["availabilityZoneInfo"][0]["hosts"];
    assert_eq!(hosts.as_object().map(serde_json::Map::len), Some(2));
    let service = &hosts["host-0001"]["nova-compute"];
    assert_eq!((&service["available"], &service["active"]), (&json!(true), &json!(true)));
    assert_eq!(service["updated_at"].as_str().map(str::len), Some(26), "no zone");
    let internal = &body["availabilityZoneInfo"][1];
    assert_eq!(internal["zoneName"], "internal");
    let own = &internal["hosts"]["controller"];
    for binary in ["nova-conductor", "nova-scheduler"] {
        let shown = (&own[binary]["available"], &own[binary]["active"]);
        assert_eq!(shown, (&json!(true), &json!(true)), "{binary}");
    }
}

#[tokio::test]
async fn services_beside_hosts_are_listed_and_never_changed() {
    let bench = Bench::new();
    let services = at("os-services");
    for minor in VERSIONS {
        let body = bench.body(Who::Admin, minor, &services).await;
        let rows = body["services"].as_array().unwrap();
        let own: Vec<&Value> = rows.iter().filter(|row| row["zone"] == "internal").collect();
        assert_eq!(own.len(), 2, "2.{minor}");
        for (place, row) in own.into_iter().enumerate() {
            let binary = ["nova-scheduler", "nova-conductor"][place];
            let mut expected = json!({
                "id": row["id"], "binary": binary, "host": "controller", "zone": "internal",
                "status": "enabled", "state": "up", "disabled_reason": null,
                "updated_at": row["updated_at"],
            });
            if minor >= 11 {
                expected["forced_down"] = json!(false);
            }
            assert_eq!(*row, expected, "2.{minor}");
            let (path, body) = if minor < 53 {
                assert_eq!(row["id"], 3 + place, "behind the hosts");
                ("disable".to_owned(), json!({ "host": "controller", "binary": binary }))
            } else {
                (row["id"].as_str().unwrap().to_owned(), json!({ "status": "disabled" }))
            };
            let path = format!("{services}/{path}");
            assert_eq!(bench.ask(Who::Member, minor, "PUT", &path, Some(&body)).await.status, 403);
            let answer = bench.ask(Who::Admin, minor, "PUT", &path, Some(&body)).await;
            let text = format!(
                "Updating a {binary} service is not supported. Only nova-compute services can be \
                 updated."
            );
            assert_eq!((answer.status, answer.message()), (400, &*text), "2.{minor}");
            let id = row["id"].to_string();
            let path = format!("{services}/{}", id.trim_matches('"'));
            assert_eq!(bench.ask(Who::Admin, minor, "DELETE", &path, None).await.status, 501);
        }
    }
}

#[tokio::test]
async fn services_have_numbers_then_uuids() {
    let bench = Bench::new();
    let services = at("os-services");
    assert_eq!(bench.status(Who::Member, 1, &services).await, 403);
    for minor in VERSIONS {
        let body = bench.body(Who::Admin, minor, &services).await;
        let row = &body["services"][0];
        assert_eq!(row["updated_at"].as_str().map(str::len), Some(26), "no zone");
        let mut expected = json!({
            "id": row["id"], "binary": "nova-compute", "host": "host-0001", "zone": "nova",
            "status": "enabled", "state": "up", "disabled_reason": null,
            "updated_at": row["updated_at"],
        });
        if minor >= 11 {
            expected["forced_down"] = json!(false);
        }
        assert_eq!(*row, expected, "2.{minor}");
        if minor < 53 {
            assert_eq!(row["id"], 1);
        } else {
            assert_eq!(row["id"].as_str().map(str::len), Some(36));
        }
    }
    let count = async |query: &str| {
        let body = bench.body(Who::Admin, 96, &format!("{services}?{query}")).await;
        column(&body["services"], "host")
    };
    assert_eq!(count("host=host-0002").await, ["host-0002"]);
    assert_eq!(count("binary=nova-compute").await.len(), 2);
    assert_eq!(count("binary=nova-scheduler").await, ["controller"]);
    assert_eq!(count("binary=nova-conductor").await, ["controller"]);
    assert_eq!(count("binary=nova-osapi_compute").await.len(), 0);
    assert_eq!(count("host=controller").await.len(), 2);
    assert_eq!(count("host=controller&binary=nova-compute").await.len(), 0);
    assert_eq!(count("").await.len(), 4);
    assert_eq!(bench.status(Who::Admin, 75, &format!("{services}?color=red")).await, 400);
    let off = json!({ "status": "disabled" });
    let path = format!("{services}/1");
    assert_eq!(bench.ask(Who::Admin, 53, "PUT", &path, Some(&off)).await.status, 400, "no uuid");
    let named = json!({ "host": "host-0002", "binary": "nova-compute" });
    let disable = format!("{services}/disable");
    assert_eq!(bench.ask(Who::Member, 1, "PUT", &disable, Some(&named)).await.status, 403);
    let answer = bench.ask(Who::Admin, 1, "PUT", &disable, Some(&named)).await;
    assert_eq!((answer.status, &answer.body["service"]["status"]), (200, &json!("disabled")));
    let shown = bench.body(Who::Admin, 1, &services).await;
    assert_eq!(shown["services"][1]["status"], "disabled");
    let other = json!({ "host": "moon", "binary": "nova-compute" });
    assert_eq!(bench.ask(Who::Admin, 1, "PUT", &disable, Some(&other)).await.status, 404);
}

#[tokio::test]
async fn what_there_is_none_of_yet_has_empty_lists() {
    let bench = Bench::new();
    for minor in VERSIONS {
        for (path, name) in [("os-aggregates", "aggregates")] {
            let body = bench.body(Who::Admin, minor, &at(path)).await;
            assert_eq!(body, json!({ name: [] }));
            let one = at(&format!("{path}/nothing"));
            assert_eq!(bench.status(Who::Admin, minor, &one).await, 404);
            let answer = bench.ask(Who::Admin, minor, "POST", &at(path), Some(&json!({}))).await;
            assert_eq!(answer.status, 400, "{path}");
            let new = json!({ "aggregate": { "name": "a" } });
            let answer = bench.ask(Who::Reader, minor, "POST", &at(path), Some(&new)).await;
            assert_eq!(answer.status, 403, "{path}");
        }
    }
    assert_eq!(bench.status(Who::Member, 1, &at("os-aggregates")).await, 403);
    assert_eq!(bench.status(Who::Member, 1, &at("os-server-groups?all_projects=1")).await, 403);
}

#[tokio::test]
async fn extensions_are_found_by_alias() {
    let bench = Bench::new();
    let body = bench.body(Who::Reader, 1, &at("extensions")).await;
    assert!(column(&body["extensions"], "alias").contains(&"os-quota-sets".to_owned()));
    for row in body["extensions"].as_array().expect("a list") {
        let names: Vec<&String> = row.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["alias", "description", "links", "name", "namespace", "updated"]);
    }
    let one = bench.body(Who::Reader, 1, &at("extensions/os-quota-sets")).await;
    assert_eq!(one["extension"]["alias"], "os-quota-sets");
    assert_eq!(bench.status(Who::Reader, 1, &at("extensions/os-dreams")).await, 404);
}

#[tokio::test]
async fn usage_is_what_servers_have_run_for() {
    let bench = Bench::new();
    let usage = at("os-simple-tenant-usage");
    let own = format!("{usage}/{DEMO}?start=2020-01-01T00:00:00&end=2100-01-01T00:00:00.5");
    assert_eq!(bench.body(Who::Member, 1, &own).await, json!({ "tenant_usage": {} }));
    let servers = bench.servers(0, 2).await;
    let body = bench.body(Who::Reader, 1, &own).await;
    let report = &body["tenant_usage"];
    assert_eq!(report["tenant_id"], DEMO);
    assert_eq!(report["start"], "2020-01-01T00:00:00.000000");
    let rows = report["server_usages"].as_array().expect("a list");
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert!(servers.iter().any(|id| row["instance_id"] == id.to_string()));
        assert_eq!((&row["flavor"], &row["vcpus"]), (&json!("m1.tiny"), &json!(1)));
        assert_eq!((&row["state"], &row["ended_at"]), (&json!("active"), &Value::Null));
    }
    assert!(report["total_hours"].as_f64().is_some_and(|hours| (0.0..0.1).contains(&hours)));
    let past = format!("{usage}/{DEMO}?start=2020-01-01T00:00:00&end=2020-01-02T00:00:00");
    assert_eq!(bench.body(Who::Member, 1, &past).await, json!({ "tenant_usage": {} }));
}

#[tokio::test]
async fn usage_has_pages_from_2_40_on_and_all_projects_are_for_administrators() {
    let bench = Bench::new();
    let usage = at("os-simple-tenant-usage");
    bench.servers(0, 2).await;
    bench.servers(1, 1).await;
    assert_eq!(bench.status(Who::Member, 1, &usage).await, 403);
    assert_eq!(bench.status(Who::Alt, 1, &format!("{usage}/{DEMO}")).await, 403);
    let body = bench.body(Who::Admin, 1, &format!("{usage}?limit=1")).await;
    assert_eq!(body["tenant_usages"].as_array().map(Vec::len), Some(2), "all, not a page");
    assert!(body["tenant_usages"][0].get("server_usages").is_none());
    let mut path = format!("{usage}/{DEMO}?detailed=1&limit=1");
    for _ in 0..2 {
        let body = bench.body(Who::Member, 40, &path).await;
        let rows = &body["tenant_usage"]["server_usages"];
        assert_eq!(rows.as_array().map(Vec::len), Some(1));
        let href = body["tenant_usage_links"][0]["href"].as_str().expect("a link");
        path = href.strip_prefix("http://cloud").expect("our own").to_owned();
    }
    assert_eq!(bench.body(Who::Member, 40, &path).await, json!({ "tenant_usage": {} }));
    for wrong in ["start=yesterday", "start=2100-01-01T00:00:00", "limit=-1", "marker=x"] {
        let path = format!("{usage}/{DEMO}?{wrong}");
        assert_eq!(bench.status(Who::Member, 40, &path).await, 400, "{wrong}");
    }
}
