//! The operations that are over, read beside their servers.

use guichet_core::fleet::Slot;
use guichet_core::server::{Operation, Server};

use super::cells::Cells;
use super::decode;
use super::error::{OpenError, Report};
use super::names::Maps;
use super::row::Stream;
use super::tables;
use super::values::{operation_row, operation_rows, server_row};

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
                report(corrupt(row, "id", "its server is not there".to_owned()))?;
            }
        }
        Ok(())
    }

    /// Those of a server, oldest first.
    pub(crate) fn of(
        &mut self,
        cells: &Cells<'_>,
        slot: Slot,
        server: &Server,
        maps: &Maps,
        report: Report<'_>,
    ) -> Result<Vec<Operation>, OpenError> {
        let mut finished = Vec::new();
        let (_, last) = operation_rows(slot);
        let active = server.active.as_ref().map(|active| active.number);
        while self.ahead.as_ref().is_some_and(|(row, _)| *row <= last) {
            let Some((row, operation)) = self.advance(maps, report)? else {
                break;
            };
            let number = operation.number;
            let is_over = (1..=server.operations).contains(&number) && Some(number) != active;
            if !is_over || row != operation_row(slot, number) || server_row(slot) != cells.id {
                report(corrupt(row, "number", format!("{number} is not one of its server's")))?;
                continue;
            }
            finished.push(operation);
        }
        finished.sort_unstable_by_key(|operation| operation.number);
        Ok(finished)
    }
}

fn corrupt(row: i64, column: &'static str, problem: String) -> OpenError {
    OpenError::Corrupt { table: "operation", row, column, problem }
}
