//! Old microversions do not show new fields, new ones show all of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::bench::Bench;

/// The part that `PUT` answers below 2.75.
const PART: &[&str] = &[
    "id",
    "name",
    "status",
    "tenant_id",
    "user_id",
    "metadata",
    "hostId",
    "image",
    "flavor",
    "created",
    "updated",
    "addresses",
    "accessIPv4",
    "accessIPv6",
    "links",
    "OS-DCF:diskConfig",
    "progress",
];
/// The rest of what a member sees at 2.1.
const REST: &[&str] = &[
    "OS-EXT-AZ:availability_zone",
    "config_drive",
    "key_name",
    "OS-SRV-USG:launched_at",
    "OS-SRV-USG:terminated_at",
    "security_groups",
    "OS-EXT-STS:task_state",
    "OS-EXT-STS:vm_state",
    "OS-EXT-STS:power_state",
    "os-extended-volumes:volumes_attached",
];
/// From which version: for everybody, and for administrators; and whether `PUT` below 2.75 has it.
const LATER: &[(u16, bool, bool, &str)] = &[
    (1, true, false, "OS-EXT-SRV-ATTR:host"),
    (1, true, false, "OS-EXT-SRV-ATTR:instance_name"),
    (1, true, false, "OS-EXT-SRV-ATTR:hypervisor_hostname"),
    (3, true, false, "OS-EXT-SRV-ATTR:hostname"),
    (3, true, false, "OS-EXT-SRV-ATTR:kernel_id"),
    (3, true, false, "OS-EXT-SRV-ATTR:ramdisk_id"),
    (3, true, false, "OS-EXT-SRV-ATTR:launch_index"),
    (3, true, false, "OS-EXT-SRV-ATTR:reservation_id"),
    (3, true, false, "OS-EXT-SRV-ATTR:root_device_name"),
    (3, true, false, "OS-EXT-SRV-ATTR:user_data"),
    (9, false, true, "locked"),
    (16, true, false, "host_status"),
    (19, false, true, "description"),
    (26, false, true, "tags"),
    (63, false, true, "trusted_image_certificates"),
    (71, false, true, "server_groups"),
    (73, false, true, "locked_reason"),
    (90, false, false, "OS-EXT-SRV-ATTR:hostname"),
    (96, false, false, "pinned_availability_zone"),
];
const VERSIONS: &[u16] = &[
    1, 2, 3, 8, 9, 15, 16, 18, 19, 25, 26, 46, 47, 62, 63, 70, 71, 72, 73, 74, 75, 89, 90, 95, 96,
];

fn expected(minor: u16, admin: bool, part: bool) -> BTreeSet<String> {
    let rest = if part { &[] } else { REST };
    let later = LATER.iter().filter(|(from, for_admin, in_part, _)| {
        minor >= *from && (admin || !for_admin) && (!part || *in_part)
    });
    let names = PART.iter().chain(rest).copied().chain(later.map(|(.., name)| *name));
    names.map(str::to_owned).collect()
}

fn keys(server: &Value) -> BTreeSet<String> {
    server.as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn old_microversions_do_not_show_new_fields_and_new_ones_show_all() {
    let bench = Bench::new();
    let id = bench.client("demo").active(&json!({})).await;
    for admin in [false, true] {
        let client = bench.client(if admin { "admin" } else { "demo" });
        for &minor in VERSIONS {
            let client = client.at(minor);
            let wanted = expected(minor, admin, false);
            assert_eq!(keys(&client.server(&id).await), wanted, "show at 2.{minor}, {admin}");
        }
    }
}

#[tokio::test]
async fn a_detailed_row_has_what_show_has_but_server_groups() {
    let bench = Bench::new();
    let (demo, admin) = (bench.client("demo"), bench.client("admin"));
    demo.active(&json!({})).await;
    for &minor in VERSIONS {
        for (client, query, is_admin) in [(&demo, "", false), (&admin, "?all_tenants=1", true)] {
            let list = client.at(minor).body(&format!("/servers/detail{query}")).await;
            let mut wanted = expected(minor, is_admin, false);
            wanted.remove("server_groups");
            assert_eq!(keys(&list["servers"][0]), wanted, "2.{minor}, {is_admin}");
        }
    }
}

#[tokio::test]
async fn put_answers_only_a_part_below_2_75() {
    let bench = Bench::new();
    let (demo, admin) = (bench.client("demo"), bench.client("admin"));
    let id = demo.active(&json!({})).await;
    for &minor in VERSIONS {
        for (client, is_admin) in [(&demo, false), (&admin, true)] {
            let body = json!({ "server": { "name": "web" } });
            let answer = client.at(minor).put(&format!("/servers/{id}"), &body).await;
            assert_eq!(answer.code(), 200);
            let server = &answer.json()["server"];
            assert_eq!(keys(server), expected(minor, is_admin, minor < 75), "2.{minor}");
            let address = &server["addresses"]["private"][0];
            let expected = if minor < 75 { 2 } else { 4 };
            assert_eq!(address.as_object().map(serde_json::Map::len), Some(expected), "2.{minor}");
        }
    }
}

#[tokio::test]
async fn a_brief_row_has_id_name_and_links_at_every_version() {
    let bench = Bench::new();
    let client = bench.client("admin");
    client.active(&json!({})).await;
    for &minor in VERSIONS {
        let list = client.at(minor).body("/servers").await;
        let wanted = ["id", "links", "name"].map(str::to_owned).into();
        assert_eq!(keys(&list["servers"][0]), wanted);
    }
}

#[tokio::test]
async fn the_flavor_is_a_reference_up_to_2_46_and_embedded_without_id_from_2_47() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let flavor = client.at(46).server(&id).await["flavor"].take();
    let href = "http://cloud:1/compute/flavors/1";
    assert_eq!(flavor, json!({ "id": "1", "links": [{ "rel": "bookmark", "href": href }] }));
    let flavor = client.at(47).server(&id).await["flavor"].take();
    assert_eq!(
        flavor,
        json!({ "original_name": "m1.tiny", "vcpus": 1, "ram": 512, "disk": 1, "swap": 0,
                "ephemeral": 0, "extra_specs": {} })
    );
}

#[tokio::test]
async fn there_are_three_date_formats() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({})).await;
    let server = client.server(&id).await;
    for name in ["created", "updated"] {
        let text = server[name].as_str().unwrap();
        assert!(text.len() == 20 && text.ends_with('Z'), "{name}: {text}");
    }
    let bare = |text: &Value| {
        let text = text.as_str().unwrap();
        assert!(text.len() == 26 && &text[19..20] == "." && !text.contains('Z'), "{text}");
    };
    bare(&server["OS-SRV-USG:launched_at"]);
    assert_eq!(server["OS-SRV-USG:terminated_at"], Value::Null);
    let actions = client.body(&format!("/servers/{id}/os-instance-actions")).await;
    let action = &actions["instanceActions"][0];
    bare(&action["start_time"]);
    bare(&action["updated_at"]);
    let request = action["request_id"].as_str().unwrap();
    let one = client.body(&format!("/servers/{id}/os-instance-actions/{request}")).await;
    bare(&one["instanceAction"]["events"][0]["start_time"]);
    bare(&one["instanceAction"]["events"][0]["finish_time"]);
}
