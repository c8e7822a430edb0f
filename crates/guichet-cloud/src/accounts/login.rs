//! From a login to a session: who it is, and for what. Whatever is not right is one and the same
//! error, so that nobody learns which part was wrong.

use std::net::IpAddr;
use std::sync::Arc;

use guichet_core::credential::ApplicationCredential;
use guichet_core::limits;

use super::credentials::Credential;
use super::digest::Digest;
use super::directory::Which;
use super::error::AccountError;
use super::hash_queue::Asker;
use super::introduced::Introduced;
use super::role::Role;
use super::rows;
use super::service::Accounts;
use super::session::{AuditId, MethodName, Methods, Session};
use crate::random::random;

/// One method by which a user says who it is.
#[expect(missing_debug_implementations, reason = "passwords and secrets are in it")]
pub enum Method {
    /// A user's name and password.
    Password {
        /// The user.
        user: Which<String>,
        /// The password.
        password: String,
    },
    /// A token that the user has.
    Token(String),
    /// An application credential by its id.
    Credential {
        /// The credential.
        id: String,
        /// Its secret.
        secret: String,
    },
    /// An application credential by its name.
    NamedCredential {
        /// The user whose it is.
        user: Which<String>,
        /// The credential.
        name: String,
        /// Its secret.
        secret: String,
    },
    /// A method that there is elsewhere, but not here.
    Unsupported,
}

impl Method {
    /// Its name, if it can be used here.
    const fn name(&self) -> Option<MethodName> {
        match self {
            Self::Password { .. } => Some(MethodName::Password),
            Self::Token(_) => Some(MethodName::Token),
            Self::Credential { .. } | Self::NamedCredential { .. } => {
                Some(MethodName::ApplicationCredential)
            }
            Self::Unsupported => None,
        }
    }
}

/// What a token shall be for.
#[derive(Debug, Clone)]
pub enum Scope {
    /// The user's default project.
    Default,
    /// No project: to find out which ones there are.
    None,
    /// This project.
    Project(Which<String>),
    /// Something in which nobody has a role here, such as a domain or the whole system.
    Elsewhere,
}

/// A request for a token. It has no `Debug`: passwords are in it. It owns what it says, so that the
/// body it was read from need not be held while it waits for its turn.
#[expect(missing_debug_implementations, reason = "passwords and secrets are in it")]
pub struct Login {
    /// How the user says who it is: all of these must name the same user.
    pub methods: Vec<Method>,
    /// What the token shall be for.
    pub scope: Scope,
    /// The address it came from; none: from this process. Logins from one address wait for each
    /// other, and not others for them.
    pub source: Option<IpAddr>,
}

impl Login {
    /// Whom it says it is, as far as it names somebody: a user's name or id, or the id of an application
    /// credential. It is as the client sent it.
    pub fn user(&self) -> Option<&str> {
        self.methods.iter().find_map(|method| match method {
            Method::Password { user, .. } | Method::NamedCredential { user, .. } => {
                Some(user.text())
            }
            Method::Credential { id, .. } => Some(id.as_str()),
            Method::Token(_) | Method::Unsupported => None,
        })
    }
}

const fn unauthorized() -> AccountError {
    AccountError::Unauthorized
}

/// What one method of a login proved.
struct Proof {
    user: usize,
    parent: Option<Parent>,
    credential: Option<Arc<Credential>>,
}

/// The token that another is got by.
struct Parent {
    /// None: of another cell.
    digest: Option<Digest>,
    session: Arc<Session>,
}

impl Accounts {
    /// Checks a login and gives a token for it.
    ///
    /// # Errors
    /// [`AccountError::Unauthorized`] for anything that is not right; the user's rate, or a bound.
    pub async fn log_in(&self, login: &Login) -> Result<(String, Arc<Session>), AccountError> {
        self.log_in_from(login, None).await
    }

    /// The same, where a token may be another cell's: what that said of it.
    ///
    /// # Errors
    /// As [`log_in`](Self::log_in).
    pub async fn log_in_from(
        &self,
        login: &Login,
        elsewhere: Option<&Introduced>,
    ) -> Result<(String, Arc<Session>), AccountError> {
        let logged_in = self.checked(login, elsewhere).await;
        self.logins.count(logged_in.as_ref().err());
        logged_in
    }

