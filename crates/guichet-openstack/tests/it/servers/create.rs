//! `POST /servers`: what is accepted, and what it makes.

use guichet_core::project::Quota;
use serde_json::{Value, json};

use super::bench::{Bench, fault, new};

#[tokio::test]
async fn the_answer_has_five_fields_at_every_version() {
    let bench = Bench::new();
    let client = bench.client("demo");
    for minor in [1, 37, 52, 75, 96] {
        let answer = client.at(minor).ask(&json!({})).await;
        assert_eq!(answer.code(), 202);
        let body = answer.json();
        let mut names: Vec<_> = body["server"].as_object().unwrap().keys().collect();
        names.sort_unstable();
        assert_eq!(names, ["OS-DCF:diskConfig", "adminPass", "id", "links", "security_groups"]);
        assert_eq!(body["server"]["security_groups"], json!([{ "name": "default" }]));
        assert_eq!(body["server"]["adminPass"].as_str().map(str::len), Some(12));
    }
}

#[tokio::test]
async fn an_image_in_block_device_mapping_v2_is_accepted_and_a_volume_refused() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let device = |source: &str, to: &str| {
        json!({ "uuid": bench.image(), "source_type": source, "destination_type": to,
                "boot_index": 0, "delete_on_termination": true })
    };
    let image = device("image", "local");
    client.active(&json!({ "block_device_mapping_v2": [image] })).await;
    for devices in [
        json!([device("volume", "volume")]),
        json!([device("image", "volume")]),
        json!([device("blank", "local")]),
        json!([image, device("volume", "volume")]),
        json!([7]),
        json!(7),
    ] {
        let answer = client.ask(&json!({ "block_device_mapping_v2": devices })).await;
        assert_eq!(answer.code(), 400, "{devices}");
    }
    let volume = json!({ "imageRef": "", "block_device_mapping_v2": [device("volume", "volume")] });
    assert_eq!(client.ask(&volume).await.code(), 400);
}

#[tokio::test]
async fn several_servers_are_named_by_number() {
    let bench = Bench::new();
    let client = bench.client("demo");
    client.create(&json!({ "min_count": 1, "max_count": 1, "name": "alone" })).await;
    client.create(&json!({ "min_count": "2", "max_count": "3", "name": "many" })).await;
    client.create(&json!({ "min_count": 2, "name": "least" })).await;
    let mut names = client.names("").await;
    names.sort_unstable();
    assert_eq!(names, ["alone", "least-1", "least-2", "many-1", "many-2", "many-3"]);
    // Six of ten are there: as many as fit, and not fewer than the least.
    client.create(&json!({ "min_count": 1, "max_count": 20, "name": "rest" })).await;
    assert_eq!(client.names("?name=rest").await.len(), 4);
}

#[tokio::test]
async fn several_servers_have_addresses_of_their_own() {
    let bench = Bench::new();
    let client = bench.client("demo");
    client.create(&json!({ "max_count": 5, "min_count": 5 })).await;
    let list = client.body("/servers/detail").await;
    let mut addresses: Vec<String> = Vec::new();
    for server in list["servers"].as_array().unwrap() {
        let id = server["id"].as_str().unwrap();
        client.until(id, "ACTIVE").await;
        let server = client.server(id).await;
        addresses.push(server["addresses"]["private"][0]["addr"].to_string());
    }
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), 5);
}

#[tokio::test]
async fn a_reservation_is_answered_by_its_id_and_can_be_listed() {
    let bench = Bench::new();
    let client = bench.client("demo");
    client.create(&json!({ "name": "other" })).await;
    let many = json!({ "return_reservation_id": true, "min_count": 2, "name": "many" });
    let answer = client.ask(&many).await;
    assert_eq!(answer.code(), 202);
    let body = answer.json();
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(1));
    let id = body["reservation_id"].as_str().unwrap();
    assert!(id.starts_with("r-"));
    let mut names = client.names(&format!("?reservation_id={id}")).await;
    names.sort_unstable();
    assert_eq!(names, ["many-1", "many-2"]);
}

