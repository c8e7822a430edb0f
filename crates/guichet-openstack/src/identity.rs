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
use guichet_core::time::{Clock, Timestamp};
use guichet_driver::clock::WorldClock;

pub use credentials::Credential;
pub use session::{AuditId, MethodName, Methods, Session};

use self::credentials::Credentials;
use self::directory::Directory;
use self::passwords::Passwords;
use self::rate::UserRate;
use self::tokens::Tokens;
use crate::cloud::Cloud;
use crate::config::Declared;
use crate::http::problem::Problem;

/// Users and tokens.
pub struct Identity {
    directory: Directory,
    passwords: Passwords,
    credentials: Credentials,
    tokens: Tokens,
    rate: Option<UserRate>,
    clock: WorldClock,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("users", &self.directory.users()).finish_non_exhaustive()
    }
}

impl Identity {
    /// With the users of a cloud. Copies their passwords, and hashes none yet.
    pub fn new(declared: &Declared) -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the system has random bytes once it runs programs");
        let passwords = declared.users.iter().map(|user| user.password.clone());
        let rate = declared.rates.identity_per_min;
        Self {
            directory: Directory::new(declared),
            passwords: Passwords::new(passwords, &seed),
            credentials: Credentials::default(),
            tokens: Tokens::default(),
            rate: rate.map(|per_min| UserRate::new(per_min, declared.users.len())),
            clock: WorldClock::real(),
        }
    }

    /// Hashes all passwords and forgets their texts: to be run as a task once the service listens.
    /// A login that comes before hashes its own user's password first.
    pub async fn hash_passwords(&self) {
        self.passwords.hash_all().await;
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
