//! The kinds of files that are read.

use guichet_locale::{Message, text};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A trace of our own.
    Trace,
    /// Alibaba's openb pods.
    Pods,
    /// A list of hosts of our own.
    Hosts,
    /// Alibaba's openb nodes.
    Nodes,
}

impl Kind {
    /// What such a file is, in an error's words.
    pub(crate) fn message(self) -> Message {
        Message::new(move |locale| match self {
            Self::Trace => text!(locale, "input-file-trace"),
            Self::Pods => text!(locale, "input-file-pods"),
            Self::Hosts => text!(locale, "input-file-hosts"),
            Self::Nodes => text!(locale, "input-file-nodes"),
        })
    }
}
