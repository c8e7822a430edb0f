//! A copy of all rows, from one database to another: table by table, row by row, and then compared.
//! Numbers stay as they are, of names and of rows, so that a copy of a copy is the same again.

use std::ops::ControlFlow;

use guichet_core::limits;

use super::check::Verified;
use super::error::OpenError;
use super::fields::{self, Field};
use super::row::{Row, Stream};
use super::tables::{self, Table};

/// Tables that can be read.
pub(crate) trait Tables {
    /// Hands on all rows of a table, in the order of their numbers.
    ///
    /// # Errors
    /// What the database says, and what `take` does.
    fn each(
        &self,
        table: &'static Table,
        take: &mut dyn FnMut(&mut dyn Stream) -> Result<(), OpenError>,
    ) -> Result<(), OpenError>;
}

/// Where rows come from.
pub(crate) trait Origin: Tables {
    /// How often it was opened, or led.
    ///
    /// # Errors
    /// What the database says.
    fn starts(&self) -> Result<i64, OpenError>;
}

/// Where rows go to: empty at first, and empty again if it is dropped before [`finish`](Self::finish).
pub(crate) trait Target {
    /// Writes rows of a table that has none.
    ///
    /// # Errors
    /// What the database says, and what is wrong with a row.
    fn fill(&mut self, table: &'static Table, rows: &mut dyn Stream) -> Result<(), OpenError>;

    /// Nothing more is written: it goes on from so many openings, and can be read.
    ///
    /// # Errors
    /// What the database says.
    fn settle(&mut self, starts: i64) -> Result<&dyn Tables, OpenError>;

    /// Checks everything that must hold between rows.
    ///
    /// # Errors
    /// It could not be looked at. What was found is no error.
    fn verified(&self) -> Result<Verified, OpenError>;

    /// Makes it last.
    ///
    /// # Errors
    /// What the database says. There are no data then, but for [`OpenError::Undecided`].
    fn finish(self: Box<Self>) -> Result<(), OpenError>;
}

/// What is being done to rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// They are read from one side and written to the other.
    Copying,
    /// They are read from both sides.
    Comparing,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub doing: Doing,
    /// To rows of which table.
    pub table: &'static str,
    /// How many of them it was done to.
    pub rows: u64,
}

/// Called at the beginning of each table and every [`limits::COPY_ROWS`] rows; `Break` ends the copy.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// One table of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: &'static str,
    /// How many rows it has.
    pub rows: u64,
}

/// Copies all rows, and compares them.
pub(crate) fn copy(
    from: &dyn Origin,
    to: &mut dyn Target,
    on_progress: OnProgress<'_>,
) -> Result<Vec<CopiedTable>, OpenError> {
    let mut copied = Vec::with_capacity(tables::ALL.len());
    for table in tables::ALL {
        let mut rows = 0;
        from.each(table, &mut |stream| {
            let mut counted = Counted::of(stream, Doing::Copying, table, &mut *on_progress);
            to.fill(table, &mut counted)?;
            rows = counted.rows;
            Ok(())
        })?;
        copied.push(CopiedTable { table: table.name, rows });
    }
    let to = to.settle(from.starts()?)?;
    for table in tables::ALL {
        from.each(table, &mut |left| {
            let mut left = Counted::of(left, Doing::Comparing, table, &mut *on_progress);
            to.each(table, &mut |right| compare(table, &mut left, right))
        })?;
    }
    Ok(copied)
}

/// Rows that are counted as they pass.
struct Counted<'a> {
    stream: &'a mut dyn Stream,
    doing: Doing,
    table: &'static Table,
    rows: u64,
    on_progress: OnProgress<'a>,
}

impl<'a> Counted<'a> {
    fn of(
        stream: &'a mut dyn Stream,
        doing: Doing,
        table: &'static Table,
        on_progress: OnProgress<'a>,
    ) -> Self {
        Self { stream, doing, table, rows: 0, on_progress }
    }
}

impl Stream for Counted<'_> {
    fn next(&mut self) -> Result<Option<&dyn Row>, OpenError> {
        if self.rows.is_multiple_of(limits::COPY_ROWS as u64) {
            let progress = Progress { doing: self.doing, table: self.table.name, rows: self.rows };
            if (self.on_progress)(progress).is_break() {
                return Err(OpenError::Interrupted);
            }
        }
        let next = self.stream.next()?;
        self.rows += u64::from(next.is_some());
        Ok(next)
    }
}

/// Finds the first row that is not the same on both sides.
fn compare(
    table: &'static Table,
    left: &mut dyn Stream,
    right: &mut dyn Stream,
) -> Result<(), OpenError> {
    let differs = |row: &[Field<'_>], how: &str| {
        let id = row.first().and_then(Field::number).unwrap_or_default();
        Err(OpenError::Differs { table: table.name, what: format!("row {id}, {how}") })
    };
    loop {
        let (read, written) = match (left.next()?, right.next()?) {
            (None, None) => return Ok(()),
            (Some(read), None) => return differs(&fields::read(read, table)?, "which is missing"),
            (None, Some(written)) => {
                return differs(&fields::read(written, table)?, "which nobody wrote");
            }
            (Some(read), Some(written)) => {
                (fields::read(read, table)?, fields::read(written, table)?)
            }
        };
        if let Some(at) = read.iter().zip(&written).position(|(read, written)| read != written) {
            let column = table.names().nth(at).unwrap_or("?");
            return differs(&read, &format!("column {column}"));
        }
    }
}
