//! What one server looks like, and what every answer has.

use guichet_core::action::Action;
use serde_json::{Value, json};

use super::bench::{Bench, fault};

#[tokio::test]
async fn names_tried_as_ids_are_404() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({ "name": "web" })).await;
    for name in ["web", "%ff", "a%2Fb", "%00", "\u{e9}", &id.replace('-', ""), &"x".repeat(300)] {
        let path = name.replace('\u{e9}', "%C3%A9");
        for tail in ["", "/ips", "/metadata", "/tags", "/os-instance-actions", "/os-interface"] {
            let answer = client.get(&format!("/servers/{path}{tail}")).await;
            assert_eq!(answer.code(), 404, "{path}{tail}");
            fault(&answer);
        }
        assert_eq!(client.delete(&format!("/servers/{path}")).await.code(), 404);
        assert_eq!(client.act(&path, &json!({ "os-stop": null })).await.code(), 404);
    }
    assert_eq!(client.names("/detail?name=web").await, ["web"]);
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_its_version() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let nobody = super::Client { token: "x".to_owned(), ..client.clone() };
    for (client, method, path, status) in [
        (&client, "GET", "/servers", 200),
        (&client, "GET", "/servers/x", 404),
        (&client, "GET", "/nothing", 404),
        (&client, "PATCH", "/servers", 405),
        (&client, "POST", "/servers", 400),
        (&client, "DELETE", &format!("/servers/{id}"), 204),
        (&nobody, "GET", "/servers", 401),
    ] {
        let answer = client.call(method, path, None).await;
        assert_eq!(answer.code(), status, "{method} {path}");
        let request = answer.headers["x-openstack-request-id"].to_str().unwrap();
        assert!(request.starts_with("req-") && request.len() == 40, "{request}");
        if status != 401 {
            assert_eq!(answer.headers["openstack-api-version"], "compute 2.96");
            assert_eq!(answer.headers["x-openstack-nova-api-version"], "2.96");
        }
        let vary = answer.headers["vary"].to_str().unwrap();
        assert_eq!(vary, "OpenStack-API-Version, X-OpenStack-Nova-API-Version");
    }
}

#[tokio::test]
async fn what_lies_under_no_service_is_answered_like_compute() {
    let bench = Bench::new();
    let token = bench.client("demo").token;
    for path in ["/nothing", "/compute/nothing", "/compute/v2", "/compute/v3/servers"] {
        // With a token and without: who was asked for one here would ask for one here.
        for token in [&*token, ""] {
            let answer = bench.test.get(path, token).await;
            let expected = if path == "/compute/v2" { 200 } else { 404 };
            assert_eq!(answer.code(), expected, "{path}");
            assert!(expected == 200 || answer.json()["itemNotFound"].is_object(), "{path}");
            assert!(answer.headers.contains_key("x-openstack-request-id"));
        }
    }
    let answer = bench.test.get("/compute/v2.1/nothing", "").await;
    assert_eq!(answer.code(), 401);
    assert!(answer.json()["unauthorized"].is_object());
}

#[tokio::test]
async fn links_can_be_fetched_and_are_the_same_everywhere() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let answer = client.ask(&json!({})).await;
    let made = answer.json()["server"].take();
    let id = made["id"].as_str().unwrap();
    let own = format!("http://cloud:1/compute/v2.1/servers/{id}");
    assert_eq!(answer.headers["location"], own);
    assert_eq!(made["links"][0], json!({ "rel": "self", "href": own }));
    let bookmark = format!("http://cloud:1/compute/servers/{id}");
    assert_eq!(made["links"][1], json!({ "rel": "bookmark", "href": bookmark }));
    assert_eq!(client.server(id).await["links"], made["links"]);
    assert_eq!(client.body("/servers").await["servers"][0]["links"], made["links"]);
    assert_eq!(client.body("/servers/detail").await["servers"][0]["links"], made["links"]);
}

