//! `guichet host drain`, and what is waited for.

use std::process::Output;

use super::Service;
use crate::support::{Place, flag, guichet};

fn ask(url: &str, command: &str, more: &[&str]) -> Output {
    guichet(command, more).args(["--url", url]).output().expect("it runs")
}

fn good(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).replace("\n  ", " ")
}

/// A cloud with one server that runs and one that is suspended, from a document; the host of each.
fn fill(url: &str) -> [String; 2] {
    let place = Place::new();
    let document = br#"{"format":"guichet-snapshot","version":1,"servers":[
        {"name":"runs","flavor":"m1.tiny","image":"cirros"},
        {"name":"sleeps","flavor":"m1.tiny","image":"cirros","vm_state":"suspended"}]}"#;
    let file = place.file("fleet.json", document);
    good(&ask(url, "snapshot", &["import", "fleet", flag(&file)]));
    good(&ask(url, "snapshot", &["restore", "fleet"]));
    let list = good(&ask(url, "server", &["list", "--format", "json"]));
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    let host = |name: &str| {
        let mut rows = list["servers"].as_array().expect("servers").iter();
        let found = rows.find(|row| row["name"] == name).expect("it is there");
        found["host"].as_str().expect("it has a host").to_owned()
    };
    [host("runs"), host("sleeps")]
}

#[test]
fn a_host_is_emptied_and_takes_servers_again() {
    let service = Service::start(&[]);
    let url = format!("http://{}", service.address);
    let [_, sleeps] = fill(&url);
    // Whatever runs leaves; what is suspended stays, and is said with what to do.
    let stuck = ask(&url, "host", &["drain", &sleeps, "--wait", "--reason", "new fans"]);
    assert_eq!(stuck.status.code(), Some(1), "{stuck:?}");
    let printed = String::from_utf8_lossy(&stuck.stdout).into_owned();
    assert!(printed.contains("sleeps") && printed.contains("state"), "{printed}");
    assert!(printed.contains("have its owner bring it to ACTIVE or SHUTOFF"), "{printed}");
    assert!(said(&stuck).contains("does not move until somebody does something"), "{stuck:?}");
    assert!(said(&stuck).contains("1 left, 0 moving"), "{stuck:?}");
    let shown = good(&ask(&url, "host", &["show", &sleeps]));
    assert!(shown.contains("new fans") && shown.contains("1 stuck"), "{shown}");
    let list = good(&ask(&url, "host", &["list"]));
    let row = list.lines().find(|line| line.contains(&sleeps)).expect("its row");
    assert!(row.contains("draining") && row.contains("1 stuck"), "{list}");
    // Once it is gone the host is empty: that is waited for, and at once so the next time.
    let servers = good(&ask(&url, "server", &["list", "--format", "json"]));
    let servers: serde_json::Value = serde_json::from_str(&servers).expect("JSON");
    let rows = servers["servers"].as_array().expect("servers");
    let id = rows.iter().find(|row| row["name"] == "sleeps").expect("it is there")["id"].clone();
    good(&ask(&url, "server", &["delete", id.as_str().expect("an id")]));
    good(&ask(&url, "clock", &["advance", "--by", "60s"]));
    let empty = good(&ask(&url, "host", &["drain", &sleeps, "--wait", "--timeout", "60s"]));
    assert_eq!(empty, format!("host {sleeps}: it is empty\n"));
    assert!(good(&ask(&url, "host", &["show", &sleeps])).contains("drained"));
    let ended = good(&ask(&url, "host", &["undrain", &sleeps]));
    assert!(ended.contains("it takes no servers until it is enabled"), "{ended}");
    assert!(good(&ask(&url, "host", &["show", &sleeps])).contains("disabled"));
    let enabled = good(&ask(&url, "host", &["undrain", &sleeps, "--enable"]));
    assert_eq!(enabled, format!("host {sleeps}: it takes servers again\n"));
    assert!(good(&ask(&url, "host", &["show", &sleeps])).contains("enabled"));
}

#[test]
fn what_cannot_be_drained_is_said() {
    let service = Service::start(&[]);
    let url = format!("http://{}", service.address);
    for command in ["show", "drain", "undrain"] {
        let none = ask(&url, "host", &[command, "none"]);
        assert_eq!(none.status.code(), Some(2), "{none:?}");
        assert!(said(&none).contains("There is no host \"none\"; list them and name one."));
    }
    let alone = ask(&url, "host", &["drain", "none", "--timeout", "1s"]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(said(&alone).contains("--wait"), "{alone:?}");
}