#[tokio::test]
async fn networks_have_their_forms_by_version() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let network = bench.network();
    let other = "00000000-0000-0000-0000-000000000001";
    let body = |networks: Value| {
        let mut body = new(&bench.image(), &json!({ "networks": null }));
        if networks != Value::Null {
            body["server"]["networks"] = networks;
        }
        body
    };
    for (minor, networks, addresses) in [
        (36, Value::Null, Some(1)),
        (36, json!([{ "uuid": network }]), Some(1)),
        (36, json!([]), Some(1)),
        (36, json!("auto"), None),
        (37, Value::Null, None),
        (37, json!("auto"), Some(1)),
        (37, json!("none"), Some(0)),
        (37, json!("some"), None),
        (96, json!([]), Some(1)),
        (96, json!([{ "uuid": network }]), Some(1)),
        (96, json!([{ "uuid": network, "fixed_ip": "10.0.7.7" }]), Some(1)),
        (96, json!([{ "uuid": network, "fixed_ip": "192.0.2.1" }]), None),
        (96, json!([{ "uuid": network, "fixed_ip": "x" }]), None),
        (96, json!([{ "uuid": other }]), None),
        (96, json!([{ "uuid": "private" }]), None),
        (96, json!([{ "port": other }]), None),
        (96, json!([{}]), None),
        (96, json!([{ "uuid": network, "color": 1 }]), None),
        (96, json!({}), None),
        (96, json!([7]), None),
    ] {
        let answer = client.at(minor).post("/servers", &body(networks.clone())).await;
        let Some(addresses) = addresses else {
            assert_eq!(answer.code(), 400, "{networks} at 2.{minor}");
            continue;
        };
        assert_eq!(answer.code(), 202, "{networks} at 2.{minor}: {}", fault(&answer));
        let id = answer.json()["server"]["id"].as_str().unwrap().to_owned();
        client.until(&id, "ACTIVE").await;
        let server = client.server(&id).await;
        let list = server["addresses"]["private"].as_array();
        assert_eq!(list.map_or(0, Vec::len), addresses, "{networks} at 2.{minor}");
        assert_eq!(server.get("security_groups").is_some(), addresses > 0, "{networks}");
        if networks[0]["fixed_ip"].is_string() {
            assert_eq!(server["addresses"]["private"][0]["addr"], "10.0.7.7");
        }
        client.delete(&format!("/servers/{id}")).await;
    }
}

#[tokio::test]
async fn what_was_asked_for_is_what_is_shown() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let asked = json!({
        "name": "full", "description": "a text", "metadata": { "a": "1", "b": "" },
        "tags": ["y", "x"], "hostname": "host-1", "user_data": "aGVsbG8=", "config_drive": true,
        "accessIPv4": "192.0.2.1", "accessIPv6": "2001:db8::1", "availability_zone": "nova",
        "OS-DCF:diskConfig": "AUTO", "security_groups": [{ "name": "default" }],
        "min_count": 1, "max_count": 1,
    });
    let id = client.active(&asked).await;
    let server = bench.client("admin").server(&id).await;
    for name in ["name", "description", "metadata", "accessIPv4", "accessIPv6", "OS-DCF:diskConfig"]
    {
        assert_eq!(server[name], asked[name], "{name}");
    }
    assert_eq!(server["tags"], json!(["x", "y"]));
    assert_eq!(server["OS-EXT-SRV-ATTR:hostname"], "host-1");
    assert_eq!(server["OS-EXT-SRV-ATTR:user_data"], "aGVsbG8=");
    assert_eq!(server["config_drive"], "True");
    assert_eq!(server["pinned_availability_zone"], "nova");
    assert_eq!(server["key_name"], Value::Null);
}

#[tokio::test]
async fn a_password_that_is_asked_for_is_said_back() {
    let bench = Bench::new();
    let answer = bench.client("demo").ask(&json!({ "adminPass": "s3cret" })).await;
    assert_eq!(answer.json()["server"]["adminPass"], "s3cret");
}

#[tokio::test]
async fn clients_own_ways_of_asking_are_accepted() {
    let bench = Bench::with(|declared| declared.projects[0].quota = Quota::default());
    let client = bench.client("demo");
    let project = bench.test.project_id("demo");
    let group = bench.test.get("/network/v2.0/security-groups", &client.token).await.json();
    let group = group["security_groups"][0]["id"].as_str().unwrap().to_owned();
    assert!(!project.is_empty());
    for (minor, more) in [
        (1, json!({ "metadata": {} })),
        (1, json!({ "flavorRef": 1 })),
        (1, json!({ "flavorRef": "http://cloud:1/compute/flavors/1" })),
        (96, json!({ "tags": [], "security_groups": [], "description": null })),
        (96, json!({ "security_groups": [{ "name": "default" }] })),
        // The command line client sends the id it found.
        (96, json!({ "security_groups": [{ "name": group }] })),
        (96, json!({ "config_drive": "False", "user_data": "aGVs\nbG8=\n" })),
    ] {
        // `null` takes a field away in the helper.
        let mut body = new(&bench.image(), &json!({}));
        for (name, value) in more.as_object().unwrap() {
            body["server"][name] = value.clone();
        }
        if minor < 37 {
            body["server"].as_object_mut().unwrap().remove("networks");
        }
        let answer = client.at(minor).post("/servers", &body).await;
        assert_eq!(answer.code(), 202, "{more}: {}", String::from_utf8_lossy(&answer.bytes));
    }
    let mut hinted = new(&bench.image(), &json!({}));
    hinted["os:scheduler_hints"] = json!({});
    assert_eq!(client.post("/servers", &hinted).await.code(), 202);
}
