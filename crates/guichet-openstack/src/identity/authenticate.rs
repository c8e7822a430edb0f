//! From what a request says to a session: who it is, and for what. Whatever is not right is one
//! and the same 401, so that nobody learns which part was wrong (surface document, section 1).

use std::sync::Arc;

use guichet_core::limits;

use super::ask::{Ask, Method, Scope, Which};
use super::credentials::Credential;
use super::tokens::{self, random};
use super::{AuditId, Identity, MethodName, Methods, Session, kept};
use crate::config::Role;
use crate::http::problem::Problem;
use crate::kept::{TOKEN, forget, token_id};

/// What one method proved.
struct Proof {
    user: usize,
    parent: Option<Arc<Session>>,
    credential: Option<Arc<Credential>>,
}

impl Identity {
    /// Checks what was said and gives a token for it.
    ///
    /// # Errors
    /// 401 for anything that is not right, 429 past the user's rate, 503 past a bound.
    pub(super) async fn authenticate(
        &self,
        ask: &Ask<'_>,
    ) -> Result<(String, Arc<Session>), Problem> {
        let mut whole: Option<Proof> = None;
        let mut methods = Methods::default();
        for method in &ask.methods {
            let proof = self.prove(method).await?;
            methods = method.name().map_or(methods, |name| methods.with(name));
            let earlier = whole.take();
            if earlier.as_ref().is_some_and(|earlier| earlier.user != proof.user) {
                return Err(Problem::unauthorized());
            }
            let (parent, credential) = earlier.map_or((None, None), |e| (e.parent, e.credential));
            whole = Some(Proof {
                user: proof.user,
                parent: proof.parent.or(parent),
                credential: proof.credential.or(credential),
            });
        }
        let proof = whole.ok_or_else(Problem::unauthorized)?;
        let project = self.scoped(&proof, &ask.scope)?;
        self.issue(&proof, project, methods).await
    }

    async fn prove(&self, method: &Method<'_>) -> Result<Proof, Problem> {
        match method {
            Method::Password { user, password } => {
                let found = self.counted(user)?;
                let fits = self.passwords.check(found, (*password).to_owned()).await?;
                let user = found.filter(|_| fits).ok_or_else(Problem::unauthorized)?;
                Ok(Proof { user, parent: None, credential: None })
            }
            Method::Token(token) => {
                let parent = self.session(token).ok_or_else(Problem::unauthorized)?;
                self.count(Ok(parent.user))?;
                let credential = parent.credential.clone();
                Ok(Proof { user: parent.user, credential, parent: Some(parent) })
            }
            Method::Credential { id, secret } => {
                let credential = self.credentials.find(id);
                self.count(credential.as_ref().map(|credential| credential.user).ok_or(*id))?;
                self.prove_credential(credential, secret).await
            }
            Method::NamedCredential { user, name, secret } => {
                let user = self.counted(user)?;
                let credential = user.and_then(|user| self.credentials.named(user, name));
                self.prove_credential(credential, secret).await
            }
            Method::Unsupported => Err(Problem::unauthorized()),
        }
    }

    /// Finds a user and takes a place of its rate.
    fn counted(&self, which: &Which<'_>) -> Result<Option<usize>, Problem> {
        let found = self.directory.user(which);
        let (Which::Id(name) | Which::Name(name, _)) = which;
        self.count(found.ok_or(*name))?;
        Ok(found)
    }

    async fn prove_credential(
        &self,
        credential: Option<Arc<Credential>>,
        secret: &str,
    ) -> Result<Proof, Problem> {
        let hashed = credential.as_ref().map(|credential| credential.secret.clone());
        let fits = self.passwords.check_secret(hashed, secret.to_owned()).await?;
        let now = self.now();
        match credential {
            Some(credential) if fits && credential.is_good(now) => {
                let user = credential.user;
                Ok(Proof { user, parent: None, credential: Some(credential) })
            }
            _ => Err(Problem::unauthorized()),
        }
    }

