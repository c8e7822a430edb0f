//! Sessions, credentials and passwords as rows that are kept, and back.
//!
//! What the file says now has the last word: a user or a project that is not declared any more
//! takes its rows out of use, and a role that is less than it was makes theirs less.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::Poll;
use std::time::Duration;

use guichet_core::refusal::Refusal;
use guichet_core::time::Timestamp;
use guichet_store::journal::RecordChange;
use tokio_util::sync::CancellationToken;

use super::ask::Which;
use super::credentials::{Credential, Credentials};
use super::directory::Directory;
use super::{Hashed, Identity, Session};
use crate::http::problem::Problem;
use crate::kept::{self, Digest};

/// A token's row.
pub(super) fn token(directory: &Directory, digest: &Digest, session: &Session) -> RecordChange {
    let project = session
        .project
        .map(|(project, role)| kept::Scope { id: directory.project_id(project).into(), role });
    let body = kept::Token {
        user: directory.user_id(session.user).into(),
        project,
        methods: session.methods,
        audit: session.audit,
        audit_root: session.audit_root,
        issued_at_us: session.issued_at.micros(),
        expires_at_us: session.expires_at.micros(),
        credential: session.credential.as_ref().map(|credential| (*credential.id).into()),
    };
    kept::row(kept::TOKEN, kept::token_id(digest), &body, Some(session.expires_at))
}

/// The session of a row, if what is declared and which credentials there are still allow it.
pub(super) fn session(
    directory: &Directory,
    credentials: &Credentials,
    row: &kept::Token<'_>,
) -> Option<Session> {
    let user = directory.user(&Which::Id(&row.user))?;
    let credential = match &row.credential {
        Some(id) => Some(credentials.find(id).filter(|credential| credential.user == user)?),
        None => None,
    };
    let project = match (&row.project, &credential) {
        (_, Some(credential)) => Some((credential.project, credential.role())),
        (None, None) => None,
        (Some(scope), None) => {
            let project = directory.project(&Which::Id(&scope.id))?;
            Some((project, directory.role(user, project)?.min(scope.role)))
        }
    };
    Some(Session {
        user,
        project,
        methods: row.methods,
        audit: row.audit,
        audit_root: row.audit_root,
        issued_at: Timestamp::from_micros(row.issued_at_us),
        expires_at: Timestamp::from_micros(row.expires_at_us),
        credential,
    })
}

/// An application credential's row. It stays when the credential expires, as the credential does
/// in lists.
pub(super) fn credential(directory: &Directory, credential: &Credential) -> RecordChange {
    let body = kept::Credential {
        name: credential.name.as_str().into(),
        description: credential.description.as_deref().map(Into::into),
        user: directory.user_id(credential.user).into(),
        project: directory.project_id(credential.project).into(),
        roles: credential.roles.as_slice().into(),
        made_at_us: credential.made_at.micros(),
        expires_at_us: credential.expires_at.map(Timestamp::micros),
        unrestricted: credential.is_unrestricted,
        hash: credential.secret.clone(),
    };
    kept::row(kept::CREDENTIAL, Arc::clone(&credential.id), &body, None)
}

/// The credential of a row, with those of its roles that its user still has.
pub(super) fn read_credential(
    directory: &Directory,
    id: &str,
    row: kept::Credential<'_>,
) -> Option<Credential> {
    let user = directory.user(&Which::Id(&row.user))?;
    let project = directory.project(&Which::Id(&row.project))?;
    let most = directory.role(user, project)?;
    let mut roles = row.roles.into_owned();
    roles.retain(|role| *role <= most);
    (!roles.is_empty()).then(|| Credential {
        id: Arc::from(id),
        name: row.name.into_owned(),
        description: row.description.map(Into::into),
        user,
        project,
        roles,
        made_at: Timestamp::from_micros(row.made_at_us),
        expires_at: row.expires_at_us.map(Timestamp::from_micros),
        is_unrestricted: row.unrestricted,
        secret: row.hash,
        is_gone: AtomicBool::new(false),
    })
}

/// Does what it holds when it goes, however it goes.
struct Finally<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for Finally<F> {
    fn drop(&mut self) {
        if let Some(act) = self.0.take() {
            act();
        }
    }
}

impl Identity {
    /// Forgets a row, then does `end` to what it stands for. So it does if the request goes away
    /// before the answer: then nobody knows whether the row is there, and what should end had
    /// better have ended. If it is known that the row stays, so does what it stands for.
    pub(super) async fn end(&self, row: RecordChange, end: impl FnOnce()) -> Result<(), Problem> {
        let mut ending = Finally(Some(end));
        let forgotten = self.manager.put_record(row).await;
        if forgotten.is_err() {
            ending.0 = None;
        }
        Ok(forgotten?)
    }

    /// Keeps a row, and forgets it again if the request goes away before the answer: nobody would
    /// know the secret of what it stands for.
    pub(super) async fn keep_whole(&self, row: RecordChange) -> Result<(), Refusal> {
        let gone = RecordChange { body: None, expires: None, ..row.clone() };
        // Rows are written in the order in which they are handed over.
        let mut ending = Finally(Some(|| self.manager.put_record_unawaited(gone)));
        let kept = self.manager.put_record(row).await;
        ending.0 = None;
        kept
    }

    /// Keeps a row and with it forgets those of tokens that have expired: all wait for the disk
    /// together. What cannot be forgotten now is dropped at the next start.
    pub(super) async fn keep_and_forget(
        &self,
        row: RecordChange,
        gone: &[Digest],
    ) -> Result<(), Refusal> {
        let forgotten = gone.iter().map(|digest| {
            let row = kept::forget(kept::TOKEN, kept::token_id(digest));
            Box::pin(async { drop(self.manager.put_record(row).await) })
        });
        let (result, ()) = tokio::join!(self.manager.put_record(row), all(forgotten.collect()));
        result
    }

    /// Keeps the hash of a user's drawn password, however often it takes, until told to stop.
    pub(super) async fn keep_password(&self, user: usize, hash: Hashed, stop: &CancellationToken) {
        let id = Arc::from(self.directory.user_id(user));
        let row = kept::row(kept::USER, id, &kept::User { hash }, None);
        let mut warned = false;
        while let Err(refusal) = self.manager.put_record(row.clone()).await {
            if !warned {
                let user = self.user_name(user);
                tracing::warn!(user, %refusal, "a drawn password is not kept yet: if the process ends now, the next start draws another");
                warned = true;
            }
            let pause = refusal.retry_after().unwrap_or(Duration::from_secs(1));
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
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
