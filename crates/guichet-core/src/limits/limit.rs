//! What a limit is to the documentation.

/// A limit as the documentation shows it: name, value, reason.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The constant's name.
    pub name: &'static str,
    /// Its value with the unit.
    pub value: &'static str,
    /// Why this number.
    pub reason: &'static str,
}
