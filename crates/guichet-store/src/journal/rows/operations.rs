//! The operations that are over, read beside their servers.

use guichet_core::fleet::Slot;
use guichet_core::server::{Operation, Server};

use super::cells::Cells;
use super::decode;
use super::error::{OpenError, Report};
use super::names::Maps;
use super::row::Stream;
use super::tables;
use super::values::{operation_row, operation_rows};

/// The operations that are over, one ahead.
pub(crate) struct Operations<'a> {
    /// Those not looked at yet, by their ids.
    pub(crate) rows: &'a mut dyn Stream,
    /// The next one with its row.
    pub(crate) ahead: Option<(i64, Operation)>,
}

impl Operations<'_> {
    /// Takes the next one and looks one further.
    pub(crate) fn advance(
        &mut self,
        maps: &Maps,
        report: Report<'_>,
    ) -> Result<Option<(i64, Operation)>, OpenError> {
        let taken = self.ahead.take();
        while let Some(row) = self.rows.next()? {
            let read = Cells::of(row, &tables::OPERATION)
                .and_then(|mut cells| Ok((cells.id, decode::operation(&mut cells, maps)?)));
            match read {
                Ok(ahead) => {
                    self.ahead = Some(ahead);
                    break;
                }
                Err(error) => report(error)?,
            }
        }
        Ok(taken)
    }

    /// Those before a row, which belong to no server.
    pub(crate) fn orphans(
        &mut self,
        before: i64,
        maps: &Maps,
        report: Report<'_>,
    ) -> Result<(), OpenError> {
        while self.ahead.as_ref().is_some_and(|(row, _)| *row < before) {
            if let Some((row, _)) = self.advance(maps, report)? {
                report(orphan(row))?;
            }
        }
        Ok(())
    }

    /// Those of a server, oldest first.
    pub(crate) fn of(
        &mut self,
        slot: Slot,
        server: &Server,
        maps: &Maps,
        report: Report<'_>,
    ) -> Result<Vec<Operation>, OpenError> {
        let mut finished = Vec::new();
        let (_, last) = operation_rows(slot);
        while self.ahead.as_ref().is_some_and(|(row, _)| *row <= last) {
            let Some((row, operation)) = self.advance(maps, report)? else {
                break;
            };
            if let Err(error) = check(slot, server, row, &operation) {
                report(error)?;
                continue;
            }
            finished.push(operation);
        }
        finished.sort_unstable_by_key(|operation| operation.number);
        Ok(finished)
    }
}

/// Whether an operation that is over, in this row, can be one of the server's.
pub(crate) fn check(
    slot: Slot,
    server: &Server,
    row: i64,
    operation: &Operation,
) -> Result<(), OpenError> {
    let number = operation.number;
    let active = server.active.as_ref().map(|active| active.number);
    let is_over = (1..=server.operations).contains(&number) && Some(number) != active;
    if is_over && row == operation_row(slot, number) {
        return Ok(());
    }
    Err(corrupt(row, "number", format!("{number} is not one of its server's")))
}

/// The error for an operation of a server that is not there.
pub(crate) fn orphan(row: i64) -> OpenError {
    corrupt(row, "id", "its server is not there".to_owned())
}

fn corrupt(row: i64, column: &'static str, problem: String) -> OpenError {
    OpenError::Corrupt { table: "operation", row, column, problem }
}
