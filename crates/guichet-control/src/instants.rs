//! Instants of a world, read.

use guichet_core::time::Timestamp;

use crate::problem::Problem;

/// The instant that a field says, such as `2026-12-01T00:00:00Z`.
///
/// # Errors
/// 400 that names the field.
pub(crate) fn read(name: &str, text: &str) -> Result<Timestamp, Problem> {
    let read = text.parse::<jiff::Timestamp>().ok();
    let micros = read.and_then(|at| u64::try_from(at.as_microsecond()).ok());
    micros.map(Timestamp::from_micros).ok_or_else(|| {
        let expected = "expected an instant such as 2026-12-01T00:00:00Z";
        Problem::wrong(format!("{name}: found {text:?}, {expected}."))
    })
}
