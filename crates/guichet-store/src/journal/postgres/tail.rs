//! An image, and the batch up to which it is known what changed.

use std::collections::BTreeSet;
use std::time::SystemTime;

use guichet_core::limits;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::classify::Trouble;
use super::columns::Column;
use super::session::Session;
use super::statements as sql;
use crate::journal::rows::error::OpenError;
use crate::journal::rows::image::{Image, Pending, RecordId};
use crate::journal::rows::row;
use crate::journal::rows::touched::Touched;

/// Why there is no image, or none any more.
#[derive(Debug)]
pub(super) enum Lag {
    /// The database cannot be asked at present, as what waits for the lock says; what was read is good
    /// if nothing is missing since.
    Away,
    /// Nothing says yet what changes.
    Cold,
    /// It is not known what changed since: everything is read anew.
    Behind,
    /// A row cannot be taken in. Whoever leads and reads everything is told which.
    Unreadable,
}

impl From<Trouble> for Lag {
    fn from(_: Trouble) -> Self {
        Self::Away
    }
}

impl From<tokio_postgres::Error> for Lag {
    fn from(_: tokio_postgres::Error) -> Self {
        Self::Away
    }
}

impl From<OpenError> for Lag {
    fn from(_: OpenError) -> Self {
        Self::Unreadable
    }
}

/// Takes a row into an image.
pub(super) type Take = fn(&mut Image, &dyn row::Row) -> Result<(), OpenError>;

/// The end of what batches changed, as far as it was looked at.
pub(super) struct Tail {
    image: Image,
    /// The last batch that was looked at, and when it was written: so a database that was put back to
    /// an earlier state is not taken for the same.
    seen: (i64, SystemTime),
    /// The history that it is of. A row may be newer than the batch that was looked at last, and gone with
    /// the machine that had it.
    timeline: String,
    /// How often it was looked since all records were.
    looks: u32,
}

impl Tail {
    /// What batches behind this one change is read again.
    pub(super) const fn new(image: Image, seen: (i64, SystemTime), timeline: String) -> Self {
        Self { image, seen, timeline, looks: 0 }
    }

    /// Whether the database still has the history that rows were read from.
    pub(super) fn is_of(&self, timeline: &str) -> bool {
        self.timeline == timeline
    }

    /// What was read.
    pub(super) fn into_image(self) -> Image {
        self.image
    }

    /// How many servers there are.
    pub(super) fn servers(&self) -> usize {
        self.image.servers()
    }

    /// Takes in a page.
    pub(super) fn take(&mut self, page: &[Row], of_table: Take) -> Result<(), Lag> {
        take(&mut self.image, page, of_table)
    }

    /// Reads what batches changed, of so many at most; whether there may be more.
    pub(super) async fn look(&mut self, session: &Session) -> Result<bool, Lag> {
        let most = limits::FOLLOW_BATCHES;
        let batches = session.query(sql::CHANGES, &[&self.seen.0, &most]).await?;
        let mut batches = batches.iter();
        // The last one again: if it is not there, or another, something is missing.
        let again = batches.next().ok_or(Lag::Behind)?;
        if (again.try_get(0)?, again.try_get(1)?) != self.seen {
            return Err(Lag::Behind);
        }
        let is_full = batches.len() as i64 + 1 >= most;
        for batch in batches {
            let (number, written) = (batch.try_get(0)?, batch.try_get(1)?);
            let (rows, beside): (&[u8], Option<&str>) = (batch.try_get(2)?, batch.try_get(3)?);
            let touched = Touched::read(rows, beside).ok_or(Lag::Unreadable)?;
            if number != self.seen.0 + 1 || !self.image.touch(touched) {
                return Err(Lag::Behind);
            }
            self.seen = (number, written);
        }
        Ok(is_full)
    }

    /// Looks at batches and reads rows, of each so many at most; whether there may be more.
    pub(super) async fn step(&mut self, session: &Session) -> Result<bool, Lag> {
        let more = self.look(session).await?;
        self.looks += 1;
        if self.looks >= limits::FOLLOW_LOOKS {
            self.looks = 0;
            self.image.look_at_expired();
        }
        self.read(session).await?;
        Ok(more || !self.image.pending.is_empty())
    }

