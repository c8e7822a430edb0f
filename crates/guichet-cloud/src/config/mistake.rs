//! What is wrong with a configuration, and where.

use std::io;
use std::ops::Range;

use guichet_core::limits;

use super::excerpt::excerpt;
use super::nearest::with_nearest;

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
    /// It must be corrected at the place it says.
    #[error("{file}:{line}:{column}: {problem}{}", shown(excerpt.as_deref()))]
    Invalid {
        /// The file, as it was named.
        file: String,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong and what was expected.
        problem: String,
        /// The line with a caret below the place, if it can be shown.
        excerpt: Option<String>,
    },
}

/// Below the problem, if there is one.
fn shown(excerpt: Option<&str>) -> String {
    excerpt.map(|excerpt| format!("\n{excerpt}")).unwrap_or_default()
}

/// A mistake at a place of the text: it becomes a [`ConfigError`] once it is said in which text.
#[derive(Debug)]
pub struct Mistake {
    at: usize,
    problem: String,
}

impl Mistake {
    /// A mistake at the beginning of this range of bytes.
    pub fn at(span: &Range<usize>, problem: impl Into<String>) -> Self {
        Self { at: span.start, problem: problem.into() }
    }

    /// A name that is none of those there are.
    pub fn unknown(span: &Range<usize>, found: &str, names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let problem = format!("unknown field `{found}`, expected one of {}", names.join(", "));
        Self::at(span, with_nearest(&problem))
    }

    /// With the file's name, and the place as line and column.
    pub fn shown(self, text: &str, file: &str) -> ConfigError {
        let before = text.get(..self.at).unwrap_or(text);
        let last = before.rsplit('\n').next().unwrap_or_default();
        let behind = text.get(before.len()..).unwrap_or_default();
        let behind = behind.split('\n').next().unwrap_or_default();
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
            excerpt: excerpt(before, &format!("{last}{behind}"), last),
        }
    }
}

impl From<toml::de::Error> for Mistake {
    fn from(error: toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        Self { at, problem: with_nearest(error.message()) }
    }
}
