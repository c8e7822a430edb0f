//! Key pairs as clients see them, version by version, and in servers.

use guichet_cloud::accounts::Role;
use guichet_cloud::keys::fingerprint;
use guichet_core::ids::UserId;
use guichet_core::key_pair::{KeyKind, KeyPair, KeyPairRequest};
use guichet_core::limits;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::servers::bench::{Bench, Client, column, fault};

pub(crate) const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAII/Alngc65/JgDXpTrswM3iy1W8yKTWPaopbSqFt3Nph me@here";
const FINGERPRINT: &str = "28:d5:1c:86:81:41:60:62:b3:95:fc:1a:fb:13:f0:b9";
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUWB+QAGU4xwEM0SLTIO/ry7zpz6owCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEZGVtbzAeFw0yNjExMjgxNzQ5NTdaFw0zNjExMjUxNzQ5NTda
MA8xDTALBgNVBAMMBGRlbW8wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAROJ91/
qoU/eQZX3ocZNuVFlaTE+C3ufGawp8DY3qR0x9zYVPcsDFklW6vZ2uTjlbyqn6h7
L6ljMnxqDTyPkUvIo1MwUTAdBgNVHQ4EFgQUl6ABzpj4p41WMo9swci+Stip2Zow
HwYDVR0jBBgwFoAUl6ABzpj4p41WMo9swci+Stip2ZowDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiAWNhhI1joM8Almrwk6UrwR7Aw28U0PTvSedB9j
fCYJ0QIhAJ+XjJQx/8jNgY/8sQ9QDaNBacx5O9l5II10+6kXSrtS
-----END CERTIFICATE-----\n";

fn new(fields: Value) -> Value {
    Value::Object([("keypair".to_owned(), fields)].into_iter().collect())
}

/// Imports a key pair of this name, which must succeed.
async fn import(client: &Client<'_>, name: &str) -> Value {
    let fields = new(json!({ "name": name, "public_key": ED25519 }));
    let answer = client.post("/os-keypairs", &fields).await;
    assert!(answer.status.is_success(), "{}", String::from_utf8_lossy(&answer.bytes));
    answer.json()["keypair"].take()
}

async fn refused(client: &Client<'_>, fields: Value) -> (u16, String) {
    let answer = client.post("/os-keypairs", &new(fields)).await;
    (answer.code(), fault(&answer))
}

async fn names(client: &Client<'_>, query: &str) -> Vec<String> {
    let body = client.body(&format!("/os-keypairs{query}")).await;
    let rows = body["keypairs"].as_array().unwrap();
    rows.iter().map(|row| row["keypair"]["name"].as_str().unwrap().to_owned()).collect()
}

fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn an_imported_key_is_shown_until_it_is_deleted() {
    let bench = Bench::new();
    let user = bench.test.user_id("demo");
    for (minor, created, deleted) in
        [(1, 200, 202), (2, 201, 204), (10, 201, 204), (35, 201, 204), (96, 201, 204)]
    {
        let client = bench.client("demo").at(minor);
        let asked = new(json!({ "name": "mine", "public_key": ED25519 }));
        let answer = client.post("/os-keypairs", &asked).await;
        assert_eq!(answer.code(), created, "2.{minor}");
        let mut row = json!({ "name": "mine", "public_key": ED25519, "fingerprint": FINGERPRINT });
        if minor >= 2 {
            row["type"] = json!("ssh");
        }
        let listed = json!({ "keypairs": [{ "keypair": row }] });
        assert_eq!(client.body("/os-keypairs").await, listed);
        row["user_id"] = json!(user);
        assert_eq!(answer.json(), json!({ "keypair": row }), "2.{minor}");
        let mut shown = client.body("/os-keypairs/mine").await["keypair"].take();
        let at = shown["created_at"].as_str().unwrap().to_owned();
        assert!(at.len() == 26 && !at.ends_with('Z'), "{at}");
        let id = shown["id"].as_i64().unwrap();
        assert!((0..1 << 31).contains(&id), "{id}");
        for name in ["created_at", "id"] {
            shown.as_object_mut().unwrap().remove(name);
        }
        row["updated_at"] = Value::Null;
        row["deleted_at"] = Value::Null;
        row["deleted"] = json!(false);
        assert_eq!(shown, row);
        let answer = client.delete("/os-keypairs/mine").await;
        assert_eq!((answer.code(), answer.bytes.len()), (deleted, 0), "2.{minor}");
        let answer = client.get("/os-keypairs/mine").await;
        assert_eq!(answer.code(), 404);
        assert_eq!(fault(&answer), format!("Keypair mine not found for user {user}"));
        assert_eq!(client.delete("/os-keypairs/mine").await.code(), 404);
    }
}