#[tokio::test]
async fn while_it_is_built_it_has_no_host_no_zone_and_no_addresses() {
    let bench = Bench::new();
    bench.hold(&[Action::Create]);
    let client = bench.client("demo");
    let id = client.create(&json!({})).await;
    let server = client.server(&id).await;
    assert_eq!(server["status"], "BUILD");
    assert_eq!((&server["hostId"], &server["addresses"]), (&json!(""), &json!({})));
    assert_eq!(server["OS-EXT-AZ:availability_zone"], "");
    assert_eq!(server["OS-EXT-STS:vm_state"], "building");
    assert_eq!(server["OS-EXT-STS:power_state"], 0);
    assert_eq!(server["OS-SRV-USG:launched_at"], Value::Null);
    assert_eq!(server["progress"], 0);
    bench.hold(&[]);
    client.until(&id, "ACTIVE").await;
    let server = client.server(&id).await;
    assert_eq!(server["OS-EXT-STS:power_state"], 1);
    assert_eq!(server["OS-EXT-AZ:availability_zone"], "nova");
    assert_eq!(server["hostId"].as_str().map(str::len), Some(56));
    let address = &server["addresses"]["private"][0];
    assert_eq!(address["version"], 4);
    assert_eq!(address["OS-EXT-IPS:type"], "fixed");
}

#[tokio::test]
async fn a_server_that_failed_says_why_and_has_no_progress() {
    let bench = Bench::new();
    bench.fail(&[Action::Create]);
    let client = bench.client("demo");
    let id = client.create(&json!({})).await;
    client.until(&id, "ERROR").await;
    let server = client.server(&id).await;
    assert_eq!(server["fault"]["code"], 500);
    assert!(server["fault"]["message"].is_string() && server["fault"]["created"].is_string());
    assert_eq!(server["fault"].get("details"), None);
    assert_eq!(server.get("progress"), None);
    let seen_by_admin = bench.client("admin").server(&id).await;
    assert!(seen_by_admin["fault"]["details"].is_string());
}

#[tokio::test]
async fn an_update_sets_what_it_names_and_nothing_else() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({ "description": "first" })).await;
    let path = format!("/servers/{id}");
    let update = json!({ "server": {
        "name": "db", "accessIPv4": "192.0.2.1", "accessIPv6": "::babe:220.12.22.2",
        "hostname": "db-1", "OS-DCF:diskConfig": "AUTO",
    } });
    let server = client.put(&path, &update).await.json()["server"].take();
    assert_eq!(server["accessIPv6"], "::babe:dc0c:1602", "canonical");
    assert_eq!(server["OS-EXT-SRV-ATTR:hostname"], "db-1");
    for (name, value) in [("name", "db"), ("description", "first"), ("accessIPv4", "192.0.2.1")] {
        assert_eq!(server[name], value);
    }
    let none = json!({ "server": { "description": null } });
    let server = client.put(&path, &none).await.json()["server"].take();
    assert_eq!(
        (&server["description"], &server["accessIPv4"]),
        (&Value::Null, &json!("192.0.2.1"))
    );
    assert_eq!(server["name"], "db");
    for (minor, wrong) in [
        (96, json!({ "name": "" })),
        (96, json!({ "name": null })),
        (96, json!({ "accessIPv4": "::1" })),
        (96, json!({ "accessIPv6": "x" })),
        (96, json!({ "flavorRef": "2" })),
        (18, json!({ "description": "x" })),
        (89, json!({ "hostname": "x" })),
        (93, json!({ "hostname": "a.example" })),
        (93, json!({ "hostname": "-a" })),
        (96, json!({ "hostname": "a b" })),
        (96, json!({ "accessIPv4": "" })),
        (96, json!({ "accessIPv4": null })),
        (96, json!({ "OS-DCF:diskConfig": "auto" })),
    ] {
        let answer = client.at(minor).put(&path, &json!({ "server": wrong })).await;
        assert_eq!(answer.code(), 400, "{wrong} at 2.{minor}");
        let name = wrong.as_object().unwrap().keys().next().unwrap();
        assert!(fault(&answer).contains(name.as_str()), "{}", fault(&answer));
    }
    assert_eq!(
        client.at(94).put(&path, &json!({ "server": { "hostname": "a.example" } })).await.code(),
        200
    );
}
