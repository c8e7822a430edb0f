//! The schemas of bodies at one version, from `schemas.json`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use super::formats;

static FILE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../schemas.json")).unwrap());

/// A request whose body has a schema.
pub(crate) struct Request {
    /// Its name in the file.
    pub(crate) name: String,
    entry: Value,
}

/// All of them.
pub(crate) fn requests() -> Vec<Request> {
    let all = FILE["requests"].as_object().unwrap();
    all.iter().map(|(name, entry)| Request { name: name.clone(), entry: entry.clone() }).collect()
}

fn span(value: &Value) -> (u16, u16) {
    let number = |name: &str, without: u16| {
        value[name].as_u64().map_or(without, |number| u16::try_from(number).unwrap())
    };
    (number("since", 1), number("until", 96))
}

fn is_at(value: &Value, minor: u16) -> bool {
    let (first, last) = span(value);
    (first..=last).contains(&minor)
}

impl Request {
    /// Whether a version has it.
    pub(crate) fn is_at(&self, minor: u16) -> bool {
        is_at(&self.entry, minor)
    }

    /// The versions at which something of it begins or ends, those before and after them, and
    /// the oldest and the newest.
    pub(crate) fn versions(&self) -> BTreeSet<u16> {
        let mut found = BTreeSet::from([1, 96]);
        boundaries(&self.entry, &mut found);
        boundaries(&self.resolved(), &mut found);
        found.into_iter().filter(|minor| self.is_at(*minor)).collect()
    }

    /// The body as it stands in the file, with its types put in.
    fn resolved(&self) -> Value {
        let mut body = self.entry["body"].clone();
        put_types_in(&mut body);
        body
    }

    /// What every version's schema has as properties, in the form of a schema: of those with
    /// several, the last.
    pub(crate) fn all_versions(&self) -> Value {
        unwrapped(&self.resolved())
    }

    /// A body that is fine, at versions that have all of it.
    pub(crate) fn example(&self, minor: u16) -> Value {
        let mut example = self.entry["example"].clone();
        trim(&mut example, &self.at(minor));
        example
    }

    /// Its schema at a version.
    pub(crate) fn at(&self, minor: u16) -> Value {
        at(&unwrapped(&self.resolved()), minor)
    }

    /// What checks bodies at a version.
    pub(crate) fn validator(&self, minor: u16) -> Validator {
        let options = jsonschema::options().with_draft(Draft::Draft202012);
        let options = formats::all(options).should_validate_formats(true);
        options.build(&self.at(minor)).unwrap()
    }
}

/// A type's name becomes the type.
fn put_types_in(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(put_types_in),
        Value::Object(map) => {
            if let Some(name) = map.remove("$ref") {
                let name = name.as_str().unwrap().strip_prefix("#/$defs/").unwrap().to_owned();
                let of_type = FILE["types"][&name].as_object();
                let of_type = of_type.unwrap_or_else(|| panic!("there is no type {name}"));
                for (word, value) in of_type {
                    map.insert(word.clone(), value.clone());
                }
            }
            map.values_mut().for_each(put_types_in);
        }
        _ => {}
    }
}

/// The short forms, written out.
fn unwrapped(body: &Value) -> Value {
    let object = |name: &str, inside: Value| {
        json!({
            "type": "object", "properties": { name: inside }, "required": [name],
            "additionalProperties": false,
        })
    };
    if let Some(name) = body["wrapped"].as_str() {
        let mut inside = body.as_object().unwrap().clone();
        inside.remove("wrapped");
        inside.insert("type".to_owned(), json!("object"));
        inside.insert("additionalProperties".to_owned(), json!(false));
        return object(name, Value::Object(inside));
    }
    if let Some(name) = body["any"].as_str() {
        return object(name, json!({}));
    }
    if let Some(name) = body["whole"].as_str() {
        return object(name, FILE["types"][name].clone());
    }
    body.clone()
}

fn boundaries(value: &Value, found: &mut BTreeSet<u16>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| boundaries(value, found)),
        Value::Object(map) => {
            let (first, last) = span(value);
            found.extend([first, first.max(2) - 1, last, (last + 1).min(96)]);
            if let Some(since) = map.get("required-since").and_then(Value::as_object) {
                let since = since.values().map(|minor| u16::try_from(minor.as_u64().unwrap()));
                found.extend(since.flat_map(|minor| {
                    let minor = minor.unwrap();
                    [minor - 1, minor]
                }));
            }
            map.values().for_each(|value| boundaries(value, found));
        }
        _ => {}
    }
}

