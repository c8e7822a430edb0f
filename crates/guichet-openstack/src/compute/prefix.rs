//! Where Compute's resources lie.

/// The beginning of their paths.
pub(super) const PREFIX: &str = "/compute/v2.1";
