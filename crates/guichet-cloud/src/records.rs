//! Records beside the fleet: what must outlive the process and is no server.
//!
//! | kind | id | what | read and written by |
//! | --- | --- | --- | --- |
//! | `token` | SHA-256 of the token, hexadecimal | the session it stands for | `accounts/rows.rs` |
//! | `application_credential` | its id | whose it is, for what, its secret's hash | read by `accounts/earlier.rs`, written by nobody any more |
//! | `user` | the user's id | the hash of a password that was drawn | `accounts/rows.rs` |
//! | `flavor`, `declared_specs`, `image`, `host`, `migration`, `aggregate`, `quota` | a number | what administrators wrote, what was made of servers | `documents.rs` |
//! | `secret` | `admin_pass` | the key of the passwords of servers' administrators | `servers/password.rs` |
//!
//! A body is JSON. Users and projects are named in it by their ids, never by their positions:
//! lists may be in another order at the next start. A record that cannot be read is left out with
//! a warning: a service that does not start because of one damaged record helps nobody. A field
//! that is not known makes a record unreadable, too: it may restrict what the record allows.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::time::Timestamp;
use guichet_engine::ServerManager;
use guichet_store::journal::{RecordChange, StoredRecord};
use serde::{Deserialize, Serialize};

pub(crate) const TOKEN: &str = "token";
pub(crate) const CREDENTIAL: &str = "application_credential";
pub(crate) const USER: &str = "user";
pub(crate) const SECRET: &str = "secret";

pub(crate) const FLAVOR: &str = "flavor";
pub(crate) const DECLARED_SPECS: &str = "declared_specs";
pub(crate) const IMAGE: &str = "image";
pub(crate) const HOST: &str = "host";
pub(crate) const MIGRATION: &str = "migration";
pub(crate) const AGGREGATE: &str = "aggregate";
pub(crate) const QUOTA: &str = "quota";

const KINDS: [&str; 11] = [
    TOKEN,
    CREDENTIAL,
    USER,
    SECRET,
    FLAVOR,
    DECLARED_SPECS,
    IMAGE,
    HOST,
    MIGRATION,
    AGGREGATE,
    QUOTA,
];

/// Whether records of this kind are documents: what people wrote, and no secrets.
pub(crate) fn is_document(kind: &str) -> bool {
    KINDS.contains(&kind) && !matches!(kind, TOKEN | CREDENTIAL | USER | SECRET)
}

const _: () = assert!(
    // A character is six bytes at most: `\u0000`.
    6 * limits::NAME_MAX + 1_024 < limits::RECORD_BODY_MAX,
    "the longest body, of a token with the ids of its user and project, can be recorded"
);

/// The kinds of records that are documents.
pub(crate) fn documents() -> impl Iterator<Item = &'static str> + Clone {
    KINDS.into_iter().filter(|kind| is_document(kind))
}

/// The change that writes a record.
pub(crate) fn written(
    kind: &'static str,
    id: Arc<str>,
    body: &impl Serialize,
    expires: Option<Timestamp>,
) -> RecordChange {
    let body = serde_json::to_string(body).expect("bodies have fields and no maps");
    RecordChange { kind, id, body: Some(Arc::from(body)), expires }
}

/// A record as it is found once this change was written; none if the change removes it.
pub(crate) fn stored(change: RecordChange) -> Option<StoredRecord> {
    let RecordChange { kind, id, body, expires } = change;
    Some(StoredRecord {
        kind: kind.to_owned(),
        id: id.to_string(),
        body: body?.to_string(),
        expires,
    })
}

/// The change that removes a record.
pub(crate) fn removed(kind: &'static str, id: Arc<str>) -> RecordChange {
    RecordChange { kind, id, body: None, expires: None }
}

/// The body of a record, if it is one of this type.
pub(crate) fn body<'a, T: Deserialize<'a>>(found: &'a StoredRecord) -> Option<T> {
    let is_short = found.body.len() <= limits::RECORD_BODY_MAX;
    is_short.then(|| serde_json::from_str(&found.body).ok())?
}

