//! The audit log of a service: what is in it, and what becomes of it when it is moved away.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;
use serde_json::Value;

use super::Service;
use crate::support::{Place, flag};

/// A delete of nothing, by nobody.
fn ask(service: &Service) {
    let answer = service.ask(
        "DELETE /compute/v2.1/servers/none HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

/// The actions in a file, if it is there.
fn actions(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let action = |line: &str| {
        let event: Value = serde_json::from_str(line).expect("a whole line of JSON");
        event["action"].as_str().expect("an action").to_owned()
    };
    text.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(action).collect()
}

/// Waits until a file has so many lines.
fn has(path: &Path, count: usize) {
    for _ in 0..3_000 {
        if actions(path).len() >= count {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("{}: {:?}", path.display(), actions(path));
}

#[test]
fn an_audit_log_that_is_moved_away_or_cut_off_goes_on() {
    let place = Place::new();
    let (path, moved, gone) = (place.path("a.jsonl"), place.path("a.1"), place.path("a.2"));
    let mut service = Service::start(&["--audit-log", flag(&path)]);
    ask(&service);
    has(&path, 2);
    assert_eq!(actions(&path), ["start", "delete/server"]);
    let mode = path.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // logrotate's way: moved, and a signal.
    std::fs::rename(&path, &moved).expect("it can be moved");
    service.tell(Signal::SIGUSR1);
    has_after(&service, &path, 1);
    // Moved, and nothing said.
    std::fs::rename(&path, &gone).expect("it can be moved");
    has_after(&service, &path, 1);
    // copytruncate.
    std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("it is there")
        .set_len(0)
        .expect("cut");
    ask(&service);
    has(&path, 1);
    service.tell(Signal::SIGTERM);
    assert!(service.child.wait().expect("it ends").success());
    let last = actions(&path);
    assert_eq!(last.last().map(String::as_str), Some("stop"), "{last:?}");
    let bytes = std::fs::read(&path).expect("it is there");
    assert!(!bytes.contains(&0) && bytes.first() == Some(&b'{'), "no hole is left by a cut");
    // A second start appends. There is no configuration that it could read again.
    let mut service = Service::start(&["--audit-log", flag(&path)]);
    service.tell(Signal::SIGHUP);
    has(&path, last.len() + 2);
    service.tell(Signal::SIGTERM);
    assert!(service.child.wait().expect("it ends").success());
    let all = actions(&path);
    assert_eq!(all[last.len()..], ["start", "reload", "stop"]);
}

/// Asks until the file is there again and has something.
fn has_after(service: &Service, path: &Path, count: usize) {
    for _ in 0..600 {
        ask(service);
        if actions(path).len() >= count {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    panic!("{}: {:?}", path.display(), actions(path));
}