#[tokio::test]
async fn a_key_that_is_made_shows_its_private_half_once() {
    let bench = Bench::new();
    let client = bench.client("demo").at(91);
    let answer = client.post("/os-keypairs", &new(json!({ "name": "made" }))).await;
    assert_eq!(answer.code(), 201);
    let made = answer.json()["keypair"].take();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let (public, private) = (text("public_key"), text("private_key"));
    assert!(private.starts_with("-----BEGIN RSA PRIVATE KEY-----\n"), "{private}");
    assert!(private.ends_with("-----END RSA PRIVATE KEY-----\n"));
    assert!(public.starts_with("ssh-rsa AAAA") && public.ends_with(" Generated-by-Nova"));
    assert_eq!(fingerprint(KeyKind::Ssh, &public).unwrap(), text("fingerprint"));
    let shown = client.body("/os-keypairs/made").await.to_string();
    let listed = client.body("/os-keypairs").await.to_string();
    assert!(!shown.contains("PRIVATE") && !listed.contains("PRIVATE"));
    let stored = bench
        .test
        .cloud
        .manager()
        .key_pairs()
        .key_pairs(UserId(bench.test.user("demo") as u32), None);
    assert!(!format!("{stored:?}").contains("PRIVATE"));
    // Another one is another key.
    let other = client.post("/os-keypairs", &new(json!({ "name": "other" }))).await.json();
    assert_ne!(other["keypair"]["public_key"], made["public_key"]);
    let (status, said) = refused(&client, json!({ "name": "made" })).await;
    assert_eq!((status, &*said), (409, "Key pair 'made' already exists."));
    let (status, said) = refused(&client.at(92), json!({ "name": "late" })).await;
    assert_eq!(status, 400);
    assert!(said.contains("'public_key' is a required property"), "{said}");
}

#[tokio::test]
async fn certificates_are_imported() {
    let bench = Bench::new();
    let client = bench.client("demo").at(91);
    let asked = json!({ "name": "win", "type": "x509", "public_key": CERTIFICATE });
    let answer = client.post("/os-keypairs", &new(asked.clone())).await;
    assert_eq!(answer.code(), 201);
    let made = &answer.json()["keypair"];
    assert_eq!((&made["type"], &made["public_key"]), (&json!("x509"), &json!(CERTIFICATE)));
    assert_eq!(made["fingerprint"], "34:3e:8e:97:cc:89:64:a1:b4:d7:b1:d6:38:06:be:6e:f5:fb:47:5e");
    assert_eq!(refused(&client.at(1), asked).await.0, 400, "2.1 knows no types");
}

#[tokio::test]
async fn a_certificate_that_is_made_is_its_users_and_its_key_is_shown_once() {
    let bench = Bench::new();
    let client = bench.client("demo").at(91);
    let answer = client.post("/os-keypairs", &new(json!({ "name": "win", "type": "x509" }))).await;
    assert_eq!(answer.code(), 201, "{}", String::from_utf8_lossy(&answer.bytes));
    let made = answer.json()["keypair"].take();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let (public, private) = (text("public_key"), text("private_key"));
    assert!(public.starts_with("-----BEGIN CERTIFICATE-----\n"), "{public}");
    assert_eq!(fingerprint(KeyKind::X509, &public).unwrap(), text("fingerprint"));
    // Shown once and never kept.
    let shown = client.body("/os-keypairs/win").await;
    assert_eq!(
        (&shown["keypair"]["type"], &shown["keypair"]["public_key"]),
        (&json!("x509"), &made["public_key"])
    );
    assert!(shown["keypair"].get("private_key").is_none() && !shown.to_string().contains(&private));
    assert_eq!(refused(&client.at(92), json!({ "name": "a", "type": "x509" })).await.0, 400);
}