/// The records of one kind as `read` makes them. What it cannot read is logged and left out; the
/// text of a record never is in the log: it may be a secret's.
pub(crate) fn of_kind<'a, T>(
    found: &'a [StoredRecord],
    kind: &'static str,
    mut read: impl FnMut(&'a StoredRecord) -> Option<T>,
) -> impl Iterator<Item = T> {
    found.iter().filter(move |found| found.kind == kind).filter_map(move |found| {
        let record = read(found);
        if record.is_none() {
            warn_of(found);
        }
        record
    })
}

/// Logs the records of kinds that nobody reads.
pub(crate) fn warn_of_unknown(found: &[StoredRecord]) {
    found.iter().filter(|found| !KINDS.contains(&found.kind.as_str())).for_each(warn_of);
}

fn warn_of(found: &StoredRecord) {
    tracing::warn!(kind = ?found.kind, id = ?found.id, "a kept row cannot be read and is left out");
}

/// Does what it holds when it is dropped, however that comes about.
pub(crate) struct Finally<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Finally<F> {
    pub(crate) const fn new(act: F) -> Self {
        Self(Some(act))
    }

    /// Leaves it undone.
    pub(crate) fn leave(mut self) {
        self.0 = None;
    }
}

impl<F: FnOnce()> Drop for Finally<F> {
    fn drop(&mut self) {
        if let Some(act) = self.0.take() {
            act();
        }
    }
}

/// Makes changes of records durable.
#[derive(Debug, Clone)]
pub(crate) struct Records {
    manager: ServerManager,
}

impl Records {
    /// Records in the store of this manager.
    pub(crate) const fn new(manager: ServerManager) -> Self {
        Self { manager }
    }

    /// Makes a change durable.
    pub(crate) async fn write(&self, change: RecordChange) -> Result<(), Refusal> {
        self.manager.put_record(change).await
    }

    /// The same, waited for by nobody: what is written after it is durable no sooner.
    pub(crate) fn write_unawaited(&self, change: RecordChange) {
        self.manager.put_record_unawaited(change);
    }

    /// Removes a record, then does `end` to what it stands for. So it does if the request goes
    /// away before the answer: then nobody knows whether the record is there, and what should end
    /// had better have ended. If it is known that the record stays, so does what it stands for.
    pub(crate) async fn end(
        &self,
        removed: RecordChange,
        end: impl FnOnce(),
    ) -> Result<(), Refusal> {
        let ending = Finally::new(end);
        let result = self.manager.put_record(removed).await;
        if result.is_err() {
            ending.leave();
        }
        result
    }

    /// Makes changes durable, a few together. What cannot be written now is left out; how many those
    /// are.
    pub(crate) async fn write_all(&self, changes: Vec<RecordChange>) -> usize {
        let unwritten = AtomicUsize::new(0);
        for together in changes.chunks(limits::ROWS_PER_LOCK_MAX) {
            let write = |change: &RecordChange| {
                let change = change.clone();
                Box::pin(async {
                    if self.manager.put_record(change).await.is_err() {
                        unwritten.fetch_add(1, Ordering::Relaxed);
                    }
                })
            };
            all(together.iter().map(write).collect()).await;
        }
        unwritten.into_inner()
    }

    /// Writes a record and with it removes others that have expired: all wait for the disk
    /// together. What cannot be removed now is dropped at the next start.
    pub(crate) async fn write_and_remove(
        &self,
        written: RecordChange,
        expired: impl Iterator<Item = RecordChange>,
    ) -> Result<(), Refusal> {
        let removals =
            expired.map(|change| Box::pin(async { drop(self.manager.put_record(change).await) }));
        let (result, ()) = tokio::join!(self.manager.put_record(written), all(removals.collect()));
        result
    }
}

/// Waits for all of them at once.
async fn all<F: Future<Output = ()>>(mut waiting: Vec<Pin<Box<F>>>) {
    std::future::poll_fn(|context| {
        waiting.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if waiting.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
