//! Lists and maps of a document that have so many entries at most: one more is refused when it is come to,
//! before it takes memory.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Reads a list.
pub(super) fn list<'de, const MOST: usize, T, C, D>(deserializer: D) -> Result<C, D::Error>
where
    T: Deserialize<'de>,
    C: Default + Extend<T>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_seq(Entries::<MOST, T, C>(PhantomData))
}

/// Reads a list that may be left out.
pub(super) fn maybe_list<'de, const MOST: usize, T, C, D>(
    deserializer: D,
) -> Result<Option<C>, D::Error>
where
    T: Deserialize<'de>,
    C: Default + Extend<T>,
    D: Deserializer<'de>,
{
    Ok(Option::<List<MOST, T, C>>::deserialize(deserializer)?.map(|list| list.0))
}

/// Reads a map.
pub(super) fn map<'de, const MOST: usize, K, V, C, D>(deserializer: D) -> Result<C, D::Error>
where
    K: Deserialize<'de>,
    V: Deserialize<'de>,
    C: Default + Extend<(K, V)>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(Pairs::<MOST, K, V, C>(PhantomData))
}

struct List<const MOST: usize, T, C>(C, PhantomData<T>);

impl<'de, const MOST: usize, T, C> Deserialize<'de> for List<MOST, T, C>
where
    T: Deserialize<'de>,
    C: Default + Extend<T>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        list::<MOST, T, C, D>(deserializer).map(|list| Self(list, PhantomData))
    }
}

/// Reads entries of this type into a collection.
struct Entries<const MOST: usize, T, C>(PhantomData<(T, C)>);

impl<'de, const MOST: usize, T, C> Visitor<'de> for Entries<MOST, T, C>
where
    T: Deserialize<'de>,
    C: Default + Extend<T>,
{
    type Value = C;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {MOST} at most")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<C, A::Error> {
        let (mut all, mut count) = (C::default(), 0);
        while let Some(entry) = entries.next_element::<T>()? {
            count += 1;
            if count > MOST {
                return Err(A::Error::invalid_length(count, &self));
            }
            all.extend(Some(entry));
        }
        Ok(all)
    }
}

/// Reads pairs of these types into a collection.
struct Pairs<const MOST: usize, K, V, C>(PhantomData<(K, V, C)>);

impl<'de, const MOST: usize, K, V, C> Visitor<'de> for Pairs<MOST, K, V, C>
where
    K: Deserialize<'de>,
    V: Deserialize<'de>,
    C: Default + Extend<(K, V)>,
{
    type Value = C;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with {MOST} fields at most")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<C, A::Error> {
        let (mut all, mut count) = (C::default(), 0);
        while let Some(pair) = pairs.next_entry::<K, V>()? {
            count += 1;
            if count > MOST {
                return Err(A::Error::invalid_length(count, &self));
            }
            all.extend(Some(pair));
        }
        Ok(all)
    }
}