#[tokio::test]
async fn what_is_no_key_pair_is_400_and_changes_nothing() {
    let bench = Bench::new();
    let client = bench.client("demo").at(91);
    let good = |name: &str| json!({ "name": name, "public_key": ED25519 });
    for wrong in [
        json!({ "public_key": ED25519 }),
        good(""),
        good(" "),
        good(" a"),
        good("a "),
        good("a/b"),
        good("a@b"),
        good("a.b"),
        good("é"),
        good(&"x".repeat(256)),
        json!({ "name": 7, "public_key": ED25519 }),
        json!({ "name": "a", "public_key": 7 }),
        json!({ "name": "a", "public_key": null }),
        json!({ "name": "a", "public_key": "" }),
        json!({ "name": "a", "public_key": "ssh-rsa AAAA" }),
        json!({ "name": "a", "public_key": CERTIFICATE }),
        json!({ "name": "a", "public_key": "x".repeat(limits::PUBLIC_KEY_MAX + 1) }),
        json!({ "name": "a", "public_key": ED25519, "type": "x509" }),
        json!({ "name": "a", "public_key": ED25519, "type": "pgp" }),
        json!({ "name": "a", "public_key": ED25519, "color": "red" }),
    ] {
        let (status, said) = refused(&client, wrong.clone()).await;
        assert_eq!(status, 400, "{wrong}: {said}");
    }
    let (_, said) = refused(&client, json!({ "name": "a", "public_key": "ssh-rsa AAAA" })).await;
    assert_eq!(said, "Keypair data is invalid: failed to generate fingerprint");
    assert!(names(&client, "").await.is_empty());
    import(&client, &"x".repeat(255)).await;
    let newest = client.at(92);
    assert_eq!(newest.post("/os-keypairs", &new(good("me@a.b c_d-e"))).await.code(), 201);
    assert_eq!(names(&newest, "").await[0], "me@a.b c_d-e");
    assert_eq!(newest.get("/os-keypairs/me@a.b%20c_d-e").await.code(), 200);
}

#[tokio::test]
async fn a_user_has_a_hundred_and_the_quota_says_so() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let store = bench.test.cloud.manager().key_pairs();
    for number in 0..limits::KEY_PAIRS_MAX as u128 {
        let row = KeyPair {
            id: guichet_core::ids::KeyPairId::from_bits(number),
            user: UserId(bench.test.user("demo") as u32),
            name: Arc::from(format!("key-{number:03}")),
            kind: KeyKind::Ssh,
            public_key: Arc::from(ED25519),
            fingerprint: Arc::from(FINGERPRINT),
            created: bench.test.cloud.now(),
        };
        drop(store.change_key_pair(&KeyPairRequest::create(Arc::new(row))));
    }
    let more = json!({ "name": "more", "public_key": ED25519 });
    for (minor, asked) in [(96, more), (91, json!({ "name": "more" }))] {
        let (status, said) = refused(&client.at(minor), asked).await;
        assert_eq!((status, &*said), (403, "Quota exceeded, too many key pairs."));
    }
    let limits = client.body("/limits").await;
    assert_eq!(limits["limits"]["absolute"]["maxTotalKeypairs"], 100);
    let quota = client.body(&format!("/os-quota-sets/{}", bench.test.project_id("demo"))).await;
    assert_eq!(quota["quota_set"]["key_pairs"], 100);
    import(&bench.client("alt"), "more").await;
    // Pages, from 2.35 on.
    assert_eq!(names(&client.at(34), "?limit=2").await.len(), 100);
    let body = client.body("/os-keypairs?limit=2").await;
    let next = body["keypairs_links"][0]["href"].as_str().unwrap();
    assert_eq!(next, "http://cloud:1/compute/v2.1/os-keypairs?limit=2&marker=key-001");
    assert_eq!(names(&client, "?limit=2&marker=key-001").await, ["key-002", "key-003"]);
    assert_eq!(names(&client, "?marker=key-097").await, ["key-098", "key-099"]);
    assert!(client.body("/os-keypairs?marker=key-097").await.get("keypairs_links").is_none());
    for query in ["?marker=none", "?limit=-1", "?color=red"] {
        assert_eq!(client.get(&format!("/os-keypairs{query}")).await.code(), 400, "{query}");
    }
    assert_eq!(client.at(74).get("/os-keypairs?color=red").await.code(), 200);
}

