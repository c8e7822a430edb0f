//! What rows are read with.

use std::sync::Arc;

use guichet_core::time::Timestamp;

use crate::catalogue::Flavor;
use crate::snapshot::names::Names;

/// What rows are read with.
pub(super) struct Reader<'a> {
    pub(super) names: Names<'a>,
    /// Flavors and images among the records, by number.
    pub(super) flavors: Vec<(u32, Flavor)>,
    pub(super) images: Vec<u32>,
    /// What stamps are that are left out.
    pub(super) at: Timestamp,
}

/// A text of at most so many characters, and at least one.
pub(super) fn short(field: &str, text: &str, most: usize) -> Result<Arc<str>, String> {
    if text.is_empty() || text.chars().count() > most {
        return Err(format!("{field}: expected 1 to {most} characters"));
    }
    Ok(Arc::from(text))
}
