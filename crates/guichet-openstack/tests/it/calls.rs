//! Every call there is: that none of OpenStack's Compute is without an answer, that each answers as
//! its row says, and the page of the documents that is made of them.

mod page;

use std::collections::{BTreeMap, BTreeSet};

use guichet_openstack::calls;
use guichet_openstack::http::routes::{Call, Offer};
use guichet_openstack::http::version::Version;
use regex::Regex;
use serde_json::json;

use crate::servers::bench::{Bench, Client};

/// The calls of the reference, by method and path: their versions, or none if they are gone.
type Reference = BTreeMap<(String, String), Option<(Version, Version)>>;

fn reference() -> Reference {
    let version = |text: &str| Version(text.strip_prefix("2.").unwrap().parse().unwrap());
    let lines = include_str!("calls/compute.txt").lines().filter(|line| !line.starts_with('#'));
    let rows = lines.map(|line| match line.split(' ').collect::<Vec<_>>()[..] {
        [method, path, "gone"] => ((method.to_owned(), path.to_owned()), None),
        [method, path, first, last] => {
            ((method.to_owned(), path.to_owned()), Some((version(first), version(last))))
        }
        _ => panic!("no call: {line}"),
    });
    rows.collect()
}

/// The calls of Compute that have a row, in the reference's form.
fn rows() -> BTreeMap<(String, String), Call> {
    let variable = Regex::new(r"\{[^}]*\}").unwrap();
    let rows = calls().into_iter().filter_map(|call| {
        let path = call.path.strip_prefix("/compute/v2.1/")?;
        let path = format!("/{}", variable.replace_all(path, "{}"));
        Some(((call.method.to_string(), path), call))
    });
    rows.collect()
}

#[test]
fn every_call_of_the_reference_has_a_row_with_its_versions_and_there_is_no_other() {
    let (reference, rows) = (reference(), rows());
    let names = |all: BTreeSet<&(String, String)>| -> Vec<String> {
        all.into_iter().map(|(method, path)| format!("{method} {path}")).collect()
    };
    let there = rows.keys().collect::<BTreeSet<_>>();
    let wanted = reference.keys().collect::<BTreeSet<_>>();
    assert_eq!(names(&wanted - &there), [""; 0], "of the reference, without a row");
    assert_eq!(names(&there - &wanted), [""; 0], "with a row, and not in the reference");
    for (name, wanted) in &reference {
        let call = &rows[name];
        match wanted {
            None => assert_eq!(call.offer, Offer::Gone, "{name:?}"),
            Some(versions) => {
                assert_ne!(call.offer, Offer::Gone, "{name:?}");
                assert_eq!(call.versions, *versions, "{name:?}");
            }
        }
    }
}

/// A path with something in each of its variable parts, that is there where there can be.
fn filled(call: &Call, server: &str, project: &str) -> String {
    let variable = Regex::new(r"\{[^}]*\}").unwrap();
    let first = match call.path.split('/').nth(3).unwrap_or_default() {
        "servers" | "os-volumes_boot" => server,
        "flavors" => "made",
        "os-quota-sets" | "os-simple-tenant-usage" => project,
        "os-hosts" => "host-0001",
        _ => "1",
    };
    let path = variable.replace(&call.path, first);
    variable.replace_all(&path, "1").into_owned()
}

/// What a call at this version may not be answered with, and what it must be.
fn is_right(call: &Call, version: Version, code: u16) -> bool {
    let (first, last) = call.versions;
    if version < first || last < version {
        return code == 404;
    }
    match call.offer {
        Offer::Gone => code == 410,
        // Some look at more than their server first: a body, a migration, a host.
        Offer::Absent(_) => matches!(code, 400 | 404 | 501),
        Offer::Offered => !matches!(code, 405 | 410 | 500 | 501),
    }
}

async fn ask(admin: &Client<'_>, call: &Call, path: &str, version: Version) -> u16 {
    let body = (call.method != "GET").then(|| json!({}));
    let path = path.strip_prefix("/compute/v2.1").unwrap();
    let client = admin.at(version.0);
    client.call(call.method.as_str(), path, body.as_ref()).await.code()
}

#[tokio::test]
async fn every_call_answers_at_every_version_as_its_row_says() {
    let bench = Bench::unlimited();
    let admin = bench.client("admin");
    let project = bench.test.cloud.accounts().directory().projects()[0].id.clone();
    for call in calls() {
        if !call.path.starts_with("/compute/v2.1/") {
            continue;
        }
        let (first, last) = call.versions;
        let around = [1, first.0 - 1, first.0, last.0, last.0 + 1, 96];
        let around = around.map(|minor| Version(minor.clamp(1, 96)));
        for version in BTreeSet::from(around) {
            // Of its own, as a delete before may have taken the last.
            let server = admin.active(&json!({})).await;
            let flavor = json!({ "id": "made", "name": "made", "ram": 64, "vcpus": 1, "disk": 1 });
            admin.post("/flavors", &json!({ "flavor": flavor })).await;
            let path = filled(&call, &server, &project);
            let code = ask(&admin, &call, &path, version).await;
            let method = &call.method;
            assert!(is_right(&call, version, code), "{method} {path} at {version}: {code}");
        }
    }
}

#[tokio::test]
async fn what_is_not_offered_is_501_for_the_own_server_and_404_for_another_s() {
    let bench = Bench::unlimited();
    let (demo, alt) = (bench.client("demo"), bench.client("alt"));
    let server = demo.active(&json!({})).await;
    let body = json!({ "interfaceAttachment": {} });
    for (method, path) in [
        ("POST", "os-interface"),
        ("DELETE", "os-interface/1"),
        ("POST", "os-volume_attachments"),
        ("PUT", "os-volume_attachments/1"),
        ("DELETE", "os-volume_attachments/1"),
    ] {
        let path = format!("/servers/{server}/{path}");
        assert_eq!(demo.call(method, &path, Some(&body)).await.code(), 501, "{method} {path}");
        assert_eq!(alt.call(method, &path, Some(&body)).await.code(), 404, "{method} {path}");
        let nowhere = path.replace(&server, "none");
        assert_eq!(demo.call(method, &nowhere, Some(&body)).await.code(), 404);
    }
}

#[tokio::test]
async fn a_version_that_is_none_is_said_before_a_call_that_a_version_has_not() {
    let bench = Bench::new();
    let demo = bench.client("demo");
    assert_eq!(demo.at(36).get("/os-networks").await.code(), 404);
    assert_eq!(demo.at(97).get("/os-networks").await.code(), 406);
}

#[tokio::test]
async fn what_other_services_do_not_offer_is_501_too() {
    let bench = Bench::new();
    let admin = bench.client("admin");
    for call in calls() {
        let Offer::Absent(why) = call.offer else { continue };
        if call.path.starts_with("/compute/") || call.path.ends_with("/file") {
            continue;
        }
        let path = call.path.replace(['{', '}'], "");
        let answer = bench.test.call(call.method.as_str(), &path, &admin.token, None, None).await;
        assert_eq!(answer.code(), 501, "{} {path}", call.method);
        let body = String::from_utf8(answer.bytes).unwrap();
        assert!(body.contains(why), "{} {path}: {body}", call.method);
    }
}
