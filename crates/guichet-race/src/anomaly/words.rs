//! What goes wrong, in words.

use guichet_core::ids::HostId;
use guichet_locale::{Locale, text};

use super::{Anomaly, Harm};
use crate::naming::name;

impl Anomaly {
    /// Its name for people.
    pub fn title(self, locale: Locale) -> String {
        match self {
            Self::LostServer => text!(locale, "race-title-lost"),
            Self::OverbookedHost => text!(locale, "race-title-overbooked"),
            Self::QuotaPassed => text!(locale, "race-title-quota"),
            Self::DoubleDelete => text!(locale, "race-title-double"),
            Self::Resurrected => text!(locale, "race-title-back"),
            Self::WrongCount => text!(locale, "race-title-count"),
        }
    }

    /// How it comes about.
    pub fn why(self, locale: Locale) -> String {
        match self {
            Self::LostServer => text!(locale, "race-why-lost"),
            Self::OverbookedHost => text!(locale, "race-why-overbooked"),
            Self::QuotaPassed => text!(locale, "race-why-quota"),
            Self::DoubleDelete => text!(locale, "race-why-double"),
            Self::Resurrected => text!(locale, "race-why-back"),
            Self::WrongCount => text!(locale, "race-why-count"),
        }
    }
}

impl Harm {
    /// What happened, as a sentence without its full stop.
    pub fn sentence(&self, locale: Locale) -> String {
        match *self {
            Self::Lost { server } => text!(locale, "race-harm-lost", server = name(server)),
            Self::Overbooked { host, capacity_for, holds } => {
                let (host, room) = (numbered(host), capacity_for);
                text!(locale, "race-harm-overbooked", host = host, room = room, holds = holds)
            }
            Self::QuotaPassed { allowed, exist } => {
                text!(locale, "race-harm-quota", allowed = allowed, exist = exist)
            }
            Self::DoubleDelete { server, times } => {
                text!(locale, "race-harm-double", server = name(server), times = times)
            }
            Self::Resurrected { server } => text!(locale, "race-harm-back", server = name(server)),
            Self::WrongUsage { says, exist } => {
                text!(locale, "race-harm-usage", says = says, exist = exist)
            }
            Self::WrongCapacity { host, says, is } => {
                text!(locale, "race-harm-room", host = numbered(host), says = says, room = is)
            }
        }
    }
}

/// A host as people count them, from 1.
const fn numbered(host: HostId) -> u32 {
    host.0 + 1
}

#[cfg(test)]
mod tests {
    use guichet_core::ids::HostId;
    use guichet_locale::Locale;

    use crate::anomaly::Harm;

    #[test]
    fn counts_have_their_plural_in_both_languages() {
        let overbooked = |capacity_for, holds| {
            let harm = Harm::Overbooked { host: HostId(0), capacity_for, holds };
            Locale::ALL.map(|locale| harm.sentence(locale))
        };
        for (room, holds, english, french) in [
            (0, 1, "0 servers, and 1 are placed on it", "0 serveur, et 1 y est placé"),
            (1, 2, "1 server, and 2 are placed on it", "1 serveur, et 2 y sont placés"),
            (2, 3, "2 servers, and 3 are placed on it", "2 serveurs, et 3 y sont placés"),
        ] {
            let expected = [
                format!("host 1 has room for {english}"),
                format!("l’hôte 1 a de la place pour {french}"),
            ];
            assert_eq!(overbooked(room, holds), expected);
        }
        let usage = |says| Harm::WrongUsage { says, exist: 2 }.sentence(Locale::French);
        assert_eq!(usage(1), "l’utilisation annonce 1 serveur, et il en existe 2");
        assert_eq!(usage(3), "l’utilisation annonce 3 serveurs, et il en existe 2");
    }
}
