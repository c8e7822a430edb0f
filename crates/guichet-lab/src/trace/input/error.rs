//! Why an input was not taken.

use std::error::Error;
use std::fmt;
use std::io;

use guichet_locale::{Locale, Message, digits, system_error, text};

use super::words;

/// Why an input was not taken. The text is complete and one line: it names the file and the
/// line, or the option, then what was found and what was expected. As text it is in English.
#[derive(Debug)]
pub enum InputError {
    /// The file cannot be opened or read: another path or other permissions are needed.
    Unreadable {
        /// The file, as it was named.
        file: String,
        /// What the system says.
        reason: io::Error,
    },
    /// The path is a directory: the file in it must be named.
    Directory {
        /// The path, as it was named.
        file: String,
    },
    /// The file is larger than [`TRACE_FILE_MAX`](guichet_core::limits::TRACE_FILE_MAX): it must
    /// be cut.
    TooLarge {
        /// The file, as it was named.
        file: String,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// The file is no text: it must be decompressed, converted, or was the wrong one.
    NotText {
        /// The file, as it was named.
        file: String,
        /// Line of the first byte that is no text, from 1.
        line: u64,
        /// Which byte of its line it is, from 1.
        column: u64,
        /// The byte that is no text.
        byte: u8,
        /// What the file looks like, if that is known.
        hint: Option<Message>,
    },
    /// A line is longer than any row can be: the file is none, or its line ends were lost.
    LongLine {
        /// The file, as it was named.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Its length, in bytes.
        length: u64,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// There is no header.
    Empty {
        /// The file, as it was named.
        file: String,
        /// The header that would be right.
        header: Message,
    },
    /// There is nothing after the header.
    NoRows {
        /// The file, as it was named.
        file: String,
    },
    /// No request of a recording is one that is replayed.
    NothingRecorded {
        /// The file, as it was named.
        file: String,
        /// How many requests it has.
        rows: u64,
    },
    /// The file has more rows than are held: it must be cut.
    TooManyRows {
        /// The file, as it was named.
        file: String,
        /// Line of the first row too many, from 1.
        line: u64,
        /// The most that are read.
        limit: u64,
    },
    /// The header is of no known format, or not quite of one: a column is unknown, missing or
    /// there twice.
    Header {
        /// The file, as it was named.
        file: String,
        /// Line of the header, from 1.
        line: u64,
        /// What is wrong.
        found: Message,
        /// The columns that would be right.
        expected: Message,
        /// What may have happened, if that shows.
        hint: Option<Message>,
    },
    /// A row has too many or too few fields.
    FieldCount {
        /// The file, as it was named.
        file: String,
        /// Line of the row, from 1.
        line: u64,
        /// Fields it has.
        found: usize,
        /// Fields it should have.
        expected: usize,
        /// What these are, in the order of the file's header.
        columns: String,
        /// What may have happened, if that shows.
        hint: Option<Message>,
    },
    /// One field is wrong.
    Field {
        /// The file, as it was named.
        file: String,
        /// Line of the row, from 1.
        line: u64,
        /// Number of the column in the file, from 1.
        column: usize,
        /// Name of the column.
        name: &'static str,
        /// What stands there, quoted and shortened.
        found: Message,
        /// What should.
        expected: Message,
    },
    /// A line of a recording is none.
    Line {
        /// The file, as it was named.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What stands there, quoted and shortened.
        found: Message,
        /// What should.
        expected: Message,
    },
    /// The value of an option (a command-line flag or a setting) is wrong.
    Value {
        /// Which option or part of it.
        what: Message,
        /// What was given, quoted and shortened.
        found: Message,
        /// What should have been.
        expected: Message,
        /// A value that is right.
        example: &'static str,
    },
}

impl InputError {
    /// The value of an option is wrong: `what` of it, the text `given`, and what was expected.
    pub fn value(what: Message, given: &str, expected: Message, example: &'static str) -> Self {
        Self::Value { what, found: words::quoted(given), expected, example }
    }

    /// The error in a language.
    pub fn text_in(&self, locale: Locale) -> String {
        let count = |number: &u64| locale.grouped(*number);
        match self {
            Self::Unreadable { file, reason } => {
                let reason = system_error(reason, locale);
                text!(locale, "input-unreadable", file = file.as_str(), reason = reason)
            }
            Self::Directory { file } => text!(locale, "input-directory", file = file.as_str()),
            Self::TooLarge { file, limit } => {
                text!(locale, "input-too-large", file = file.as_str(), limit = count(limit))
            }
            Self::NotText { file, line, column, byte, hint } => {
                let byte = format!("{byte:02X}");
                hinted(not_text(locale, file, *line, *column, byte), hint.as_ref(), locale)
            }
            Self::LongLine { file, line, length, limit } => {
                let (file, line) = (file.as_str(), digits(*line));
                let (length, limit) = (count(length), count(limit));
                text!(
                    locale,
                    "input-long-line",
                    file = file,
                    line = line,
                    length = length,
                    limit = limit
                )
            }
            Self::Empty { file, header } => {
                let header = header.text_in(locale);
                text!(locale, "input-empty", file = file.as_str(), header = header)
            }
            Self::NoRows { file } => text!(locale, "input-no-rows", file = file.as_str()),
            Self::NothingRecorded { file, rows } => {
                let (file, rows) = (file.as_str(), *rows);
                text!(locale, "input-nothing-recorded", file = file, rows = rows)
            }
            Self::TooManyRows { file, line, limit } => {
                let (file, line, limit) = (file.as_str(), digits(*line), count(limit));
                text!(locale, "input-many-rows", file = file, line = line, limit = limit)
            }
            Self::Header { file, line, found, expected, hint } => {
                hinted(header(locale, (file, *line), (found, expected)), hint.as_ref(), locale)
            }
            Self::FieldCount { file, line, found, expected, columns, hint } => {
                let fields = (*found, *expected);
                hinted(field_count(locale, file, *line, fields, columns), hint.as_ref(), locale)
            }
            Self::Field { file, line, column, name, found, expected } => {
                field(locale, (file, *line), (name, *column), (found, expected))
            }
            Self::Line { file, line, found, expected } => {
                recorded(locale, (file, *line), (found, expected))
            }
            Self::Value { what, found, expected, example } => {
                let (what, found) = (what.text_in(locale), found.text_in(locale));
                let (expected, example) = (expected.text_in(locale), *example);
                text!(
                    locale,
                    "input-value",
                    what = what,
                    found = found,
                    expected = expected,
                    example = example
                )
            }
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text_in(Locale::English))
    }
}

impl Error for InputError {}

fn not_text(locale: Locale, file: &str, line: u64, column: u64, byte: String) -> String {
    let (line, column) = (digits(line), digits(column));
    text!(locale, "input-not-text", file = file, line = line, column = column, byte = byte)
}

fn field_count(
    locale: Locale,
    file: &str,
    line: u64,
    (found, expected): (usize, usize),
    columns: &str,
) -> String {
    text!(
        locale,
        "input-field-count",
        file = file,
        line = digits(line),
        found = found,
        expected = expected,
        columns = columns
    )
}

fn recorded(
    locale: Locale,
    (file, line): (&str, u64),
    (found, expected): (&Message, &Message),
) -> String {
    text!(
        locale,
        "input-line",
        file = file,
        line = digits(line),
        found = found.text_in(locale),
        expected = expected.text_in(locale)
    )
}

fn header(
    locale: Locale,
    (file, line): (&str, u64),
    (found, expected): (&Message, &Message),
) -> String {
    text!(
        locale,
        "input-header",
        file = file,
        line = digits(line),
        found = found.text_in(locale),
        expected = expected.text_in(locale)
    )
}

fn field(
    locale: Locale,
    (file, line): (&str, u64),
    (name, column): (&'static str, usize),
    (found, expected): (&Message, &Message),
) -> String {
    text!(
        locale,
        "input-field",
        file = file,
        line = digits(line),
        name = name,
        column = column,
        found = found.text_in(locale),
        expected = expected.text_in(locale)
    )
}

fn hinted(problem: String, hint: Option<&Message>, locale: Locale) -> String {
    let Some(hint) = hint else {
        return problem;
    };
    text!(locale, "input-hinted", problem = problem, hint = hint.text_in(locale))
}
