//! All accounts of a cloud in one place: who may come in, and with what.
//!
//! Tokens go by the process's clock, not by the world's, unless a test wants that: a cloud whose time is
//! steered must not log its clients out.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::time::Timestamp;
use guichet_engine::ServerManager;
use tokio_util::sync::CancellationToken;

use super::credentials::Credentials;
use super::directory::{Directory, Project, User};
use super::error::AccountError;
use super::hash::Hashed;
use super::logins::Logins;
use super::passwords::{Given, Hashing, Passwords};
use super::rate::UserRate;
use super::rows::{self, Rows};
use super::session::Session;
use super::time::{ByTime, TokenTime, TwoClocks};
use super::tokens::Tokens;
use crate::records::Records;
use crate::replaceable::Replaceable;

/// A user, and how it logs in.
#[derive(Clone)]
pub struct NewUser {
    /// Who it is.
    pub user: User,
    /// The password, if there is one: its text is forgotten once it is hashed.
    pub password: Option<String>,
    /// Whether the password was drawn at this start: then its hash is recorded for later ones.
    pub is_drawn: bool,
}

impl fmt::Debug for NewUser {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, password: _, is_drawn } = self;
        f.debug_struct("NewUser")
            .field("user", user)
            .field("is_drawn", is_drawn)
            .finish_non_exhaustive()
    }
}

/// Users, projects, passwords, tokens and application credentials.
pub struct Accounts {
    pub(super) directory: Replaceable<Arc<Directory>>,
    pub(super) passwords: Passwords,
    pub(super) credentials: Credentials,
    pub(super) logins: Logins,
    /// Shared with the cloud that came in place of this one, if it goes on from a snapshot.
    pub(super) tokens: Arc<Tokens>,
    rate: Replaceable<Option<ByTime<UserRate>>>,
    clock: TwoClocks,
    /// Makes durable what outlives the process.
    pub(super) records: Records,
    /// Users whose passwords were drawn at this start, and are not declared since.
    pub(super) drawn: Replaceable<Vec<usize>>,
    cell: usize,
}

/// What the accounts of a cloud beside another share with that one's: the queue in which passwords
/// are hashed, so that it bounds what all clouds of a process do at once; and the hashes, if they
/// have the same users.
pub(crate) struct Beside {
    passwords: Passwords,
    has_same_users: bool,
    /// The tokens, of one that comes in the place of the other.
    tokens: Option<Arc<Tokens>>,
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let users = self.directory().users().len();
        f.debug_struct("Accounts").field("users", &users).finish_non_exhaustive()
    }
}

fn user_rate(per_min: Option<NonZeroU32>) -> Option<ByTime<UserRate>> {
    per_min.map(|per_min| ByTime { real: UserRate::new(per_min), world: UserRate::new(per_min) })
}

impl Accounts {
    /// The accounts of these users and projects, with what of an earlier process is still good.
    /// Copies passwords, and hashes none yet; those of a cloud beside another are hashed where that one's are. `rate_per_min` is how many requests one user may
    /// send in a minute.
    pub(crate) fn new(
        users: Vec<NewUser>,
        (projects, cell): (Vec<Project>, usize),
        rate_per_min: Option<NonZeroU32>,
        manager: ServerManager,
        records: Records,
        (mut rows, mut beside, hashing): (Rows<'_>, Option<Beside>, Hashing),
    ) -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the system has random bytes once it runs programs");
        let given = users.iter().map(|new| match &new.password {
            Some(text) => Given::Text(text.clone()),
            None => rows.users.remove(&*new.user.id).map_or(Given::Nothing, Given::Hash),
        });
        let handed_on = beside.as_mut().and_then(|beside| beside.tokens.take());
        let passwords = match beside {
            Some(Beside { passwords, has_same_users: true, .. }) => passwords,
            Some(Beside { passwords, .. }) => passwords.of_others(given, &seed),
            None => Passwords::new(given, &seed, hashing),
        };
        let drawn = users.iter().enumerate().filter(|(_, new)| new.is_drawn);
        let drawn = Replaceable::new(drawn.map(|(position, _)| position).collect());
        let rate = Replaceable::new(user_rate(rate_per_min));
        let users = users.into_iter().map(|new| new.user).collect();
        let clock = TwoClocks::new(manager.clock());
        let directory = Arc::new(Directory::new(users, projects));
        let credentials = Credentials::new(manager);
        let now = clock.now();
        let tokens = rows.tokens.iter().filter_map(|(digest, row)| {
            let session = rows::session(&directory, &credentials, row)?;
            (now < session.expires_at).then_some((*digest, session))
        });
        let tokens = handed_on.unwrap_or_else(|| Arc::new(Tokens::new(cell, tokens.collect())));
        let directory = Replaceable::new(directory);
        let logins = Logins::default();
        Self {
            directory,
            passwords,
            credentials,
            logins,
            tokens,
            rate,
            clock,
            records,
            drawn,
            cell,
        }
    }

