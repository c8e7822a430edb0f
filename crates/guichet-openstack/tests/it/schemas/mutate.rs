//! Bodies that differ from one that is fine in one place.

use serde_json::{Map, Value, json};

/// Texts that many kinds of fields take, or just not.
const TEXTS: &str = r#"["", " ", " a", "a ", "a b", "a\tb", "a\nb", "a\u200bb", "é", "a/b", "a,b", "a:b",
    "a.b", "a_b", "-a", "a@b", "0", "1", "-1", "-2", "1.5", "+1", "yes", "YES", "t", "True", "tRuE",
    "on", "none", "auto", "AUTO", "auto ", "SOFT", "ssh", "x509", "affinity", "soft-affinity",
    "enabled", "active", "aGVsbG8=", "aGVs\nbG8=", "aGVsbG8", "hello", "192.0.2.1", "::1",
    "192.0.2.1/24", "/24", "0f0e0d0c-1b2a-4938-8776-655443322110",
    "{0f0e0d0c-1b2a-4938-8776-655443322110}", "http://a/0f0e0d0c-1b2a-4938-8776-655443322110",
    "2147483647", "2147483648"]"#;

/// Values of other kinds.
const OTHERS: &str = r#"[null, true, false, 0, 1, -1, -2, 2.0, 1.5, 2147483647, 2147483648, [], ["a"],
    ["a", "a"], [""], ["a/b"], [7], ["0f0e0d0c-1b2a-4938-8776-655443322110"], {}, {"a": "b"},
    {"a": 7}, {"a": null}, {"a/b": "c"}, {"": "c"}, {"é": "c"}, [{"name": "default"}],
    [{"nothing": "x"}]]"#;

/// Values that many kinds of fields take, or just not.
fn odd() -> Vec<Value> {
    let mut odd: Vec<Value> = serde_json::from_str(OTHERS).unwrap();
    odd.extend(serde_json::from_str::<Vec<Value>>(TEXTS).unwrap());
    odd.extend([1, 2, 60, 61, 63, 64, 255, 256].map(|count: usize| json!("x".repeat(count))));
    odd.push(json!(vec!["x"; 51]));
    odd.push(json!({ "a": "x".repeat(256) }));
    odd.push(json!({ "x".repeat(256): "a" }));
    odd
}

/// The values of a property worth trying: the odd ones, and all that its schema lists.
fn values(schema: &Value) -> Vec<Value> {
    let mut values = odd();
    let listed = schema["enum"].as_array().into_iter().flatten();
    values.extend(listed.cloned());
    values
}

/// A body with another value at a path; what is not there on the way is made.
fn with(body: &Value, path: &[&str], value: Value) -> Value {
    let mut body = body.clone();
    let mut at = &mut body;
    for name in path {
        if *name == "[]" {
            if at.as_array().is_none_or(Vec::is_empty) {
                *at = json!([{}]);
            }
            at = &mut at[0];
        } else {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            at = &mut at[*name];
        }
    }
    *at = value;
    body
}

/// Bodies with a name for what is odd in each: of all properties of a schema that has every
/// version's, tried where `is_worth` says so.
pub(super) fn bodies(
    example: &Value,
    schema: &Value,
    is_worth: &dyn Fn(&Value) -> bool,
) -> Vec<(String, Value)> {
    let mut found = vec![("as it is".to_owned(), example.clone())];
    for body in [json!([]), json!({}), json!("x"), json!(null), json!(7)] {
        found.push((format!("all of it {body}"), body));
    }
    walk(example, schema, &mut Vec::new(), is_worth, &mut found);
    found
}

fn walk<'a>(
    example: &Value,
    schema: &'a Value,
    path: &mut Vec<&'a str>,
    is_worth: &dyn Fn(&Value) -> bool,
    found: &mut Vec<(String, Value)>,
) {
    let spans: &[Value] = schema.as_array().map_or(std::slice::from_ref(schema), Vec::as_slice);
    for schema in spans {
        for inner in ["oneOf", "anyOf", "allOf"] {
            for one in schema[inner].as_array().into_iter().flatten() {
                walk(example, one, path, is_worth, found);
            }
        }
        if schema["items"]["properties"].is_object() {
            path.push("[]");
            walk(example, &schema["items"], path, is_worth, found);
            path.pop();
        }
        let Some(properties) = schema["properties"].as_object() else { continue };
        let shown = |path: &[&str], name: &str| format!("{}.{name}", path.join("."));
        let mut more = path.clone();
        more.push("nothing-known");
        found.push((shown(path, "nothing-known"), with(example, &more, json!("x"))));
        for (name, property) in properties {
            path.push(name);
            if is_worth(property) {
                found.push((format!("{} left out", path.join(".")), without(example, path)));
                for value in values(property) {
                    let body = with(example, path, value.clone());
                    found.push((path.join("."), body));
                }
            }
            walk(example, property, path, is_worth, found);
            path.pop();
        }
    }
}

fn without(body: &Value, path: &[&str]) -> Value {
    let mut body = body.clone();
    let Some((last, before)) = path.split_last() else { return body };
    let mut at = &mut body;
    for name in before {
        let next = if *name == "[]" { at.get_mut(0) } else { at.get_mut(*name) };
        match next {
            Some(next) => at = next,
            None => return json!({}),
        }
    }
    if let Some(map) = at.as_object_mut() {
        map.remove(*last);
    }
    body
}
