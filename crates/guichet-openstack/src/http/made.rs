//! What a request made, for whoever looks at answers as they leave: the answer itself does not say it.

use std::sync::Arc;

use guichet_core::ids::ServerId;
use guichet_core::limits;

/// The servers that a create of several made, or one whose answer names none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeServers {
    /// Their ids, [`limits::RECORDED_SERVERS_MAX`] at most.
    pub first: Arc<[ServerId]>,
    /// How many they are.
    pub count: usize,
}

impl MadeServers {
    /// The servers of these ids.
    pub fn new(ids: impl ExactSizeIterator<Item = ServerId>) -> Self {
        let count = ids.len();
        Self { first: ids.take(limits::RECORDED_SERVERS_MAX).collect(), count }
    }
}
