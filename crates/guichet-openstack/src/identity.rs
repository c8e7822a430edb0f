//! Identity v3: who asks, for which project, with which role.
//!
//! ```text
//! POST /v3/auth/tokens ─▶ ask (what was said) ─▶ authenticate (passwords, credentials, tokens)
//!                                                     │
//!                                    document (token, catalog) ◀─┘
//! ```
//!
//! Tokens go by the process's clock, not by the world's: a cloud whose time is steered must not
//! throw its clients out.

mod admin;
mod application;
mod ask;
mod authenticate;
mod caller;
mod credentials;
mod directory;
mod discovery;
mod document;
mod field;
mod kept;
mod lookups;
mod passwords;
mod rate;
mod session;
mod token;
mod tokens;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use guichet_clock::WorldClock;
use guichet_core::time::{Clock, Timestamp};
use guichet_engine::ServerManager;
use tokio_util::sync::CancellationToken;

pub use credentials::Credential;
pub(crate) use passwords::Hashed;
pub use session::{AuditId, MethodName, Methods, Session};

use self::credentials::Credentials;
use self::directory::Directory;
use self::passwords::{Given, Passwords};
use self::rate::UserRate;
use self::tokens::Tokens;
use crate::cloud::Cloud;
use crate::config::Declared;
use crate::http::problem::Problem;
use crate::kept::Rows;

/// Users and tokens.
pub struct Identity {
    directory: Directory,
    passwords: Passwords,
    credentials: Credentials,
    tokens: Tokens,
    rate: Option<UserRate>,
    clock: WorldClock,
    /// Makes durable what outlives the process.
    manager: ServerManager,
    /// Users whose passwords were drawn at this start.
    drawn: Vec<usize>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("users", &self.directory.users()).finish_non_exhaustive()
    }
}

impl Identity {
    /// With the users of a cloud, and what of an earlier process is still good. Copies passwords,
    /// and hashes none yet.
    pub(crate) fn new(declared: &Declared, manager: ServerManager, mut rows: Rows<'_>) -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the system has random bytes once it runs programs");
        let passwords = declared.users.iter().map(|user| match &user.password {
            Some(text) => Given::Text(text.clone()),
            None => rows.users.remove(&*user.id).map_or(Given::Nothing, Given::Hash),
        });
        let passwords = Passwords::new(passwords, &seed);
        let drawn = declared.users.iter().enumerate().filter(|(_, user)| user.is_drawn);
        let rate = declared.rates.identity_per_min;
        let (directory, clock) = (Directory::new(declared), WorldClock::real());
        let credentials = rows.credentials.into_iter();
        let credentials =
            credentials.filter_map(|(id, row)| kept::read_credential(&directory, id, row));
        let credentials = Credentials::of(credentials.collect());
        let now = clock.now();
        let tokens = rows.tokens.iter().filter_map(|(digest, row)| {
            let session = kept::session(&directory, &credentials, row)?;
            (now < session.expires_at).then_some((*digest, session))
        });
        Self {
            tokens: Tokens::of(tokens.collect()),
            drawn: drawn.map(|(place, _)| place).collect(),
            directory,
            passwords,
            credentials,
            rate: rate.map(|per_min| UserRate::new(per_min, declared.users.len())),
            clock,
            manager,
        }
    }

    /// Hashes all passwords and forgets their texts, and keeps the hashes of those that were drawn:
    /// to be run as a task once the service listens. A login that comes before hashes its own
    /// user's password first. One after the other, so that logins get in between; the drawn ones
    /// first, as they are lost with the process until they are kept. `stop` ends the waiting for a
    /// disk that is full.
    pub async fn hash_passwords(&self, stop: &CancellationToken) {
        for user in &self.drawn {
            if let Some(hashed) = self.passwords.hashed(*user).await {
                self.keep_password(*user, hashed, stop).await;
            }
        }
        for user in 0..self.directory.users() {
            self.passwords.hashed(user).await;
        }
    }

    /// The session behind a token, if it is good.
    pub fn session(&self, token: &str) -> Option<Arc<Session>> {
        let session = self.tokens.find(token)?;
        let now = self.now();
        let is_good = now < session.expires_at
            && session.credential.as_ref().is_none_or(|credential| credential.is_good(now));
        is_good.then_some(session)
    }

    /// A user's name.
    pub fn user_name(&self, user: usize) -> &str {
        self.directory.user_name(user).unwrap_or("-")
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Takes a place of the rate of a user, or of a name that is none's.
    fn count(&self, user: Result<usize, &str>) -> Result<(), Problem> {
        self.rate.as_ref().map_or(Ok(()), |rate| rate.check(user, self.now()))
    }
}

/// Its routes, with its prefix.
pub fn routes() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/identity", get(discovery::versions))
        .route("/identity/v3", get(discovery::version))
        .route(
            "/identity/v3/auth/tokens",
            get(token::show).post(token::create).delete(token::revoke),
        )
        .route("/identity/v3/auth/catalog", get(token::catalog))
        .route("/identity/v3/auth/projects", get(lookups::my_projects))
        .route("/identity/v3/auth/domains", get(lookups::my_domains))
        .route("/identity/v3/projects", get(lookups::projects))
        .route("/identity/v3/projects/{id}", get(lookups::project))
        .route("/identity/v3/users", get(lookups::users))
        .route("/identity/v3/users/{id}", get(lookups::user))
        .route("/identity/v3/users/{id}/projects", get(lookups::projects_of))
        .route("/identity/v3/users/{id}/access_rules", get(application::access_rules))
        .route(
            "/identity/v3/users/{id}/application_credentials",
            get(application::list).post(application::create),
        )
        .route(
            "/identity/v3/users/{id}/application_credentials/{credential}",
            get(application::show).delete(application::delete),
        )
        .route("/identity/v3/domains", get(lookups::domains))
        .route("/identity/v3/domains/{id}", get(lookups::domain))
        .route("/identity/v3/roles", get(lookups::roles))
        .route("/identity/v3/roles/{id}", get(lookups::role))
        .route("/identity/v3/role_assignments", get(admin::role_assignments))
        .route("/identity/v3/regions", get(admin::regions))
        .route("/identity/v3/regions/{id}", get(admin::region))
        .route("/identity/v3/services", get(admin::services))
        .route("/identity/v3/services/{id}", get(admin::service))
        .route("/identity/v3/endpoints", get(admin::endpoints))
        .route("/identity/v3/endpoints/{id}", get(admin::endpoint))
}
