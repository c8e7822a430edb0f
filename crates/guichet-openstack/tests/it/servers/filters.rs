//! Which servers a list shows.

use guichet_core::action::Action;
use serde_json::json;

use super::bench::{Bench, Client, column};

async fn sorted(client: &Client<'_>, query: &str) -> Vec<String> {
    let mut names = client.names(query).await;
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_name_is_a_pattern_that_is_not_anchored() {
    let bench = Bench::new();
    let client = bench.client("demo");
    for name in ["web-1", "web-2", "db"] {
        client.active(&json!({ "name": name })).await;
    }
    for (pattern, expected) in [
        ("web", &["web-1", "web-2"][..]),
        ("eb-1", &["web-1"]),
        ("%5Edb%24", &["db"]),
        ("1%7Cdb", &["db", "web-1"]),
        ("none", &[]),
    ] {
        assert_eq!(sorted(&client, &format!("?name={pattern}")).await, expected, "{pattern}");
    }
    let long = "a".repeat(256);
    let deep = format!("{}a{}", "(".repeat(100), ")".repeat(100));
    for pattern in ["(", "%5B", "a%7B1000000%7D", "(%3F%3C", &long, &deep, &"%5Cw".repeat(85)] {
        for name in ["name", "ip", "ip6"] {
            let (status, said) = client.refused(&format!("?{name}={pattern}")).await;
            assert_eq!(status, 400, "{name}={pattern}");
            assert!(said.contains(name));
        }
    }
}

#[tokio::test]
async fn a_status_agrees_with_what_get_says() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let stopped = client.active(&json!({ "name": "stopped" })).await;
    client.active(&json!({ "name": "active" })).await;
    client.act(&stopped, &json!({ "os-stop": null })).await;
    client.until(&stopped, "SHUTOFF").await;
    bench.hold(&[Action::Create]);
    client.create(&json!({ "name": "build" })).await;
    for (query, expected) in [
        ("status=ACTIVE", &["active"][..]),
        ("status=active", &["active"]),
        ("status=SHUTOFF", &["stopped"]),
        ("status=BUILD", &["build"]),
        ("status=ERROR", &[]),
        ("status=ACTIVE&status=SHUTOFF", &["active", "stopped"]),
        ("vm_state=stopped", &["stopped"]),
        ("power_state=4", &["stopped"]),
        ("task_state=scheduling", &[]),
    ] {
        let names = sorted(&client, &format!("?{query}")).await;
        if query != "task_state=scheduling" {
            assert_eq!(names, expected, "{query}");
        }
    }
    let (status, said) = client.at(38).refused("?status=bogus").await;
    assert_eq!(status, 400);
    assert!(said.contains("status"));
    assert_eq!(client.at(37).names("?status=bogus").await, Vec::<String>::new());
    assert_eq!(client.refused("?status=deleted").await.0, 403);
    assert_eq!(bench.client("admin").names("?status=deleted").await, Vec::<String>::new());
}

#[tokio::test]
async fn tags_in_four_ways_from_2_26_on() {
    let bench = Bench::new();
    let client = bench.client("demo");
    client.active(&json!({ "name": "none" })).await;
    client.active(&json!({ "name": "x", "tags": ["x"] })).await;
    client.active(&json!({ "name": "xy", "tags": ["x", "y"] })).await;
    for (query, expected) in [
        ("tags=x", &["x", "xy"][..]),
        ("tags=x,y", &["xy"]),
        ("tags-any=y,z", &["xy"]),
        ("not-tags=x,y", &["none", "x"]),
        ("not-tags-any=x,y", &["none"]),
        ("tags=x&not-tags=y", &["x"]),
    ] {
        assert_eq!(sorted(&client, &format!("?{query}")).await, expected, "{query}");
    }
    assert_eq!(client.at(25).names("?tags=x").await.len(), 3, "below it is passed over");
}

