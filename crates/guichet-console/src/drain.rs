//! How far the emptying of a host is, as the page of hosts shows it.

use guichet_cloud::Cloud;
use guichet_cloud::drains::{Progress, Stuck};
use guichet_core::limits;
use guichet_locale::{Locale, text};

/// How far it is.
pub(crate) struct Drain {
    /// How many servers are left, are being moved and have left.
    pub(crate) counts: String,
    /// How many cannot be moved at present; nothing if all can.
    pub(crate) stuck: String,
    /// The first of these.
    pub(crate) rows: Vec<Row>,
}

/// A server that cannot be moved at present.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Why, and what to do.
    pub(crate) why: String,
}

impl Drain {
    pub(crate) fn of(locale: Locale, cloud: &Cloud, progress: &Progress) -> Self {
        let Progress { left, moving, moved, stuck, shown } = progress;
        let counts = text!(
            locale,
            "console-drain-counts",
            left = locale.grouped(*left as u64),
            moving = locale.grouped(*moving as u64),
            moved = locale.grouped(*moved)
        );
        let row = |(id, why): &(_, Stuck)| {
            let server = cloud.manager().any_server(*id);
            Row {
                id: id.to_string(),
                name: server.map_or_else(|| id.to_string(), |server| server.name.to_string()),
                why: reason(locale, why),
            }
        };
        let stuck = match *stuck {
            0 => String::new(),
            count => text!(locale, "console-drain-stuck", count = count),
        };
        let first = shown.iter().take(limits::CONSOLE_STUCK_SHOWN);
        Self { counts, stuck, rows: first.map(row).collect() }
    }
}

/// Why a server stays, and what to do.
fn reason(locale: Locale, why: &Stuck) -> String {
    match why {
        Stuck::Busy(state) => text!(locale, "console-drain-busy", state = state.to_string()),
        Stuck::NoRoom => text!(locale, "console-drain-no-room"),
        Stuck::State(state) => text!(locale, "console-drain-state", state = state.to_string()),
        Stuck::Unconfirmed => text!(locale, "console-drain-unconfirmed"),
        Stuck::Failed(failure) => {
            text!(locale, "console-drain-failed", failure = failure.to_string())
        }
        Stuck::Refused(why) => why.to_string(),
    }
}
