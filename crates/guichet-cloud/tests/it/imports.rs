//! Documents that are imported are held to what the API would have taken, and cost what they may.

use guichet_cloud::config::Declared;
use guichet_cloud::snapshot::Snapshot;
use guichet_core::limits;
use guichet_core::time::VIRTUAL_START;
use serde_json::{Value, json};

const FIRST_RECORD: u32 = 1 << 20;

fn read_text(text: &str) -> Result<Snapshot, String> {
    let read = Snapshot::read(text.as_bytes(), &Declared::dev(), VIRTUAL_START, 7);
    read.map_err(|error| error.to_string())
}

fn read(document: &Value) -> Result<Snapshot, String> {
    read_text(&document.to_string())
}

fn document() -> Value {
    json!({ "format": "guichet-snapshot", "version": 1 })
}

fn with(list: &str, rows: Value) -> Value {
    let mut document = document();
    document[list] = rows;
    document
}

/// These fields, and those that they lack.
fn filled<const N: usize>(mut fields: Value, lacked: [(&str, &str); N]) -> Value {
    let object = fields.as_object_mut().unwrap();
    for (name, value) in lacked {
        object.entry(name).or_insert_with(|| value.into());
    }
    fields
}

/// A server with these fields beside what it must have.
fn server(fields: Value) -> Value {
    filled(fields, [("name", "web"), ("flavor", "m1.tiny"), ("image", "cirros")])
}

fn one(fields: Value) -> Value {
    with("servers", json!([server(fields)]))
}

fn port(fields: Value) -> Value {
    filled(fields, [("network", "private")])
}

fn flavor_record(number: u32, id: &str) -> Value {
    let body = json!({ "id": id, "name": id, "size": { "vcpus": 1, "ram_mib": 64 }, "disk_gib": 1,
        "ephemeral_gib": 0, "swap_mib": 0, "extra_specs": {}, "is_public": true, "description": null });
    json!({ "kind": "flavor", "number": number, "body": body })
}

#[track_caller]
fn refused(document: &Value, expected: &str) {
    refused_text(&document.to_string(), expected);
}

#[track_caller]
fn refused_text(text: &str, expected: &str) {
    let found = read_text(text).map(|_| ()).expect_err(expected);
    assert!(found.contains(expected), "{expected}: {found}");
    assert!(found.len() <= 4 * limits::PROBLEM_TEXT_MAX, "{} bytes", found.len());
    for theirs in ["struct ", "sequence", "column", "variant"] {
        assert!(!found.contains(theirs), "{found}");
    }
}

#[test]
fn sizes_are_those_that_flavors_have() {
    let large = json!({ "vcpus": u32::MAX, "ram_mib": 1 });
    let wrong = "found 4294967295 vcpus and 1 MiB, expected 1 to 2147483647 of each";
    refused(&one(json!({ "size": large, "host": null })), &format!("size: {wrong}"));
    let none = json!({ "vcpus": 1, "ram_mib": 0 });
    refused(&one(json!({ "size": none })), "size: found 1 vcpus and 0 MiB");
    let second = json!({ "flavor": "m1.tiny", "size": large, "host": null });
    let resized = one(json!({ "vm_state": "resized", "second": second }));
    refused(&resized, &format!("second.size: {wrong}"));
    let args = json!({ "resize": { "flavor": "m1.tiny", "size": large } });
    let operation = json!({ "action": "resize", "args": args });
    let resizing = one(json!({ "vm_state": "active", "operation": operation }));
    refused(&resizing, &format!("operation.args.resize.size: {wrong}"));
    let mut record = flavor_record(FIRST_RECORD, "x");
    record["body"]["size"] = large;
    refused(&with("records", json!([record])), &format!("records[0] (flavor): body.size: {wrong}"));
}

