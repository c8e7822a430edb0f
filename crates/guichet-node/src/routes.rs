//! Who says which cell a request is for.

use std::fmt;

use guichet_http::cells::Way;
use http::request::Parts;

/// Says which cell a request is for: of several, each with its own projects. A node asks it, and knows
/// no more of what is asked.
pub trait Routes: fmt::Debug + Send + Sync {
    /// By all but the body.
    fn way(&self, parts: &Parts) -> Way;

    /// By the body, where that is [what says it](Way::Body).
    fn by_body(&self, body: &[u8]) -> Way;
}
