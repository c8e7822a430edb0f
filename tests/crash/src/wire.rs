//! Requests to a process that may die under them.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use guichet_wire::{exchange, written};
use serde_json::Value;
use tokio::net::TcpStream;

/// Longest wait for an answer: past the server's own (`ANSWER_TIME`), so it answers or is dead.
const ANSWER_MAX: Duration =
    guichet_core::limits::ANSWER_TIME.saturating_add(Duration::from_secs(30));

/// A request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Question {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// Its Idempotency-Key.
    pub(crate) key: Option<String>,
    pub(crate) body: String,
}

impl Question {
    pub(crate) fn get(path: String) -> Self {
        Self { method: "GET", path, ..Self::default() }
    }

    pub(crate) fn post(path: String, body: &Value) -> Self {
        Self { method: "POST", path, body: body.to_string(), ..Self::default() }
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) request: String,
    pub(crate) token: Option<String>,
    /// Whether it says when to come back.
    pub(crate) says_retry_after: bool,
    pub(crate) body: Value,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// It ended while one waited: what was asked for may have been done.
    Cut,
    /// It neither answered nor ended.
    Hangs,
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    token: String,
    buffer: Vec<u8>,
}

impl Wire {
    pub(crate) async fn connect(address: SocketAddr, token: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, token: token.to_owned(), buffer: Vec::new() })
    }

    /// Asks, once.
    pub(crate) async fn ask(&mut self, question: &Question) -> Result<Answer, NoAnswer> {
        let Question { method, path, key, body } = question;
        let key = key.as_ref().map(|key| format!("idempotency-key: {key}\r\n"));
        let bytes = written(method, path, &self.token, &key.unwrap_or_default(), body);
        let exchanged = exchange(&mut self.stream, &bytes, &mut self.buffer);
        let head = match tokio::time::timeout(ANSWER_MAX, exchanged).await {
            Err(_) => return Err(NoAnswer::Hangs),
            Ok(head) => head.map_err(|_| NoAnswer::Cut)?,
        };
        let header = |name: &str| head.header(name).map(str::to_owned);
        Ok(Answer {
            status: head.status,
            request: header("x-openstack-request-id").unwrap_or_default(),
            token: header("x-subject-token"),
            says_retry_after: header("retry-after").is_some(),
            body: serde_json::from_slice(&self.buffer[head.body..]).unwrap_or(Value::Null),
        })
    }

    /// Asks, and wants a body and 200.
    pub(crate) async fn read(&mut self, path: &str) -> anyhow::Result<Value> {
        let answer = self.must(&Question::get(path.to_owned())).await?;
        anyhow::ensure!(answer.status == 200, "GET {path}: {}: {}", answer.status, answer.body);
        Ok(answer.body)
    }

    /// Asks a process that nobody kills meanwhile.
    pub(crate) async fn must(&mut self, question: &Question) -> anyhow::Result<Answer> {
        let answer = self.ask(question).await;
        let no_answer = |error| anyhow::anyhow!("{error:?}");
        answer.map_err(no_answer).with_context(|| format!("{} {}", question.method, question.path))
    }
}

/// A token for the demo project.
pub(crate) async fn log_in(address: SocketAddr, user: &str) -> anyhow::Result<String> {
    let domain = serde_json::json!({ "id": "default" });
    let body = serde_json::json!({ "auth": {
        "identity": { "methods": ["password"], "password": {
            "user": { "name": user, "domain": domain, "password": "secret" } } },
        "scope": { "project": { "name": user, "domain": domain } },
    } });
    let mut wire = Wire::connect(address, "").await?;
    let question = Question::post("/identity/v3/auth/tokens".to_owned(), &body);
    let answer = wire.must(&question).await?;
    answer.token.with_context(|| format!("login: {}: {}", answer.status, answer.body))
}