#[tokio::test]
async fn locked_and_texts() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let id = client.active(&json!({ "name": "locked", "description": "mine" })).await;
    client.active(&json!({ "name": "open", "flavorRef": "2" })).await;
    client.act(&id, &json!({ "lock": null })).await;
    let image = bench.image();
    let user = bench.test.user_id("demo");
    for (query, expected) in [
        ("locked=true", &["locked"][..]),
        ("locked=False", &["open"]),
        ("flavor=2", &["open"]),
        ("flavor=m1.tiny", &[]),
        (&format!("image={image}"), &["locked", "open"]),
        ("image=x", &[]),
        (&format!("uuid={id}"), &["locked"]),
        ("description=mine", &["locked"]),
        (&format!("user_id={user}"), &["locked", "open"]),
        ("user_id=x", &[]),
        ("ip=10.0", &["locked", "open"]),
        ("ip=192", &[]),
        ("ip6=10", &[]),
        ("availability_zone=nova", &["locked", "open"]),
        ("deleted=False", &["locked", "open"]),
        ("all_tenants=False", &["locked", "open"]),
    ] {
        assert_eq!(sorted(&client, &format!("?{query}")).await, expected, "{query}");
    }
    assert_eq!(client.at(72).names("?locked=true").await.len(), 2);
    let (status, said) = client.refused("?locked=perhaps").await;
    assert_eq!(status, 400);
    assert!(said.contains("locked"));
}

#[tokio::test]
async fn what_only_administrators_may_filter_by_is_dropped_for_others() {
    let bench = Bench::new();
    let client = bench.client("demo");
    client.active(&json!({})).await;
    for query in ["host=none", "node=none", "hostname=none"] {
        assert_eq!(client.names(&format!("?{query}")).await.len(), 1, "{query}");
        let all = format!("?all_tenants=1&{query}");
        assert_eq!(bench.client("admin").names(&all).await.len(), 0, "{query}");
    }
    for query in ["user_id=x", "vm_state=x", "power_state=4", "key_name=x"] {
        assert_eq!(client.at(82).names(&format!("?{query}")).await.len(), 1, "{query}");
        assert_eq!(client.at(83).names(&format!("?{query}")).await.len(), 0, "{query}");
    }
}

/// Answers show seconds, so a server that changed in the one that is named is found.
#[tokio::test]
async fn what_changed_in_the_second_that_is_named_changed_before_its_end() {
    let bench = Bench::new();
    let client = bench.client("demo");
    // Whatever part of a second it is made in.
    for name in ["a", "b", "c", "d"] {
        let id = client.active(&json!({ "name": name })).await;
        let updated = client.server(&id).await["updated"].as_str().unwrap().to_owned();
        for shown in [updated.clone(), updated.replace('Z', ".000000Z")] {
            let names = sorted(&client, &format!("?changes-before={shown}")).await;
            assert!(names.contains(&name.to_owned()), "{shown}: {names:?}");
            let query = format!("?changes-since={shown}&changes-before={shown}");
            assert!(sorted(&client, &query).await.contains(&name.to_owned()), "{query}");
        }
    }
}

#[tokio::test]
async fn changes_since_and_before_show_what_changed_then() {
    let bench = Bench::new();
    let client = bench.client("demo");
    client.active(&json!({ "name": "here" })).await;
    let past = "2020-01-02T03:04:05";
    for zone in ["", "Z", ".000000", ".000000Z", "%2B00:00"] {
        let names = sorted(&client, &format!("?changes-since={past}{zone}")).await;
        assert_eq!(names, ["here"], "{zone}");
    }
    assert_eq!(client.names("?changes-since=2100-01-01T00:00:00Z").await.len(), 0);
    assert_eq!(client.names("?changes-since=2100-01-01").await.len(), 0, "a date alone");
    assert_eq!(client.names(&format!("?changes-before={past}Z")).await.len(), 0);
    assert_eq!(client.at(65).names(&format!("?changes-before={past}Z")).await.len(), 1);
    for query in [
        "changes-since=yesterday",
        "changes-before=7",
        "changes-since=",
        "changes-since=2026-01-02T00:00:00Z&changes-before=2026-01-01T00:00:00Z",
    ] {
        let (status, said) = client.refused(&format!("?{query}")).await;
        assert_eq!(status, 400, "{query}");
        assert!(said.contains("changes-"));
    }
}

