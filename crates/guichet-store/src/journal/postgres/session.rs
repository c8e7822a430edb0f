//! One connection to PostgreSQL, with its settings, and a transaction through it.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::join_all;
use guichet_core::limits;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};
use tokio_util::sync::CancellationToken;

use super::classify::Trouble;
use super::columns::Column;
use super::link::Tasks;
use super::place::Place;
use super::statements as sql;
use crate::journal::rows::error::OpenError;

/// One step of a transaction: a statement with its arrays.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) sql: &'static str,
    pub(super) columns: Vec<Column>,
}

/// Which batch a transaction is, by whom, and which rows it touches.
#[derive(Debug)]
pub(super) struct Fence {
    pub(super) cell: i32,
    pub(super) epoch: i64,
    pub(super) batch: i64,
    /// See [`Touched::rows`](crate::journal::rows::touched::Touched::rows).
    pub(super) rows: Vec<u8>,
    /// See [`Touched::rest`](crate::journal::rows::touched::Touched::rest).
    pub(super) beside: Option<String>,
}

/// A connection, as long as it lasts.
pub(super) struct Session {
    client: Client,
    /// Statements that stay prepared, by their text. Held to look one up or to add one, never across a
    /// wait.
    statements: Mutex<HashMap<&'static str, Statement>>,
    /// Cancelled when the connection is no more.
    gone: CancellationToken,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("is_gone", &self.is_gone()).finish_non_exhaustive()
    }
}

impl Session {
    /// Connects to the first of the hosts that takes statements, and says what the session needs.
    pub(super) async fn connect(place: &Place, tasks: &Tasks) -> Result<Arc<Self>, Trouble> {
        let mut last = Trouble::Away("it has no host".to_owned());
        for host in &place.hosts {
            let patience = host.get_connect_timeout().copied().unwrap_or(limits::CONNECT_TIME);
            let connecting = Self::connect_to(host, place, tasks);
            match tokio::time::timeout(patience, connecting).await {
                Ok(Ok(session)) => return Ok(session),
                Ok(Err(trouble)) => last = trouble,
                Err(_) => last = Trouble::Away("it does not answer".to_owned()),
            }
        }
        Err(last)
    }

    async fn connect_to(host: &Config, place: &Place, tasks: &Tasks) -> Result<Arc<Self>, Trouble> {
        let gone = CancellationToken::new();
        let client = match &place.tls {
            None => {
                let (client, connection) = host.connect(NoTls).await?;
                carry(tasks, connection, gone.clone());
                client
            }
            Some(tls) => {
                let (client, connection) = host.connect(tls.clone()).await?;
                carry(tasks, connection, gone.clone());
                client
            }
        };
        client.batch_execute(&sql::session(&place.schema)).await?;
        Ok(Arc::new(Self { client, statements: Mutex::default(), gone }))
    }