    /// Reads all that is left, when nobody writes any more.
    pub(super) async fn catch_up(&mut self, session: &Session) -> Result<(), Lag> {
        while self.look(session).await? {}
        self.image.look_at_expired();
        while !self.image.pending.is_empty() {
            self.read(session).await?;
        }
        Ok(())
    }

    /// Reads rows that are to be read again, of each table so many at most.
    async fn read(&mut self, session: &Session) -> Result<(), Lag> {
        let image = &mut self.image;
        let servers = Again { sql: &sql::SERVERS, of: |pending| &mut pending.servers };
        servers.read(session, image, Image::no_servers, Image::server).await?;
        let operations = Again { sql: &sql::OPERATIONS, of: |pending| &mut pending.operations };
        operations.read(session, image, Image::no_operations, Image::operation).await?;
        if image.pending.keys {
            self.read_keys(session).await?;
        }
        let image = &mut self.image;
        let credentials = Again { sql: &sql::CREDENTIALS, of: |pending| &mut pending.credentials };
        credentials.read(session, image, Image::no_credentials, Image::credential).await?;
        let key_pairs = Again { sql: &sql::KEY_PAIRS, of: |pending| &mut pending.key_pairs };
        key_pairs.read(session, image, Image::no_key_pairs, Image::key_pair).await?;
        let groups = Again { sql: &sql::GROUPS, of: |pending| &mut pending.groups };
        groups.read(session, image, Image::no_groups, Image::group).await?;
        self.read_records(session).await
    }

    async fn read_keys(&mut self, session: &Session) -> Result<(), Lag> {
        let image = &mut self.image;
        let (last, most) = (image.last_key(), limits::DATABASE_PAGE);
        let found = session.query(&sql::PAGE_OF_KEYS, &[&last, &most]).await?;
        take(image, &found, Image::key)?;
        if found.len() as i64 >= most {
            return Ok(());
        }
        let first = session.query(sql::FIRST_KEY, &[]).await?;
        let first: Option<Option<i64>> = first.first().map(|row| row.try_get(0)).transpose()?;
        image.no_keys_before(first.flatten());
        image.pending.keys = false;
        Ok(())
    }

    async fn read_records(&mut self, session: &Session) -> Result<(), Lag> {
        let image = &mut self.image;
        let ids: Vec<RecordId> = first(&image.pending.records);
        if ids.is_empty() {
            return Ok(());
        }
        let kinds = Column::texts(ids.iter().map(|(kind, _)| &**kind));
        let keys = Column::texts(ids.iter().map(|(_, id)| &**id));
        let found = session.query(&sql::RECORDS, &[&kinds, &keys]).await?;
        image.no_records(&ids);
        take(image, &found, Image::record)?;
        are_read(&mut image.pending.records, &ids);
        Ok(())
    }
}

/// Rows of one table that are to be read again.
struct Again<T> {
    sql: &'static str,
    of: fn(&mut Pending) -> &mut BTreeSet<T>,
}

impl<T: Clone + Ord> Again<T> {
    /// Reads some of them: they are forgotten, and what is found is taken.
    async fn read(
        &self,
        session: &Session,
        image: &mut Image,
        forget: fn(&mut Image, &[T]),
        of_table: Take,
    ) -> Result<(), Lag>
    where
        Vec<T>: ToSql + Sync,
    {
        let rows = first((self.of)(&mut image.pending));
        if rows.is_empty() {
            return Ok(());
        }
        let found = session.query(self.sql, &[&rows]).await?;
        forget(image, &rows);
        take(image, &found, of_table)?;
        are_read((self.of)(&mut image.pending), &rows);
        Ok(())
    }
}

fn take(image: &mut Image, rows: &[Row], take: Take) -> Result<(), Lag> {
    rows.iter().try_for_each(|row| take(image, row))?;
    Ok(())
}

/// These are not to be read again.
fn are_read<T: Ord>(of: &mut BTreeSet<T>, rows: &[T]) {
    for row in rows {
        of.remove(row);
    }
}

/// The first rows of those that are to be read again.
fn first<T: Clone>(of: &BTreeSet<T>) -> Vec<T> {
    of.iter().take(limits::FOLLOW_ROWS).cloned().collect()
}
