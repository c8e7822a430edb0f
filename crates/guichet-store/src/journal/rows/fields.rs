//! The cells of any table's rows as they are copied: whichever way a database writes a value, it is
//! the same value here.

use std::borrow::Cow;

use uuid::Uuid;

use super::cells::Cells;
use super::error::OpenError;
use super::row::Row;
use super::tables::{Table, Type};
use super::values::{Value, Values};

/// The value in one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field<'r> {
    /// There is none.
    Nothing,
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A text.
    Text(Cow<'r, str>),
    /// Bytes.
    Bytes(&'r [u8]),
    /// An id.
    Id(Uuid),
}

impl Field<'_> {
    /// The value as it is put into a cell.
    fn value(&self) -> Value<'_> {
        match self {
            Self::Nothing => Value::Nothing,
            Self::Number(number) => Value::Number(*number),
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Id(id) => Value::Id(*id),
        }
    }

    /// The number that it is, if it is one.
    pub(crate) const fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// How many bytes it has, about.
    #[cfg(feature = "postgres")]
    fn bytes(&self) -> usize {
        let own = match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => 0,
        };
        own + size_of::<u64>()
    }
}

/// Reads all cells of a row, the first of which is its number.
pub(crate) fn read<'r>(
    row: &'r dyn Row,
    table: &'static Table,
) -> Result<Vec<Field<'r>>, OpenError> {
    let mut cells = Cells::of(row, table)?;
    let mut fields = Vec::with_capacity(table.columns.len());
    fields.push(Field::Number(cells.id));
    for (_, of) in &table.columns[1..] {
        fields.push(next(&mut cells, *of)?);
    }
    Ok(fields)
}

fn next<'r>(cells: &mut Cells<'r>, of: Type) -> Result<Field<'r>, OpenError> {
    if cells.pass_empty()? {
        return Ok(Field::Nothing);
    }
    Ok(match of {
        Type::Number => Field::Number(cells.number()?),
        Type::Flag => Field::Flag(cells.flag()?),
        Type::Text => Field::Text(cells.text()?),
        Type::Bytes => Field::Bytes(cells.bytes()?),
        Type::Id => Field::Id(cells.uuid()?),
    })
}

/// Puts the cells of a row.
pub(crate) fn put<V: Values>(values: &mut V, fields: &[Field<'_>]) -> Result<(), V::Error> {
    fields.iter().try_for_each(|field| values.put_value(field.value()))
}

/// How many bytes a row has, about.
#[cfg(feature = "postgres")]
pub(crate) fn bytes(fields: &[Field<'_>]) -> usize {
    fields.iter().map(Field::bytes).sum()
}
