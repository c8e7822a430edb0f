//! A CSV file as a table of named columns: the header says which of the known formats it is and
//! where each column stands; each row then gives its fields by column, checked. Columns may be
//! in any order, fields may be quoted, spaces around a field do not count, blank lines are
//! skipped, lines end in LF or CRLF, a byte order mark is skipped.

use std::time::Duration;

use csv::StringRecord;
use guichet_core::limits;
use guichet_locale::{Message, digits, text};

use super::InputError;
use super::kind::Kind;
use super::text::{line_ends, text_of};
use super::{number, words};
use guichet_view::text::on_one_line;

/// A known kind of file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Format {
    /// What such a file is.
    pub(crate) kind: Kind,
    /// Its columns; a [`Row`] is asked for a field by its position in this list.
    pub(crate) columns: &'static [&'static str],
    /// The most rows that are read.
    pub(crate) rows_max: usize,
}

impl Format {
    fn header(&self) -> String {
        self.columns.join(",")
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == name)
    }

    /// How many of its columns the header has.
    fn matches(&self, header: &StringRecord) -> usize {
        let names: Vec<&str> = header.iter().map(str::trim).collect();
        self.columns.iter().filter(|column| names.contains(column)).count()
    }

    fn is_exactly(&self, header: &StringRecord) -> bool {
        header.len() == self.columns.len() && self.matches(header) == self.columns.len()
    }
}

/// A file being read row by row.
pub(crate) struct Table<'a> {
    file: String,
    text: &'a str,
    format: &'static Format,
    /// Where each column of the format stands in the file, from 0.
    positions: Vec<usize>,
    reader: csv::Reader<&'a [u8]>,
    /// The row that is read now; its memory is used again for the next.
    record: StringRecord,
    rows: usize,
}

/// One row of a [`Table`].
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    table: &'t Table<'t>,
}

impl<'a> Table<'a> {
    /// Reads the header: the file must be of one of the formats `wanted`. If it is exactly of one
    /// of the `others` instead, the error says so. Messages call the file `name`.
    pub(crate) fn open(
        bytes: &'a [u8],
        name: &str,
        wanted: &[&'static Format],
        others: &[&'static Format],
    ) -> Result<Self, InputError> {
        let file = on_one_line(name);
        let text = text_of(bytes, &file)?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut header = StringRecord::new();
        if !read_record(&mut reader, &mut header, &file)? || is_blank(text) {
            return Err(InputError::Empty { file, header: headers(wanted) });
        }
        let trouble = |found: Message, expected: Message| InputError::Header {
            file: file.clone(),
            line: line_of(text, &header),
            found,
            expected,
            hint: has_semicolons(&header)
                .then(|| Message::new(|locale| text!(locale, "input-hint-semicolons"))),
        };
        if let Some(other) = others.iter().find(|format| format.is_exactly(&header)) {
            return Err(trouble(other.kind.message(), headers(wanted)));
        }
        let format = closest(wanted, &header)
            .ok_or_else(|| trouble(words::quoted(&joined(&header)), headers(wanted)))?;
        let positions =
            positions(format, &header).map_err(|found| trouble(found, in_any_order(format)))?;
        Ok(Self { file, text, format, positions, reader, record: header, rows: 0 })
    }

    /// What the header says the file is.
    pub(crate) fn format(&self) -> &'static Format {
        self.format
    }

    /// The next row; none at the end of the file, which must not come before the first row.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row<'_>>, InputError> {
        if !read_record(&mut self.reader, &mut self.record, &self.file)? {
            return if self.rows > 0 {
                Ok(None)
            } else {
                Err(InputError::NoRows { file: self.file.clone() })
            };
        }
        if self.rows == self.format.rows_max {
            return Err(InputError::TooManyRows {
                file: self.file.clone(),
                line: line_of(self.text, &self.record),
                limit: self.format.rows_max as u64,
            });
        }
        self.rows += 1;
        if self.record.len() != self.positions.len() {
            return Err(self.field_count());
        }
        Ok(Some(Row { table: self }))
    }

    fn field_count(&self) -> InputError {
        let mut columns = vec![""; self.positions.len()];
        for (position, name) in self.positions.iter().zip(self.format.columns) {
            columns[*position] = name;
        }
        let spans_lines = self.record.iter().any(|field| field.contains('\n'));
        InputError::FieldCount {
            file: self.file.clone(),
            line: line_of(self.text, &self.record),
            found: self.record.len(),
            expected: columns.len(),
            columns: columns.join(","),
            hint: spans_lines.then(|| Message::new(|locale| text!(locale, "input-hint-quote"))),
        }
    }
}

