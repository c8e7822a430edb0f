//! `docs/openstack-calls.md`, made of the calls.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use guichet_openstack::calls;
use guichet_openstack::http::routes::{Call, Offer};
use guichet_openstack::http::version::Version;

use crate::schemas::{fields, requests, versions_of};

/// Set to `overwrite`, the page is written instead of compared.
const SWITCH: &str = "GUICHET_DOCS";

const HEAD: &str = "\
# Every call

What `guichet serve` answers, and what it does not, call by call. Made of the routes themselves by
`GUICHET_DOCS=overwrite cargo test -p guichet-openstack --test it page`; a test compares both.
[openstack.md](openstack.md) says it in words.

What is variable in a path stands in braces. At a microversion that does not have a call it is 404. What is not offered
is 501, once what it is about was found. What OpenStack itself took away is 410.
";

/// A service's name and where its calls lie.
const SERVICES: [(&str, &str); 4] = [
    ("Compute", "/compute"),
    ("Identity", "/identity"),
    ("Image", "/image"),
    ("Network", "/network"),
];

fn versions((first, last): (Version, Version)) -> String {
    match (first == Version::MIN, last == Version::MAX) {
        (true, true) => String::new(),
        (false, true) => format!("from {first}"),
        (true, false) => format!("until {last}"),
        (false, false) => format!("{first} to {last}"),
    }
}

/// Rows of a table: a path, the methods that have the same to say of it, and what that is.
fn rows<'a>(calls: impl Iterator<Item = &'a Call>, last: impl Fn(&Call) -> String) -> Vec<String> {
    let mut found: Vec<(&str, String, Vec<String>)> = Vec::new();
    let mut at = BTreeMap::new();
    for call in calls {
        let tail = format!("{} | {}", versions(call.versions), last(call));
        let key = (call.path.as_str(), tail.clone());
        let row = *at.entry(key).or_insert_with(|| {
            found.push((&call.path, tail, Vec::new()));
            found.len() - 1
        });
        found[row].2.push(call.method.to_string());
    }
    let rows = found.into_iter().map(|(path, tail, methods)| {
        format!("| {} | `{path}` | {}", methods.join(", "), tail).trim_end().to_owned()
    });
    rows.collect()
}

fn table(text: &mut String, title: &str, head: &str, rows: &[String]) {
    if rows.is_empty() {
        return;
    }
    let bars = head.matches('|').count() - 1;
    let rule = "| --- ".repeat(bars);
    write!(text, "\n{title}\n\n{head}\n{rule}|\n").unwrap();
    for row in rows {
        writeln!(text, "{row}{}", if row.ends_with('|') { "" } else { " |" }).unwrap();
    }
}

fn page() -> String {
    let mut text = HEAD.to_owned();
    let all = calls();
    for (name, prefix) in SERVICES {
        let of_it = || all.iter().filter(|call| call.path.starts_with(prefix));
        let offered = rows(of_it().filter(|call| call.offer == Offer::Offered), |_| String::new());
        let absent =
            rows(of_it().filter(|call| matches!(call.offer, Offer::Absent(_))), |call| match call
                .offer
            {
                Offer::Absent(why) => why.to_owned(),
                Offer::Offered | Offer::Gone => String::new(),
            });
        let gone = rows(of_it().filter(|call| call.offer == Offer::Gone), |_| String::new());
        let head = "| method | path | versions |";
        table(&mut text, &format!("## {name}"), head, &offered);
        let why = "| method | path | versions | why |";
        table(&mut text, &format!("### {name}: not offered, 501"), why, &absent);
        table(&mut text, &format!("### {name}: taken away by OpenStack, 410"), head, &gone);
    }
    bodies(&mut text);
    text
}

const BODIES: &str = "
## Bodies of Compute's requests

The fields of each body, and the versions that have them; in bold what must be there. What each may be is in
[schemas.json](../crates/guichet-openstack/schemas.json), as JSON Schema: a test sends bodies that differ from a good one in
one place, at every version where something changes, and compares what is answered with what the schema says.

| request | versions | fields |
| --- | --- | --- |
";

/// What bodies have, from their schemas.
fn bodies(text: &mut String) {
    text.push_str(BODIES);
    for request in requests() {
        let span = |(first, last)| versions((Version(first), Version(last)));
        let listed = fields(&request).into_iter().map(|field| {
            let name = format!("`{}`", field.name);
            let name = if field.is_needed { format!("**{name}**") } else { name };
            match span(field.versions) {
                always if always.is_empty() => name,
                some => format!("{name} ({some})"),
            }
        });
        let listed: Vec<String> = listed.collect();
        let (versions, listed) = (span(versions_of(&request)), listed.join(", "));
        writeln!(text, "| `{}` | {versions} | {listed} |", request.name).unwrap();
    }
}

#[test]
fn the_page_of_calls_is_what_the_routes_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openstack-calls.md");
    let text = page();
    if std::env::var(SWITCH).is_ok_and(|value| value == "overwrite") {
        fs::write(&path, &text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "{} is not what the routes say: {SWITCH}=overwrite", path.display());
}