    async fn checked(
        &self,
        login: &Login,
        elsewhere: Option<&Introduced>,
    ) -> Result<(String, Arc<Session>), AccountError> {
        let mut whole: Option<Proof> = None;
        let mut methods = Methods::default();
        for method in &login.methods {
            let proof = self.prove(method, login.source, elsewhere).await?;
            methods = method.name().map_or(methods, |name| methods.with(name));
            let earlier = whole.take();
            if earlier.as_ref().is_some_and(|earlier| earlier.user != proof.user) {
                return Err(AccountError::Unauthorized);
            }
            let (parent, credential) = earlier.map_or((None, None), |e| (e.parent, e.credential));
            whole = Some(Proof {
                user: proof.user,
                parent: proof.parent.or(parent),
                credential: proof.credential.or(credential),
            });
        }
        let proof = whole.ok_or_else(unauthorized)?;
        let project = self.scoped(&proof, &login.scope)?;
        self.issue(&proof, project, methods).await
    }

    async fn prove(
        &self,
        method: &Method,
        source: Option<IpAddr>,
        elsewhere: Option<&Introduced>,
    ) -> Result<Proof, AccountError> {
        match method {
            Method::Password { user, password } => {
                let found = self.find_and_count(user)?;
                let fits =
                    self.passwords.check(Asker { source, user: found }, password.clone()).await?;
                let user = found.filter(|_| fits).ok_or_else(unauthorized)?;
                Ok(Proof { user, parent: None, credential: None })
            }
            Method::Token(token) => {
                let parent = self.parent(token, elsewhere)?;
                self.count(Ok(parent.session.user))?;
                let (user, credential) = (parent.session.user, parent.session.credential.clone());
                Ok(Proof { user, credential, parent: Some(parent) })
            }
            Method::Credential { id, secret } => {
                let found = self.credentials.find(id);
                self.count(found.as_ref().map(|row| row.user.index()).ok_or(id.as_str()))?;
                self.prove_credential(source, found, secret).await
            }
            Method::NamedCredential { user, name, secret } => {
                let user = self.find_and_count(user)?;
                let found = user.and_then(|user| self.credentials.named(user, name));
                self.prove_credential(source, found, secret).await
            }
            Method::Unsupported => Err(AccountError::Unauthorized),
        }
    }

    /// What stands behind a token by which another is asked for.
    fn parent(&self, token: &str, of: Option<&Introduced>) -> Result<Parent, AccountError> {
        if let Some(session) = self.session(token) {
            return Ok(Parent { digest: self.tokens.key(token), session });
        }
        // A credential's token is for its own project, which is of its cell.
        let introduced = of.filter(|it| it.is_of(token) && !it.is_of_credential);
        let introduced = introduced.ok_or_else(unauthorized)?;
        if introduced.is_got_elsewhere {
            return Err(AccountError::GotElsewhere);
        }
        Ok(Parent { digest: None, session: Arc::clone(&introduced.session) })
    }

    /// Finds a user and counts the request in its rate.
    fn find_and_count(&self, which: &Which<String>) -> Result<Option<usize>, AccountError> {
        let found = self.directory().find_user(which.as_ref());
        self.count(found.ok_or(which.text()))?;
        Ok(found)
    }

    async fn prove_credential(
        &self,
        source: Option<IpAddr>,
        found: Option<Arc<ApplicationCredential>>,
        secret: &str,
    ) -> Result<Proof, AccountError> {
        let credential = found.map(|row| Credential::of(&self.directory(), row));
        let hashed = credential.as_ref().and_then(Credential::secret);
        let user = credential.as_ref().map(|credential| credential.user);
        let asker = Asker { source, user };
        let fits = self.passwords.check_secret(asker, hashed, secret.to_owned()).await?;
        let now = self.now();
        match credential {
            Some(credential) if fits && credential.is_good(now) => {
                let user = credential.user;
                Ok(Proof { user, parent: None, credential: Some(Arc::new(credential)) })
            }
            _ => Err(AccountError::Unauthorized),
        }
    }

