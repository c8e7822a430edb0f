//! What a node does while another one leads: it reads all rows into its memory, and then again and
//! again those that batches changed, so that little is left to read when it comes to lead.
//!
//! Each question is a transaction of its own, and short: nothing that the leader writes waits for it,
//! and no moment of the database is held for it. What changes while rows are read is named by the
//! batches behind the one that was the newest before, and is read again; see [`Image`].

use std::sync::Arc;
use std::time::SystemTime;

use guichet_core::limits;
use tokio::time::sleep;
use tokio_postgres::Row;
use tokio_util::sync::CancellationToken;

use super::keeper::Pauses;
use super::link::Tasks;
use super::place::Place;
use super::session::Session;
use super::tail::{Lag, Tail, Take};
use super::{names, schema, statements as sql};
use crate::journal::rows::declared::Declared;
use crate::journal::rows::image::Image;
use crate::journal::rows::kind::Kind;
use crate::journal::rows::names::Maps;

/// A node that follows.
pub(super) struct Follower<F> {
    pub(super) place: Place,
    pub(super) tasks: Tasks,
    pub(super) declared: Arc<Declared>,
    /// Cancelled when this node leads, and nobody else writes any more.
    pub(super) leads: CancellationToken,
    /// Called when everything is read, with how many servers there are, and when it is to be read anew.
    pub(super) on_ahead: F,
}

impl<F: Fn(Option<usize>) + Send + Sync> Follower<F> {
    /// Follows until this node leads: what there is then, if everything was read before.
    pub(super) async fn follow(self) -> Option<Image> {
        let (mut tail, mut pauses) = (None, Pauses::default());
        let mut was_asked = false;
        loop {
            let lag = match self.try_follow(&mut tail, &mut pauses).await {
                Ok(()) => return tail.map(Tail::into_image),
                Err(lag) => lag,
            };
            // A connection that is lost just when this node leads is made once more.
            if std::mem::replace(&mut was_asked, self.leads.is_cancelled()) {
                return None;
            }
            let pause = match lag {
                Lag::Away | Lag::Cold => pauses.next(),
                Lag::Behind => limits::RECONNECT_FIRST,
                Lag::Unreadable => limits::FOLLOW_ANEW,
            };
            if matches!(lag, Lag::Behind | Lag::Unreadable) && tail.take().is_some() {
                (self.on_ahead)(None);
            }
            // It ends at once when this node leads.
            let _ = self.leads.run_until_cancelled(sleep(pause)).await;
        }
    }

    async fn try_follow(&self, tail: &mut Option<Tail>, pauses: &mut Pauses) -> Result<(), Lag> {
        let session = Session::connect(&self.place, &self.tasks).await?;
        // What is wrong with the database is said by what waits for the lock.
        if !matches!(schema::version(&session, &self.place).await?, Ok(schema::VERSION)) {
            return Err(Lag::Cold);
        }
        let timeline = session.query(sql::TIMELINE, &[]).await?;
        let timeline: String = timeline.first().ok_or(Lag::Cold)?.try_get(0)?;
        match tail {
            Some(tail) if !tail.is_of(&timeline) => return Err(Lag::Behind),
            Some(_) => {}
            None => *tail = self.read(&session, timeline).await?,
        }
        let Some(tail) = tail else { return Ok(()) };
        *pauses = Pauses::default();
        (self.on_ahead)(Some(tail.servers()));
        loop {
            if self.leads.is_cancelled() {
                return tail.catch_up(&session).await;
            }
            tail.step(&session).await?;
            // It ends at once when this node leads.
            let _ = self.leads.run_until_cancelled(sleep(limits::FOLLOW_PAUSE)).await;
        }
    }

    /// Reads everything; none if this node leads before that is done.
    async fn read(&self, session: &Session, timeline: String) -> Result<Option<Tail>, Lag> {
        let newest = session.query(sql::NEWEST_CHANGE, &[]).await?;
        let newest = newest.first().ok_or(Lag::Cold)?;
        let newest: (i64, SystemTime) = (newest.try_get(0)?, newest.try_get(1)?);
        let mut known = Vec::new();
        for kind in Kind::ALL {
            known.push(names::known(session, kind).await?);
        }
        let mut known = known.into_iter();
        let maps = Maps::read(&self.declared.names(), |_| Ok(known.next().unwrap_or_default()))?;
        let mut tail = Tail::new(Image::new(maps), newest, timeline);
        let tables: [(&'static str, Take); 7] = [
            (&sql::PAGE_OF_SERVERS, Image::server),
            (&sql::PAGE_OF_OPERATIONS, Image::operation),
            (&sql::PAGE_OF_KEYS, Image::key),
            (&sql::PAGE_OF_RECORDS, Image::record),
            (&sql::PAGE_OF_CREDENTIALS, Image::credential),
            (&sql::PAGE_OF_KEY_PAIRS, Image::key_pair),
            (&sql::PAGE_OF_GROUPS, Image::group),
        ];
        for (sql, take) in tables {
            let mut last = i64::MIN;
            loop {
                if self.leads.is_cancelled() {
                    return Ok(None);
                }
                let page: Vec<Row> = session.query(sql, &[&last, &limits::DATABASE_PAGE]).await?;
                tail.take(&page, take)?;
                // Only few batches are remembered, and a large table takes long.
                tail.look(session).await?;
                let Some(row) = page.last().filter(|_| page.len() as i64 >= limits::DATABASE_PAGE)
                else {
                    break;
                };
                last = row.try_get(0)?;
            }
        }
        while tail.step(session).await? {
            if self.leads.is_cancelled() {
                break;
            }
            sleep(limits::FOLLOW_PAUSE).await;
        }
        Ok(Some(tail))
    }
}