#[tokio::test]
async fn of_others_only_administrators_learn_and_only_from_2_10_on() {
    let bench = Bench::new();
    let (demo, alt, admin) = (bench.client("demo"), bench.client("alt"), bench.client("admin"));
    import(&demo, "mine").await;
    let id = bench.test.user_id("demo");
    let of_demo = format!("?user_id={id}");
    assert!(names(&alt, "").await.is_empty());
    assert_eq!(alt.get("/os-keypairs/mine").await.code(), 404);
    assert_eq!(alt.delete("/os-keypairs/mine").await.code(), 404);
    for (method, path) in [
        ("GET", format!("/os-keypairs{of_demo}")),
        ("GET", format!("/os-keypairs/mine{of_demo}")),
        ("DELETE", format!("/os-keypairs/mine{of_demo}")),
        ("GET", "/os-keypairs?user_id=nobody".to_owned()),
    ] {
        let answer = alt.call(method, &path, None).await;
        assert_eq!(answer.code(), 403, "{method} {path}");
        assert!(fault(&answer).starts_with("Policy doesn't allow os_compute_api:os-keypairs:"));
    }
    let for_demo = |name: &str| json!({ "name": name, "public_key": ED25519, "user_id": id });
    assert_eq!(refused(&alt, for_demo("theirs")).await.0, 403);
    assert_eq!(names(&demo, &of_demo).await, ["mine"], "one's own may be named");
    assert_eq!(names(&admin, &of_demo).await, ["mine"]);
    assert!(names(&admin.at(9), &of_demo).await.is_empty(), "it is passed over");
    assert_eq!(refused(&admin.at(9), for_demo("theirs")).await.0, 400);
    let answer = admin.post("/os-keypairs", &new(for_demo("theirs"))).await;
    assert_eq!(answer.json()["keypair"]["user_id"], json!(id));
    assert_eq!(names(&demo, "").await, ["mine", "theirs"]);
    assert_eq!(admin.delete(&format!("/os-keypairs/theirs{of_demo}")).await.code(), 204);
    assert!(names(&admin, "?user_id=nobody").await.is_empty());
    assert_eq!(admin.get("/os-keypairs/mine?user_id=nobody").await.code(), 404);
    // Whatever the role in the project is: they are the user's own.
    import(&bench.with_role(Role::Reader), "readers").await;
    assert_eq!(names(&demo, "").await, ["mine", "readers"]);
}

#[tokio::test]
async fn a_server_shows_its_key_pair_also_when_that_is_deleted() {
    let bench = Bench::new();
    let client = bench.client("demo");
    let answer = client.ask(&json!({ "key_name": "mine" })).await;
    assert_eq!((answer.code(), &*fault(&answer)), (400, "Invalid key_name provided."));
    import(&bench.client("alt"), "mine").await;
    assert_eq!(client.ask(&json!({ "key_name": "mine" })).await.code(), 400, "it is another's");
    import(&client, "mine").await;
    let id = client.active(&json!({ "key_name": "mine", "name": "with" })).await;
    client.active(&json!({ "key_name": null, "name": "without" })).await;
    assert_eq!(client.server(&id).await["key_name"], "mine");
    assert_eq!(client.delete("/os-keypairs/mine").await.code(), 204);
    assert_eq!(client.server(&id).await["key_name"], "mine");
    assert_eq!(client.names("?key_name=mine").await, ["with"]);
    let rows = client.body("/servers/detail?sort_key=key_name&sort_dir=asc").await;
    assert_eq!(column(&rows["servers"], "name"), ["without", "with"]);
    assert_eq!(fields(&rows["servers"][0]), fields(&rows["servers"][1]));
    assert_eq!(client.ask(&json!({ "key_name": "mine" })).await.code(), 400);
}

/// Many keys at once: as many as may wait are made, the others are told to come back, and lists go
/// on being answered meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_keys_waits_for_itself_alone() {
    let bench = Bench::new();
    let client = bench.client("demo").at(91);
    // More than there is place for, also if some are made before the last has come.
    let crowd = 3 * (limits::KEYS_WAITING_MAX + limits::KEYS_MADE_AT_ONCE);
    let mut storm = JoinSet::new();
    let app = guichet_openstack::app(&bench.test.cloud);
    for number in 0..crowd {
        let app = app.clone();
        let body = new(json!({ "name": format!("key-{number:02}") }));
        let request = client.request("POST", "/os-keypairs", Some(&body));
        storm.spawn(app.oneshot(request));
    }
    assert_eq!(client.get("/servers").await.code(), 200);
    let (mut made, mut busy) = (0, 0);
    while let Some(answer) = storm.join_next().await {
        let answer = answer.unwrap().unwrap();
        match answer.status().as_u16() {
            201 => made += 1,
            503 => {
                assert!(answer.headers().contains_key("retry-after"));
                busy += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(made + busy, crowd);
    assert!(made >= limits::KEYS_WAITING_MAX && busy >= 1, "{made} {busy}");
    assert_eq!(names(&client, "").await.len(), made);
}
