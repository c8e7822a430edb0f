//! The log that batches are written to: one transaction each.

use std::sync::Arc;

use guichet_core::limits;
use tokio::sync::watch;
use tokio::time::timeout;

use super::cell::CELL;
use super::classify::Trouble;
use super::keeper::{Holding, Keeper};
use super::link::Link;
use super::session::{Fence, Session, Step};
use super::write::{self, Steps};
use crate::journal::log::{Batch, Log, LogError};
use crate::journal::rows::names::Maps;

/// The journal in a database of PostgreSQL, for one term.
#[derive(Debug)]
pub struct PostgresLog {
    keeper: Keeper,
    holding: watch::Receiver<Holding>,
    maps: Maps,
    /// The number of the batch that is written next.
    next: i64,
    /// After all that runs on it.
    _link: Link,
}

impl PostgresLog {
    /// Writes the batches behind `batch` from now on.
    pub(super) fn new(
        link: Link,
        keeper: Keeper,
        holding: watch::Receiver<Holding>,
        maps: Maps,
        batch: i64,
    ) -> Self {
        Self { keeper, holding, maps, next: batch + 1, _link: link }
    }

    /// Writes the steps of one batch. When it returns they are durable.
    pub(super) fn commit(&mut self, (steps, mut touched): Steps) -> Result<(), LogError> {
        let beside = touched.rest().map_err(|error| LogError::Lost(error.to_string()))?;
        let (epoch, batch, rows) = (self.keeper.epoch, self.next, touched.rows());
        let fence = Fence { cell: CELL, epoch, batch, rows, beside };
        let writing = Writing { holding: self.holding.clone(), fence, steps };
        let written = self.keeper.tasks.run(writing.run());
        match written.unwrap_or_else(|| Err(LogError::Lost("its thread has ended".to_owned()))) {
            Ok(()) => {
                self.next += 1;
                Ok(())
            }
            Err(error) => {
                if matches!(error, LogError::Replaced(_)) {
                    self.keeper.term.end();
                }
                Err(error)
            }
        }
    }

    pub(super) const fn maps(&self) -> &Maps {
        &self.maps
    }
}

impl Log for PostgresLog {
    fn write(&mut self, batch: &Batch) -> Result<(), LogError> {
        self.maps.add(&batch.names);
        let steps = write::steps(&self.maps, batch);
        self.commit(steps.map_err(|error| LogError::Lost(error.to_string()))?)
    }

    /// Ends the session, and gives back the lock with it.
    fn close(&mut self) -> Result<(), LogError> {
        let session = match &*self.holding.borrow() {
            Holding::Has(session, _) => Some(session.end()),
            _ => None,
        };
        self.keeper.closing.cancel();
        if let Some(ended) = session {
            // Whoever does not answer is not waited for: the session ends by itself.
            let _ = self
                .keeper
                .tasks
                .run(async move { timeout(limits::LOCK_WAIT, ended.cancelled()).await.is_ok() });
        }
        Ok(())
    }
}

impl Drop for PostgresLog {
    /// Whatever it ended by: the lock is free soon, and nothing more is said by who had it.
    fn drop(&mut self) {
        self.keeper.term.close();
    }
}

/// A batch on its way.
struct Writing {
    holding: watch::Receiver<Holding>,
    fence: Fence,
    steps: Vec<Step>,
}

impl Writing {
    /// Writes the batch, through as many sessions as it takes.
    async fn run(mut self) -> Result<(), LogError> {
        loop {
            let (session, last) = self.session().await?;
            // A session that was made since: what an earlier one was told may have been done.
            if last == self.fence.batch {
                return Ok(());
            }
            let writing = session.transact(&self.fence, &self.steps);
            // Who gave up the session found that PostgreSQL does not answer.
            let given_up = || Err(Trouble::Away("the connection was given up".to_owned()));
            let written = session.end().run_until_cancelled_owned(writing).await;
            match written.unwrap_or_else(given_up) {
                Ok(()) => return Ok(()),
                Err(Trouble::Away(_)) => session.end().cancel(),
                Err(Trouble::Later(why)) => return Err(LogError::Full(why)),
                Err(Trouble::Replaced(why)) => return Err(LogError::Replaced(why)),
                Err(Trouble::Refused(why) | Trouble::Broken(why)) => {
                    return Err(LogError::Lost(why));
                }
            }
        }
    }

    /// A session that is there, with the last batch that was written when it was made.
    async fn session(&mut self) -> Result<(Arc<Session>, i64), LogError> {
        let is_there = |holding: &Holding| match holding {
            Holding::Has(session, _) => !session.is_gone(),
            Holding::Away(_) => false,
            Holding::Ended(_) => true,
        };
        // What there is when the patience ends says why.
        let _ = timeout(limits::AWAY_PATIENCE, self.holding.wait_for(is_there)).await;
        match self.holding.borrow().clone() {
            Holding::Has(session, last) if !session.is_gone() => Ok((session, last)),
            Holding::Ended(error) => Err(error),
            Holding::Away(why) => {
                Err(LogError::Full(format!("PostgreSQL cannot be reached: {why}")))
            }
            Holding::Has(..) => {
                Err(LogError::Full("the connection to PostgreSQL is lost".to_owned()))
            }
        }
    }
}
