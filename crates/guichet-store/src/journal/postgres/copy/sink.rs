//! A database that is written.

use std::sync::Arc;

use guichet_core::limits;

use super::super::cell::CELL;
use super::super::classify::Trouble;
use super::super::columns::Columns;
use super::super::link::Begun;
use super::super::session::{Session, Step};
use super::super::{schema, statements as common, verify};
use super::{Connection, statements as sql};
use crate::journal::postgres::place::Place;
use crate::journal::rows::check::Verified;
use crate::journal::rows::copied::{Tables, Target};
use crate::journal::rows::error::OpenError;
use crate::journal::rows::fields;
use crate::journal::rows::row::Stream;
use crate::journal::rows::tables::{self, Table};

/// A database without data, in a transaction that gives it some.
#[derive(Debug)]
pub(crate) struct Sink {
    connection: Connection,
}

impl Sink {
    /// A database that has none, and that no node leads until this is dropped.
    pub(crate) fn empty(place: &Place) -> Result<Self, OpenError> {
        let connection = Connection::make(place)?;
        let there = place.clone();
        connection.ask(move |session| async move { session.check(&there).await })??;
        // Looked at before the lock is waited for: whoever leads has written something.
        Self::refuse_data(&connection)?;
        connection.lock()?;
        connection.ask(|session| async move { session.run(common::BEGIN).await })?;
        let version = Self::refuse_data(&connection)?;
        let missing = schema::missing(version, place);
        connection.ask(move |session| async move {
            match missing {
                Some(sql) => session.run(&sql).await,
                None => Ok(()),
            }
        })?;
        Ok(Self { connection })
    }

    /// The version of the schema, in which there is nothing.
    fn refuse_data(connection: &Connection) -> Result<i64, OpenError> {
        let version = connection.version()?;
        if version == 0 {
            return Ok(0);
        }
        let has_data = connection.ask(|session| async move {
            let rows = session.query(sql::HAS_DATA, &[]).await?;
            Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
        })?;
        if has_data == Some(false) {
            return Ok(version);
        }
        let schema = connection.source.place.schema.to_string();
        Err(OpenError::HasData { place: connection.place(), schema })
    }

    /// The next rows of a table, as one statement; none if there are no more.
    fn page(
        &self,
        table: &'static Table,
        rows: &mut dyn Stream,
    ) -> Result<Option<Step>, OpenError> {
        let mut columns = Columns::new(table.columns.iter().map(|(_, of)| *of));
        let (mut count, mut bytes) = (0, 0);
        while count < limits::COPY_ROWS && bytes < limits::COPY_BYTES {
            let Some(row) = rows.next()? else { break };
            let fields = fields::read(row, table)?;
            bytes += fields::bytes(&fields);
            count += 1;
            fields::put(&mut columns, &fields).map_err(|error| OpenError::Database {
                place: self.connection.place(),
                what: error.to_string(),
            })?;
        }
        let insert = || Step { sql: sql::of(table).insert, columns: columns.finish() };
        Ok((count > 0).then(insert))
    }
}

impl Target for Sink {
    /// Writes a page while the next one is gathered.
    fn fill(&mut self, table: &'static Table, rows: &mut dyn Stream) -> Result<(), OpenError> {
        let source = &self.connection.source;
        let mut sent: Option<Begun<Result<(), Trouble>>> = None;
        loop {
            let page = self.page(table, rows)?;
            if let Some(sent) = sent.take() {
                source.taken(sent)?;
            }
            let Some(step) = page else { return Ok(()) };
            let session = Arc::clone(&source.session);
            sent = Some(source.tasks.begin(async move { session.execute(&step).await }));
        }
    }

    fn settle(&mut self, starts: i64) -> Result<&dyn Tables, OpenError> {
        let name = Arc::clone(&self.connection.source.place.name);
        self.connection.ask(move |session| async move {
            for table in tables::ALL {
                session.query(sql::of(table).go_on, &[]).await?;
            }
            session.query(sql::BEGIN_LIFE, &[&CELL, &starts, &&*name]).await.map(drop)
        })?;
        Ok(self)
    }

    fn verified(&self) -> Result<Verified, OpenError> {
        let version = self.connection.version()?;
        verify::of(&self.connection.source, version)
    }

    fn finish(self: Box<Self>) -> Result<(), OpenError> {
        let commit = |session: Arc<Session>| async move {
            let committed = session.run(common::COMMIT).await;
            Ok(match committed {
                Err(Trouble::Away(what)) => Err(what),
                Err(trouble) => return Err(trouble),
                Ok(()) => Ok(()),
            })
        };
        let undecided = |what| OpenError::Undecided { place: self.connection.place(), what };
        self.connection.ask(commit)?.map_err(undecided)
    }
}

impl Tables for Sink {
    fn each(
        &self,
        table: &'static Table,
        take: &mut dyn FnMut(&mut dyn Stream) -> Result<(), OpenError>,
    ) -> Result<(), OpenError> {
        take(&mut self.connection.source.pages(sql::of(table).page))
    }
}
