//! Figures and instants as pages show them.

use std::time::Duration;

use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_locale::Locale;

/// An instant, for people and for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Such as `2026-01-02T03:04:05Z`.
    pub(crate) machine: String,
    /// Such as `2026-01-02 03:04:05 UTC`.
    pub(crate) text: String,
}

impl Moment {
    pub(crate) fn of(at: Timestamp) -> Self {
        let machine = dates::seconds(at).to_string();
        let text = machine.replace('T', " ").replace('Z', " UTC");
        Self { machine, text }
    }

    /// The same to the millisecond: what happens within a second is told apart.
    pub(crate) fn exact(at: Timestamp) -> Self {
        let machine = dates::micros(at).to_string();
        let text = machine.replace('T', " ");
        let text = text.get(..23).map_or(text.clone(), |text| format!("{text} UTC"));
        Self { machine, text }
    }
}

/// A time, in the unit in which it has few digits.
pub(crate) fn span(locale: Locale, time: Duration) -> String {
    locale.time_us(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}

/// How much is used of how much there may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    /// What it is a share of.
    pub(crate) name: String,
    pub(crate) used: u64,
    /// None: without a bound.
    pub(crate) most: Option<u64>,
    /// Both, as text.
    pub(crate) text: String,
}

impl Share {
    pub(crate) fn new(locale: Locale, name: String, used: u64, most: Option<u64>) -> Self {
        let most_text = most.map_or_else(|| "∞".to_owned(), |most| locale.grouped(most));
        let text = format!("{} / {most_text}", locale.grouped(used));
        Self { name, used, most, text }
    }

    /// What the bar ends at: never 0, of which there is no share.
    pub(crate) fn end(&self) -> u64 {
        self.most.unwrap_or(self.used).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_by_people_and_by_programs() {
        let at = Timestamp::from_micros(1_767_323_045_678_901);
        let moment = Moment::of(at);
        assert_eq!(moment.machine, "2026-01-02T03:04:05Z");
        assert_eq!(moment.text, "2026-01-02 03:04:05 UTC");
        assert_eq!(Moment::exact(at).text, "2026-01-02 03:04:05.678 UTC");
    }

    #[test]
    fn a_share_without_a_bound_has_an_end_all_the_same() {
        let share = |used, most| Share::new(Locale::English, String::new(), used, most);
        assert_eq!((share(3, None).end(), share(3, None).text), (3, "3 / ∞".to_owned()));
        assert_eq!(
            (share(0, Some(0)).end(), share(1_000, Some(2_000)).text.as_str()),
            (1, "1,000 / 2,000")
        );
    }
}
