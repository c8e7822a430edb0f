//! A database as one side of a copy, through one session and in one transaction.
//!
//! Read from, it is one moment, whatever nodes go on to write. Written to, it is empty until the
//! transaction ends: the schema itself is made in it. Whoever copies *into* a database, or moves its
//! data away, has the cell's lock until the session ends, so that no node leads meanwhile.

mod sink;
mod source;
mod statements;

use std::sync::Arc;

use guichet_core::limits;

use super::classify::Trouble;
use super::link::Link;
use super::load;
use super::place::Place;
use super::session::Session;
use super::stand::of_trouble;
use super::{cell, schema};
use crate::journal::rows::error::OpenError;

pub(crate) use sink::Sink;
pub(crate) use source::Source;

/// A session with a database, on a thread of its own.
#[derive(Debug)]
struct Connection {
    source: load::Source,
    /// After all that runs on it.
    _link: Link,
}

impl Connection {
    /// Connects for a copy, which may be silent for longer than a node.
    fn make(place: &Place) -> Result<Self, OpenError> {
        let failed = |what: String| OpenError::Database { place: place.to_string(), what };
        let link = Link::start().map_err(|error| failed(format!("no thread: {error}")))?;
        let tasks = link.tasks();
        let (place_there, tasks_there) = (place.clone(), tasks.clone());
        let connected = tasks.run(async move {
            let session = Session::connect(&place_there, &tasks_there).await?;
            let silence_ms = limits::COPY_SILENCE.as_millis();
            session
                .run(&format!(
                    "SET idle_session_timeout = {silence_ms};
                     SET idle_in_transaction_session_timeout = {silence_ms};
                     SET tcp_user_timeout = {silence_ms}"
                ))
                .await?;
            Ok(session)
        });
        let connected = connected.ok_or_else(|| failed("its thread has ended".to_owned()))?;
        let session = connected.map_err(|trouble| of_trouble(place, trouble))?;
        let source = load::Source { place: place.clone(), tasks, session };
        Ok(Self { source, _link: link })
    }

    /// Asks the session.
    fn ask<T, F>(&self, ask: impl FnOnce(Arc<Session>) -> F) -> Result<T, OpenError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Trouble>> + Send + 'static,
    {
        self.source.ask(ask)
    }

    fn place(&self) -> String {
        self.source.place.to_string()
    }

    /// Takes the cell's lock, which the session has until it ends: no node leads, none becomes the
    /// leader, and no other copy writes.
    fn lock(&self) -> Result<(), OpenError> {
        let place = self.source.place.clone();
        let leader = self.ask(move |session| async move {
            if cell::lock(&session, &place).await? {
                return Ok(None);
            }
            Ok(Some(cell::leader(&session).await?))
        })?;
        match leader {
            None => Ok(()),
            Some(leader) => {
                let by = leader.map(|leader| leader.node.name);
                Err(OpenError::Led { place: self.place(), by })
            }
        }
    }

    /// The version of its schema; 0 if there is none.
    fn version(&self) -> Result<i64, OpenError> {
        let place = self.source.place.clone();
        self.ask(move |session| async move { schema::version(&session, &place).await })?
    }
}
