//! A directory that an earlier version wrote, killed while a reboot ran and a create waited.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::cloud::{Client, Cloud};
use super::verify;
use super::wire;
use crate::support::{Place, flag, guichet};

/// The directory and what must be found in it; `ids` are those of servers 0 to 5.
struct Earlier {
    dir: PathBuf,
    expected: Value,
}

impl Earlier {
    /// A copy that may be written to.
    fn copy(place: &Place) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/data-v2");
        let dir = place.path("data");
        fs::create_dir(&dir).expect("made");
        for name in ["guichet.db", "guichet.db-wal", "guichet.db-shm"] {
            let content = fs::read(from.join(name)).expect("it is there");
            fs::write(dir.join(name), content).expect("written");
        }
        let expected = fs::read(from.join("expected.json")).expect("it is there");
        Self { dir, expected: serde_json::from_slice(&expected).expect("it is JSON") }
    }

    fn text(&self, pointer: &str) -> &str {
        self.expected.pointer(pointer).and_then(Value::as_str).expect("it is there")
    }

    fn id(&self, n: usize) -> &str {
        self.text(&format!("/ids/{n}"))
    }

    /// This version on it. Quotas are those that it was written under.
    fn serve(&self) -> Cloud {
        let flags = ["--dev", "--listen", "127.0.0.1:0", "--profile", "fast", "--data"];
        let command = guichet("serve", &[&flags[..], &[flag(&self.dir)]].concat());
        Cloud::of(command, &self.dir.with_extension("log"))
    }
}

/// Logs in; the status and the token.
fn log_in(address: &str, auth: &Value) -> (u16, Option<String>) {
    let body = json!({ "auth": auth });
    let answer = wire::ask(address, "POST", "/identity/v3/auth/tokens", &[], Some(&body));
    let answer = answer.expect("an answer");
    (answer.status, answer.header("x-subject-token").map(str::to_owned))
}

/// The cloud's administrator, who is shown what an owner is not.
fn admin(client: &Client) -> Client {
    let domain = json!({ "id": "default" });
    let user = json!({ "name": "admin", "domain": domain, "password": "secret" });
    let identity = json!({ "methods": ["password"], "password": { "user": user } });
    let scope = json!({ "project": { "name": "admin", "domain": domain } });
    let auth = json!({ "identity": identity, "scope": scope });
    let mut admin = client.clone();
    admin.token = log_in(&client.address, &auth).1.expect("a token");
    admin
}

fn shown(client: &Client, id: &str) -> Value {
    let answer = client.show(id);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["server"].clone()
}

fn are_as_they_were(client: &Client, earlier: &Earlier) {
    let first = shown(client, earlier.id(0));
    assert_eq!(first["name"], "golden-0");
    assert_eq!(first["status"], "ACTIVE");
    assert_eq!(first["metadata"], json!({ "k": "0" }));
    let mut tags: Vec<&str> =
        first["tags"].as_array().expect("tags").iter().filter_map(Value::as_str).collect();
    tags.sort_unstable();
    assert_eq!(tags, ["blue", "red"]);
    assert_eq!(first["description"], "first");
    let whole = shown(&admin(client), earlier.id(0));
    assert_eq!(whole["OS-EXT-SRV-ATTR:user_data"], "aGVsbG8=");
    let stopped = shown(client, earlier.id(1));
    assert_eq!((&stopped["status"], &stopped["name"]), (&json!("SHUTOFF"), &json!("golden-1")));
    let locked = shown(client, earlier.id(2));
    assert_eq!((&locked["locked"], &locked["locked_reason"]), (&json!(true), &json!("why not")));
    assert_eq!(client.show(earlier.id(3)).status, 404);
    assert_eq!(shown(client, earlier.id(5))["status"], "ACTIVE");
    let done = |action: &str| (action.to_owned(), "Success".to_owned());
    assert_eq!(client.actions(earlier.id(1)), [done("create"), done("stop")]);
    assert_eq!(client.actions(earlier.id(3)), [done("create"), done("delete")]);
}

#[test]
fn it_is_sound_and_all_that_was_in_it_is_there() {
    let place = Place::new();
    let earlier = Earlier::copy(&place);
    let found = verify(&earlier.dir);
    assert_eq!(found.code, Some(0), "{found:#?}");

    let cloud = earlier.serve();
    let client = &cloud.client;
    are_as_they_were(client, &earlier);
    // What was running goes on, and what waited too.
    client.becomes(earlier.id(4), "ACTIVE");
    client.becomes(earlier.text("/unfinished"), "ACTIVE");
    let reboot = client.actions(earlier.id(4)).pop().expect("an action");
    assert_eq!(reboot, ("reboot".to_owned(), "Success".to_owned()));
    assert_eq!(client.servers().len(), 6);
    cloud.stop();
    super::is_sound(&earlier.dir);
}

/// Logs in by the credential that is in the directory.
fn by_credential(cloud: &Cloud, earlier: &Earlier, secret: &str) -> (u16, Option<String>) {
    let credential = json!({ "id": earlier.text("/credential"), "secret": secret });
    let methods = json!(["application_credential"]);
    let identity = json!({ "methods": methods, "application_credential": credential });
    log_in(&cloud.client.address, &json!({ "identity": identity }))
}

#[test]
fn its_application_credential_is_good_for_a_login() {
    let place = Place::new();
    let earlier = Earlier::copy(&place);
    let cloud = earlier.serve();
    assert_eq!(by_credential(&cloud, &earlier, "another").0, 401);
    let (status, token) = by_credential(&cloud, &earlier, "s3cret");
    assert_eq!(status, 201);
    let mut client = cloud.client.clone();
    client.token = token.expect("a token");
    assert_eq!(shown(&client, earlier.id(0))["name"], "golden-0");
    cloud.stop();
}

/// The record that it was has become a row, once and for all: it stays until it is deleted, and
/// does not come back then.
#[test]
fn its_application_credential_is_moved_once() {
    let place = Place::new();
    let earlier = Earlier::copy(&place);
    earlier.serve().stop();
    super::is_sound(&earlier.dir);

    let cloud = earlier.serve();
    let (status, token) = by_credential(&cloud, &earlier, "s3cret");
    assert_eq!(status, 201);
    // Its own token may not delete it: it is restricted. An administrator's may.
    let admin = admin(&cloud.client).token;
    let headers = [("X-Auth-Token", &*admin)];
    let about =
        [("X-Auth-Token", &*admin), ("X-Subject-Token", token.as_deref().expect("a token"))];
    let ask = |method, path: &str, headers: &[(&str, &str)]| {
        wire::ask(&cloud.client.address, method, path, headers, None).expect("an answer")
    };
    let session = ask("GET", "/identity/v3/auth/tokens", &about).body;
    let user = session["token"]["user"]["id"].as_str().expect("an id").to_owned();
    let id = earlier.text("/credential");
    let path = format!("/identity/v3/users/{user}/application_credentials/{id}");
    assert_eq!(ask("GET", &path, &headers).status, 200);
    assert_eq!(ask("DELETE", &path, &headers).status, 204);
    cloud.stop();

    let cloud = earlier.serve();
    assert_eq!(by_credential(&cloud, &earlier, "s3cret").0, 401);
    cloud.stop();
    super::is_sound(&earlier.dir);
}
