//! What is typed of the audit log.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Append a line here for each login, each change and each refusal, in JSON with the names of CADF: who
    /// did what from where and with which outcome; never a password, token or body
    #[arg(long, value_name = "FILE", env = "GUICHET_AUDIT_LOG", help_heading = "Service")]
    pub(crate) audit_log: Option<PathBuf>,

    /// What becomes of a request that changes something while the audit log takes nothing
    #[arg(
        long,
        value_enum,
        default_value = "drop",
        value_name = "WHAT",
        help_heading = "Service",
        requires = "audit_log"
    )]
    pub(crate) audit_on_full: AuditOnFullArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditOnFullArg {
    /// It is done, and a line says how many are missing
    Drop,
    /// It is not done: 503
    Refuse,
}
