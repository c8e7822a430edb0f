//! Which images a list shows, and in which order (Image API reference, "List images").

use std::cmp::Ordering;

use guichet_http::query::Params;
use jiff::Timestamp;
use serde_json::Value;

use crate::http::problem::Problem;
use crate::http::query::{CheckedParams, wrong};
use crate::http::truth::truth;

/// The images that are asked for, in the order asked for: as declared if none is.
pub(super) fn wanted(images: Vec<Value>, params: &Params) -> Result<Vec<Value>, Problem> {
    for (name, value) in params.iter() {
        check(name, value)?;
    }
    let has_all = |image: &Value| params.iter().all(|(name, value)| has(image, name, value));
    let mut images: Vec<Value> = images.into_iter().filter(has_all).collect();
    let keys = order(params)?;
    images.sort_by(|one, other| {
        keys.iter().fold(Ordering::Equal, |so_far, (key, is_descending)| {
            so_far.then_with(|| {
                let order = compare(&one[*key], &other[*key]);
                if *is_descending { order.reverse() } else { order }
            })
        })
    });
    Ok(images)
}

/// Whether a parameter can mean anything.
fn check(name: &str, value: &str) -> Result<(), Problem> {
    let is_sound = match name {
        "size_min" | "size_max" => value.parse::<u64>().is_ok(),
        "os_hidden" | "protected" => truth(value).is_some(),
        "created_at" | "updated_at" => date_condition(value).is_some(),
        "visibility" => ["public", "private", "shared", "community", "all"].contains(&value),
        "member_status" => ["pending", "accepted", "rejected", "all"].contains(&value),
        _ => true,
    };
    if is_sound { Ok(()) } else { Err(wrong(name, value)) }
}

/// Whether an image has this; what is none of its fields would be a property, and it has none.
fn has(image: &Value, name: &str, value: &str) -> bool {
    let size = image["size"].as_u64().unwrap_or(0);
    match name {
        // About the list, or about images that are shared one by one.
        "limit" | "marker" | "sort" | "sort_key" | "sort_dir" | "member_status" => true,
        "created_at" | "updated_at" => {
            let shown = image[name].as_str().and_then(instant);
            let condition = shown.zip(date_condition(value));
            condition.is_some_and(|(shown, (holds, asked))| holds(shown.cmp(&asked)))
        }
        "size_min" => value.parse().is_ok_and(|least: u64| size >= least),
        "size_max" => value.parse().is_ok_and(|most: u64| size <= most),
        "visibility" if value == "all" => true,
        "os_hidden" | "protected" => truth(value) == image[name].as_bool(),
        "tag" => false,
        "id" | "name" | "status" | "disk_format" | "container_format" => {
            let shown = image[name].as_str().unwrap_or("");
            value.strip_prefix("in:").map_or_else(
                || shown == value,
                |any| any.split(',').any(|one| one.trim_matches('"') == shown),
            )
        }
        _ => match &image[name] {
            Value::String(shown) => shown == value,
            Value::Number(shown) => shown.to_string() == value,
            _ => false,
        },
    }
}

/// What must hold of a date that is compared with the one that is asked for.
type Holds = fn(Ordering) -> bool;

/// `OPERATOR:DATE`, or a date that it must be (Image API reference, "List images", "Comparing
/// dates").
fn date_condition(value: &str) -> Option<(Holds, Timestamp)> {
    const OPERATORS: [(&str, Holds); 6] = [
        ("gt:", Ordering::is_gt),
        ("gte:", Ordering::is_ge),
        ("lt:", Ordering::is_lt),
        ("lte:", Ordering::is_le),
        ("eq:", Ordering::is_eq),
        ("neq:", Ordering::is_ne),
    ];
    let given = OPERATORS
        .into_iter()
        .find_map(|(word, holds)| value.strip_prefix(word).map(|date| (holds, date)));
    let (holds, date) = given.unwrap_or((Ordering::is_eq, value));
    Some((holds, instant(date)?))
}

/// A date, without a zone that of UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let zoned = text.parse().ok();
    zoned.or_else(|| format!("{text}Z").parse().ok())
}

/// Keys with whether they are descending, from `sort=name:asc,size` or from `sort_key` and
/// `sort_dir`, one each. Glance's default is descending.
fn order(params: &Params) -> Result<Vec<(&str, bool)>, Problem> {
    params.check_directions()?;
    let mut keys = Vec::new();
    if let Some(sort) = params.get("sort") {
        for one in sort.split(',') {
            let (key, way) = one.split_once(':').unwrap_or((one, "desc"));
            keys.push((key, way));
        }
    } else {
        let mut ways = params.all("sort_dir");
        let mut way = "desc";
        for key in params.all("sort_key") {
            // A direction is for all keys from its own on.
            way = ways.next().unwrap_or(way);
            keys.push((key, way));
        }
    }
    keys.into_iter().map(|(key, way)| Ok((sortable(key)?, is_descending(way)?))).collect()
}

fn sortable(key: &str) -> Result<&str, Problem> {
    const KEYS: &[&str] = &[
        "id",
        "name",
        "status",
        "disk_format",
        "container_format",
        "size",
        "min_disk",
        "min_ram",
        "owner",
        "protected",
        "visibility",
        "created_at",
        "updated_at",
    ];
    if KEYS.contains(&key) { Ok(key) } else { Err(wrong("sort_key", key)) }
}

fn is_descending(way: &str) -> Result<bool, Problem> {
    match way {
        "asc" => Ok(false),
        "desc" => Ok(true),
        _ => Err(wrong("sort_dir", way)),
    }
}

fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_u64().cmp(&other.as_u64()),
        (one, other) => one.as_str().cmp(&other.as_str()),
    }
}
