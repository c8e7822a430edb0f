//! Snapshots as documents: exported, written by hand, refused.

use guichet_cloud::worlds::Blueprint;
use guichet_control::access::Access;
use guichet_core::limits;
use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Service, blueprint, path};

const URL: &str = "worlds/root/snapshots/base";

async fn import(service: &Service, document: Value) -> Answer {
    service.steer(Method::PUT, &format!("{URL}/document"), None, Some(document)).await
}

async fn export(service: &Service) -> Value {
    let answer = service.steer(Method::GET, &format!("{URL}/document"), None, None).await;
    assert_eq!(answer.code(), 200, "{answer:?}");
    answer.body
}

fn document(servers: impl Into<Value>) -> Value {
    json!({ "format": "guichet-snapshot", "version": 1, "servers": servers.into() })
}

fn server(name: &str) -> Value {
    json!({ "name": name, "flavor": "m1.tiny", "image": "cirros" })
}

#[tokio::test]
async fn the_manuals_document_is_one() {
    let manual = include_str!("../../../../docs/testing.md");
    let shown = manual.split("```json\n").find(|it| it.contains("guichet-snapshot")).unwrap();
    let shown: Value = serde_json::from_str(shown.split("```").next().unwrap()).unwrap();
    let service = Service::open(0);
    let made = import(&service, shown).await;
    assert_eq!(made.code(), 201, "{made:?}");
    assert_eq!(made.body["snapshot"]["servers"], 3);
    // All that a server may have is in it.
    let is_said = |name: &str| manual.contains(&format!("`{name}`"));
    let refused = import(&service, document(json!([{ "no": 1 }]))).await;
    let known = refused.message().split_once("expected one of ").unwrap().1.split(['.', ';']);
    let known: Vec<&str> = known.take(1).flat_map(|list| list.split(", ")).collect();
    assert!(known.len() > 30, "{known:?}");
    let unsaid: Vec<&str> = known.into_iter().filter(|name| !is_said(name)).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

#[tokio::test]
async fn a_document_written_by_hand_is_a_fleet() {
    let service = Service::open(1);
    let mut stopped = server("db");
    stopped["vm_state"] = "stopped".into();
    stopped["metadata"] = json!({ "role": "primary" });
    stopped["tags"] = json!(["prod"]);
    let mut flying = server("flying");
    flying["operation"] = json!({ "action": "create" });
    let made = import(&service, document(json!([server("web"), stopped, flying]))).await;
    assert_eq!(made.code(), 201, "{made:?}");
    assert_eq!(made.body["snapshot"]["servers"], 3);
    assert_eq!(made.body["snapshot"]["operations"], 1);
    let restored = service.steer(Method::POST, &format!("{URL}/restore"), None, None).await;
    assert_eq!(restored.code(), 204, "{restored:?}");
    let token = service.log_in("").await;
    let settled = json!({ "until_idle": true });
    service.steer(Method::POST, "worlds/root/clock/advance", None, Some(settled)).await;
    let list = service.ask(Method::GET, "/compute/v2.1/servers/detail", &token, None).await;
    let rows = list.body["servers"].as_array().unwrap();
    let mut shown: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row["name"].as_str().unwrap(), row["status"].as_str().unwrap()))
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, [("db", "SHUTOFF"), ("flying", "ACTIVE"), ("web", "ACTIVE")]);
    let mut addresses: Vec<&str> =
        rows.iter().map(|row| row["addresses"]["private"][0]["addr"].as_str().unwrap()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), 3, "{rows:?}");
    assert!(service.worlds.first().cloud().manager().audit().holds());
    // It can be acted on as any.
    let db = rows.iter().find(|row| row["name"] == "db").unwrap()["id"].as_str().unwrap();
    let url = format!("/compute/v2.1/servers/{db}/action");
    let started = service.ask(Method::POST, &url, &token, Some(json!({ "os-start": null }))).await;
    assert_eq!(started.code(), 202, "{started:?}");
}

