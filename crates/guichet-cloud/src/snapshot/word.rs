//! How single values stand in a document.

use std::fmt::{self, Display};
use std::marker::PhantomData;

use guichet_core::action::Action;
use guichet_core::key_pair::KeyKind;
use guichet_core::server::{Failure, OperationState};
use guichet_core::state::{PowerState, TaskState, VmState};
use guichet_core::time::Timestamp;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::plain::{no_such_word, shown};

/// A value that stands in a document as its text: an instant, a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<T>(pub(super) T);

impl<T: Display> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What texts can be read as.
pub(super) trait Spelled: Sized {
    /// What a text stands for.
    ///
    /// # Errors
    /// What is wrong with it, and what is expected.
    fn read(text: &str) -> Result<Self, String>;
}

impl Spelled for Timestamp {
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("found {:?}, {error}", shown(text)))
    }
}

/// Of words that are one of a few.
macro_rules! spelled {
    ($($kind:ty),*) => { $(
        impl Spelled for $kind {
            fn read(text: &str) -> Result<Self, String> {
                let words = Self::ALL.iter().map(|known| known.as_str());
                text.parse().map_err(|_| no_such_word(text, words))
            }
        }
    )* };
}

spelled!(Action, KeyKind, Failure, OperationState, PowerState, TaskState, VmState);

impl<'de, T: Spelled> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor(PhantomData))
    }
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: Spelled> Visitor<'_> for WordVisitor<T> {
    type Value = Word<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Word<T>, E> {
        T::read(text).map(Word).map_err(E::custom)
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

/// Reads a field that must be there, and be something.
pub(super) fn needed<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
