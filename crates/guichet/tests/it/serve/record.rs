//! What a service is asked, written down and replayed; and rules that answer in its place.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::Service;
use crate::support::{Place, flag, simulate};

/// One request with a body in JSON, and its answer.
fn ask(service: &Service, line: &str, token: &str, body: Option<&Value>) -> String {
    let body = body.map(Value::to_string).unwrap_or_default();
    service.ask(&format!(
        "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-auth-token: {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

/// The body of an answer.
fn body(answer: &str) -> Value {
    let (_, body) = answer.split_once("\r\n\r\n").expect("a head");
    serde_json::from_str(body).expect("JSON")
}

/// A token of the user demo.
fn log_in(service: &Service) -> String {
    let domain = json!({ "id": "default" });
    let user = json!({ "name": "demo", "domain": domain, "password": "secret" });
    let login = json!({ "auth": {
        "identity": { "methods": ["password"], "password": { "user": user } },
        "scope": { "project": { "name": "demo", "domain": domain } },
    } });
    let answer = ask(service, "POST /identity/v3/auth/tokens", "", Some(&login));
    let token = answer.lines().find_map(|line| line.strip_prefix("x-subject-token: "));
    token.expect("a token").to_owned()
}

/// Makes a server, as its owner asks for it.
fn create(service: &Service, token: &str) -> String {
    let images = body(&ask(service, "GET /image/v2/images", token, None));
    let image = &images["images"][0]["id"];
    let server = json!({ "name": "web", "flavorRef": "1", "imageRef": image, "adminPass": "hush" });
    ask(service, "POST /compute/v2.1/servers", token, Some(&json!({ "server": server })))
}

#[test]
fn what_was_asked_is_written_down_without_secrets_and_replayed() {
    let place = Place::new();
    let path = place.path("asked.jsonl");
    let service = Service::start(&["--profile", "instant", "--record", flag(&path)]);
    let token = log_in(&service);
    let made = body(&create(&service, &token));
    let id = made["server"]["id"].as_str().expect("an id").to_owned();
    // What is still being made is not rebooted.
    let shown = format!("GET /compute/v2.1/servers/{id}");
    let is_active = || body(&ask(&service, &shown, &token, None))["server"]["status"] == "ACTIVE";
    for _ in 0..6_000 {
        if is_active() {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    let reboot = json!({ "reboot": { "type": "HARD" } });
    let action = format!("POST /compute/v2.1/servers/{id}/action");
    ask(&service, &action, &token, Some(&reboot));
    ask(&service, "GET /compute/v2.1/servers/detail", &token, None);
    ask(&service, &format!("DELETE /compute/v2.1/servers/{id}"), &token, None);
    ask(&service, "POST /compute/v2.1/servers", &token, Some(&json!({ "server": {} })));
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
    let text = std::fs::read_to_string(&path).expect("it is written");
    assert!(!text.contains(&token) && !text.contains("secret") && !text.contains("hush"), "{text}");
    let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let asked: Vec<[&str; 2]> = lines
        .iter()
        .filter(|line| line["action"].is_string() && line["action"] != "get")
        .map(|line| ["action", "outcome"].map(|name| line[name].as_str().expect("a text")))
        .collect();
    let accepted = ["create", "reboot_hard", "list", "delete"].map(|word| [word, "accepted"]);
    assert_eq!(asked[..4], accepted);
    assert_eq!(asked[4], ["create", "refused"]);
    let create = lines.iter().find(|line| line["action"] == "create").expect("the create");
    assert_eq!((&create["server"], &create["client"]), (&json!(id), &json!("demo")));
    assert_eq!((&create["vcpus"], &create["ram_mib"]), (&json!(1), &json!(512)));
    // The same as a load.
    let run = simulate(&["--trace", flag(&path), "--virtual-time", "--format", "json"]).output();
    let run = run.expect("it runs");
    let summary: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    assert_eq!(summary["requests"]["by_action"]["create"], 2, "{summary}");
    assert_eq!(summary["requests"]["by_action"]["reboot_hard"], 1, "{summary}");
    // A second recording does not write over the first.
    let mut again = Command::new(env!("CARGO_BIN_EXE_guichet"));
    again.args(["serve", "--dev", "--listen", "127.0.0.1:0", "--record", flag(&path)]);
    let again = again.output().expect("it starts");
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("there is one already"), "{again:?}");
}

#[test]
fn what_is_no_file_is_not_written_to() {
    let place = Place::new();
    let pipe = place.path("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    for path in [flag(&pipe), "/dev/null", flag(&place.path("."))] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        command.args(["serve", "--dev", "--listen", "127.0.0.1:0", "--record", path]);
        let refused = command.output().expect("it starts");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains("it is no regular file; name a file that"), "{said}");
    }
}

#[test]
fn what_a_rule_refuses_is_in_the_log() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--dev", "--listen", "127.0.0.1:0"]);
    let mut service = Service::of(command.stderr(Stdio::piped()));
    let token = log_in(&service);
    for what in [json!({ "do": "answer", "status": 503 }), json!({ "do": "close" })] {
        let mut rule = json!({ "on": "request", "method": "DELETE", "times": 1 });
        rule.as_object_mut().expect("fields").extend(what.as_object().expect("fields").clone());
        let added = ask(&service, "POST /guichet/v1/worlds/root/faults", "", Some(&rule));
        assert!(added.starts_with("HTTP/1.1 201"), "{added}");
        ask(&service, "DELETE /compute/v2.1/servers/none", &token, None);
    }
    let said = service.child.stderr.take().expect("a log");
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
    let log = std::io::read_to_string(said).expect("text");
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("/servers/none")).collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines[0].contains("status=503") && lines[0].contains("user=\"demo\""), "{log}");
    assert!(lines[1].contains("closed without an answer"), "{log}");
}
