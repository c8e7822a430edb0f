//! Bodies are read as the schemas say: what a schema takes is not refused for its form, and what it
//! refuses is 400. Schemas are data (`schemas.json`); readers are written by hand.

mod formats;
mod load;
mod mutate;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub(crate) use self::load::{Request, fields, requests, versions_of};
use crate::keypairs::ED25519;
use crate::servers::bench::{Bench, Client, fault};

/// What is refused although the schema takes it: limits of this program's own. A request and a
/// field in it, and what the answer says.
const OWN: &[(&str, &str, &str)] = &[
    ("POST /servers", "block_device_mapping", "expected 16 at most"),
    ("POST /servers", "networks", "expected 16 at most"),
    ("POST /servers", "security_groups", "expected 16 at most"),
    ("POST /servers", "min_count", "Expected 100 at most"),
    ("POST /servers", "max_count", "Expected 100 at most"),
    ("POST /servers", "different_cell", "expected 100 at most"),
    ("action createBackup", "backup_type", "too long"),
];

/// Puts what a cloud has where an example has a word for it.
fn filled(value: &Value, words: &BTreeMap<&str, String>) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('$').and_then(|name| words.get(name)) {
            Some(word) => json!(word),
            None => value.clone(),
        },
        Value::Array(list) => list.iter().map(|value| filled(value, words)).collect(),
        Value::Object(map) => {
            let each = map.iter().map(|(name, value)| (name.clone(), filled(value, words)));
            Value::Object(each.collect())
        }
        other => other.clone(),
    }
}

/// The method and the path of a request.
fn target(name: &str, server: &str, project: &str) -> (String, String) {
    let (first, rest) = name.split_once(' ').unwrap();
    match first {
        "action" => ("POST".to_owned(), format!("/servers/{server}/action")),
        "flavor" => ("POST".to_owned(), "/flavors/made/action".to_owned()),
        "aggregate" => ("POST".to_owned(), "/os-aggregates/1/action".to_owned()),
        method => {
            let id = match rest.split('/').nth(1).unwrap() {
                "servers" => server,
                "flavors" => "made",
                "os-services" => "$service",
                _ => "1",
            };
            let path = rest.replace("{id}", id).replace("{project}", project);
            (method.to_owned(), path.replace("{class}", "default"))
        }
    }
}

/// Whether a property is not the same at every version.
fn changes(property: &Value) -> bool {
    property.is_array() || property["since"].is_u64() || property["until"].is_u64()
}

struct World<'a> {
    admin: Client<'a>,
    words: BTreeMap<&'static str, String>,
    project: String,
    server: String,
    service: String,
}

impl World<'_> {
    /// What is wrong with how bodies of a request are read at a version.
    async fn wrong(&self, request: &Request, minor: u16) -> Vec<String> {
        let validator = request.validator(minor);
        let example = filled(&request.example(minor), &self.words);
        let all = request.all_versions();
        let is_edge = [1, 96].contains(&minor);
        let bodies = mutate::bodies(&example, &all, &|property| is_edge || changes(property));
        let (method, path) = target(&request.name, &self.server, &self.project);
        let path = path.replace("$service", &self.service);
        let client = self.admin.at(minor);
        let mut wrong = Vec::new();
        for (what, body) in bodies {
            let takes = validator.is_valid(&body);
            let answer = client.call(&method, &path, Some(&body)).await;
            let code = answer.code();
            let said = if code == 400 { fault(&answer) } else { String::new() };
            let is_form = said.starts_with("Invalid input") || said.starts_with("Expected");
            let is_own = OWN.iter().any(|(request_name, field, why)| {
                request.name == *request_name && what.contains(field) && said.contains(why)
            });
            let shown: String = body.to_string().chars().take(160).collect();
            let name = &request.name;
            if takes && is_form && !is_own {
                wrong.push(format!("{name} at 2.{minor}, {what}: stricter: {shown}: {said}"));
            }
            if !takes && code != 400 {
                wrong.push(format!("{name} at 2.{minor}, {what}: laxer: {shown}: {code}"));
            }
            assert_ne!(code, 500, "{name} {what}");
        }
        wrong
    }
}

/// A cloud of its own for a request, so that what its bodies do to quotas stays there.
async fn wrong_of(request: &Request) -> (Vec<String>, usize) {
    let bench = Bench::unlimited();
    let admin = bench.client("admin");
    let flavor = json!({ "id": "made", "name": "made", "ram": 64, "vcpus": 1, "disk": 1 });
    assert_eq!(admin.post("/flavors", &json!({ "flavor": flavor })).await.code(), 200);
    let aggregate = json!({ "aggregate": { "name": "first" } });
    assert_eq!(admin.post("/os-aggregates", &aggregate).await.code(), 200);
    let services = admin.body("/os-services").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let project = bench.test.cloud.accounts().directory().projects()[0].id.to_string();
    let server = admin.active(&json!({})).await;
    let world = World {
        words: BTreeMap::from([
            ("flavor", "1".to_owned()),
            ("other-flavor", "2".to_owned()),
            ("image", bench.image()),
            ("network", bench.network()),
            ("project", project.clone()),
            ("public-key", ED25519.to_owned()),
            ("host", text(&services["services"][0]["host"])),
        ]),
        service: text(&services["services"][0]["id"]),
        project,
        server,
        admin,
    };
    let mut wrong = Vec::new();
    let versions = request.versions();
    for minor in &versions {
        wrong.extend(world.wrong(request, *minor).await);
    }
    (wrong, versions.len())
}

#[tokio::test]
async fn bodies_are_read_as_their_schemas_say_at_every_version() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for request in requests() {
        let (more, versions) = wrong_of(&request).await;
        wrong.extend(more);
        count += versions;
    }
    assert!(count > 150, "{count} requests and versions were tried");
    if let Ok(path) = std::env::var("GUICHET_SCHEMA_REPORT") {
        std::fs::write(path, wrong.join("\n")).unwrap();
    }
    let first: Vec<&String> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "{} bodies are read otherwise: {first:#?}", wrong.len());
}
