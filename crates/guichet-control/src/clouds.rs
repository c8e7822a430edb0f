//! Numbers of clouds, so that a recording can tell those of one world apart.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use guichet_cloud::Cloud;

/// Gives each cloud its number, in the order in which they are first asked something. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clouds(Arc<Mutex<Numbers>>);

/// Held to look one up or add it, never across a wait.
#[derive(Debug, Default)]
struct Numbers {
    /// The last that was given.
    last: u64,
    /// By address: while it stands here no other cloud has it. As many as there are clouds, and those that
    /// ended since the latest began.
    known: HashMap<usize, (Weak<Cloud>, u64)>,
}

impl Clouds {
    /// The number of this one, from 1.
    pub(crate) fn number(&self, cloud: &Arc<Cloud>) -> u64 {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let address = Arc::as_ptr(cloud).addr();
        if let Some((_, number)) = numbers.known.get(&address) {
            return *number;
        }
        numbers.known.retain(|_, (cloud, _)| cloud.strong_count() > 0);
        numbers.last += 1;
        let number = numbers.last;
        numbers.known.insert(address, (Arc::downgrade(cloud), number));
        number
    }
}
