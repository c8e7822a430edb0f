//! The kinds of things that are declared by name and numbered.

use std::fmt;

/// What a number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The number is of a project.
    Project,
    /// The number is of a host.
    Host,
    /// The number is of a flavor.
    Flavor,
    /// The number is of an image.
    Image,
    /// The number is of a network.
    Network,
    /// The number is of a user.
    User,
}

impl Kind {
    /// All of them, in the order of their maps.
    pub(crate) const ALL: [Self; 6] =
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
