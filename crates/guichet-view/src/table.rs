//! Values that a page has once, wherever they are.

use std::collections::HashMap;
use std::hash::Hash;

/// Values, each of which is there once.
pub(crate) struct Table<T> {
    pub(crate) values: Vec<T>,
    places: HashMap<T, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Table<T> {
    /// Where the value is.
    pub(crate) fn place(&mut self, value: T) -> usize {
        let next = self.values.len();
        let place = *self.places.entry(value.clone()).or_insert(next);
        if place == next {
            self.values.push(value);
        }
        place
    }
}
