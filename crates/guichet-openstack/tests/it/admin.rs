//! What administrators write while the cloud runs, and what comes of it for servers.

use std::collections::BTreeMap;
use std::sync::Arc;

use guichet_cloud::ids;
use guichet_core::action::Action;
use serde_json::{Value, json};

use crate::keypairs::ED25519;
use crate::servers::bench::{column, fault};
use crate::servers::{Bench, Client};

/// The id of a host's service.
async fn service(admin: &Client<'_>, place: usize) -> (String, String) {
    let body = admin.body("/os-services").await;
    let row = &body["services"][place];
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    (text("id"), text("host"))
}

pub(crate) async fn host_of(admin: &Client<'_>, id: &str) -> String {
    admin.server(id).await["OS-EXT-SRV-ATTR:host"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_disabled_host_takes_no_servers_and_an_evacuation_needs_one_that_is_down() {
    let bench = Bench::with(|declared| declared.hosts.truncate(2));
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let (first, name) = service(&admin, 0).await;
    let path = format!("/os-services/{first}");
    assert_eq!(client.put(&path, &json!({ "status": "disabled" })).await.code(), 403);
    let disabled = json!({ "status": "disabled", "disabled_reason": "repair" });
    let row = admin.put(&path, &disabled).await.json()["service"].clone();
    assert_eq!((&row["status"], &row["disabled_reason"]), (&json!("disabled"), &json!("repair")));
    for _ in 0..4 {
        let id = client.active(&json!({})).await;
        assert_ne!(host_of(&admin, &id).await, name);
    }
    let id = client.active(&json!({})).await;
    let other = host_of(&admin, &id).await;
    let evacuate = json!({ "evacuate": {} });
    let answer = admin.act(&id, &evacuate).await;
    let text = format!("Compute service of {other} is still in use.");
    assert_eq!((answer.code(), fault(&answer)), (400, text));
    assert_eq!(admin.put(&path, &json!({ "status": "enabled" })).await.code(), 200);
    let (second, _) = service(&admin, 1).await;
    let down = admin.put(&format!("/os-services/{second}"), &json!({ "forced_down": true })).await;
    assert_eq!(down.json()["service"]["state"], "down");
    assert_eq!(admin.act(&id, &evacuate).await.code(), 202);
    admin.until(&id, "ACTIVE").await;
    assert_eq!(host_of(&admin, &id).await, name);
    assert!(bench.test.cloud.manager().audit().holds());
    for (body, status) in [
        (json!({}), 400),
        (json!({ "status": "enabled", "disabled_reason": "x" }), 400),
        (json!({ "status": "asleep" }), 400),
    ] {
        assert_eq!(admin.put(&path, &body).await.code(), status, "{body}");
    }
    assert_eq!(admin.put("/os-services/x", &json!({ "status": "enabled" })).await.code(), 400);
}

#[tokio::test]
async fn an_administrator_names_the_host_of_a_server() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let (_, name) = service(&admin, 3).await;
    let zone = json!({ "availability_zone": format!("nova:{name}") });
    assert_eq!(client.ask(&zone).await.code(), 403);
    let id = admin.active(&zone).await;
    assert_eq!(host_of(&admin, &id).await, name);
    let id = admin.active(&json!({ "host": name })).await;
    assert_eq!(host_of(&admin, &id).await, name);
    for wrong in [
        json!({ "availability_zone": "nova:moon" }),
        json!({ "host": "moon" }),
        json!({ "host": name, "hypervisor_hostname": "moon" }),
        json!({ "availability_zone": "moon" }),
    ] {
        assert_eq!(admin.ask(&wrong).await.code(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn an_aggregate_makes_a_zone() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let (_, name) = service(&admin, 2).await;
    let body = json!({ "aggregate": { "name": "fast", "availability_zone": "east" } });
    assert_eq!(client.post("/os-aggregates", &body).await.code(), 403);
    let made = admin.post("/os-aggregates", &body).await;
    assert_eq!(made.code(), 200);
    let id = made.json()["aggregate"]["id"].as_u64().unwrap();
    assert_eq!(admin.post("/os-aggregates", &body).await.code(), 409);
    let act = async |body: Value| admin.post(&format!("/os-aggregates/{id}/action"), &body).await;
    assert_eq!(act(json!({ "add_host": { "host": name } })).await.code(), 200);
    assert_eq!(act(json!({ "add_host": { "host": name } })).await.code(), 409);
    assert_eq!(act(json!({ "add_host": { "host": "moon" } })).await.code(), 404);
    let metadata = json!({ "set_metadata": { "metadata": { "ssd": "true" } } });
    let shown = act(metadata).await.json()["aggregate"].clone();
    assert_eq!(shown["metadata"], json!({ "availability_zone": "east", "ssd": "true" }));
    let zones = client.body("/os-availability-zone").await;
    assert_eq!(zones["availabilityZoneInfo"][1]["zoneName"], "east");
    let server = client.active(&json!({ "availability_zone": "east" })).await;
    assert_eq!(host_of(&admin, &server).await, name);
    assert_eq!(client.server(&server).await["OS-EXT-AZ:availability_zone"], "east");
    let server = client.active(&json!({ "availability_zone": "nova" })).await;
    assert_ne!(host_of(&admin, &server).await, name);
    let path = format!("/os-aggregates/{id}");
    assert_eq!(admin.delete(&path).await.code(), 400);
    assert_eq!(act(json!({ "remove_host": { "host": name } })).await.code(), 200);
    assert_eq!(admin.delete(&path).await.code(), 200);
    assert_eq!(admin.get(&path).await.code(), 404);
}

#[tokio::test]
async fn a_quota_that_is_written_holds_at_once() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let project = bench.test.cloud.accounts().directory().projects()[0].id.clone();
    let path = format!("/os-quota-sets/{project}");
    let body = |instances: i64| json!({ "quota_set": { "instances": instances } });
    assert_eq!(client.put(&path, &body(1)).await.code(), 403);
    let set = admin.put(&path, &body(1)).await.json();
    assert_eq!(
        (&set["quota_set"]["instances"], &set["quota_set"]["cores"]),
        (&json!(1), &json!(20))
    );
    client.active(&json!({})).await;
    let answer = client.ask(&json!({})).await;
    let text = "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances";
    assert_eq!((answer.code(), fault(&answer)), (403, text.to_owned()));
    assert_eq!(admin.put(&path, &body(0)).await.code(), 400);
    let forced = json!({ "quota_set": { "instances": 0, "force": true } });
    assert_eq!(admin.put(&path, &forced).await.code(), 200);
    assert!(bench.test.cloud.manager().audit().holds());
    assert_eq!(admin.delete(&path).await.code(), 202);
    client.active(&json!({})).await;
    let class = json!({ "quota_class_set": { "instances": 2 } });
    assert_eq!(admin.put("/os-quota-class-sets/default", &class).await.code(), 200);
    assert_eq!(client.ask(&json!({})).await.code(), 403);
    for (body, status) in [
        (json!({ "quota_set": { "instances": -2 } }), 400),
        (json!({ "quota_set": { "dogs": 1 } }), 400),
        (json!({ "quota_set": { "metadata_items": 7, "fixed_ips": 9 } }), 400),
        (json!({ "quota_set": { "metadata_items": 7 } }), 200),
    ] {
        assert_eq!(admin.put(&path, &body).await.code(), status, "{body}");
    }
}

#[tokio::test]
async fn limits_beside_servers_are_written_shown_and_hold() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let path = format!("/os-quota-sets/{}", bench.test.project_id("demo"));
    let limits = json!({ "metadata_items": 1, "key_pairs": 1, "server_groups": 1, "ram": -1 });
    let written = admin.put(&path, &json!({ "quota_set": limits })).await;
    assert_eq!(written.code(), 200);
    let old = json!({ "quota_set": { "injected_files": 2, "floating_ips": 9 } });
    assert_eq!(admin.at(35).put(&path, &old).await.json()["quota_set"]["floating_ips"], 9);
    let shown = admin.body(&path).await;
    for (name, value) in limits.as_object().unwrap() {
        assert_eq!(shown["quota_set"][name], *value, "{name}");
    }
    assert_eq!(client.body("/limits").await["limits"]["absolute"]["maxServerMeta"], 1);
    let two = json!({ "metadata": { "a": "1", "b": "2" } });
    assert_eq!(client.ask(&two).await.code(), 403);
    let id = client.active(&json!({ "metadata": { "a": "1" } })).await;
    let metadata = format!("/servers/{id}/metadata");
    assert_eq!(client.post(&metadata, &json!({ "metadata": { "a": "2" } })).await.code(), 200);
    assert_eq!(client.post(&metadata, &json!({ "metadata": { "b": "2" } })).await.code(), 403);
    assert_eq!(client.put(&metadata, &two).await.code(), 403);
    for (path, body) in [
        ("/os-server-groups", json!({ "server_group": { "name": "a", "policy": "affinity" } })),
        ("/os-keypairs", json!({ "keypair": { "name": "a", "public_key": ED25519 } })),
    ] {
        assert!(client.post(path, &body).await.status.is_success(), "{path}");
        let mut another = body.clone();
        let inner = another.as_object_mut().unwrap().values_mut().next().unwrap();
        inner["name"] = json!("b");
        assert_eq!(client.post(path, &another).await.code(), 403, "{path}");
    }
    assert_eq!(admin.delete(&path).await.code(), 202);
    assert_eq!(client.post(&metadata, &json!({ "metadata": { "b": "2" } })).await.code(), 200);
}

#[tokio::test]
async fn usage_has_what_was_deleted_in_its_time() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({ "name": "gone" })).await;
    client.active(&json!({ "name": "there" })).await;
    assert_eq!(client.delete(&format!("/servers/{id}")).await.code(), 204);
    client.until_gone(&id).await;
    let project = bench.test.project_id("demo");
    let report = "start=2020-01-01T00:00:00&detailed=1";
    for minor in [39, 40] {
        let path = format!("/os-simple-tenant-usage/{project}?{report}");
        let usage = client.at(minor).body(&path).await;
        let rows = usage["tenant_usage"]["server_usages"].as_array().unwrap().clone();
        let mut states: Vec<(String, String)> = rows
            .iter()
            .map(|row| {
                (
                    row["name"].as_str().unwrap().to_owned(),
                    row["state"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        states.sort();
        let expected = [("gone", "terminated"), ("there", "active")];
        let expected = expected.map(|(name, state)| (name.to_owned(), state.to_owned()));
        assert_eq!(states, expected, "2.{minor}");
        let gone = rows.iter().find(|row| row["name"] == "gone").unwrap();
        assert!(gone["ended_at"].is_string() && gone["uptime"].is_u64(), "{gone}");
        let all = admin.at(minor).body(&format!("/os-simple-tenant-usage?{report}")).await;
        let of_it = all["tenant_usages"].as_array().unwrap();
        let of_it: Vec<_> = of_it.iter().filter(|usage| usage["tenant_id"] == project).collect();
        assert_eq!(of_it.len(), 1, "one row for a project");
    }
    // A page has deleted ones in their place, and the next begins behind one that is gone.
    let mut seen = Vec::new();
    let mut path = format!("/os-simple-tenant-usage/{project}?{report}&limit=1");
    for _ in 0..2 {
        let usage = client.body(&path).await;
        for row in usage["tenant_usage"]["server_usages"].as_array().unwrap() {
            seen.push(row["name"].as_str().unwrap().to_owned());
        }
        let next = usage["tenant_usage_links"][0]["href"].as_str().unwrap();
        path = next.split_once("/compute/v2.1").unwrap().1.to_owned();
    }
    seen.sort();
    assert_eq!(seen, ["gone", "there"]);
    // What ended before the time that is reported is not in it.
    let later = format!("/os-simple-tenant-usage/{project}?start=2100-01-01T00:00:00");
    assert_eq!(client.get(&later).await.code(), 400, "a start after the end");
}

/// All pages of a report over all projects: by project, the hours of each, and the names of servers.
async fn paged_usage(admin: &Client<'_>, limit: usize) -> (BTreeMap<String, f64>, Vec<String>) {
    let (mut hours, mut names) = (BTreeMap::new(), Vec::new());
    let report = "start=2020-01-01T00:00:00&detailed=1";
    let mut path = format!("/os-simple-tenant-usage?{report}&limit={limit}");
    loop {
        let page = admin.at(40).body(&path).await;
        for usage in page["tenant_usages"].as_array().unwrap() {
            let project = usage["tenant_id"].as_str().unwrap().to_owned();
            *hours.entry(project).or_default() += usage["total_hours"].as_f64().unwrap();
            names.extend(column(&usage["server_usages"], "name"));
        }
        match page["tenant_usages_links"][0]["href"].as_str() {
            Some(next) => path = next.split_once("/compute/v2.1").unwrap().1.to_owned(),
            None => return (hours, names),
        }
    }
}

#[tokio::test]
async fn usage_of_all_projects_is_the_same_in_pages_and_whole() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    for name in ["one", "two", "three", "four"] {
        let owner = if name.starts_with('t') { &admin } else { &client };
        owner.active(&json!({ "name": name })).await;
    }
    for limit in 1..6 {
        let (hours, mut names) = paged_usage(&admin, limit).await;
        names.sort();
        assert_eq!(names, ["four", "one", "three", "two"], "pages of {limit}");
        assert_eq!(hours.len(), 2);
    }
    let whole = "/os-simple-tenant-usage?start=2020-01-01T00:00:00&detailed=1";
    let whole = admin.at(39).body(whole).await;
    let whole = whole["tenant_usages"].as_array().unwrap();
    assert_eq!(whole.len(), 2);
    for usage in whole {
        let rows = usage["server_usages"].as_array().unwrap();
        let sum: f64 = rows.iter().map(|row| row["hours"].as_f64().unwrap()).sum();
        let total = usage["total_hours"].as_f64().unwrap();
        assert_eq!(rows.len(), 2);
        assert!((sum - total).abs() < 1e-9, "{sum} and {total}");
        let vcpus: f64 = rows
            .iter()
            .map(|row| row["hours"].as_f64().unwrap() * row["vcpus"].as_f64().unwrap())
            .sum();
        assert!((vcpus - usage["total_vcpus_usage"].as_f64().unwrap()).abs() < 1e-9);
    }
}

#[tokio::test]
async fn several_networks_and_none_named_is_409() {
    let bench = Bench::with(|declared| {
        let mut second = declared.networks[0].clone();
        second.name = Arc::from("second");
        second.id = ids::derived("network", "second");
        second.subnet_id = ids::derived("subnet", "second");
        declared.networks.push(second);
    });
    let client = bench.client("demo");
    let said = "Multiple possible networks found, use a Network ID to be more specific.";
    for client in [client.at(36), client.clone()] {
        let answer = client.ask(&json!({})).await;
        assert_eq!((answer.code(), fault(&answer).as_str()), (409, said));
    }
    let first = bench.network();
    client.active(&json!({ "networks": [{ "uuid": first }] })).await;
    client.active(&json!({ "networks": "none" })).await;
}

#[tokio::test]
async fn parameters_of_volume_attachments_are_numbers() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    for (minor, query, status) in [
        (74, "color=red", 200),
        (75, "color=red", 400),
        (1, "limit=x", 400),
        (96, "offset=-1", 400),
        (96, "limit=1&limit=", 400),
        (96, "limit=1&offset=2&limit=3", 200),
    ] {
        let path = format!("/servers/{id}/os-volume_attachments?{query}");
        assert_eq!(client.at(minor).get(&path).await.code(), status, "{query} at 2.{minor}");
    }
}

#[tokio::test]
async fn an_image_of_a_server_is_its_projects_and_servers_boot_from_it() {
    let bench = Bench::new();
    let (client, other) = (bench.client("demo"), bench.client("alt"));
    let id = client.active(&json!({})).await;
    bench.hold(&[Action::CreateImage]);
    let body = json!({ "createImage": { "name": "copy", "metadata": { "a": "1" } } });
    let image = client.act(&id, &body).await.json()["image_id"].as_str().unwrap().to_owned();
    let boot = json!({ "imageRef": image });
    let early = client.ask(&boot).await;
    assert_eq!((early.code(), fault(&early)), (400, format!("Image {image} is not active.")));
    bench.hold(&[]);
    client.until(&id, "ACTIVE").await;
    let shown = client.at(35).body(&format!("/images/{image}")).await["image"].clone();
    assert_eq!((&shown["status"], &shown["metadata"]["a"]), (&json!("ACTIVE"), &json!("1")));
    assert_eq!(shown["server"]["id"], json!(id));
    assert_eq!(other.at(35).get(&format!("/images/{image}")).await.code(), 404);
    assert_eq!(other.ask(&boot).await.code(), 400);
    let copy = client.active(&boot).await;
    assert_eq!(client.server(&copy).await["image"]["id"], json!(image));
    // One that fails leaves none; a backup leaves as many as its rotation says.
    bench.fail(&[Action::CreateImage]);
    let body = json!({ "createImage": { "name": "void" } });
    client.act(&id, &body).await;
    client.until(&id, "ACTIVE").await;
    let names = async || {
        let body = client.at(35).body("/images").await;
        crate::servers::bench::column(&body["images"], "name")
    };
    assert_eq!(names().await, ["cirros", "copy"]);
    for name in ["b1", "b2", "b3"] {
        let backup =
            json!({ "createBackup": { "name": name, "backup_type": "daily", "rotation": 2 } });
        assert_eq!(client.act(&id, &backup).await.code(), 202);
        client.until(&id, "ACTIVE").await;
    }
    assert_eq!(names().await, ["cirros", "copy", "b2", "b3"]);
    assert_eq!(client.at(35).delete(&format!("/images/{image}")).await.code(), 204);
    assert_eq!(names().await, ["cirros", "b2", "b3"]);
    assert_eq!(client.server(&copy).await["image"]["id"], json!(image), "it goes on naming it");
    // A shelved server's image goes once it runs again.
    client.act(&id, &json!({ "shelve": null })).await;
    client.until(&id, "SHELVED_OFFLOADED").await;
    assert!(names().await.contains(&"web-shelved".to_owned()));
    client.act(&id, &json!({ "unshelve": null })).await;
    client.until(&id, "ACTIVE").await;
    assert!(!names().await.contains(&"web-shelved".to_owned()));
}
