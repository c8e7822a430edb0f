//! What the service's log says, and what it does not take for a filter.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::Service;
use crate::support::{Place, flag};

/// One request with a body, and its whole answer.
fn post(service: &Service, path: &str, token: &str, body: &Value) -> String {
    let body = body.to_string();
    service.ask(&format!(
        "POST {path} HTTP/1.1\r\nhost: cloud.test\r\nconnection: close\r\nx-auth-token: {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

fn get(service: &Service, path: &str, token: &str) -> Value {
    let answer = service.ask(&format!(
        "GET {path} HTTP/1.1\r\nhost: cloud.test\r\nconnection: close\r\nx-auth-token: {token}\r\n\r\n"
    ));
    let body = answer.split_once("\r\n\r\n").expect("a body").1;
    serde_json::from_str(body).unwrap_or_else(|_| panic!("{path}: {answer}"))
}

fn token(service: &Service) -> String {
    let domain = json!({ "id": "default" });
    let body = json!({ "auth": {
        "identity": { "methods": ["password"], "password": {
            "user": { "name": "demo", "password": "secret", "domain": domain } } },
        "scope": { "project": { "name": "demo", "domain": domain } },
    } });
    let answer = post(service, "/identity/v3/auth/tokens", "", &body);
    let header = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("x-subject-token").then(|| value.to_owned())
    };
    answer.lines().find_map(header).unwrap_or_else(|| panic!("{answer}"))
}

/// Asks for a server, and reads the log up to a line with this word.
fn logged_after_a_create(command: &mut Command, word: &str) -> String {
    let mut service = Service::of(command.stderr(Stdio::piped()));
    let log = BufReader::new(service.child.stderr.take().expect("a pipe"));
    let token = token(&service);
    let flavors = get(&service, "/compute/v2.1/flavors", &token);
    let images = get(&service, "/image/v2/images", &token);
    let body = json!({ "server": {
        "name": "web", "flavorRef": flavors["flavors"][0]["id"],
        "imageRef": images["images"][0]["id"], "networks": "none",
    } });
    let head = "/compute/v2.1/servers";
    let microversion = format!("{token}\r\nopenstack-api-version: compute 2.37");
    let answer = post(&service, head, &microversion, &body);
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    let line = log.lines().map(|line| line.expect("text")).find(|line| line.contains(word));
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
    line.unwrap_or_else(|| panic!("no line with {word}"))
}

fn serve(profile: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--dev", "--listen", "127.0.0.1:0", "--profile", profile]);
    command.env_remove("GUICHET_LOG");
    command
}

#[test]
fn an_operation_that_failed_is_in_the_log_with_its_reason() {
    let place = Place::new();
    let fault = "[[fault]]\nkind = \"error\"\nprobability = 1.0\ntransient = false\n\
                 message = \"The hypervisor is on fire.\"\n";
    let profile = place.file("broken.toml", fault.as_bytes());
    let line = logged_after_a_create(&mut serve(flag(&profile)), "an operation failed");
    for part in ["WARN", "action=\"create\"", "reason=\"driver\"", "The hypervisor is on fire."] {
        assert!(line.contains(part), "{part}: {line}");
    }
}

#[test]
fn a_filter_with_a_typo_is_bad_input_and_not_silence() {
    for typo in ["inof", "guichet_http=loud"] {
        let output = serve("fast").env("GUICHET_LOG", typo).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("for '--log <LEVEL>': "), "{said}");
        assert!(said.contains("expected off, error, warn, info, debug or trace"), "{said}");
        assert!(output.stdout.is_empty());
    }
}
