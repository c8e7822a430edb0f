//! What can keep requests apart, as a reader chooses it.

use guichet_locale::{Locale, text};

use crate::state::Manager;

/// A text in the reader's language.
type Text = fn(Locale) -> String;

/// What keeps requests apart, and what is said of it.
pub(super) struct Guard {
    pub(super) manager: Manager,
    pub(super) name: &'static str,
    pub(super) title: Text,
    pub(super) about: Text,
    pub(super) label: Text,
    pub(super) waits: Text,
    /// Who has it, where that is the same in every state.
    pub(super) holder: Option<Text>,
}

/// What can be chosen. A lock for each read and write leaves the ways that there are without any:
/// in this model each single read and write is whole anyway.
pub(super) const GUARDS: [Guard; 5] = [
    Guard {
        manager: Manager::Unlocked,
        name: "none",
        title: |locale| text!(locale, "play-none"),
        about: |locale| text!(locale, "play-none-about"),
        label: |_| String::new(),
        waits: |_| String::new(),
        holder: None,
    },
    Guard {
        manager: Manager::Unlocked,
        name: "each",
        title: |locale| text!(locale, "play-each"),
        about: |locale| text!(locale, "play-each-about"),
        label: |locale| text!(locale, "play-lock-label"),
        waits: |locale| text!(locale, "play-lock-waits"),
        // It is free between two steps.
        holder: Some(|locale| text!(locale, "play-each-holder")),
    },
    Guard {
        manager: Manager::Semaphore(1),
        name: "lock",
        title: |locale| text!(locale, "play-lock"),
        about: |locale| text!(locale, "play-lock-about"),
        label: |locale| text!(locale, "play-lock-label"),
        waits: |locale| text!(locale, "play-lock-waits"),
        holder: None,
    },
    Guard {
        manager: Manager::Semaphore(2),
        name: "semaphore=2",
        title: |locale| text!(locale, "play-two"),
        about: |locale| text!(locale, "play-two-about"),
        label: |locale| text!(locale, "play-permits-label"),
        waits: |locale| text!(locale, "play-permits-waits"),
        holder: None,
    },
    Guard {
        manager: Manager::Semaphore(3),
        name: "semaphore=3",
        title: |locale| text!(locale, "play-three"),
        about: |locale| text!(locale, "play-three-about"),
        label: |locale| text!(locale, "play-permits-label"),
        waits: |locale| text!(locale, "play-permits-waits"),
        holder: None,
    },
];
