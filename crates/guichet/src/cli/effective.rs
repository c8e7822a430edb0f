//! What holds of each flag of `serve`, and who says so.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::service_table::{FromFile, is_secret, keys};

/// Who says what a flag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// It was typed.
    Flag,
    /// A variable of the environment.
    Environment,
    /// The configuration.
    File,
    /// Nobody: it is as the program has it.
    Default,
}

impl Source {
    /// The word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

/// A flag as it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The key that it has in a configuration.
    pub(crate) key: String,
    /// Its value as it would be typed; none: nothing is said of it.
    pub(crate) value: Option<String>,
    /// Who says so.
    pub(crate) source: Source,
    /// Whether the value is for nobody's eyes.
    pub(crate) is_secret: bool,
}

/// All flags of `serve` that a configuration can say, as they hold.
pub(super) fn effective(
    serve: &Command,
    matches: &ArgMatches,
    from_file: &[FromFile],
) -> Vec<Setting> {
    let setting = |key: &str| {
        let raw = matches.try_get_raw(key).ok().flatten();
        let value = raw.and_then(|mut values| values.next()).map(|value| value.to_string_lossy());
        let source = match matches.value_source(key) {
            Some(ValueSource::CommandLine) => Source::Flag,
            Some(ValueSource::EnvVariable) => Source::Environment,
            _ if from_file.iter().any(|found| found.id == key) => Source::File,
            _ => Source::Default,
        };
        Setting {
            key: key.to_owned(),
            value: value.map(Into::into),
            source,
            is_secret: is_secret(key),
        }
    };
    keys(serve).into_iter().map(setting).collect()
}