/// A schema without what a version has not.
fn at(schema: &Value, minor: u16) -> Value {
    let Value::Object(map) = schema else {
        return match schema {
            Value::Array(list) => list.iter().map(|value| at(value, minor)).collect(),
            other => other.clone(),
        };
    };
    let mut out = Map::new();
    for (word, value) in map {
        match (word.as_str(), value) {
            ("since" | "until" | "required-since", _) => {}
            ("properties", Value::Object(properties)) => {
                let there = properties.iter().filter_map(|(name, property)| {
                    let property = match property {
                        Value::Array(spans) => spans.iter().find(|one| is_at(one, minor))?,
                        one => Some(one).filter(|one| is_at(one, minor))?,
                    };
                    Some((name.clone(), at(property, minor)))
                });
                out.insert(word.clone(), Value::Object(there.collect()));
            }
            _ => {
                out.insert(word.clone(), at(value, minor));
            }
        }
    }
    need(map, &mut out, minor);
    Value::Object(out)
}

/// What is required at a version.
fn need(schema: &Map<String, Value>, out: &mut Map<String, Value>, minor: u16) {
    let (Some(required), Some(properties)) =
        (schema.get("required").and_then(Value::as_array), out.get("properties"))
    else {
        return;
    };
    let mut needed: Vec<Value> = required
        .iter()
        .filter(|name| properties.get(name.as_str().unwrap()).is_some())
        .cloned()
        .collect();
    if let Some(since) = schema.get("required-since").and_then(Value::as_object) {
        let there = since.iter().filter(|(_, from)| from.as_u64().unwrap() <= u64::from(minor));
        needed.extend(there.map(|(name, _)| json!(name)));
    }
    out.insert("required".to_owned(), Value::Array(needed));
}

/// Takes out of a body what its schema has not.
fn trim(body: &mut Value, schema: &Value) {
    let (Some(map), Some(properties)) = (body.as_object_mut(), schema["properties"].as_object())
    else {
        return;
    };
    if schema["additionalProperties"] == json!(false) {
        map.retain(|name, _| properties.contains_key(name));
    }
    for (name, value) in map {
        trim(value, &schema["properties"][name]);
    }
}

/// A field of a body, as the documents list it.
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// The first and the last version that have it.
    pub(crate) versions: (u16, u16),
    /// Whether a body must have it, at the versions that have it.
    pub(crate) is_needed: bool,
}

/// The versions that have a request.
pub(crate) fn versions_of(request: &Request) -> (u16, u16) {
    span(&request.entry)
}

/// The fields of a request's body, inside of its one name if it has one.
pub(crate) fn fields(request: &Request) -> Vec<Field> {
    let schema = request.all_versions();
    let mut found = Vec::new();
    for (name, property) in schema["properties"].as_object().unwrap() {
        let inside = spans(property).into_iter().filter(|one| one["properties"].is_object());
        let inside: Vec<Value> = inside.collect();
        if inside.is_empty() {
            found.push(field(name, property, &schema));
        }
        for one in inside {
            let properties = one["properties"].as_object().unwrap();
            let more = properties.iter().map(|(name, property)| field(name, property, &one));
            found.extend(more);
        }
    }
    found
}

fn spans(property: &Value) -> Vec<Value> {
    property.as_array().cloned().unwrap_or_else(|| vec![property.clone()])
}

fn field(name: &str, property: &Value, schema: &Value) -> Field {
    let spans: Vec<(u16, u16)> = spans(property).iter().map(span).collect();
    let first = spans.iter().map(|one| one.0).min().unwrap_or(1);
    let last = spans.iter().map(|one| one.1).max().unwrap_or(96);
    let needed = schema["required"].as_array().into_iter().flatten();
    let mut needed = needed.filter_map(Value::as_str);
    let is_needed = needed.any(|needed| needed == name);
    Field { name: name.to_owned(), versions: (first, last), is_needed }
}
