//! Rows on their way to PostgreSQL and back. What is written goes column by column, as arrays that
//! one statement takes apart again: one statement for all rows of a table.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type as SqlType, to_sql_checked};
use uuid::Uuid;

use crate::journal::rows::escape;
use crate::journal::rows::row::{self, Cell};
use crate::journal::rows::tables::Type;
use crate::journal::rows::values::{Value, Values};

/// The name of a type in SQL.
pub(super) const fn sql_name(of: Type) -> &'static str {
    match of {
        Type::Number => "bigint",
        Type::Flag => "boolean",
        Type::Text => "text",
        Type::Bytes => "bytea",
        Type::Id => "uuid",
    }
}

const fn sql_type(of: Type) -> SqlType {
    match of {
        Type::Number => SqlType::INT8,
        Type::Flag => SqlType::BOOL,
        Type::Text => SqlType::TEXT,
        Type::Bytes => SqlType::BYTEA,
        Type::Id => SqlType::UUID,
    }
}

/// The cells of one column, as an array in the binary form of PostgreSQL's protocol: a length and
/// the bytes for each, or -1 for nothing.
#[derive(Debug)]
pub(super) struct Column {
    of: Type,
    cells: i32,
    has_nothing: bool,
    body: BytesMut,
}

impl Column {
    /// A column without rows.
    pub(super) fn new(of: Type) -> Self {
        Self { of, cells: 0, has_nothing: false, body: BytesMut::new() }
    }

    /// A column of numbers.
    pub(super) fn numbers(numbers: impl IntoIterator<Item = i64>) -> Self {
        let mut column = Self::new(Type::Number);
        numbers.into_iter().for_each(|number| column.push(Value::Number(number)));
        column
    }

    /// A column of texts.
    pub(super) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut column = Self::new(Type::Text);
        texts.into_iter().for_each(|text| column.push(Value::Text(text)));
        column
    }

    /// Puts one more cell.
    pub(super) fn push(&mut self, value: Value<'_>) {
        self.cells += 1;
        match value {
            Value::Nothing => {
                self.has_nothing = true;
                self.body.put_i32(-1);
            }
            Value::Number(number) => {
                self.body.put_i32(8);
                self.body.put_i64(number);
            }
            Value::Flag(flag) => {
                self.body.put_i32(1);
                self.body.put_u8(u8::from(flag));
            }
            Value::Text(text) => match escape::escaped(text) {
                Some(text) => self.bytes(text.as_bytes()),
                None => self.bytes(text.as_bytes()),
            },
            Value::Bytes(bytes) => self.bytes(bytes),
            Value::Id(id) => self.bytes(id.as_bytes()),
        }
    }

    /// A cell that is longer than PostgreSQL takes is cut by nobody: the largest is a body of 1 MiB.
    fn bytes(&mut self, bytes: &[u8]) {
        self.body.put_i32(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
        self.body.put_slice(bytes);
    }
}

impl ToSql for Column {
    fn to_sql(
        &self,
        _: &SqlType,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        // Dimensions, whether any is empty, the type of all, and of the one dimension its length and
        // its first index.
        out.put_i32(i32::from(self.cells > 0));
        out.put_i32(i32::from(self.has_nothing));
        out.put_u32(sql_type(self.of).oid());
        if self.cells > 0 {
            out.put_i32(self.cells);
            out.put_i32(1);
            out.put_slice(&self.body);
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &SqlType) -> bool {
        // Statements say the type of each array: see `statements.rs`.
        true
    }

    to_sql_checked!();
}

/// The columns of rows that are put one after another.
#[derive(Debug)]
pub(super) struct Columns {
    columns: Vec<Column>,
    next: usize,
}

impl Columns {
    /// Columns of these types, without rows.
    pub(super) fn new(types: impl IntoIterator<Item = Type>) -> Self {
        Self { columns: types.into_iter().map(Column::new).collect(), next: 0 }
    }

    /// All of them, once whole rows were put.
    pub(super) fn finish(self) -> Vec<Column> {
        self.columns
    }
}

impl Values for Columns {
    type Error = serde_json::Error;

    fn put_value(&mut self, value: Value<'_>) -> Result<(), serde_json::Error> {
        if let Some(column) = self.columns.get_mut(self.next) {
            column.push(value);
        }
        self.next = (self.next + 1) % self.columns.len().max(1);
        Ok(())
    }

    fn no_json(error: serde_json::Error) -> serde_json::Error {
        error
    }
}

/// Whether characters of a text are escaped.
fn has_mark(text: &[u8]) -> bool {
    text.windows(escape::MARK.len()).any(|window| window == escape::MARK.as_bytes())
}

/// A cell as it came.
struct Raw<'r>(Cell<'r>);

impl<'r> FromSql<'r> for Raw<'r> {
    fn from_sql(of: &SqlType, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *of {
            SqlType::INT8 => Cell::Number(i64::from_sql(of, raw)?),
            SqlType::INT4 => Cell::Number(i64::from(i32::from_sql(of, raw)?)),
            SqlType::BOOL => Cell::Flag(bool::from_sql(of, raw)?),
            SqlType::TEXT if has_mark(raw) => Cell::Escaped(raw),
            SqlType::TEXT => Cell::Text(raw),
            SqlType::BYTEA => Cell::Bytes(raw),
            SqlType::UUID => Cell::Id(Uuid::from_slice(raw)?),
            _ => Cell::Other("a value of another type"),
        }))
    }

    fn from_sql_null(_: &SqlType) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Cell::Nothing))
    }

    fn accepts(_: &SqlType) -> bool {
        true
    }
}

impl row::Row for Row {
    fn cell(&self, index: usize) -> Result<Cell<'_>, String> {
        let raw = self.try_get::<_, Raw<'_>>(index);
        raw.map(|raw| raw.0).map_err(|error| error.to_string())
    }
}