    /// Whether the connection is no more.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.is_cancelled()
    }

    /// What ends with the connection; whoever cancels it says that it is of no use any more.
    pub(super) fn end(&self) -> CancellationToken {
        self.gone.clone()
    }

    /// Refuses a server on which what was acknowledged could be lost.
    pub(super) async fn check(&self, place: &Place) -> Result<Result<(), OpenError>, Trouble> {
        let row = self.client.query_one(sql::SETTINGS, &[]).await?;
        check_settings(&row, place).map_err(Trouble::from)
    }

    /// Runs a statement that is prepared once.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Trouble> {
        let statement = self.prepared(sql).await?;
        Ok(self.client.query(&statement, parameters).await?)
    }

    /// Asks something that is seldom asked.
    pub(super) async fn ask(&self, sql: &str) -> Result<Vec<Row>, Trouble> {
        Ok(self.client.query(sql, &[]).await?)
    }

    /// Runs one step, as part of a transaction.
    pub(super) async fn execute(&self, step: &Step) -> Result<(), Trouble> {
        let statement = self.prepared(step.sql).await?;
        let parameters = step.columns.iter().map(|column| column as &(dyn ToSql + Sync));
        self.client.execute_raw(&statement, parameters).await?;
        Ok(())
    }

    /// Runs statements without parameters, one after another.
    pub(super) async fn run(&self, sql: &str) -> Result<(), Trouble> {
        Ok(self.client.batch_execute(sql).await?)
    }

    async fn prepared(&self, sql: &'static str) -> Result<Statement, Error> {
        let known = self.statements().get(sql).cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.client.prepare(sql).await?;
        self.statements().insert(sql, statement.clone());
        Ok(statement)
    }

    fn statements(&self) -> MutexGuard<'_, HashMap<&'static str, Statement>> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One transaction, all of it or nothing: everything is sent at once, so that it takes one round
    /// trip. After a step that fails PostgreSQL runs none, and takes back what was done at the end.
    pub(super) async fn transact(&self, fence: &Fence, steps: &[Step]) -> Result<(), Trouble> {
        let fence_statement = self.prepared(sql::WRITE_BATCH).await?;
        let mut statements = Vec::with_capacity(steps.len());
        for step in steps {
            statements.push(self.prepared(step.sql).await?);
        }
        // What is sent is sent when a future is first polled, and `join_all` polls so few in their
        // order.
        let mut all: Vec<Sent<'_>> = Vec::with_capacity(steps.len() + 3);
        all.push(Box::pin(self.client.batch_execute(sql::BEGIN)));
        let Fence { cell, epoch, batch, rows, beside } = fence;
        let parameters: [&(dyn ToSql + Sync); 6] =
            [cell, epoch, batch, rows, beside, &limits::CHANGES_REMEMBERED];
        all.push(Box::pin(async move {
            self.client.execute(&fence_statement, &parameters).await.map(drop)
        }));
        for (step, statement) in steps.iter().zip(&statements) {
            all.push(Box::pin(async move {
                let parameters = step.columns.iter().map(|column| column as &(dyn ToSql + Sync));
                self.client.execute_raw(statement, parameters).await.map(drop)
            }));
        }
        all.push(Box::pin(self.client.batch_execute(sql::COMMIT)));
        debug_assert!(all.len() <= SENT_MAX, "more are not polled in order");
        let answers = join_all(all).await;
        // The first that failed says why all did.
        answers.into_iter().collect::<Result<(), Error>>()?;
        Ok(())
    }
}

/// Something on its way.
type Sent<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// How many futures `join_all` polls one after another.
const SENT_MAX: usize = 30;

/// Moves bytes to and fro until the connection ends.
fn carry<S, T>(tasks: &Tasks, connection: tokio_postgres::Connection<S, T>, gone: CancellationToken)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    tasks.spawn(async move {
        // Whoever waits for an answer is given the reason.
        let _ = gone.run_until_cancelled(connection).await;
        gone.cancel();
    });
}

/// What a server must have.
fn check_settings(row: &Row, place: &Place) -> Result<Result<(), OpenError>, Error> {
    let version: i32 = row.try_get("version")?;
    if version < limits::POSTGRES_MIN {
        let what = format!("PostgreSQL {} is too old: 14 or later is needed", version / 10_000);
        return Ok(Err(OpenError::Database { place: place.to_string(), what }));
    }
    let encoding: String = row.try_get("server_encoding")?;
    if encoding != "UTF8" {
        let what = format!("the database has the encoding {encoding}: make one with UTF8");
        return Ok(Err(OpenError::Database { place: place.to_string(), what }));
    }
    let unsure = |setting, found, wanted| {
        Ok(Err(OpenError::Unsure { place: place.to_string(), setting, wanted, found }))
    };
    for setting in ["fsync", "full_page_writes"] {
        let found: String = row.try_get(setting)?;
        if found != "on" {
            return unsure(setting, found, "on");
        }
    }
    let found: String = row.try_get("synchronous_commit")?;
    let standbys: String = row.try_get("synchronous_standby_names")?;
    // `local` does not wait for a standby, and one that takes over lacks what it did not get.
    if found == "off" || (found == "local" && !standbys.is_empty()) {
        return unsure("synchronous_commit", found, "on");
    }
    Ok(Ok(()))
}
