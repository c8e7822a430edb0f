//! An object that is written field by field, where `serde` would cost too much: names are looked at when
//! the program is compiled, and what was written before in the same answer is copied from there.

use std::ops::Range;

use serde::Serialize;
use serde_json::Result;

use super::write;

/// A field's name as it stands behind another field: `,"name":`. See [`name!`](crate::json_name).
#[derive(Debug, Clone, Copy)]
pub struct Name(&'static str);

impl Name {
    /// This text, which has nothing to escape: else it does not compile where it is a constant.
    ///
    /// # Panics
    /// If there is something to escape, or quotes and colon are missing.
    pub const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(bytes.len() >= 4 && bytes[0] == b',' && bytes[1] == b'"');
        assert!(bytes[bytes.len() - 1] == b':' && bytes[bytes.len() - 2] == b'"');
        let mut at = 2;
        while at < bytes.len() - 2 {
            assert!(bytes[at] >= 0x20 && bytes[at] != b'"' && bytes[at] != b'\\');
            at += 1;
        }
        Self(text)
    }
}

/// The [`Name`] of a field, of its text.
#[macro_export]
macro_rules! json_name {
    ($name:literal) => {
        const { $crate::json::Name::new(concat!(",\"", $name, "\":")) }
    };
}

pub use crate::json_name as name;

/// An object while it is written.
#[derive(Debug)]
pub struct Object<'a> {
    out: &'a mut Vec<u8>,
    is_first: bool,
}

impl Object<'_> {
    /// Writes an object behind what is in the buffer; `fill` writes its fields.
    ///
    /// # Errors
    /// What `fill` says.
    pub fn write(
        out: &mut Vec<u8>,
        fill: impl FnOnce(&mut Object<'_>) -> Result<()>,
    ) -> Result<()> {
        out.push(b'{');
        fill(&mut Object { out, is_first: true })?;
        out.push(b'}');
        Ok(())
    }

    /// A field.
    ///
    /// # Errors
    /// What the value says.
    #[inline]
    pub fn field(&mut self, name: Name, value: &impl Serialize) -> Result<()> {
        write(self.named(name), value)
    }

    /// A field whose value `put` writes as JSON.
    ///
    /// # Errors
    /// What `put` says.
    #[inline]
    pub fn written(
        &mut self,
        name: Name,
        put: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    ) -> Result<()> {
        put(self.named(name))
    }

    /// A field that is an object.
    ///
    /// # Errors
    /// What `fill` says.
    pub fn object(
        &mut self,
        name: Name,
        fill: impl FnOnce(&mut Object<'_>) -> Result<()>,
    ) -> Result<()> {
        Object::write(self.named(name), fill)
    }

    #[inline]
    fn named(&mut self, Name(name): Name) -> &mut Vec<u8> {
        let behind = usize::from(std::mem::take(&mut self.is_first));
        self.out.extend_from_slice(&name.as_bytes()[behind..]);
        self.out
    }
}

/// Where values stand in one buffer, by what they are of: each is written once, and copied from there.
#[derive(Debug, Clone)]
pub struct Again<K>(Vec<(K, Range<usize>)>);

/// So many are remembered: most answers have fewer, and they are gone through one by one.
const AGAIN_MAX: usize = 16;

impl<K> Default for Again<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq> Again<K> {
    /// Writes what is of this key: by `put`, if it does not stand in this buffer already, in which nothing
    /// that was written is moved.
    ///
    /// # Errors
    /// What `put` says.
    pub fn put(
        &mut self,
        out: &mut Vec<u8>,
        key: K,
        put: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    ) -> Result<()> {
        if let Some((_, place)) = self.0.iter().find(|(known, _)| *known == key) {
            out.extend_from_within(place.clone());
            return Ok(());
        }
        let from = out.len();
        put(out)?;
        if self.0.len() == AGAIN_MAX {
            self.0.clear();
        }
        self.0.push((key, from..out.len()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_slice, json};

    use super::*;

    #[test]
    fn an_object_is_what_its_fields_say() {
        let mut out = Vec::new();
        Object::write(&mut out, |object| {
            object.field(name!("text"), &"a \"b\"")?;
            object.object(name!("none"), |_| Ok(()))?;
            object.object(name!("inner"), |inner| {
                inner.written(name!("verbatim"), |out| {
                    out.extend_from_slice(b"[1, 2]");
                    Ok(())
                })?;
                inner.field(name!("a:b"), &None::<u8>)
            })
        })
        .unwrap();
        let expected =
            json!({ "text": "a \"b\"", "none": {}, "inner": { "verbatim": [1, 2], "a:b": null } });
        assert_eq!(from_slice::<Value>(&out).unwrap(), expected);
    }

    #[test]
    fn a_value_is_made_once_while_it_is_remembered() {
        let (mut again, mut out, mut made) = (Again::default(), Vec::new(), 0);
        let keys = (0..AGAIN_MAX).chain(0..AGAIN_MAX).chain([AGAIN_MAX, 0]);
        for key in keys.clone() {
            let put = |out: &mut Vec<u8>| {
                made += 1;
                write(out, &[key])
            };
            again.put(&mut out, key, put).unwrap();
        }
        let expected: String = keys.map(|key| format!("[{key}]")).collect();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        // One more than are remembered: it is made, and what was before is made anew.
        assert_eq!(made, AGAIN_MAX + 2);
    }

    #[test]
    #[should_panic(expected = "assertion failed")]
    fn a_name_has_nothing_to_escape() {
        Name::new(",\"a\\b\":");
    }
}