    /// Has one user send so many requests in a minute from now on. Who was out of them begins anew.
    pub(crate) fn set_rate(&self, per_min: Option<NonZeroU32>) {
        self.rate.replace(user_rate(per_min));
    }

    /// What a cloud beside this one shares with it. `has_same_users`: it has the same, with the
    /// same passwords.
    pub(crate) fn beside(&self, has_same_users: bool) -> Beside {
        Beside { passwords: self.passwords.of_the_same(), has_same_users, tokens: None }
    }

    /// The same, with the tokens of these accounts: for a cloud of the same declaration that comes in
    /// the place of this one.
    pub(crate) fn with_tokens(&self, beside: Beside) -> Beside {
        Beside { tokens: Some(Arc::clone(&self.tokens)), ..beside }
    }

    /// How many asked for a token, by what came of it.
    pub fn logins(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.logins.read()
    }

    /// The number of the cell that they are of; 0 where there is one.
    pub const fn cell(&self) -> usize {
        self.cell
    }

    /// How many tokens there are; some may have expired.
    pub fn tokens(&self) -> usize {
        self.tokens.len()
    }

    /// Who there is.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.look(Arc::clone)
    }

    /// Hashes all passwords and forgets their texts, and records the hashes of those that were
    /// drawn: to be run as a task once the service listens. A login that comes before hashes its
    /// own user's password first. One after the other, so that logins get in between; the drawn
    /// ones first, as they are lost with the process until they are recorded. `stop` ends the
    /// waiting for a disk that is full.
    pub async fn hash_passwords(&self, stop: &CancellationToken) {
        for user in self.drawn.look(Vec::clone) {
            if let Some(hashed) = self.passwords.hashed(user).await {
                self.record_password(user, hashed, stop).await;
            }
        }
        self.hash_declared().await;
    }

    /// Hashes all passwords that are not hashed yet: to be run as a task once some are taken over.
    pub async fn hash_declared(&self) {
        for user in 0..self.directory().users().len() {
            self.passwords.hashed(user).await;
        }
    }

    /// The session behind a token, if it is good.
    pub fn session(&self, token: &str) -> Option<Arc<Session>> {
        let session = self.tokens.find(token)?;
        let now = self.now();
        let is_good = now < session.expires_at
            && session.credential.as_ref().is_none_or(|credential| {
                credential.is_good(now) && self.credentials.has(credential)
            });
        is_good.then_some(session)
    }

    /// The name of the user in this position.
    pub fn user_name(&self, user: usize) -> Arc<str> {
        self.directory().user(user).map_or_else(|| Arc::from("-"), |user| Arc::clone(&user.name))
    }

    /// The present, by the clock that tokens go by.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// By which time tokens and rates go.
    pub fn token_time(&self) -> TokenTime {
        self.clock.which()
    }

    /// Has tokens and rates go by this time from now on. A token keeps the instant at which it expires,
    /// which may have passed by the other time; a rate begins with as many requests as it allows at once.
    pub(crate) fn set_token_time(&self, time: TokenTime) {
        self.clock.set(time);
    }

    /// Counts a request of a user, or by a name that is none's, in the rate of requests.
    ///
    /// # Errors
    /// [`AccountError::RateLimited`].
    pub fn count(&self, user: Result<usize, &str>) -> Result<(), AccountError> {
        self.rate.look(|rate| match rate {
            Some(rate) => rate.of(self.token_time()).check(user, self.now()),
            None => Ok(()),
        })
    }

    /// Records the hash of a user's drawn password, however often it takes, until told to stop.
    async fn record_password(&self, user: usize, hash: Hashed, stop: &CancellationToken) {
        let row = rows::password(&self.directory(), user, hash);
        let mut warned = false;
        let is_drawn = || self.drawn.look(|drawn| drawn.contains(&user));
        while is_drawn()
            && let Err(refusal) = self.records.write(row.clone()).await
        {
            if !warned {
                let user = &*self.user_name(user);
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
