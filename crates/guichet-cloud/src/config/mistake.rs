//! What is wrong with a configuration, and where.

use std::io;
use std::ops::Range;

use guichet_core::limits;

/// Why there is no configuration. The text is complete: it names the file and, where there is
/// one, the place in it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be opened or read: another path or other permissions are needed.
    #[error("{file}: cannot be read: {reason}")]
    Unreadable {
        /// The file, as it was named.
        file: String,
        /// What the system says.
        reason: io::Error,
    },
    /// The file is larger than [`limits::CONFIG_FILE_MAX`].
    #[error(
        "{file}: larger than {} bytes, the most a configuration may have",
        limits::CONFIG_FILE_MAX
    )]
    TooLarge {
        /// The file, as it was named.
        file: String,
    },
    /// It must be corrected at the place it says. The line itself is not shown: a password may be
    /// in it.
    #[error("{file}:{line}:{column}: {problem}")]
    Invalid {
        /// The file, as it was named.
        file: String,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong and what was expected.
        problem: String,
    },
}

/// A mistake at a place of the text.
#[derive(Debug)]
pub(super) struct Mistake {
    at: usize,
    problem: String,
}

impl Mistake {
    pub(super) fn at(span: &Range<usize>, problem: impl Into<String>) -> Self {
        Self { at: span.start, problem: problem.into() }
    }

    /// With the file's name, and the place as line and column.
    pub(super) fn shown(self, text: &str, file: &str) -> ConfigError {
        let before = text.get(..self.at).unwrap_or(text);
        let last = before.rsplit('\n').next().unwrap_or_default();
        let mut problem = String::new();
        // A quoted name may hold what a terminal would obey.
        for (count, character) in self.problem.trim_end().chars().enumerate() {
            match character {
                _ if count == limits::PROBLEM_TEXT_MAX => {
                    problem.push('…');
                    break;
                }
                '\n' => problem.push_str("; "),
                _ if character.is_control() => problem.push(char::REPLACEMENT_CHARACTER),
                _ => problem.push(character),
            }
        }
        ConfigError::Invalid {
            file: file.to_owned(),
            line: 1 + before.matches('\n').count(),
            column: 1 + last.chars().count(),
            problem,
        }
    }
}

impl From<toml::de::Error> for Mistake {
    fn from(error: toml::de::Error) -> Self {
        Self { at: error.span().map_or(0, |span| span.start), problem: error.message().to_owned() }
    }
}
