//! The kinds of things that are declared by name and numbered.

use std::fmt;

/// What a number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A project.
    Project,
    /// A host.
    Host,
    /// A flavor.
    Flavor,
    /// An image.
    Image,
    /// A network.
    Network,
    /// A user.
    User,
}

impl Kind {
    /// All of them, in the order of their maps.
    pub(super) const ALL: [Self; 6] =
        [Self::Project, Self::Host, Self::Flavor, Self::Image, Self::Network, Self::User];

    /// Its word in the file and in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Host => "host",
            Self::Flavor => "flavor",
            Self::Image => "image",
            Self::Network => "network",
            Self::User => "user",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
