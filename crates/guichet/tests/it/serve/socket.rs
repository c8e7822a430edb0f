//! The control socket: whose it is, what is left of one, and what commands say without one.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

use nix::sys::signal::Signal;

use super::Service;
use crate::support::{Place, flag, guichet};

fn ask(socket: &str, command: &str, more: &[&str]) -> Output {
    let mut asked = guichet(command, more);
    asked.args(["--socket", socket]).output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).replace("\n  ", " ")
}

#[test]
fn it_answers_without_a_token_outlives_a_kill_and_goes_at_the_end() {
    let place = Place::new();
    let data = place.path("data");
    let path = data.join("control.sock");
    let (data, socket) = (flag(&data), flag(&path));
    let mut service = Service::start(&["--data", data, "--control-token", "0123456789abcdef"]);
    let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let list = ask(socket, "project", &["list", "--format", "json"]);
    assert!(list.status.success(), "{}", said(&list));
    assert!(String::from_utf8_lossy(&list.stdout).contains("\"demo\""));
    // Another service does not take it away.
    let other = guichet("serve", &["--dev", "--listen", "127.0.0.1:0", "--control-socket", socket]);
    let refused = { other }.output().expect("it runs");
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("another service listens there"), "{}", said(&refused));
    service.child.kill().expect("it is there");
    service.child.wait().expect("it ends");
    drop(service);
    let gone = ask(socket, "project", &["list"]);
    assert_eq!(gone.status.code(), Some(2));
    assert!(said(&gone).contains("nobody listens there any more"), "{}", said(&gone));
    let again = Service::start(&["--data", data, "--control-token", "0123456789abcdef"]);
    assert!(ask(socket, "server", &["list"]).status.success());
    again.tell(Signal::SIGTERM);
    assert_eq!(again.end(), Some(0));
    assert!(!path.exists());
    let none = ask(socket, "queue", &["list"]);
    assert!(said(&none).contains("there is no such socket"), "{}", said(&none));
}

#[test]
fn a_file_that_is_no_socket_is_left_alone() {
    let place = Place::new();
    let path = place.file("notes", b"mine");
    let serve = ["--dev", "--listen", "127.0.0.1:0", "--control-socket", flag(&path)];
    let refused = guichet("serve", &serve).output().expect("it runs");
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(std::fs::read(&path).expect("it is there"), b"mine");
}
