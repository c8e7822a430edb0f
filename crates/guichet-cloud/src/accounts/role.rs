//! Roles: what a user may do in a project.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids;

/// What a user may do in a project. Each role includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// May look at what is the project's.
    Reader,
    /// May look at and change what is the project's.
    Member,
    /// A member that may also manage who else is one.
    Manager,
    /// May do everything, in every project.
    Admin,
}

impl Role {
    /// All roles, from the least.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Member, Self::Manager, Self::Admin];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Its id: 32 hexadecimal digits.
    pub fn id(self) -> Arc<str> {
        ids::hex("role", self.as_str())
    }

    /// It and those it implies, from the greatest.
    pub fn with_implied(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().rev().filter(move |role| *role <= self)
    }
}
