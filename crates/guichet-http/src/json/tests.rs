//! What is written is what `serde_json` writes.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::write;

fn same(value: &impl Serialize) {
    let mut out = b"before".to_vec();
    write(&mut out, value).unwrap();
    let expected = serde_json::to_string(value).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), format!("before{expected}"));
}

#[derive(Serialize)]
struct Unit;
#[derive(Serialize)]
struct New(u8);
#[derive(Serialize)]
struct Two(u8, i64);
#[derive(Serialize)]
enum Kind {
    Unit,
    New(bool),
    Two(u8, f64),
    Named { a: char, b: Option<()> },
}

/// A text that is shown in pieces.
struct Shown<'a>(&'a [String]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| f.write_str(piece))
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[test]
fn every_kind_of_value() {
    same(&(Unit, New(1), Two(2, -3), Kind::Unit, Kind::New(true), Kind::Two(4, 0.5)));
    same(&[Kind::Named { a: '"', b: None }, Kind::Named { a: 'x', b: Some(()) }]);
    same(&(u64::MAX, i64::MIN, u128::MAX, f64::NAN, 1e300, -0.0, f32::MIN));
    same(&(BTreeMap::from([(1, "one"), (2, "two")]), BTreeMap::from([(true, [(); 0])])));
    same(&json!({ "": {}, "list": [], "deep": [[{ "null": null }]] }));
}

#[test]
fn every_byte_at_every_place() {
    for length in [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 55, 56, 57, 63, 64, 65, 100] {
        for place in 0..length {
            for letter in (0..=0xff_u8).map(char::from) {
                let mut text = vec!['x'; length];
                text[place] = letter;
                same(&text.iter().collect::<String>());
            }
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    let text = "[a-c\"\\\\\u{0}-\u{2f}\u{7f}ä€😀]{0,24}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text, inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_between_its_quotes(text in any::<String>()) {
        let written = format!("\"{}\"", super::inside(&text));
        prop_assert_eq!(written, serde_json::to_string(&text).unwrap());
    }

    #[test]
    fn any_value(value in value()) {
        same(&value);
    }

    #[test]
    fn any_text_in_pieces(pieces in prop::collection::vec("[a\"\\\\\n\u{1}ä]{0,12}", 0..4)) {
        same(&Shown(&pieces));
    }
}
