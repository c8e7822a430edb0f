//! A hang-up has a service read its configuration again.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use nix::sys::signal::Signal;

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
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["serve", "--config", file.to_str().expect("a path")]);
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
