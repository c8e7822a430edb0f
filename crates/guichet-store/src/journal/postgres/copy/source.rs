//! A database that is copied.

use super::super::{cell, statements as common};
use super::{Connection, statements as sql};
use crate::journal::postgres::place::Place;
use crate::journal::rows::copied::{Origin, Tables};
use crate::journal::rows::error::OpenError;
use crate::journal::rows::row::Stream;
use crate::journal::rows::tables::Table;

/// A database at one moment.
#[derive(Debug)]
pub(crate) struct Source {
    connection: Connection,
    epoch: i64,
}

impl Source {
    /// As it is now; nodes may go on writing to it.
    pub(crate) fn moment(place: &Place) -> Result<Self, OpenError> {
        Self::of(Connection::make(place)?)
    }

    /// As it is, and stays until this is dropped: no node leads meanwhile.
    pub(crate) fn locked(place: &Place) -> Result<Self, OpenError> {
        let connection = Connection::make(place)?;
        connection.lock()?;
        Self::of(connection)
    }

    fn of(connection: Connection) -> Result<Self, OpenError> {
        connection.ask(|session| async move { session.run(common::SNAPSHOT).await })?;
        let empty = || OpenError::EmptyDatabase { place: connection.place() };
        if connection.version()? == 0 {
            return Err(empty());
        }
        // Nobody ever led: there was a node that ended before it could.
        let epoch = connection.ask(|session| async move { cell::epoch(&session).await })?;
        let epoch = epoch.ok_or_else(empty)?;
        Ok(Self { connection, epoch })
    }
}

impl Tables for Source {
    fn each(
        &self,
        table: &'static Table,
        take: &mut dyn FnMut(&mut dyn Stream) -> Result<(), OpenError>,
    ) -> Result<(), OpenError> {
        take(&mut self.connection.source.pages(sql::of(table).page))
    }
}

impl Origin for Source {
    fn starts(&self) -> Result<i64, OpenError> {
        Ok(self.epoch)
    }
}
