//! SIGTERM: what runs is finished, what does not end in time is left to the next start.

use nix::sys::signal::Signal;
use serde_json::json;

use super::cloud::{Cloud, refused};
use super::{eventually, is_refused, is_sound};
use crate::support::{Place, flag};

/// A profile whose every action takes so long.
fn slow(place: &Place, ms: u64) -> String {
    let text = format!("[default]\ndelay = {{ fixed = {{ ms = {ms} }} }}\n");
    flag(&place.file(&format!("slow-{ms}.toml"), text.as_bytes())).to_owned()
}

#[test]
fn a_stop_takes_nothing_more_and_finishes_what_runs() {
    let place = Place::new();
    let dir = place.path("data");
    let cloud = Cloud::start(&dir, &["--profile", &slow(&place, 3_000)]);
    let client = cloud.client.clone();
    assert_eq!(client.get("/readyz").status, 200);
    let server = client.create("web");
    cloud.tell(Signal::SIGTERM);
    let told = eventually("it takes nothing more", || {
        let answer = client.ask_for("late", Some("late"), 0).expect("it still answers");
        (answer.status != 202).then(|| answer.come_back())
    });
    assert!(told.contains("The service is stopping"), "{told}");
    let reboot = client.act(&server, &json!({ "reboot": { "type": "HARD" } }));
    reboot.come_back();
    let path = format!("/compute/v2.1/servers/{server}/metadata");
    client.post(&path, &json!({ "metadata": { "a": "b" } })).come_back();
    client.ask("DELETE", &path.replace("/metadata", ""), None, None).expect("it").come_back();
    let ready = client.get("/readyz");
    assert_eq!((ready.status, &ready.body["ready"]), (503, &json!(false)));
    assert!(ready.body["reason"].as_str().expect("why").starts_with("The service stops"));
    assert_eq!(client.get("/healthz").status, 200, "it lives");
    // Whoever only looks is served to the end.
    assert_eq!(client.show(&server).body["server"]["status"], "BUILD");
    let servers = client.servers();
    assert!(servers.contains_key(&server));
    let (code, log) = cloud.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopped") && !log.contains("not finished in time"), "{log}");
    is_sound(&dir);
    let cloud = Cloud::start(&dir, &[]);
    assert!(cloud.held.contains("0 operations to go on with"), "{}", cloud.held);
    assert_eq!(cloud.client.show(&server).body["server"]["status"], "ACTIVE");
    assert_eq!(cloud.client.servers(), servers);
}

#[test]
fn what_is_not_over_in_time_is_left_to_the_next_start() {
    let place = Place::new();
    let dir = place.path("data");
    let day = slow(&place, 86_400_000);
    let cloud = Cloud::start(&dir, &["--profile", &day, "--drain", "200ms"]);
    let servers = ["a", "b", "c"].map(|name| cloud.client.create(name));
    cloud.tell(Signal::SIGTERM);
    let (code, log) = cloud.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("not finished in time"), "{log}");
    assert!(log.contains("goes on with it") && log.contains(flag(&dir)), "{log}");
    is_sound(&dir);
    let cloud = Cloud::start(&dir, &[]);
    assert!(cloud.held.contains(": 3 servers there, 3 operations to go on with"), "{}", cloud.held);
    for server in &servers {
        cloud.client.becomes(server, "ACTIVE");
    }
    cloud.stop();
    is_sound(&dir);
}

#[test]
fn a_second_signal_stops_at_once_and_loses_nothing() {
    for second in [Signal::SIGTERM, Signal::SIGINT] {
        let place = Place::new();
        let dir = place.path("data");
        let cloud = Cloud::start(&dir, &["--profile", &slow(&place, 86_400_000)]);
        let servers = ["a", "b"].map(|name| cloud.client.create(name));
        cloud.tell(Signal::SIGTERM);
        eventually("the first is heard", || cloud.logged().contains("stopping").then_some(()));
        cloud.tell(second);
        let (code, log) = cloud.end();
        assert_eq!(code, Some(130), "{log}");
        is_sound(&dir);
        let cloud = Cloud::start(&dir, &[]);
        assert!(
            cloud.held.contains(": 2 servers there, 2 operations to go on with"),
            "{}",
            cloud.held
        );
        for server in &servers {
            cloud.client.becomes(server, "ACTIVE");
        }
    }
}

#[test]
fn how_long_a_stop_waits_is_a_length_of_time() {
    let place = Place::new();
    for value in ["0s", "soon", "30"] {
        let ran = refused(&place.path("data"), &["--drain", value]);
        is_refused(&ran, &["--drain <TIME>", value]);
    }
}
