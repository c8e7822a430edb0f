//! Why a declaration is not taken over.

use guichet_core::refusal::Refusal;

/// Why a declaration was not taken over. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// These are read at the start alone, and are others than they were.
    #[error("{} changed, which only a new start takes over", .0.join(", "))]
    NeedsRestart(Vec<String>),
    /// A user that is new, or had a password that was declared, is declared without one.
    #[error(
        "the user `{user}` is declared without a password, which is drawn at a start alone: declare \
         one, or start anew"
    )]
    NoPassword {
        /// Its name.
        user: String,
    },
    /// The system gives no random bytes for the hashes of passwords.
    #[error("no random bytes")]
    NoRandomBytes(#[from] getrandom::Error),
    /// What is new cannot be made durable at present.
    #[error("what is new cannot be recorded: {0}")]
    Refused(#[from] Refusal),
    /// Another cloud is being put in the place of this one, or its time is moved on.
    #[error("the cloud is being reset, restored or moved on in time: try again")]
    Busy,
    /// The service stops.
    #[error("the service is stopping")]
    Closing,
}