#[tokio::test]
async fn what_changed_has_what_was_deleted_too() {
    let bench = Bench::new();
    let (client, other) = (bench.client("demo"), bench.client("alt"));
    let mut gone = Vec::new();
    for (client, name) in
        [(&client, "old"), (&client, "gone"), (&other, "others"), (&client, "new")]
    {
        let id = client.active(&json!({ "name": name })).await;
        if ["gone", "others"].contains(&name) {
            client.delete(&format!("/servers/{id}")).await;
            client.until_gone(&id).await;
            gone.push(id);
        }
    }
    let past = "changes-since=2020-01-02T03:04:05Z";
    let rows = client.body(&format!("/servers/detail?{past}")).await;
    assert_eq!(column(&rows["servers"], "name"), ["new", "gone", "old"]);
    let row = &rows["servers"][1];
    assert_eq!((&row["status"], &row["id"]), (&json!("DELETED"), &json!(gone[0])));
    assert_eq!(row["OS-EXT-STS:vm_state"], "deleted");
    assert_eq!((&row["OS-EXT-STS:power_state"], &row["addresses"]), (&json!(0), &json!({})));
    let at = row["OS-SRV-USG:terminated_at"].as_str().unwrap();
    for (query, expected) in [
        ("", &["new", "old"][..]),
        (past, &["new", "gone", "old"]),
        // What was as it is before that is not among it.
        (&format!("changes-since={at}"), &["new", "gone"]),
        (&format!("{past}&name=^g"), &["gone"]),
        (&format!("{past}&status=ACTIVE"), &["new", "old"]),
        (&format!("{past}&sort_key=display_name&sort_dir=asc"), &["gone", "new", "old"]),
        (&format!("{past}&limit=1&marker={}", gone[0]), &["old"]),
        // What only administrators may ask for is passed over.
        (&format!("{past}&deleted=False"), &["new", "gone", "old"]),
        ("deleted=True", &["new", "old"]),
    ] {
        assert_eq!(client.names(&format!("?{query}")).await, expected, "{query}");
    }
    // What is newer may have changed in the same second, which is all that answers show.
    let before = client.names(&format!("?changes-before={at}")).await;
    assert_eq!(before[before.len() - 2..], ["gone", "old"]);
    assert_eq!(client.refused(&format!("?{past}&marker={}", gone[1])).await.0, 400);
    // It is not listed, and may have been when the page before was.
    assert_eq!(client.get(&format!("/servers?marker={}", gone[0])).await.code(), 200);
    assert_eq!(client.get(&format!("/servers/{}", gone[0])).await.code(), 404);
    let admin = bench.client("admin");
    for (query, expected) in [
        ("deleted=True", &["others", "gone"][..]),
        ("status=deleted", &["others", "gone"]),
        ("deleted=no", &["new", "old"]),
        (past, &["new", "others", "gone", "old"]),
        (&format!("{past}&deleted=False"), &["new", "old"]),
        (&format!("{past}&deleted=True&limit=1"), &["others"]),
    ] {
        assert_eq!(admin.names(&format!("?all_tenants=1&{query}")).await, expected, "{query}");
    }
}

#[tokio::test]
async fn what_failed_and_was_deleted_says_why() {
    let bench = Bench::new();
    let client = bench.client("demo");
    bench.fail(&[Action::Create]);
    let id = client.create(&json!({})).await;
    client.until(&id, "ERROR").await;
    client.delete(&format!("/servers/{id}")).await;
    client.until_gone(&id).await;
    let rows = client.body("/servers/detail?changes-since=2020-01-01T00:00:00Z").await;
    assert_eq!(rows["servers"][0]["fault"]["message"], "as asked");
}

#[tokio::test]
async fn a_parameter_that_must_be_a_pattern_and_is_none_is_400() {
    let bench = Bench::new();
    let client = bench.client("demo");
    client.active(&json!({ "name": "a" })).await;
    for minor in [1, 26, 75, 96] {
        let client = client.at(minor);
        for name in ["name", "ip", "ip6", "key_name", "flavor", "created_at", "config_drive"] {
            for (wrong, sent) in [("", ""), ("(", "("), ("[a", "%5Ba"), ("*", "*")] {
                let said = format!(
                    "Invalid input for query parameters {name}. Value: {wrong}. '{wrong}' is not a \
                     'regex'"
                );
                let query = format!("?{name}={sent}");
                assert_eq!(client.refused(&query).await, (400, said), "2.{minor}");
                // Each of several is looked at, also one that does not count.
                assert_eq!(client.refused(&format!("{query}&{name}=a")).await.0, 400);
            }
        }
        // Below 2.26 there are no tags.
        let expected = if minor < 26 { 200 } else { 400 };
        assert_eq!(client.get("/servers?tags=").await.code(), expected, "2.{minor}");
        // These are compared as they are, whatever they are.
        for query in ["image=", "uuid=", "host=("] {
            assert_eq!(client.get(&format!("/servers?{query}")).await.code(), 200, "{query}");
        }
    }
}