impl<'t> Row<'t> {
    /// The field, without spaces around it. Empty if nothing stands there.
    pub(crate) fn text(&self, column: usize) -> &'t str {
        let position = self.table.positions.get(column);
        position.and_then(|position| self.table.record.get(*position)).unwrap_or("").trim()
    }

    /// A name: 1 to [`limits::NAME_MAX`] characters, none of them a control character.
    pub(crate) fn name(&self, column: usize) -> Result<&'t str, InputError> {
        let name = self.text(column);
        let sound = !name.is_empty()
            && !name.chars().any(char::is_control)
            && name.chars().nth(limits::NAME_MAX).is_none();
        if sound {
            return Ok(name);
        }
        Err(self.wrong(column, words::name()))
    }

    /// A whole number from 0 to 4,294,967,295.
    pub(crate) fn number(&self, column: usize) -> Result<u32, InputError> {
        let max = u64::from(u32::MAX);
        number::whole_with_zeros(self.text(column), max)
            .and_then(|number| u32::try_from(number).ok())
            .ok_or_else(|| self.wrong(column, words::whole(0, max)))
    }

    /// A time in decimal seconds, at most [`limits::INPUT_TIME_MAX`](guichet_core::limits::INPUT_TIME_MAX).
    pub(crate) fn seconds(&self, column: usize) -> Result<Duration, InputError> {
        number::scaled(self.text(column), number::SECOND_NS)
            .ok_or_else(|| self.wrong(column, words::seconds()))
    }

    /// Nothing: the column has no meaning in this row; `expected` says so, and why.
    pub(crate) fn nothing(&self, column: usize, expected: Message) -> Result<(), InputError> {
        if self.text(column).is_empty() { Ok(()) } else { Err(self.wrong(column, expected)) }
    }

    /// The line it starts on, from 1. Counted anew at each call: for messages.
    pub(crate) fn line(&self) -> u64 {
        line_of(self.table.text, &self.table.record)
    }

    /// The error that this field is not what was expected.
    pub(crate) fn wrong(&self, column: usize, expected: Message) -> InputError {
        InputError::Field {
            file: self.table.file.clone(),
            line: self.line(),
            column: self.table.positions.get(column).map_or(0, |position| position + 1),
            name: self.table.format.columns.get(column).copied().unwrap_or("?"),
            found: words::quoted(self.text(column)),
            expected,
        }
    }
}

fn read_record(
    reader: &mut csv::Reader<&[u8]>,
    record: &mut StringRecord,
    file: &str,
) -> Result<bool, InputError> {
    reader
        .read_record(record)
        .map_err(|error| InputError::Unreadable { file: file.to_owned(), reason: error.into() })
}

/// The line on which a record starts, from 1. The reader's own count is not used: it stands at
/// the end of the record before, blank lines and the second half of a CRLF still to come.
fn line_of(text: &str, record: &StringRecord) -> u64 {
    let start = record.position().map_or(0, csv::Position::byte);
    let start = usize::try_from(start).unwrap_or(usize::MAX).min(text.len());
    let rest = text.as_bytes()[start..].iter();
    let blank = rest.take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    1 + line_ends(&text.as_bytes()[..start + blank])
}

/// Whether semicolons divide the columns: where a comma is in numbers, spreadsheets write them so.
fn has_semicolons(header: &StringRecord) -> bool {
    header.len() == 1 && header.iter().any(|names| names.contains(';'))
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// The headers of formats, one or another.
fn headers(formats: &[&'static Format]) -> Message {
    let formats = formats.to_vec();
    Message::new(move |locale| {
        let headers = formats.iter().map(|format| format.header());
        let either = headers
            .reduce(|one, other| text!(locale, "input-header-either", one = one, other = other));
        either.unwrap_or_default()
    })
}

fn in_any_order(format: &'static Format) -> Message {
    Message::new(|locale| text!(locale, "input-header-order", header = format.header()))
}

fn joined(header: &StringRecord) -> String {
    let names: Vec<&str> = header.iter().map(str::trim).collect();
    names.join(",")
}

/// The format that shares the most columns with the header, the first of them if several do.
fn closest(wanted: &[&'static Format], header: &StringRecord) -> Option<&'static Format> {
    let mut best: Option<&'static Format> = None;
    for format in wanted {
        let matches = format.matches(header);
        if matches > best.map_or(0, |best| best.matches(header)) {
            best = Some(format);
        }
    }
    best
}

/// Where each column of the format stands in the header; else what is wrong with the header.
fn positions(format: &'static Format, header: &StringRecord) -> Result<Vec<usize>, Message> {
    let mut positions = vec![None; format.columns.len()];
    for (position, name) in header.iter().map(str::trim).enumerate() {
        let number = position + 1;
        let Some(column) = format.position(name) else {
            return Err(unknown(name, number));
        };
        if let Some(first) = positions[column].replace(position) {
            let first = first + 1;
            return Err(twice(format.columns[column], first, number));
        }
    }
    let missing = |column: usize| {
        let name = format.columns[column];
        Message::new(move |locale| text!(locale, "input-header-missing", name = name))
    };
    let found = positions.iter().enumerate();
    found.map(|(column, position)| position.ok_or_else(|| missing(column))).collect()
}

fn unknown(name: &str, number: usize) -> Message {
    let name = words::quoted(name);
    Message::new(move |locale| {
        let name = name.text_in(locale);
        text!(locale, "input-header-unknown", name = name, number = digits(number as u64))
    })
}

fn twice(name: &'static str, first: usize, second: usize) -> Message {
    Message::new(move |locale| {
        let (first, second) = (digits(first as u64), digits(second as u64));
        text!(locale, "input-header-twice", name = name, first = first, second = second)
    })
}