#[tokio::test]
async fn what_is_exported_is_the_same_once_it_was_imported() {
    let service = Service::open(1);
    let token = service.log_in("").await;
    for name in ["a", "b", "c"] {
        service.create("", &token, name).await;
    }
    let settled = json!({ "until_idle": true });
    service.steer(Method::POST, "worlds/root/clock/advance", None, Some(settled)).await;
    let taken = json!({ "name": "base" });
    service.steer(Method::POST, "worlds/root/snapshots", None, Some(taken)).await;
    let first = export(&service).await;
    assert_eq!(first["servers"].as_array().unwrap().len(), 3);
    assert!(!first.to_string().contains("admin_pass"), "{first}");
    let made = import(&service, first.clone()).await;
    assert_eq!(made.code(), 201, "{made:?}");
    assert_eq!(export(&service).await, first);
    // And in another world where the same is declared.
    let other = service.make(json!({})).await;
    let url = format!("worlds/{}/snapshots/x", other["world"]["id"].as_str().unwrap());
    let made =
        service.steer(Method::PUT, &format!("{url}/document"), None, Some(first.clone())).await;
    assert_eq!(made.code(), 201, "{made:?}");
    let restored = service.steer(Method::POST, &format!("{url}/restore"), None, None).await;
    assert_eq!(restored.code(), 204, "{restored:?}");
    let token = service.log_in(&path(&other)).await;
    assert_eq!(service.names(&path(&other), &token).await, ["c", "b", "a"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_said_with_its_place() {
    let service = Service::open(1);
    let with = |name: &str, value: Value| {
        let mut server = server("web");
        server[name] = value;
        document(json!([server]))
    };
    let mut newer = document(json!([]));
    newer["version"] = 2.into();
    newer["what_comes_then"] = json!({});
    let mut unknown = document(json!([]));
    unknown["sevrers"] = json!([]);
    let record = json!({ "kind": "token", "number": 1_048_576, "body": {} });
    let mut secret = document(json!([]));
    secret["records"] = json!([record]);
    let twice = json!({ "name": "b", "flavor": "m1.tiny", "image": "cirros",
        "ports": [{ "network": "private", "address": "10.0.0.2" }] });
    let cases = [
        (json!({}), "format: expected \"guichet-snapshot\""),
        (newer, "version: found 2, made by a newer version: this program reads up to 1"),
        (unknown, "sevrers: there is no such field"),
        (with("flavour", "x".into()), "servers[0].flavour: there is no such field"),
        (with("flavor", "huge".into()), "servers[0] (web): flavor: \"huge\" is not declared"),
        (with("flavor", Value::Null), "servers[0].flavor: found null, expected the name"),
        (with("flavor", json!(1_048_576)), "servers[0] (web): flavor: no record has number"),
        (with("vm_state", "asleep".into()), "servers[0].vm_state: there is no \"asleep\""),
        (
            with("created", "2999-01-01T00:00:00Z".into()),
            "servers[0] (web): created, updated: later",
        ),
        (with("name", "".into()), "servers[0]: name: it is blank"),
        (with("vm_state", "building".into()), "BUILD for ever"),
        (with("expires", "1970-01-01T00:00:01Z".into()), "expires: active is a state that lasts"),
        (with("host", "nowhere".into()), "servers[0] (web): host: \"nowhere\" is not declared"),
        (with("operation", json!({ "action": "resize" })), "operation.args: not those of resize"),
        (
            document(json!([twice, twice])),
            "servers[1] (b): ports[0].address: 10.0.0.2 is another server's",
        ),
        (secret, "records[0] (token): kind: there is no \"token\"; expected one of flavor"),
    ];
    for (document, expected) in cases {
        let refused = import(&service, document).await;
        assert_eq!(refused.code(), 400, "{expected}: {refused:?}");
        assert!(refused.message().contains(expected), "{expected}: {}", refused.message());
    }
    assert_eq!(service.steer(Method::GET, URL, None, None).await.code(), 404);
}

#[tokio::test]
async fn snapshots_that_are_files_are_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        let snapshots = Some(dir.path().join("snapshots"));
        Service::of(Blueprint { snapshots, ..blueprint("instant") }, 2, Access::Open)
    };
    let service = open();
    assert_eq!(import(&service, document(json!([server("web")]))).await.code(), 201);
    let first = export(&service).await;
    let file = dir.path().join("snapshots/base.json");
    assert!(file.exists());
    // Those of other worlds end with them.
    let made = service.make(json!({})).await;
    let url = format!("worlds/{}/snapshots", made["world"]["id"].as_str().unwrap());
    let taken = json!({ "name": "other" });
    assert_eq!(service.steer(Method::POST, &url, None, Some(taken)).await.code(), 201);
    assert!(!dir.path().join("snapshots/other.json").exists());
    std::fs::write(dir.path().join("snapshots/broken.json"), "{").unwrap();
    let again = open();
    assert_eq!(export(&again).await, first);
    let url = "worlds/root/snapshots";
    let listed = again.steer(Method::GET, url, None, None).await;
    assert_eq!(listed.body["snapshots"].as_array().unwrap().len(), 1, "{listed:?}");
    // What could not be read is somebody's, and is not written over.
    let taken = json!({ "name": "broken" });
    let refused = again.steer(Method::POST, url, None, Some(taken)).await;
    assert_eq!(refused.code(), 409);
    assert!(refused.message().contains("broken.json is there and could not be read"));
    let replaced = json!({ "name": "base", "replace": true });
    assert_eq!(again.steer(Method::POST, url, None, Some(replaced)).await.code(), 201);
    assert_eq!(export(&open()).await["servers"], json!([]));
    assert_eq!(again.steer(Method::DELETE, URL, None, None).await.code(), 204);
    assert!(!file.exists());
    assert_eq!(open().steer(Method::GET, URL, None, None).await.code(), 404);
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_wrong_with_one_file_hides_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let files = dir.path().join("snapshots");
    let open = || {
        let snapshots = Some(files.clone());
        Service::of(Blueprint { snapshots, ..blueprint("instant") }, 2, Access::Open)
    };
    assert_eq!(import(&open(), document(json!([server("web")]))).await.code(), 201);
    std::os::unix::fs::symlink("nowhere", files.join("a-link.json")).unwrap();
    std::fs::create_dir(files.join("directory.json")).unwrap();
    // Nobody writes into it: whoever opened it would wait for ever.
    nix::unistd::mkfifo(&files.join("pipe.json"), nix::sys::stat::Mode::S_IRUSR).unwrap();
    std::fs::write(files.join("Not a name.json"), "{").unwrap();
    let service = open();
    let url = "worlds/root/snapshots";
    let listed = service.steer(Method::GET, url, None, None).await.body;
    assert_eq!(listed["snapshots"][0]["name"], "base", "{listed}");
    let names = |list: &Value| -> Vec<String> {
        list["unreadable"].as_array().unwrap().iter().map(|row| row["name"].to_string()).collect()
    };
    assert_eq!(names(&listed), ["\"a-link\"", "\"directory\"", "\"pipe\""], "{listed}");
    assert!(listed["unreadable"][1]["problem"].as_str().unwrap().contains("no regular file"));
    let url_of_link = format!("{url}/a-link");
    let shown = service.steer(Method::GET, &url_of_link, None, None).await;
    assert_eq!(shown.code(), 409, "{shown:?}");
    assert!(shown.message().contains("could not be read when the service started"));
    // It is somebody's until it is moved away.
    let taken = json!({ "name": "a-link", "replace": true });
    let refused = service.steer(Method::POST, url, None, Some(taken.clone())).await;
    assert_eq!(refused.code(), 409, "{refused:?}");
    std::fs::remove_file(files.join("a-link.json")).unwrap();
    assert_eq!(service.steer(Method::POST, url, None, Some(taken)).await.code(), 201);
    assert_eq!(service.steer(Method::GET, &url_of_link, None, None).await.code(), 200);
    let listed = service.steer(Method::GET, url, None, None).await.body;
    assert_eq!(names(&listed), ["\"directory\"", "\"pipe\""], "{listed}");
}

#[tokio::test]
async fn a_snapshot_that_is_too_large_for_a_document_says_how_much_fits() {
    let service = Service::open(0);
    // 700 bytes as it is sent, and some ten times as many as it is exported.
    let history = vec![json!({ "action": "create" }); 32];
    let row = |number: usize| {
        let mut row = server(&number.to_string());
        row["networks"] = json!([]);
        row["host"] = Value::Null;
        row["finished"] = history.clone().into();
        row
    };
    let servers: Vec<Value> = (0..4_000).map(row).collect();
    let made = import(&service, document(servers)).await;
    assert_eq!(made.code(), 201, "{made:?}");
    let refused = service.steer(Method::GET, &format!("{URL}/document"), None, None).await;
    assert_eq!(refused.code(), 409);
    let message = refused.message();
    assert!(message.contains("of its 4000 servers the first "), "{message}");
    assert!(message.contains("delete servers"), "{message}");
}

/// One of all that a cloud has beside servers in a stable state.
async fn filled(service: &Service) -> Value {
    let domain = json!({ "id": "default" });
    let user = json!({ "name": "admin", "domain": domain, "password": "secret" });
    let body = json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": user } },
        "scope": { "project": { "name": "admin", "domain": domain } },
    } });
    let admin = service.ask(Method::POST, "/identity/v3/auth/tokens", "", Some(body)).await;
    let admin = admin.headers["x-subject-token"].to_str().unwrap().to_owned();
    let logged_in = service.log_in_with("", "secret").await;
    let token = logged_in.headers["x-subject-token"].to_str().unwrap();
    let user = logged_in.body["token"]["user"]["id"].as_str().unwrap();
    let ask = async |token: &str, path: &str, body: Value| {
        let made = service.ask(Method::POST, path, token, Some(body)).await;
        assert!(made.status.is_success(), "{path}: {made:?}");
        made.body
    };
    let path = format!("/identity/v3/users/{user}/application_credentials");
    ask(token, &path, json!({ "application_credential": { "name": "ci" } })).await;
    let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPZH3ZhmC0fLMFdRCOIcqJfOdDoVlgdFdCr1aJpGxp0l a@b";
    let pair = json!({ "keypair": { "name": "k", "public_key": key } });
    ask(token, "/compute/v2.1/os-keypairs", pair).await;
    let group = json!({ "server_group": { "name": "g", "policies": ["anti-affinity"] } });
    let group = ask(token, "/compute/v2.1/os-server-groups", group).await;
    let flavor =
        json!({ "flavor": { "id": "own", "name": "own", "vcpus": 2, "ram": 64, "disk": 1 } });
    ask(&admin, "/compute/v2.1/flavors", flavor).await;
    let aggregate = json!({ "aggregate": { "name": "fast", "availability_zone": "z" } });
    ask(&admin, "/compute/v2.1/os-aggregates", aggregate).await;
    let images = service.ask(Method::GET, "/image/v2/images", token, None).await;
    let server = json!({ "name": "own", "flavorRef": "own", "key_name": "k", "metadata": { "a": "b" },
        "imageRef": images.body["images"][0]["id"], "networks": "none" });
    let hints = json!({ "group": group["server_group"]["id"] });
    let request = http::Request::builder()
        .method(Method::POST)
        .uri("/compute/v2.1/servers")
        .header("x-auth-token", token)
        .header("openstack-api-version", "compute 2.90")
        .header("idempotency-key", "once");
    let asked = json!({ "server": server, "os:scheduler_hints": hints });
    let made = service.answer(request, Some(asked)).await;
    assert_eq!(made.code(), 202, "{made:?}");
    let made = made.body["server"]["id"].clone();
    let settled = json!({ "until_idle": true });
    service.steer(Method::POST, "worlds/root/clock/advance", None, Some(settled)).await;
    let resize = json!({ "resize": { "flavorRef": "1" } });
    let path = format!("/compute/v2.1/servers/{}/action", made.as_str().unwrap());
    ask(token, &path, resize).await;
    let settled = json!({ "until_idle": true });
    service.steer(Method::POST, "worlds/root/clock/advance", None, Some(settled)).await;
    made
}

