//! What one batch changed, in few bytes: written beside the rows by a leader, so that nodes that
//! follow know what to read again. Only which rows, never what is in them.

use std::collections::BTreeMap;

use guichet_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Which rows one batch wrote or deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Rows of servers that were written or deleted.
    pub(crate) servers: Vec<i64>,
    /// Rows of servers all of whose operations were deleted, before others were written.
    pub(crate) forgotten: Vec<i64>,
    /// Rows of operations that were written.
    pub(crate) operations: Vec<i64>,
    /// What else there is.
    pub(crate) beside: Beside,
}

/// Which rows beside servers one batch wrote or deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Beside {
    /// Whether names were added.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) names: bool,
    /// Whether idempotency keys were added, and the oldest deleted.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) keys: bool,
    /// Rows of other tables, by the table's name and their ids.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tables: BTreeMap<String, Vec<String>>,
    /// Records, by kind and id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) records: Vec<(String, String)>,
    /// Records whose time was over by then may have been deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expired_us: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on references")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Touched {
    /// The rows of servers and operations as bytes: of each list its length, and how much larger each
    /// number is than the one before, in groups of seven bits from the lowest (LEB128).
    pub(crate) fn rows(&mut self) -> Vec<u8> {
        let lists = [&mut self.servers, &mut self.forgotten, &mut self.operations];
        let numbers: usize = lists.iter().map(|list| list.len()).sum();
        let mut bytes = Vec::with_capacity(3 + 2 * numbers);
        for list in lists {
            list.sort_unstable();
            list.dedup();
            put(&mut bytes, list.len() as u64);
            let mut before = 0;
            for row in list {
                // Rows are numbered from 0.
                put(&mut bytes, row.abs_diff(before));
                before = *row;
            }
        }
        bytes
    }

    /// What else there is, as JSON; none if there is nothing.
    ///
    /// # Errors
    /// It has no JSON, which cannot be.
    pub(crate) fn rest(&self) -> Result<Option<String>, serde_json::Error> {
        let is_empty = self.beside == Beside::default();
        (!is_empty).then(|| serde_json::to_string(&self.beside)).transpose()
    }

    /// Reads both again; none if it is nothing that [`rows`](Self::rows) and [`rest`](Self::rest) make.
    pub(crate) fn read(mut rows: &[u8], rest: Option<&str>) -> Option<Self> {
        let bytes = &mut rows;
        let (servers, forgotten, operations) = (list(bytes)?, list(bytes)?, list(bytes)?);
        let beside = match rest {
            Some(rest) => serde_json::from_str(rest).ok()?,
            None => Beside::default(),
        };
        bytes.is_empty().then_some(Self { servers, forgotten, operations, beside })
    }

    /// Records whose time was over at that moment may have been deleted.
    pub(crate) fn expired(&mut self, at: Timestamp) {
        self.beside.expired_us = self.beside.expired_us.max(Some(at.micros()));
    }
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for place in (0..u64::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << place;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn list(bytes: &mut &[u8]) -> Option<Vec<i64>> {
    let length = take(bytes)?;
    // Each takes a byte or more: a length that is damaged makes no list of any size.
    if length > bytes.len() as u64 {
        return None;
    }
    let mut before = 0_i64;
    let mut list = Vec::with_capacity(length as usize);
    for _ in 0..length {
        before = before.checked_add_unsigned(take(bytes)?)?;
        list.push(before);
    }
    Some(list)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(
            servers in prop::collection::vec(0..2_000_000_i64, 0..50),
            forgotten in prop::collection::vec(0..300_i64, 0..9),
            operations in prop::collection::vec(0..i64::MAX, 0..50),
            keys in any::<bool>(),
            records in prop::collection::vec((".*", ".*"), 0..3),
            expired_us in any::<Option<u64>>(),
        ) {
            let beside = Beside { keys, records, expired_us, ..Beside::default() };
            let mut touched = Touched { servers, forgotten, operations, beside };
            let rows = touched.rows();
            let rest = touched.rest().expect("it has JSON");
            prop_assert!(touched.servers.is_sorted() && touched.operations.is_sorted());
            prop_assert_eq!(Touched::read(&rows, rest.as_deref()), Some(touched));
        }

        #[test]
        fn other_bytes_are_nothing_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Some(mut read) = Touched::read(&bytes, None) {
                prop_assert!(read.servers.is_sorted());
                let again = read.rows();
                prop_assert_eq!(Touched::read(&again, None), Some(read));
            }
        }
    }

    #[test]
    fn numbers_that_lie_close_take_a_byte_each() {
        let mut touched = Touched { servers: (1..=500).collect(), ..Touched::default() };
        assert_eq!(touched.rows().len(), 2 + 500 + 1 + 1);
    }
}