    /// The project a token is for, and the role there.
    fn scoped(&self, proof: &Proof, scope: &Scope) -> Result<Option<(usize, Role)>, AccountError> {
        if let Some(credential) = &proof.credential {
            // It has its project. To name one beside it is a mistake that would otherwise show
            // much later: OS_PROJECT_NAME left in the environment.
            let itself = Some((credential.project, credential.role()));
            return match scope {
                Scope::Default => Ok(itself),
                Scope::Project(which)
                    if proof.parent.is_some()
                        && self.directory().find_project(which.as_ref())
                            == Some(credential.project) =>
                {
                    Ok(itself)
                }
                _ => Err(AccountError::Unauthorized),
            };
        }
        match scope {
            Scope::Default => Ok(self.directory().default_scope(proof.user)),
            Scope::None => Ok(None),
            Scope::Project(which) => {
                let project =
                    self.directory().find_project(which.as_ref()).ok_or_else(unauthorized)?;
                let role = self.directory().role(proof.user, project);
                role.map(|role| Some((project, role))).ok_or_else(unauthorized)
            }
            Scope::Elsewhere => Err(AccountError::Unauthorized),
        }
    }

    /// A new token: good, and given out, once it is durable.
    async fn issue(
        &self,
        proof: &Proof,
        project: Option<(usize, Role)>,
        methods: Methods,
    ) -> Result<(String, Arc<Session>), AccountError> {
        let session = Arc::new(self.begin(proof, project, methods)?);
        let reserved = self.tokens.reserve(session.user, session.issued_at)?;
        let (token, digest) = self.tokens.draw()?;
        let row = rows::token(&self.directory(), &digest, &session);
        let ended = self.tokens.take_ended();
        self.records.write_and_remove(row, ended.iter().map(rows::token_removed)).await?;
        if !reserved.fill(digest, Arc::clone(&session)) {
            // Its parent was revoked meanwhile.
            self.records.write(rows::token_removed(&digest)).await?;
            return Err(AccountError::Unauthorized);
        }
        if !self.directory().allows(session.user, session.project) {
            // Its user's role was taken meanwhile, and those that were there have been ended.
            self.tokens.remove(&digest);
            self.records.write(rows::token_removed(&digest)).await?;
            return Err(AccountError::Unauthorized);
        }
        Ok((token, session))
    }

    /// Makes a token worth nothing, and those that were got by it, durably.
    ///
    /// # Errors
    /// It cannot be recorded at present: then the token stays good.
    pub async fn revoke(&self, token: &str) -> Result<(), AccountError> {
        let Some(digest) = self.tokens.key(token) else { return Ok(()) };
        let row = rows::token_removed(&digest);
        Ok(self.records.end(row, || self.tokens.remove(&digest)).await?)
    }

    /// A session. One got by a token ends when that one does, and names it in its audit ids, so
    /// that nobody stays in for ever.
    fn begin(
        &self,
        proof: &Proof,
        project: Option<(usize, Role)>,
        mut methods: Methods,
    ) -> Result<Session, AccountError> {
        let now = self.now();
        let mut expires_at = now.after(limits::TOKEN_TTL);
        let mut audit_root = None;
        if let Some(parent) = &proof.parent {
            expires_at = expires_at.min(parent.session.expires_at);
            audit_root = parent.session.audit_ids().last();
            methods = methods.and(parent.session.methods);
        }
        if let Some(end) = proof.credential.as_ref().and_then(|credential| credential.expires_at) {
            expires_at = expires_at.min(end);
        }
        Ok(Session {
            user: proof.user,
            project,
            methods,
            audit: AuditId::new(random()?),
            audit_root,
            issued_at: now,
            expires_at,
            credential: proof.credential.clone(),
            parent: proof.parent.as_ref().and_then(|parent| parent.digest),
        })
    }

    /// A token for a user without asking for a password: for programs that embed a cloud, and for
    /// tests. It is not recorded: it ends with the process.
    ///
    /// # Errors
    /// [`AccountError::TokensFull`].
    pub fn token_for(
        &self,
        user: usize,
        project: Option<(usize, Role)>,
    ) -> Result<String, AccountError> {
        let proof = Proof { user, parent: None, credential: None };
        let methods = Methods::default().with(MethodName::Password);
        let session = self.begin(&proof, project, methods)?;
        let reserved = self.tokens.reserve(user, session.issued_at)?;
        let (token, digest) = self.tokens.draw()?;
        reserved.fill(digest, Arc::new(session));
        Ok(token)
    }
}
