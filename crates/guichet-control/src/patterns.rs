//! Patterns that are looked for, read.

use guichet_cloud::faults::Pattern;

use crate::problem::Problem;

/// The pattern that a parameter says; a `*` in it is any text.
///
/// # Errors
/// 400 that names the parameter.
pub(crate) fn read(name: &str, text: &str) -> Result<Pattern, Problem> {
    Pattern::new(text).map_err(|error| Problem::wrong(format!("{name}: {error}")))
}
