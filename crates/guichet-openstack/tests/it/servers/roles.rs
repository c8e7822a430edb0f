//! Who may look at and change what.

use guichet_cloud::accounts::Role;
use serde_json::{Value, json};

use super::bench::{Bench, fault, new};

#[tokio::test]
async fn a_reader_looks_and_does_not_touch() {
    let bench = Bench::new();
    let id = bench.client("demo").active(&json!({ "metadata": { "a": "1" } })).await;
    let reader = bench.with_role(Role::Reader);
    let path = format!("/servers/{id}");
    for tail in ["", "/metadata", "/tags", "/ips", "/os-instance-actions", "/os-interface"] {
        assert_eq!(reader.get(&format!("{path}{tail}")).await.code(), 200, "{tail}");
    }
    assert_eq!(reader.names("").await, ["web"]);
    let metadata = json!({ "metadata": { "b": "2" } });
    for (method, tail, body) in [
        ("POST", "/servers", Some(new(&bench.image(), &json!({})))),
        ("PUT", &*path, Some(json!({ "server": { "name": "x" } }))),
        ("DELETE", &*path, None),
        ("POST", &*format!("{path}/action"), Some(json!({ "os-stop": null }))),
        ("POST", &*format!("{path}/action"), Some(json!({ "lock": null }))),
        ("POST", &*format!("{path}/action"), Some(json!({ "forceDelete": null }))),
        ("POST", &*format!("{path}/metadata"), Some(metadata.clone())),
        ("PUT", &*format!("{path}/metadata"), Some(metadata)),
        ("PUT", &*format!("{path}/metadata/a"), Some(json!({ "meta": { "a": "2" } }))),
        ("DELETE", &*format!("{path}/metadata/a"), None),
        ("PUT", &*format!("{path}/tags"), Some(json!({ "tags": ["a"] }))),
        ("PUT", &*format!("{path}/tags/a"), None),
        ("DELETE", &*format!("{path}/tags"), None),
        ("DELETE", &*format!("{path}/tags/a"), None),
    ] {
        let answer = reader.call(method, tail, body.as_ref()).await;
        assert_eq!(answer.code(), 403, "{method} {tail}");
        assert!(fault(&answer).starts_with("Policy doesn't allow os_compute_api:"));
    }
    assert_eq!(bench.client("demo").server(&id).await["metadata"], json!({ "a": "1" }));
    let manager = bench.with_role(Role::Manager);
    assert_eq!(manager.act(&id, &json!({ "os-stop": null })).await.code(), 202);
}

#[tokio::test]
async fn another_projects_server_is_404() {
    let bench = Bench::new();
    let id = bench.client("demo").active(&json!({})).await;
    let alt = bench.client("alt");
    alt.active(&json!({})).await;
    let path = format!("/servers/{id}");
    for (method, tail, body) in [
        ("GET", "", None),
        ("PUT", "", Some(json!({ "server": { "name": "x" } }))),
        ("DELETE", "", None),
        ("POST", "/action", Some(json!({ "os-stop": null }))),
        ("POST", "/action", Some(json!({ "lock": null }))),
        ("POST", "/action", Some(json!({ "os-getConsoleOutput": {} }))),
        ("GET", "/metadata", None),
        ("POST", "/metadata", Some(json!({ "metadata": {} }))),
        ("PUT", "/metadata/a", Some(json!({ "meta": { "a": "1" } }))),
        ("GET", "/tags", None),
        ("PUT", "/tags/a", None),
        ("DELETE", "/tags", None),
        ("GET", "/ips", None),
        ("GET", "/ips/private", None),
        ("GET", "/os-interface", None),
        ("GET", "/os-volume_attachments", None),
        ("GET", "/os-security-groups", None),
        ("GET", "/os-instance-actions", None),
    ] {
        let answer = alt.call(method, &format!("{path}{tail}"), body.as_ref()).await;
        assert_eq!(answer.code(), 404, "{method} {tail}");
        assert_eq!(fault(&answer), format!("Instance {id} could not be found."));
    }
    assert_eq!(bench.client("demo").server(&id).await["name"], "web");
}

