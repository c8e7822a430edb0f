//! What a race begins from and what its clients ask for: the listed start fleets, the requests,
//! and both together as a [`Case`].

use std::fmt;
use std::str::FromStr;

use guichet_locale::{Locale, text};

/// What a client asks for. A create makes the next server in the order of the programs; the
/// others are about server A, the first there is or is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RequestKind {
    /// Asks for a new server.
    Create,
    /// Asks for a (soft) reboot of server A.
    Reboot,
    /// Asks for server A to be deleted.
    Delete,
}

impl RequestKind {
    /// All kinds, in the order in which cases are made of them.
    pub const ALL: [Self; 3] = [Self::Create, Self::Reboot, Self::Delete];

    /// Its name, as schedules and timelines write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Reboot => "reboot",
            Self::Delete => "delete",
        }
    }
}

/// A fleet to start from. It is made by the production rules, one whole step after the other.
#[derive(Debug)]
pub struct Start {
    /// Its name, which schedules begin with.
    pub name: &'static str,
    /// What is in it, in a line for people.
    about: fn(Locale) -> String,
    /// For how many servers each host has capacity when empty.
    pub(crate) hosts: &'static [u32],
    /// How many servers the project may have.
    pub(crate) quota: Option<u64>,
    /// Whether server A was created.
    pub(crate) has_a: bool,
    /// Whether that create was carried out: A is ACTIVE.
    pub(crate) is_active: bool,
}

impl Start {
    /// What is in it, in a line for people.
    pub fn about(&self, locale: Locale) -> String {
        (self.about)(locale)
    }

    /// Its name, and what is in it.
    pub(crate) fn in_words(&self, locale: Locale) -> String {
        text!(locale, "race-start-fleet", name = self.name, about = self.about(locale))
    }
}

/// They are told apart by their names.
impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Start {}

/// The fleets that races start from.
pub const STARTS: [Start; 5] = [
    Start {
        name: "empty",
        about: |locale| text!(locale, "race-start-empty"),
        hosts: &[4],
        quota: None,
        has_a: false,
        is_active: false,
    },
    Start {
        name: "one-active",
        about: |locale| text!(locale, "race-start-active"),
        hosts: &[4],
        quota: None,
        has_a: true,
        is_active: true,
    },
    Start {
        name: "one-waiting",
        about: |locale| text!(locale, "race-start-waiting"),
        hosts: &[4],
        quota: None,
        has_a: true,
        is_active: false,
    },
    Start {
        name: "last-room",
        about: |locale| text!(locale, "race-start-room"),
        hosts: &[2, 1],
        quota: None,
        has_a: true,
        is_active: true,
    },
    Start {
        name: "last-quota",
        about: |locale| text!(locale, "race-start-quota"),
        hosts: &[4],
        quota: Some(2),
        has_a: true,
        is_active: true,
    },
];

/// A start fleet and what each client asks for, in order: all that a schedule is a schedule of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The fleet that it starts from.
    pub start: &'static Start,
    /// Each client's requests, in the order in which it sends them.
    pub programs: Vec<Vec<RequestKind>>,
}

impl fmt::Display for Case {
    /// As in a schedule: `empty:create+delete/create`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let programs: Vec<String> = self.programs.iter().map(|program| joined(program)).collect();
        write!(f, "{}:{}", self.start.name, programs.join("/"))
    }
}

/// A client's requests, as in a schedule.
fn joined(program: &[RequestKind]) -> String {
    let names: Vec<&str> = program.iter().map(|kind| kind.as_str()).collect();
    names.join("+")
}

impl FromStr for RequestKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}
