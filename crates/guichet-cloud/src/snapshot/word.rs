//! How single values stand in a document.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A value that stands in a document as its text: an instant, a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<T>(pub(super) T);

impl<T: Display> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let value = text.parse();
        value.map(Self).map_err(|error| de::Error::custom(format!("{text:?}: {error}")))
    }
}

/// What a flavor or an image is named by: the name of one that is declared, or the number of one that
/// is among the document's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    Declared(String),
    Record(u32),
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Declared(name) => serializer.serialize_str(name),
            Self::Record(number) => serializer.serialize_u32(*number),
        }
    }
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor)
    }
}

struct NamedVisitor;

impl Visitor<'_> for NamedVisitor {
    type Value = Named;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of one that is declared, or the number of a record")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Named, E> {
        Ok(Named::Declared(text.to_owned()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Named, E> {
        let small = u32::try_from(number).map(Named::Record);
        small.map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))
    }
}

/// Reads a field that may be null and may be left out, which says something else.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
