//! Who holds the session of a leader: has PostgreSQL answer often enough, and gets another session
//! when one is lost, as long as the epoch is the same.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::cell;
use super::classify::Trouble;
use super::link::Tasks;
use super::node::Credential;
use super::place::Place;
use super::session::Session;
use crate::journal::log::LogError;
use crate::journal::term::Term;

/// What there is to write through.
#[derive(Debug, Clone)]
pub(super) enum Holding {
    /// A session that has the lock, and the last batch that was written when it got it.
    Has(Arc<Session>, i64),
    /// None at present, and why.
    Away(Arc<str>),
    /// None any more.
    Ended(LogError),
}

/// What is done in one term.
#[derive(Debug, Clone)]
pub(super) struct Keeper {
    pub(super) place: Place,
    pub(super) tasks: Tasks,
    pub(super) term: Term,
    pub(super) epoch: i64,
    /// What the node has written into the cell's row.
    pub(super) own: Credential,
    /// Cancelled when nothing more is to be written.
    pub(super) closing: CancellationToken,
}

impl Keeper {
    /// Keeps the session until the term is over.
    pub(super) async fn keep(self, session: Arc<Session>, holding: watch::Sender<Holding>) {
        let closing = self.closing.clone();
        let kept = self.keep_on(session, &holding);
        // Before anybody learns that nothing can be written any more.
        let ended = match closing.run_until_cancelled(kept).await {
            Some(ended) => {
                self.term.end();
                ended
            }
            None => {
                self.term.close();
                LogError::Lost("it is closed".to_owned())
            }
        };
        holding.send_replace(Holding::Ended(ended));
    }

    async fn keep_on(
        &self,
        mut session: Arc<Session>,
        holding: &watch::Sender<Holding>,
    ) -> LogError {
        loop {
            let trouble = self.beat(&session).await;
            self.term.suspend();
            // Whoever still waits for an answer through it gets none.
            session.end().cancel();
            drop(session);
            if let Trouble::Replaced(why) = trouble {
                return LogError::Replaced(why);
            }
            holding.send_replace(Holding::Away(Arc::from(trouble.text())));
            let (again, batch) = match self.regain(holding).await {
                Ok(regained) => regained,
                Err(ended) => return ended,
            };
            holding.send_replace(Holding::Has(Arc::clone(&again), batch));
            session = again;
        }
    }

    /// Has PostgreSQL answer until it does not.
    async fn beat(&self, session: &Session) -> Trouble {
        let lost = || Trouble::Away("the connection is lost".to_owned());
        let end = session.end();
        loop {
            let asked = self.term.now();
            let asking = end.run_until_cancelled(cell::own_epoch(session, &self.own));
            // A commit that a standby never confirms holds up all that is asked behind it.
            let Ok(answer) = timeout(limits::AWAY_PATIENCE, asking).await else {
                return Trouble::Away("it does not answer".to_owned());
            };
            let Some(answer) = answer else { return lost() };
            match answer {
                Ok(Some(epoch)) if epoch == self.epoch => self.term.extend(asked),
                Ok(_) => return Trouble::Replaced(format!("epoch {} is over", self.epoch)),
                Err(Trouble::Away(_)) if session.is_gone() => return lost(),
                Err(away @ Trouble::Away(_)) => return away,
                // Asked in the middle of a transaction that fails: it was answered all the same.
                Err(_) => self.term.extend(asked),
            }
            if end.run_until_cancelled(tokio::time::sleep(limits::BEAT)).await.is_none() {
                return lost();
            }
        }
    }

    /// Another session with the lock, in the same epoch. Whoever has the lock knows that the session
    /// before has ended, and with it whatever it was doing.
    async fn regain(
        &self,
        holding: &watch::Sender<Holding>,
    ) -> Result<(Arc<Session>, i64), LogError> {
        let mut pauses = Pauses::default();
        loop {
            match self.try_regain().await {
                Ok(Ok(regained)) => return Ok(regained),
                Ok(Err(ended)) => return Err(ended),
                Err(trouble) => {
                    holding.send_replace(Holding::Away(Arc::from(trouble.text())));
                    tokio::time::sleep(pauses.next()).await;
                }
            }
        }
    }

    async fn try_regain(&self) -> Result<Result<(Arc<Session>, i64), LogError>, Trouble> {
        let session = Session::connect(&self.place, &self.tasks).await?;
        if let Err(unsure) = session.check(&self.place).await? {
            return Ok(Err(LogError::Lost(unsure.to_string())));
        }
        let replaced = || Ok(Err(LogError::Replaced(format!("epoch {} is over", self.epoch))));
        while !cell::lock(&session, &self.place).await? {
            if cell::own_epoch(&session, &self.own).await? != Some(self.epoch) {
                return replaced();
            }
        }
        let asked = self.term.now();
        let Some(batch) = cell::confirm(&session, self.epoch, &self.own).await? else {
            return replaced();
        };
        self.term.extend(asked);
        Ok(Ok((session, batch)))
    }
}

/// Pauses between attempts, each twice as long as the one before.
#[derive(Debug, Default)]
pub(super) struct Pauses(Duration);

impl Pauses {
    pub(super) fn next(&mut self) -> Duration {
        self.0 = (self.0 * 2).clamp(limits::RECONNECT_FIRST, limits::RECONNECT_MOST);
        self.0
    }
}
