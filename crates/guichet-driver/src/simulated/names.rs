//! The names that a profile's fault rules go by.

use std::sync::Arc;

/// The names of what a simulated driver sees only the ids of.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The projects, in the order of their ids.
    pub projects: Vec<Arc<str>>,
    /// The hosts, in the order of their ids.
    pub hosts: Vec<Arc<str>>,
}
