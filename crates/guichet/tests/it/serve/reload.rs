//! A hang-up has a service read its configuration again.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::{DISCOVERY, Service};
use crate::support::Place;

/// Whether somebody may log in who cannot, by the first digits of the status.
fn login(service: &Service) -> String {
    let body = r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"user","domain":{"id":"default"},"password":"wrong"}}}}}"#;
    let head = "POST /identity/v3/auth/tokens HTTP/1.1\r\nhost: a\r\nconnection: close\r\n";
    let length = body.len();
    let answer = service.ask(&format!(
        "{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    ));
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// What a service logs, line by line.
struct Log(Receiver<String>);

impl Log {
    fn of(service: &mut Service) -> Self {
        let log = BufReader::new(service.child.stderr.take().expect("a pipe"));
        let (sender, receiver) = sync_channel(1_000);
        std::thread::spawn(move || {
            log.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self(receiver)
    }

    /// The first line that comes with these words in it.
    fn line_with(&self, words: &str) -> String {
        let mut before = Vec::new();
        while let Ok(line) = self.0.recv_timeout(Duration::from_secs(60)) {
            if line.contains(words) {
                return line;
            }
            before.push(line);
        }
        panic!("no line with {words:?} comes behind {before:#?}");
    }
}

/// A service with this configuration, and its log.
fn configured(file: &Path) -> (Service, Log) {
    served(file, &[])
}

/// The same with more flags.
fn served(file: &Path, more: &[&str]) -> (Service, Log) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--config", file.to_str().expect("a path")]).args(more);
    let mut service = Service::of(command.stderr(Stdio::piped()).env_remove("GUICHET_LOG"));
    let log = Log::of(&mut service);
    (service, log)
}

#[test]
fn a_hang_up_takes_over_rates_profile_and_what_is_logged() {
    let place = Place::new();
    let file = place.path("guichet.toml");
    let service_table = "[service]\nlisten = '127.0.0.1:0'\n";
    std::fs::write(
        &file,
        format!("profile = 'instant'\n{service_table}[limits]\nidentity_per_min = 1"),
    )
    .expect("a file");
    let (service, log) = configured(&file);
    assert_eq!(login(&service), "401");
    assert_eq!(login(&service), "429");
    std::fs::write(&file, format!("profile = 'fast'\n{service_table}log = 'debug'\n"))
        .expect("a file");
    service.tell(Signal::SIGHUP);
    let told = log.line_with("configuration read again");
    assert!(told.contains("INFO") && told.contains("changed=\"log, [limits], profile\""), "{told}");
    assert_eq!(login(&service), "401");
    assert_eq!(login(&service), "401");
    service.ask(DISCOVERY);
    log.line_with("path=\"/compute\"");
    service.tell(Signal::SIGHUP);
    log.line_with("nothing changed");
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}

#[test]
fn what_is_wrong_or_needs_a_new_start_changes_nothing() {
    let place = Place::new();
    let file = place.path("guichet.toml");
    let sound = "[service]\nlisten = '127.0.0.1:0'\n[limits]\nidentity_per_min = 1";
    std::fs::write(&file, sound).expect("a file");
    let (service, log) = configured(&file);
    assert_eq!(login(&service), "401");
    for (text, told) in [
        ("[service]\nlog = 'inof'", "guichet.toml:2:7: `log` is \"inof\""),
        ("[limits]\nidentity_per_mn = 1", "did you mean `identity_per_min`?"),
        ("profile = 'nowhere.toml'\n[service]\nlisten = '127.0.0.1:0'", "nowhere.toml"),
        ("[service]\nlisten = '127.0.0.1:1'", "[service] listen changed"),
        (
            "workers = 3\n[service]\nlisten = '127.0.0.1:0'\n[hosts]\ncount = 1",
            "workers, [hosts] changed, which only a new start takes over",
        ),
    ] {
        std::fs::write(&file, text).expect("a file");
        service.tell(Signal::SIGHUP);
        let line = log.line_with("nothing taken over");
        assert!(line.contains("ERROR") && line.contains(told), "{text:?}: {line}");
        assert_eq!(login(&service), "429", "{text:?}");
    }
    std::fs::write(&file, sound.replace("= 1", "= 'unlimited'")).expect("a file");
    service.tell(Signal::SIGHUP);
    log.line_with("changed=\"[limits]\"");
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}

/// A request with a token, and its answer: the head, and the body as JSON.
fn call(service: &Service, request: &str, token: &str, body: &str) -> (String, Value) {
    let length = body.len();
    let answer = service.ask(&format!(
        "{request} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-auth-token: {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    ));
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), serde_json::from_str(body).unwrap_or_default())
}

/// A token of a user for its default project; none if it may not log in.
fn token(service: &Service, user: &str, password: &str) -> Option<String> {
    let password = json!({
        "user": { "name": user, "domain": { "id": "default" }, "password": password }
    });
    let identity = json!({ "methods": ["password"], "password": password });
    let body = json!({ "auth": { "identity": identity } }).to_string();
    let (head, _) = call(service, "POST /identity/v3/auth/tokens", "", &body);
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let token = fields.find(|(name, _)| name.eq_ignore_ascii_case("x-subject-token"));
    token.map(|(_, token)| token.trim().to_owned())
}

const BEFORE: &str = "
profile = 'instant'
[service]
listen = '127.0.0.1:0'
[[project]]
name = 'old'
[[user]]
name = 'ann'
password = 'apple'
default_project = 'old'
roles = [{ project = 'old', role = 'member' }]
[[flavor]]
name = 'small'
vcpus = 1
ram_mib = 512
disk_gib = 5
";

const ADDED: &str = "
[[project]]
name = 'new'
[[user]]
name = 'bob'
password = 'banana'
default_project = 'new'
roles = [{ project = 'new', role = 'member' }]
[[flavor]]
name = 'large'
id = '9'
vcpus = 2
ram_mib = 1024
disk_gib = 5
";

#[test]
fn what_a_hang_up_added_is_used_at_once_and_outlives_a_kill() {
    let place = Place::new();
    let (file, data) = (place.path("guichet.toml"), place.path("data"));
    let more = ["--data", data.to_str().expect("a path")];
    std::fs::write(&file, BEFORE).expect("a file");
    let (service, log) = served(&file, &more);
    assert!(token(&service, "bob", "banana").is_none());
    let ann = token(&service, "ann", "apple").expect("she may");

    // Nothing of it while one thing of it needs a new start.
    std::fs::write(&file, format!("workers = 3\n{BEFORE}{ADDED}")).expect("a file");
    service.tell(Signal::SIGHUP);
    let told = log.line_with("nothing taken over");
    assert!(told.contains("workers changed"), "{told}");
    assert!(token(&service, "bob", "banana").is_none());

    std::fs::write(&file, format!("{BEFORE}{ADDED}")).expect("a file");
    service.tell(Signal::SIGHUP);
    let told = log.line_with("configuration read again");
    assert!(told.contains("changed=\"[[project]], [[user]], [[flavor]]\""), "{told}");
    let bob = token(&service, "bob", "banana").expect("he may now");
    let (_, images) = call(&service, "GET /image/v2/images", &bob, "");
    let image = &images["images"][0]["id"];
    let server = json!({
        "name": "a", "flavorRef": "9", "imageRef": image
    });
    let body = json!({ "server": server }).to_string();
    let (head, made) = call(&service, "POST /compute/v2.1/servers", &bob, &body);
    assert!(head.starts_with("HTTP/1.1 202"), "{head} {made}");
    let path =
        format!("GET /compute/v2.1/servers/{}", made["server"]["id"].as_str().expect("an id"));
    service.tell(Signal::SIGKILL);
    assert_eq!(service.end(), None);

    // The file may have it in another order then.
    let added = ADDED.replacen("[[project]]\nname = 'new'", "", 1);
    std::fs::write(
        &file,
        format!("{BEFORE}{added}").replacen(
            "[[project]]",
            "[[project]]\nname = 'new'\n[[project]]",
            1,
        ),
    )
    .expect("a file");
    let (service, _log) = served(&file, &more);
    let (head, found) = call(&service, &path, &bob, "");
    assert!(head.starts_with("HTTP/1.1 200"), "{head} {found}");
    assert_eq!(found["server"]["flavor"]["id"], "9");
    let (head, _) = call(&service, &path, &ann, "");
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    assert!(token(&service, "bob", "banana").is_some());
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}

#[test]
fn without_a_configuration_there_is_nothing_to_read_again() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--dev", "--listen", "127.0.0.1:0"]);
    let mut service = Service::of(command.stderr(Stdio::piped()));
    let log = Log::of(&mut service);
    service.tell(Signal::SIGHUP);
    log.line_with("started without --config");
    assert!(service.ask(DISCOVERY).starts_with("HTTP/1.1 200"));
    service.tell(Signal::SIGTERM);
    assert_eq!(service.end(), Some(0));
}
