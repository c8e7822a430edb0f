//! What can stand in the way of a request about accounts.

use std::num::NonZeroU32;
use std::time::Duration;

use guichet_core::refusal::Refusal;

/// Why a request about accounts is not carried out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AccountError {
    /// Who asks could not be made out. Whatever was wrong is this one error, so that nobody
    /// learns which part of a login was right.
    #[error("name, password, token or scope is not right")]
    Unauthorized,
    /// Who asks is known, and may not do this.
    #[error("this session may not do that")]
    Forbidden,
    /// The token was itself got, at first or second hand, by one of another cell: it gives none in a
    /// further cell. Whoever revokes that first token and this one could not end what came of it there.
    #[error("the token was got by a token of another cell, and is good in its own alone")]
    GotElsewhere,
    /// The user has sent more requests than it may.
    #[error("more than {per_min} requests a minute of one user")]
    RateLimited {
        /// How many it may send in a minute.
        per_min: NonZeroU32,
        /// When there is a place again.
        retry_after: Duration,
    },
    /// As many tokens of the user are being made as it may have.
    #[error("as many tokens of this user are being made as it may have")]
    TokensFull {
        /// When some of them should have been made.
        retry_after: Duration,
    },
    /// Too many passwords wait to be checked.
    #[error("too many logins wait for their password to be checked")]
    PasswordsBusy {
        /// When those that wait now should have been checked.
        retry_after: Duration,
    },
    /// The service stops, and hashes nothing more.
    #[error("the service is stopping")]
    Stopping,
    /// The system gives no random bytes, without which there is no secret.
    #[error("the system gives no random bytes")]
    NoRandomBytes,
    /// The user has an application credential of this name.
    #[error("an application credential named {name} exists already")]
    CredentialNameTaken {
        /// The name.
        name: String,
    },
    /// The user has as many application credentials as one may have.
    #[error("a user has at most {most} application credentials")]
    TooManyCredentials {
        /// That many.
        most: usize,
    },
    /// There is no such application credential of this user.
    #[error("there is no such application credential")]
    NoSuchCredential,
    /// It cannot be recorded at present.
    #[error(transparent)]
    Refused(#[from] Refusal),
}
impl From<getrandom::Error> for AccountError {
    fn from(_: getrandom::Error) -> Self {
        Self::NoRandomBytes
    }
}

impl AccountError {
    /// What stands in the way, in one word: for whoever counts or audits.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::GotElsewhere => "got_elsewhere",
            Self::RateLimited { .. } => "rate_limited",
            Self::TokensFull { .. } => "tokens_full",
            Self::PasswordsBusy { .. } => "passwords_busy",
            Self::Stopping => "stopping",
            Self::NoRandomBytes => "no_random_bytes",
            Self::CredentialNameTaken { .. } => "name_taken",
            Self::TooManyCredentials { .. } => "too_many",
            Self::NoSuchCredential => "not_found",
            Self::Refused(refusal) => refusal.kind().as_str(),
        }
    }

    /// What a refusal of the rules means for a request about an application credential.
    pub(super) fn of_credential(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NameTaken { name, .. } => Self::CredentialNameTaken { name },
            Refusal::TooManyRows { most, .. } => Self::TooManyCredentials { most },
            Refusal::NoSuchRow { .. } => Self::NoSuchCredential,
            other => Self::Refused(other),
        }
    }
}