#[test]
fn servers_are_named_and_described_as_the_api_has_it() {
    let long = "x".repeat(256);
    let texts = [
        (json!({ "name": " web" }), "name: it begins or ends with a blank"),
        (json!({ "name": "a\u{202e}b" }), "name: it has a character in it that does not print"),
        (json!({ "name": long }), "name: it is too long"),
        (json!({ "hostname": "a b" }), "hostname: it is no hostname"),
        (json!({ "hostname": long }), "hostname: it is no hostname"),
        (json!({ "description": long }), "description: it is too long"),
        (json!({ "description": "a\u{0}" }), "description: it has a character"),
        (json!({ "user_data": "?" .repeat(3) + "a" }), "user_data: it is not base64"),
        (json!({ "user_data": "aaaa".repeat(20_000) }), "user_data: it is too long"),
        (json!({ "metadata": { "a/b": "" } }), "metadata: a name has 1 to 255 letters"),
        (json!({ "metadata": { "a": long } }), "metadata: it is too long"),
        (json!({ "tags": ["a,b"] }), "tags: a tag has no '/' and no ','"),
        (json!({ "key_name": long }), "key_name: it is too long"),
        (json!({ "lock": { "reason": long } }), "lock: it is too long"),
    ];
    for (fields, expected) in texts {
        refused(&one(fields), expected);
    }
    let many: serde_json::Map<String, Value> =
        (0..=limits::METADATA_MAX).map(|it| (it.to_string(), "".into())).collect();
    refused(&one(json!({ "metadata": many })), "servers[0].metadata: found 129 entries");
    let many: Vec<String> = (0..=limits::TAGS_MAX).map(|it| it.to_string()).collect();
    refused(
        &one(json!({ "tags": many })),
        "servers[0].tags: found 51 entries, expected a list of 50",
    );
    let many = vec![json!({ "action": "reboot" }); limits::OPERATIONS_PER_SERVER_MAX + 1];
    refused(&one(json!({ "finished": many })), "servers[0].finished: found 33 entries");
    // What the API forgets, and servers go on naming.
    let known_once = json!({ "server_group": "7f6a4d1c-0000-4000-8000-000000000001",
        "key_name": "gone", "availability_zone": "gone", "host": null });
    let kept = read(&one(known_once)).unwrap().document(&Declared::dev(), usize::MAX).unwrap();
    for known_once in ["\"key_name\":\"gone\"", "\"availability_zone\":\"gone\"", "7f6a4d1c"] {
        assert!(kept.contains(known_once), "{kept}");
    }
}

#[test]
fn ports_are_in_their_network_and_nobody_elses() {
    let id = "7f6a4d1c-0000-4000-8000-000000000001";
    let cases = [
        (
            json!([port(json!({ "address": "192.0.2.1" }))]),
            "ports[0].address: found 192.0.2.1, expected 10.",
        ),
        (json!([port(json!({ "address": "::1" }))]), "ports[0].address: found ::1, expected 10."),
        (
            json!([port(json!({ "mac": "fa:16:3e:00:00:+a" }))]),
            "ports[0].mac: found \"fa:16:3e:00:00:+a\"",
        ),
        (json!([port(json!({ "mac": "fa:16:3e:00:00:0a:00" }))]), "ports[0].mac: found"),
        (
            json!([
                port(json!({ "mac": "fa:16:3e:00:00:0a" })),
                port(json!({ "mac": "FA:16:3E:00:00:0A" }))
            ]),
            "ports[1].mac: FA:16:3E:00:00:0A is another port's",
        ),
        (json!([port(json!({ "id": id })), port(json!({ "id": id }))]), "is another port's"),
        (json!(vec![port(json!({})); 17]), "servers[0].ports: found 17 entries"),
        (
            json!([{ "network": "privat" }]),
            "network: \"privat\" is not declared in this world; the nearest is \"private\"",
        ),
    ];
    for (ports, expected) in cases {
        refused(&one(json!({ "ports": ports })), expected);
    }
    // Those that are made up are none that is named.
    let named = server(json!({ "ports": [port(json!({ "mac": "fa:16:3e:00:00:01" }))] }));
    let others = vec![server(json!({})); 4];
    let rows: Vec<Value> = std::iter::once(named).chain(others).collect();
    let text = read(&with("servers", json!(rows)))
        .unwrap()
        .document(&Declared::dev(), usize::MAX)
        .unwrap();
    let again: Value = serde_json::from_str(&text).unwrap();
    let macs =
        again["servers"].as_array().unwrap().iter().map(|row| row["ports"][0]["mac"].as_str());
    assert_eq!(macs.collect::<std::collections::BTreeSet<_>>().len(), 5, "{text}");
    // A server that is gone has had an address that another one has.
    let had =
        json!({ "ports": [port(json!({ "address": "10.0.0.9", "mac": "fa:16:3e:00:00:01" }))] });
    let mut gone = server(had.clone());
    gone["vm_state"] = "deleted".into();
    gone["name"] = "gone".into();
    read(&with("servers", json!([gone, server(had)]))).unwrap();
}

