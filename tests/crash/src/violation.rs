//! What must not be.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// An acknowledged create is not there, and nobody deleted it.
    Lost,
    /// What was deleted, or seen to be gone, is there.
    Resurrected,
    /// One create made two servers, or one server is listed twice.
    Doubled,
    /// Two servers have one address.
    Address,
    /// A server that nobody asked for, or whose create was refused.
    Stranger,
    /// Metadata acknowledged is not there.
    MissingEdit,
    /// An operation does not end.
    Endless,
    /// An acknowledged action is not listed.
    MissingAction,
    /// An action that had ended ended otherwise.
    ChangedAction,
    /// Usage is not the number of servers.
    Usage,
    /// A server that was built is BUILD again.
    WentBack,
    /// A token did not outlive a restart.
    Token,
    /// An answer that the request does not have.
    Answer,
    /// The process ended as it should not have, or not in time.
    Exit,
    /// `guichet verify` found something.
    Verify,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Lost => "lost",
            Self::Resurrected => "resurrected",
            Self::Doubled => "doubled",
            Self::Address => "address",
            Self::Stranger => "stranger",
            Self::MissingEdit => "missing edit",
            Self::Endless => "endless",
            Self::MissingAction => "missing action",
            Self::ChangedAction => "changed action",
            Self::Usage => "usage",
            Self::WentBack => "went back",
            Self::Token => "token",
            Self::Answer => "answer",
            Self::Exit => "exit",
            Self::Verify => "verify",
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) kind: Kind,
    pub(crate) detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.detail)
    }
}
