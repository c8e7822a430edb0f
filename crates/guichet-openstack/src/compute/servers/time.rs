//! Times in queries.

use guichet_core::time::Timestamp;
use guichet_http::query::Params;

use crate::http::problem::Problem;

/// A parameter that is a time.
pub(in crate::compute) fn time(params: &Params, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = params.get(name) else {
        return Ok(None);
    };
    let parsed = text.parse::<jiff::Timestamp>().or_else(|error| {
        // Without a zone it is UTC, and a date alone is its first instant.
        let whole = format!("{text}Z").parse::<jiff::Timestamp>();
        whole.or_else(|_| format!("{text}T00:00:00Z").parse()).map_err(|_| error)
    });
    let instant = parsed.map_err(|_| {
        Problem::bad_request(format!("Invalid input for query parameters {name}: no time."))
    })?;
    let micros = u64::try_from(instant.as_microsecond()).unwrap_or(0);
    Ok(Some(Timestamp::from_micros(micros)))
}

/// Answers show seconds: whatever changed in the second that is named is shown as having changed at
/// it, and not later.
pub(in crate::compute) fn end_of_second(at: Timestamp) -> Timestamp {
    const SECOND_US: u64 = 1_000_000;
    Timestamp::from_micros(at.micros() - at.micros() % SECOND_US + (SECOND_US - 1))
}
