//! All rows of a database, read once, a page at a time: while one is taken in the next is read.

use std::sync::Arc;

use guichet_core::limits;
use tokio_postgres::Row;

use super::classify::Trouble;
use super::link::{Begun, Tasks};
use super::names;
use super::place::Place;
use super::session::Session;
use super::stand::of_trouble;
use super::statements as sql;
use crate::journal::rows::error::{OpenError, Report};
use crate::journal::rows::load::{Loaded, Loader};
use crate::journal::rows::names::{Maps, Names};
use crate::journal::rows::row::{self, Stream};

/// A database that is being read.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) place: Place,
    pub(super) tasks: Tasks,
    pub(super) session: Arc<Session>,
}

impl Source {
    /// Runs one question.
    pub(super) fn ask<T, F>(&self, ask: impl FnOnce(Arc<Session>) -> F) -> Result<T, OpenError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Trouble>> + Send + 'static,
    {
        self.taken(self.tasks.begin(ask(Arc::clone(&self.session))))
    }

    /// The answer to a question that was begun.
    pub(super) fn taken<T>(&self, begun: Begun<Result<T, Trouble>>) -> Result<T, OpenError> {
        let ended = || Err(Trouble::Broken("its thread has ended".to_owned()));
        begun.wait().unwrap_or_else(ended).map_err(|trouble| of_trouble(&self.place, trouble))
    }

    /// The maps between what is declared and what the database knows.
    pub(super) fn maps(&self, declared: &Names<'_>) -> Result<Maps, OpenError> {
        Maps::read(declared, |kind| {
            self.ask(move |session| async move { names::known(&session, kind).await })
        })
    }

    /// Reads everything; changes nothing.
    pub(super) fn load(&self, maps: &Maps, report: Report<'_>) -> Result<Loaded, OpenError> {
        let mut loader = Loader::new(maps, report);
        let most = self.ask(|session| async move {
            let rows = session.query(sql::LAST_SERVER, &[]).await?;
            let most = rows.first().map(|row| row.try_get::<_, Option<i64>>(0)).transpose()?;
            Ok(most.flatten())
        })?;
        let servers = &mut self.pages(&sql::PAGE_OF_SERVERS);
        loader.servers(most, servers, &mut self.pages(&sql::PAGE_OF_OPERATIONS))?;
        loader.keys(&mut self.pages(&sql::PAGE_OF_KEYS))?;
        loader.records(&mut self.pages(&sql::PAGE_OF_RECORDS))?;
        let credentials = &mut self.pages(&sql::PAGE_OF_CREDENTIALS);
        loader.beside(credentials, |saved| &mut saved.credentials)?;
        let key_pairs = &mut self.pages(&sql::PAGE_OF_KEY_PAIRS);
        loader.beside(key_pairs, |saved| &mut saved.key_pairs)?;
        let groups = &mut self.pages(&sql::PAGE_OF_GROUPS);
        loader.beside(groups, |saved| &mut saved.groups)?;
        loader.finish()
    }

    /// The rows of a table, a page at a time.
    pub(super) fn pages(&self, sql: &'static str) -> Pages<'_> {
        let mut pages =
            Pages { source: self, sql, ahead: None, page: Vec::new().into_iter(), row: None };
        pages.begin(i64::MIN);
        pages
    }
}

/// The rows of a table.
pub(super) struct Pages<'a> {
    source: &'a Source,
    sql: &'static str,
    /// The page behind this one, on its way.
    ahead: Option<Begun<Result<Vec<Row>, Trouble>>>,
    page: std::vec::IntoIter<Row>,
    row: Option<Row>,
}

impl Pages<'_> {
    /// Begins to read the page behind this row.
    fn begin(&mut self, last: i64) {
        let (session, sql) = (Arc::clone(&self.source.session), self.sql);
        self.ahead = Some(
            self.source
                .tasks
                .begin(async move { session.query(sql, &[&last, &limits::DATABASE_PAGE]).await }),
        );
    }
}

impl Stream for Pages<'_> {
    fn next(&mut self) -> Result<Option<&dyn row::Row>, OpenError> {
        if self.page.len() == 0
            && let Some(ahead) = self.ahead.take()
        {
            let page = self.source.taken(ahead)?;
            let is_full = page.len() as i64 >= limits::DATABASE_PAGE;
            if let Some(last) = page.last().filter(|_| is_full) {
                let last = last.try_get(0).map_err(Trouble::from);
                self.begin(last.map_err(|trouble| of_trouble(&self.source.place, trouble))?);
            }
            self.page = page.into_iter();
        }
        self.row = self.page.next();
        Ok(self.row.as_ref().map(|row| row as &dyn row::Row))
    }
}