    /// The project a token is for, and the role there.
    fn scoped(&self, proof: &Proof, scope: &Scope<'_>) -> Result<Option<(usize, Role)>, Problem> {
        if let Some(credential) = &proof.credential {
            // It has its project. To name one beside it is a mistake that would otherwise show
            // much later: OS_PROJECT_NAME left in the environment.
            let itself = Some((credential.project, credential.role()));
            return match scope {
                Scope::Default => Ok(itself),
                Scope::Project(which)
                    if proof.parent.is_some()
                        && self.directory.project(which) == Some(credential.project) =>
                {
                    Ok(itself)
                }
                _ => Err(Problem::unauthorized()),
            };
        }
        match scope {
            Scope::Default => Ok(self.directory.beginning(proof.user)),
            Scope::None => Ok(None),
            Scope::Project(which) => {
                let project = self.directory.project(which).ok_or_else(Problem::unauthorized)?;
                let role = self.directory.role(proof.user, project);
                role.map(|role| Some((project, role))).ok_or_else(Problem::unauthorized)
            }
            Scope::Elsewhere => Err(Problem::unauthorized()),
        }
    }

    /// A new token: good, and told, once it is durable.
    async fn issue(
        &self,
        proof: &Proof,
        project: Option<(usize, Role)>,
        methods: Methods,
    ) -> Result<(String, Arc<Session>), Problem> {
        let session = Arc::new(self.begin(proof, project, methods)?);
        let place = self.tokens.place(session.issued_at)?;
        let (token, digest) = tokens::draw()?;
        let row = kept::token(&self.directory, &digest, &session);
        self.keep_and_forget(row, &self.tokens.take_gone()).await?;
        place.fill(digest, Arc::clone(&session));
        Ok((token, session))
    }

    /// Makes a token worth nothing, durably.
    ///
    /// # Errors
    /// 503 if that cannot be recorded: then it stays good.
    pub(super) async fn revoke(&self, token: &str) -> Result<(), Problem> {
        let Some(digest) = tokens::key(token) else { return Ok(()) };
        let row = forget(TOKEN, token_id(&digest));
        self.end(row, || self.tokens.remove(&digest)).await
    }

    /// A session. One got by a token ends when that one does, and names it in its audit ids, so
    /// that nobody stays in for ever.
    fn begin(
        &self,
        proof: &Proof,
        project: Option<(usize, Role)>,
        mut methods: Methods,
    ) -> Result<Session, Problem> {
        let now = self.now();
        let mut expires_at = now.after(limits::TOKEN_TTL);
        let mut audit_root = None;
        if let Some(parent) = &proof.parent {
            expires_at = expires_at.min(parent.expires_at);
            audit_root = parent.audit_ids().last();
            methods = methods.and(parent.methods);
        }
        if let Some(end) = proof.credential.as_ref().and_then(|credential| credential.expires_at) {
            expires_at = expires_at.min(end);
        }
        Ok(Session {
            user: proof.user,
            project,
            methods,
            audit: AuditId(random()?),
            audit_root,
            issued_at: now,
            expires_at,
            credential: proof.credential.clone(),
        })
    }

    /// A token for a user without asking for a password: for programs that embed the surface, and
    /// for tests of it. It is not kept: it ends with the process.
    ///
    /// # Errors
    /// 503 if there are as many tokens as there may be.
    pub fn token_for(
        &self,
        user: usize,
        project: Option<(usize, Role)>,
    ) -> Result<String, Problem> {
        let proof = Proof { user, parent: None, credential: None };
        let methods = Methods::default().with(MethodName::Password);
        let session = self.begin(&proof, project, methods)?;
        let place = self.tokens.place(session.issued_at)?;
        let (token, digest) = tokens::draw()?;
        place.fill(digest, Arc::new(session));
        Ok(token)
    }
}