#[test]
fn no_row_is_lost_for_another() {
    let group = |id: &str| json!({ "id": id, "name": "g", "policy": "affinity" });
    let id = "7f6a4d1c-0000-4000-8000-000000000001";
    let twice = with("server_groups", json!([group(id), group(id)]));
    refused(&twice, "server_groups[1] (g): id: 7f6a4d1c-0000-4000-8000-000000000001 is another's");
    let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPZH3ZhmC0fLMFdRCOIcqJfOdDoVlgdFdCr1aJpGxp0l a@b";
    let pair = json!({ "name": "k", "public_key": key });
    refused(&with("key_pairs", json!([pair, pair])), "key_pairs[1] (k): id: ");
    let mut other = pair.clone();
    other["id"] = id.into();
    let twice = with("key_pairs", json!([pair, other]));
    refused(&twice, "key_pairs[1] (k): name: its owner has another of that name");
    other["name"] = "l".into();
    let mut pair = pair;
    pair["id"] = id.into();
    refused(&with("key_pairs", json!([pair, other])), "key_pairs[1] (l): id: ");
    let answer = json!({ "request": id, "operations": [{ "server": id, "number": 1 }] });
    let key = json!({ "project": "demo", "key": "once", "fingerprint": "ab".repeat(32),
        "answer": answer, "expires": "2027-01-01T00:00:00Z" });
    read(&with("idempotency_keys", json!([key]))).unwrap();
    refused(&with("idempotency_keys", json!([key, key])), "key: \"once\" is there twice");
    let members = vec![server(json!({ "server_group": id })); limits::SERVER_GROUP_MEMBERS_MAX + 1];
    refused(&with("servers", json!(members)), "servers[10] (web): server_group: ");
    let flavors = json!([flavor_record(FIRST_RECORD, "x"), flavor_record(FIRST_RECORD + 1, "x")]);
    refused(
        &with("records", flavors),
        "records[1] (flavor): body: another one of its kind is of \"x\"",
    );
}

#[test]
fn rows_beside_servers_are_as_they_are_exported() {
    let id = "7f6a4d1c-0000-4000-8000-000000000001";
    let credential = |role: &str, secret: &str| {
        with(
            "application_credentials",
            json!([{ "id": id, "name": "ci", "user": "demo",
            "project": "demo", "roles": [role], "secret": secret, "created": "2026-01-01T00:00:00Z" }]),
        )
    };
    read(&credential("member", "$argon2id$v=19$m=7168,t=5,p=1$YQ$Yg")).unwrap();
    refused(&credential("membre", "$argon2id$"), "roles: there is no \"membre\"; expected one of");
    let plain = read(&credential("member", "hunter2")).map(|_| ()).unwrap_err();
    assert!(plain.contains("secret: expected a digest") && !plain.contains("hunter2"), "{plain}");
    let mut signed = "ab".repeat(31);
    signed.push_str("+a");
    let answer = json!({ "request": id, "operations": [{ "server": id, "number": 1 }] });
    let key = json!({ "project": "demo", "key": "once", "fingerprint": signed, "answer": answer,
        "expires": "2027-01-01T00:00:00Z" });
    refused(&with("idempotency_keys", json!([key])), "fingerprint: expected 64 hexadecimal digits");
    let group = json!([{ "id": id, "name": "g", "policy": "anti_affinity" }]);
    refused(
        &with("server_groups", group),
        "policy: there is no \"anti_affinity\"; expected one of",
    );
    refused(
        &with("records", json!([flavor_record(u32::MAX, "x")])),
        "number: found 4294967295, expected 1048576 to",
    );
    let mut record = flavor_record(FIRST_RECORD, "x");
    record["body"]["size"]["vcpus"] = "two".into();
    refused(
        &with("records", json!([record])),
        "body.size.vcpus: found the text \"two\", expected a whole number",
    );
}

#[test]
fn time_can_be_moved_on_from_there() {
    let at = |now: &str| with("time", json!({ "now": now, "speed": 1.0 }));
    read(&at("9989-01-01T00:00:00Z")).unwrap();
    refused(
        &at("9999-12-30T00:00:00Z"),
        "time: now: found 9999-12-30T00:00:00.000000Z, expected 9990-01-",
    );
    refused(&at("soon"), "time.now: found \"soon\", expected an instant such as");
    refused(
        &with("time", json!({ "now": "2026-01-01T00:00:00Z", "speed": -1 })),
        "speed: found -1, expected 0 to",
    );
    let never = json!({ "action": "create", "not_before": "9999-01-01T00:00:00Z" });
    refused(&one(json!({ "operation": never })), "operation.not_before: found 9999-01-01");
}

