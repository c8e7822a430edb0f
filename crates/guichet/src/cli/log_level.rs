//! What is logged.

use tracing_subscriber::EnvFilter;

/// The levels that a filter may name.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// What speaks HTTP/2 says every frame, and what clients sent wrong, queries too: only who names it is told.
const FRAMES: &str = "h2=warn";

/// A level, or levels for parts of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogLevel(String);

impl LogLevel {
    /// The filter that lets this much through. A new one each time: it counts for itself.
    pub(crate) fn filter(&self) -> EnvFilter {
        let all = format!("{FRAMES},{}", self.0);
        EnvFilter::try_new(all).unwrap_or_else(|_| EnvFilter::new("info"))
    }

    /// Reads what was typed. A word that is no level would be taken for the name of a module, and then
    /// nothing at all would be logged.
    pub(super) fn read(typed: &str) -> Result<Self, String> {
        const EXPECTED: &str = "expected off, error, warn, info, debug or trace, or such a level \
                                for a part of the program, as in info,guichet_http=debug";
        if typed.is_empty() {
            return Ok(Self("info".to_owned()));
        }
        for part in typed.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let is_level = LEVELS.contains(&part.to_ascii_lowercase().as_str());
            if !is_level && !part.contains(['=', '[']) && !part.starts_with("guichet") {
                return Err(format!("found {part:?}, {EXPECTED}"));
            }
        }
        match EnvFilter::try_new(typed) {
            Ok(_) => Ok(Self(typed.to_owned())),
            Err(error) => Err(format!("{EXPECTED} ({error})")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LogLevel;

    #[test]
    fn a_filter_that_is_none_is_not_guessed_at() {
        for good in ["", "info", "WARN", "debug,guichet_http=trace", "guichet_engine", "off, error"]
        {
            assert!(LogLevel::read(good).is_ok(), "{good}");
        }
        for bad in ["inof", "info,debgu", "guichet_http=louder", "guichet=inf"] {
            let error = LogLevel::read(bad).unwrap_err();
            assert!(error.contains("expected off, error, warn, info, debug or trace"), "{error}");
        }
    }

    #[test]
    fn frames_are_for_who_names_them() {
        let filter = |typed: &str| LogLevel::read(typed).unwrap().filter().to_string();
        let parts = |typed: &str| {
            let mut parts: Vec<String> = filter(typed).split(',').map(str::to_owned).collect();
            parts.sort_unstable();
            parts
        };
        assert_eq!(parts("debug"), ["debug", "h2=warn"]);
        assert_eq!(parts("info,h2=trace"), ["h2=trace", "info"]);
    }
}
