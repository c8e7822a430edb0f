//! What can stand in the way of a request about key pairs.

use std::time::Duration;

use guichet_core::refusal::Refusal;

/// Why a text is no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// It is longer than [`PUBLIC_KEY_MAX`](guichet_core::limits::PUBLIC_KEY_MAX).
    #[error("the public key is too long")]
    TooLong,
    /// It is no public key as OpenSSH writes one.
    #[error("it is no public key of OpenSSH's form")]
    NoSshKey,
    /// It is no certificate as PEM.
    #[error("it is no certificate as PEM")]
    NoCertificate,
}

/// Why a request about key pairs is not carried out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// The key pairs are another user's, and the caller is no administrator.
    #[error("only an administrator sees and changes key pairs of others")]
    Forbidden,
    /// What was given is no public key.
    #[error(transparent)]
    Invalid(#[from] KeyProblem),
    /// As many keys are being made, and wait for that, as may.
    #[error("too many keys are being made")]
    Busy {
        /// When those that wait now should have been made.
        retry_after: Duration,
    },
    /// The service stops, and makes no more keys.
    #[error("the service is stopping")]
    Stopping,
    /// The rules do not allow it, or it cannot be recorded at present.
    #[error(transparent)]
    Refused(#[from] Refusal),
}