#[test]
fn what_is_wrong_is_said_in_plain_words_with_its_place() {
    refused_text("[]", "The body: found a list, expected an object");
    assert!(read_text("").unwrap_err().starts_with("it is no JSON: "));
    let version = |text: &str| format!(r#"{{"format":"guichet-snapshot","version":{text}}}"#);
    for large in ["2", "18446744073709551615", "99999999999999999999", "1e300"] {
        refused_text(&version(large), "made by a newer version");
    }
    refused_text(&version("-1"), "version: expected 1");
    refused_text(&version("[[1],{}]"), "version: expected 1");
    refused(
        &one(json!({ "vm_state": "activ" })),
        "servers[0].vm_state: there is no \"activ\"; expected one of building",
    );
    refused(&one(json!({ "vm_state": "activ" })), "the nearest is active");
    refused(
        &one(json!({ "operation": { "action": "reebot" } })),
        "servers[0].operation.action: there is no \"reebot\"",
    );
    refused(&one(json!({ "flavour": "m1.tiny" })), "servers[0].flavour: there is no such field");
    refused(&one(json!({ "flavour": "m1.tiny" })), "the nearest is flavor");
    refused(&one(json!({ "flavor": "m1.tyny" })), "the nearest is \"m1.tiny\"");
    refused(&with("sevrers", json!([])), "sevrers: there is no such field; expected one of");
    refused(
        &with("servers", json!([{ "name": "a", "flavor": "m1.tiny" }])),
        "servers[0].image: it is missing",
    );
    refused(&with("servers", json!([{}])), "servers[0].name: it is missing");
    refused(
        &one(json!({ "config_drive": "yes" })),
        "servers[0].config_drive: found the text \"yes\", expected true or false",
    );
    refused(&with("servers", json!({})), "servers: found an object, expected a list");
    let long = "x".repeat(1 << 20);
    for wrong in [
        one(json!({ "vm_state": long })),
        one(json!({ "name": long })),
        one(json!({ "flavor": long })),
        one(json!({ "host": long })),
        one(json!({ &*long: 1 })),
        one(json!({ "config_drive": long })),
        with(&long, json!(1)),
        with("records", json!([{ "kind": long, "number": FIRST_RECORD, "body": 1 }])),
    ] {
        refused(&wrong, "");
    }
}

/// A document with so many of one thing.
fn many(count: usize, before: &str, each: &str, after: &str) -> String {
    let all = vec![each; count].join(",");
    format!(r#"{{"format":"guichet-snapshot","version":1,{before}{all}{after}}}"#)
}

#[test]
fn a_document_has_so_many_parts_at_most() {
    let objects = limits::SNAPSHOT_DOCUMENT_OBJECTS_MAX + 1;
    refused_text(&many(objects, r#""servers":["#, "{}", "]"), "more than 500000 objects");
    refused_text(&many(objects, r#""x":["#, "{}", "]"), "more than 500000 objects");
    let small = r#"{"name":"a","flavor":"m1.tiny","image":"cirros"}"#;
    let servers = limits::SNAPSHOT_DOCUMENT_SERVERS_MAX + 1;
    refused_text(&many(servers, r#""servers":["#, small, "]"), "servers: found 110001 entries");
    let networks = r#""servers":[{"name":"a","flavor":"m1.tiny","image":"cirros","networks":["#;
    refused_text(&many(100, networks, "\"\"", "]}]"), "servers[0].networks: found 17 entries");
    let body = r#""records":[{"kind":"flavor","number":1048576,"body":["#;
    refused_text(&many(100_000, body, "[]", "]}]"), "body: expected 65536 bytes at most");
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let deep = read_text(&many(1, "\"x\":", &deep, "")).unwrap_err();
    assert!(deep.starts_with("it is no JSON: recursion limit exceeded"), "{deep}");
}

#[test]
fn what_is_exported_is_no_more_than_is_read() {
    // The shortest row of a server that was ever written.
    let smallest = json!({ "name": "a", "flavor": "m1.tiny", "image": "cirros", "host": null,
        "ports": [], "vm_state": "error" });
    let text = read(&with("servers", json!([smallest])))
        .unwrap()
        .document(&Declared::dev(), usize::MAX)
        .unwrap();
    let row = text.lines().find(|line| line.starts_with("{\"name\"")).unwrap();
    // With every name that is declared of one letter.
    let longer = "m1.tiny".len() + "cirros".len() + 2 * "demo".len() - 4;
    let least = row.len() + ",\n".len() - longer;
    let most = limits::SNAPSHOT_DOCUMENT_MAX / least;
    assert!(most <= limits::SNAPSHOT_DOCUMENT_SERVERS_MAX, "{least} bytes: {most} rows");
}
