//! Names as numbers, in the order of first appearance.

use std::collections::HashMap;
use std::sync::Arc;

/// A list of different names. The map is only looked up in, never walked, so that its order
/// reaches nothing.
#[derive(Debug, Default)]
pub(super) struct Names {
    list: Vec<Arc<str>>,
    known: HashMap<Arc<str>, u32>,
}

impl Names {
    /// The number of this name, a new one if it was not seen before.
    pub(super) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.known.get(name) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).expect("rows are far fewer than u32::MAX");
        let name: Arc<str> = Arc::from(name);
        self.list.push(Arc::clone(&name));
        self.known.insert(name, number);
        number
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// All, in the order of their numbers.
    pub(super) fn into_list(self) -> Vec<Arc<str>> {
        self.list
    }
}