#[tokio::test]
async fn an_administrator_sees_and_acts_on_all() {
    let bench = Bench::new();
    let demo = bench.client("demo");
    let id = demo.active(&json!({})).await;
    let admin = bench.client("admin");
    assert_eq!(admin.names("").await, Vec::<String>::new(), "its own project has none");
    assert_eq!(admin.names("?all_tenants=True").await, ["web"]);
    assert_eq!(admin.names("?all_projects=1").await, ["web"]);
    let project = bench.test.project_id("demo");
    assert_eq!(admin.names(&format!("?all_tenants=1&project_id={project}")).await, ["web"]);
    let other = bench.test.project_id("alt");
    assert_eq!(admin.names(&format!("?all_tenants=1&tenant_id={other}")).await.len(), 0);
    assert_eq!(admin.act(&id, &json!({ "os-stop": null })).await.code(), 202);
    demo.until(&id, "SHUTOFF").await;
    let update = json!({ "server": { "name": "theirs" } });
    assert_eq!(admin.put(&format!("/servers/{id}"), &update).await.code(), 200);
    assert_eq!(admin.delete(&format!("/servers/{id}")).await.code(), 204);
    demo.until_gone(&id).await;
}

#[tokio::test]
async fn all_tenants_is_403_for_members_and_another_project_passed_over() {
    let bench = Bench::new();
    bench.client("alt").active(&json!({ "name": "theirs" })).await;
    let demo = bench.client("demo");
    demo.active(&json!({ "name": "mine" })).await;
    for query in ["all_tenants=1", "all_tenants", "all_projects=true", "all_tenants=True"] {
        assert_eq!(demo.refused(&format!("?{query}")).await.0, 403, "{query}");
    }
    for query in ["all_tenants=0", "all_tenants=False", "all_projects=no"] {
        assert_eq!(demo.names(&format!("?{query}")).await, ["mine"], "{query}");
    }
    assert_eq!(demo.refused("?all_tenants=perhaps").await.0, 400);
    let other = bench.test.project_id("alt");
    for name in ["project_id", "tenant_id"] {
        assert_eq!(demo.names(&format!("?{name}={other}")).await, ["mine"]);
    }
}

#[tokio::test]
async fn a_foreign_project_in_the_path_is_400_and_ones_own_is_taken() {
    let bench = Bench::new();
    let demo = bench.client("demo");
    let [own, other] = ["demo", "alt"].map(|name| bench.test.project_id(name));
    assert_eq!(demo.get(&format!("/{own}/servers")).await.code(), 200);
    let answer = demo.get(&format!("/{other}/servers")).await;
    assert_eq!(answer.code(), 400);
    assert!(fault(&answer).contains("doesn't match Context's project_id"));
}

#[tokio::test]
async fn versions_that_are_none_are_400_and_outside_406() {
    let bench = Bench::new();
    let client = bench.client("demo");
    for (text, status) in [
        ("compute 2.97", 406),
        ("compute 2.0", 406),
        ("compute 3.1", 406),
        ("compute abc", 400),
        ("compute 2", 400),
        ("compute 2.01", 400),
        ("compute latest", 200),
        ("volume 3.0, compute 2.5", 200),
        ("volume 3.0", 200),
    ] {
        let mut request = client.request("GET", "/servers", None);
        request.headers_mut().insert("openstack-api-version", text.parse().unwrap());
        let answer = bench.test.send(request).await;
        assert_eq!(answer.code(), status, "{text}");
        let body: Value = answer.json();
        match status {
            406 => assert!(body["computeFault"].is_object()),
            400 => assert!(body["badRequest"].is_object()),
            _ => assert!(body["servers"].is_array()),
        }
    }
}
