//! JSON into values, held to a depth and to what the values take in memory: a body of a megabyte of
//! small values would take a hundred.

use std::fmt;

use guichet_core::limits;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// What a value takes in a list, with the places that a list reserves ahead.
const VALUE_BYTES: usize = 2 * size_of::<Value>();
/// What the first entry of an object takes: its map's nodes have eleven places each.
const NODE_BYTES: usize = 11 * (size_of::<String>() + size_of::<Value>()) + 64;
/// What each further entry takes: a node is at least half full.
const ENTRY_BYTES: usize = NODE_BYTES / 5;
/// What the allocator adds to a text.
const TEXT_BYTES: usize = 16;

/// What the objects of the shortest request take.
const FRAME_BYTES: usize = 12 * NODE_BYTES;

/// What the values of a body of so many bytes may take, where one may have `most`.
fn bytes_max(body: usize, most: usize) -> usize {
    limits::JSON_TREE_BASE.min(FRAME_BYTES + most) + limits::JSON_TREE_FACTOR * body
}

/// A body's values, and about how many bytes they take.
///
/// # Errors
/// It is no JSON, or the values would take more than [`bytes_max`], or lie too deep.
pub(super) fn parse(text: &[u8], most: usize) -> serde_json::Result<(Value, usize)> {
    let most = bytes_max(text.len(), most);
    let mut left = most;
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = Seed { left: &mut left, depth: 0 }.deserialize(&mut reader)?;
    reader.end()?;
    Ok((value, most - left))
}

/// Makes one value. What is left is shared by all of a body.
struct Seed<'a> {
    left: &'a mut usize,
    depth: usize,
}

impl Seed<'_> {
    fn spend<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        let left = self.left.checked_sub(bytes);
        *self.left = left.ok_or_else(|| E::custom("more values than any request has"))?;
        Ok(())
    }

    /// The seed of what lies inside.
    fn inner<E: Error>(&mut self) -> Result<Seed<'_>, E> {
        if self.depth == limits::JSON_DEPTH_MAX {
            return Err(E::custom(format_args!(
                "nested deeper than {} levels",
                limits::JSON_DEPTH_MAX
            )));
        }
        Ok(Seed { left: self.left, depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<Value, E> {
        self.spend(text.len() + TEXT_BYTES)?;
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        // Four places are the fewest that a list with anything in it has.
        let mut cost = 3 * VALUE_BYTES;
        while let Some(value) = list.next_element_seed(self.inner()?)? {
            self.spend(cost + VALUE_BYTES)?;
            cost = 0;
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        let mut cost = NODE_BYTES - ENTRY_BYTES;
        while let Some(name) = object.next_key::<String>()? {
            self.spend(cost + ENTRY_BYTES + name.len() + TEXT_BYTES)?;
            cost = 0;
            let value = object.next_value_seed(self.inner()?)?;
            values.insert(name, value);
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parse(text: &[u8]) -> serde_json::Result<(Value, usize)> {
        super::parse(text, limits::BODY_MAX)
    }

    fn refused(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn small_values_without_end_are_refused_long_before_they_fill_memory() {
        let megabyte = 1 << 20;
        for (open, each) in [("[", "0,"), ("[", "{\"\":0},"), ("[", "[0],"), ("[", "\"\",")] {
            let text = format!("{open}{}0]", each.repeat(megabyte / each.len()));
            let error = refused(&text);
            assert!(error.starts_with("more values than any request has"), "{each}: {error}");
        }
        let names: Vec<String> = (0..100_000).map(|n| format!("\"{n}\":0")).collect();
        assert!(refused(&format!("{{{}}}", names.join(","))).starts_with("more values"));
        let login = format!("[{}0]", "0,".repeat(1_000));
        assert!(super::parse(login.as_bytes(), limits::BODY_LOGIN_MAX).is_err());
        // What a text has of characters is no matter.
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(megabyte));
        assert!(parse(long.as_bytes()).is_ok());
    }

    #[test]
    fn what_requests_look_like_fits() {
        let metadata: Map<String, Value> =
            (0..limits::METADATA_MAX).map(|n| (n.to_string(), json!("x"))).collect();
        let body = json!({ "server": { "metadata": metadata, "networks": [{ "uuid": "a" }] } });
        let (value, bytes) = parse(body.to_string().as_bytes()).expect("it is JSON");
        assert_eq!(value, body);
        assert!(bytes < limits::JSON_TREE_BASE, "{bytes}");
    }

    #[test]
    fn depth_has_an_end() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(limits::JSON_DEPTH_MAX).as_bytes()).is_ok());
        assert!(refused(&nested(limits::JSON_DEPTH_MAX + 1)).starts_with("nested deeper than 32"));
        assert!(refused(&"[".repeat(1 << 20)).starts_with("nested deeper than 32"));
    }

    proptest! {
        /// It reads what the library reads, and nothing else.
        #[test]
        fn it_reads_as_the_library_does(text in r#"[\[\]{}:,"a1.e\-ntrue \\u0]{0,24}"#) {
            let read = parse(text.as_bytes()).map(|(value, _)| value);
            let known: serde_json::Result<Value> = serde_json::from_str(&text);
            prop_assert_eq!(read.is_ok(), known.is_ok(), "{}", text);
            if let (Ok(read), Ok(known)) = (read, known) {
                prop_assert_eq!(read, known);
            }
        }
    }
}