#[tokio::test]
async fn all_that_a_cloud_has_is_in_its_document() {
    let service = Service::open(1);
    let server = filled(&service).await;
    let taken = json!({ "name": "base" });
    service.steer(Method::POST, "worlds/root/snapshots", None, Some(taken)).await;
    let first = export(&service).await;
    for list in
        ["servers", "key_pairs", "server_groups", "application_credentials", "idempotency_keys"]
    {
        assert_eq!(first[list].as_array().unwrap().len(), 1, "{list}: {first:#}");
    }
    let kinds: Vec<&str> = first["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["flavor", "migration", "aggregate"]);
    assert!(first["servers"][0]["second"].is_object(), "{first:#}");
    assert!(!first.to_string().contains("secret\":\"secret"));
    assert_eq!(import(&service, first.clone()).await.code(), 201);
    assert_eq!(export(&service).await, first);
    let restored = service.steer(Method::POST, &format!("{URL}/restore"), None, None).await;
    assert_eq!(restored.code(), 204, "{restored:?}");
    assert!(service.worlds.first().cloud().manager().audit().holds());
    let token = service.log_in("").await;
    let path = format!("/compute/v2.1/servers/{}", server.as_str().unwrap());
    let shown = service.ask(Method::GET, &path, &token, None).await;
    assert_eq!(shown.body["server"]["status"], "VERIFY_RESIZE", "{shown:?}");
    // What it was made from is known, though nobody declared it.
    let reverted = json!({ "revertResize": null });
    let path = format!("{path}/action");
    assert_eq!(service.ask(Method::POST, &path, &token, Some(reverted)).await.code(), 202);
}

#[tokio::test]
async fn what_is_too_large_is_said_so() {
    let service = Service::open(1);
    let long = json!({ "x": "a".repeat(limits::SNAPSHOT_DOCUMENT_MAX) });
    assert_eq!(import(&service, long).await.code(), 413);
    let row = json!({ "name": "s", "flavor": "m1.tiny", "image": "cirros", "host": null,
        "networks": [] });
    let many = vec![row; limits::WORLD_SERVERS_MAX + 1];
    assert_eq!(import(&service, document(many)).await.code(), 201);
    let asked = json!({ "snapshot": "base" });
    let refused = service.steer(Method::POST, "worlds/root/fork", None, Some(asked)).await;
    assert_eq!(refused.code(), 409, "{refused:?}");
    assert!(refused.message().contains("has 20001 servers, and this world holds 20000"));
    assert!(service.worlds.is_empty());
    let restored = service.steer(Method::POST, &format!("{URL}/restore"), None, None).await;
    assert_eq!(restored.code(), 204, "{restored:?}");
}

#[tokio::test]
async fn a_server_of_any_size_has_diagnostics_of_a_bounded_length() {
    let service = Service::open(0);
    let mut large = server("large");
    large["size"] = json!({ "vcpus": limits::NUMBER_MAX, "ram_mib": 1 });
    large["host"] = Value::Null;
    assert_eq!(import(&service, document(json!([large]))).await.code(), 201);
    service.steer(Method::POST, &format!("{URL}/restore"), None, None).await;
    let admin = service.log_in_as("", "admin").await;
    let list = service.ask(Method::GET, "/compute/v2.1/servers?all_tenants=1", &admin, None).await;
    let id = list.body["servers"][0]["id"].as_str().unwrap();
    let request = http::Request::builder()
        .uri(format!("/compute/v2.1/servers/{id}/diagnostics"))
        .header("x-auth-token", &admin)
        .header("openstack-api-version", "compute 2.48");
    let shown = service.answer(request, None).await;
    assert_eq!(shown.code(), 200, "{shown:?}");
    assert_eq!(shown.body["num_cpus"], limits::NUMBER_MAX);
    let listed = shown.body["cpu_details"].as_array().unwrap().len();
    assert_eq!(listed, limits::DIAGNOSTICS_CPUS_MAX);
}

#[tokio::test]
async fn time_is_not_moved_on_past_what_can_be_written() {
    let service = Service::open(0);
    let mut late = document(json!([server("web")]));
    late["time"] = json!({ "now": "9985-01-01T00:00:00Z", "speed": 0.0 });
    assert_eq!(import(&service, late).await.code(), 201);
    service.steer(Method::POST, &format!("{URL}/restore"), None, None).await;
    let advance = async |to: &str| {
        let asked = json!({ "to": to });
        service.steer(Method::POST, "worlds/root/clock/advance", None, Some(asked)).await
    };
    assert_eq!(advance("9989-01-01T00:00:00Z").await.code(), 200);
    let refused = advance("9998-01-01T00:00:00Z").await;
    assert_eq!(refused.code(), 400, "{refused:?}");
    assert!(refused.message().contains("is moved on to 9990-01"), "{refused:?}");
    let taken = json!({ "name": "base", "replace": true });
    service.steer(Method::POST, "worlds/root/snapshots", None, Some(taken)).await;
    let exported = export(&service).await;
    assert_eq!(import(&service, exported).await.code(), 201);
}
