//! Times in queries.

use guichet_core::time::Timestamp;
use guichet_http::query::Params;

use crate::http::problem::Problem;
use crate::http::version::Version;

/// From here on a list may be asked for what changed before a moment. Below it that is unknown, and
/// what is unknown is passed over. (REST API Version History, 2.66.)
const BEFORE: Version = Version(66);

/// The moments between which something must have changed: `changes-since` and `changes-before`.
pub(in crate::compute) fn changes(
    version: Version,
    params: &Params,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Problem> {
    let since = time(params, "changes-since")?;
    let before = if version >= BEFORE { time(params, "changes-before")? } else { None };
    if matches!((since, before), (Some(since), Some(before)) if since > before) {
        return Err(Problem::bad_request(
            "The value of changes-since must be less than or equal to changes-before.",
        ));
    }
    Ok((since, before.map(end_of_second)))
}

/// A parameter that is a time.
pub(super) fn time(params: &Params, name: &str) -> Result<Option<Timestamp>, Problem> {
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
fn end_of_second(at: Timestamp) -> Timestamp {
    const SECOND_US: u64 = 1_000_000;
    Timestamp::from_micros(at.micros() - at.micros() % SECOND_US + (SECOND_US - 1))
}
