//! The tables of a race, for people and for the report.

use guichet_locale::{Locale, text};
use guichet_view::screen::{Screen, Squeeze, framed};

use crate::anomaly::Anomaly;
use crate::outcome::Outcome;

/// A table's head and rows.
pub(crate) struct Rows {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Outcome {
    /// The anomalies that the threads have shown: a head and rows.
    pub(crate) fn threads_table(&self, locale: Locale) -> Rows {
        let head = vec![
            text!(locale, "race-head-anomaly"),
            text!(locale, "race-head-unlocked"),
            text!(locale, "race-head-locked"),
            text!(locale, "race-head-first"),
        ];
        let rows = Anomaly::ALL.into_iter().enumerate().map(|(index, kind)| {
            let first = self.unlocked.examples[index].as_ref();
            vec![
                kind.title(locale),
                locale.grouped(self.unlocked.found[index]),
                locale.grouped(self.locked.found[index]),
                first.map(|harm| harm.sentence(locale)).unwrap_or_default(),
            ]
        });
        Rows { head, rows: rows.collect() }
    }

    /// What each manager came to: a head and rows.
    pub(crate) fn explored_table(&self, locale: Locale) -> Rows {
        let head = vec![
            text!(locale, "race-head-manager"),
            text!(locale, "race-head-states"),
            text!(locale, "race-head-schedules"),
            text!(locale, "race-head-broken"),
            text!(locale, "race-head-share"),
            text!(locale, "race-head-complete"),
        ];
        let rows = self.managers(locale).into_iter().map(|(name, explored)| {
            let complete = explored.complete;
            vec![
                name,
                locale.grouped(explored.states),
                locale.grouped(explored.schedules),
                locale.grouped(explored.broken),
                percent(explored.broken, explored.schedules, locale),
                if complete { text!(locale, "race-yes") } else { text!(locale, "race-no") },
            ]
        });
        Rows { head, rows: rows.collect() }
    }
}

impl Rows {
    /// Without its last column, whose sentences are too long for one: they come back as lines, each
    /// behind the name of its row.
    pub(super) fn without_sentences(
        mut self,
        (screen, locale): (Screen, Locale),
    ) -> (Self, Vec<String>) {
        self.head.pop();
        let mut lines = Vec::new();
        for row in &mut self.rows {
            let sentence = row.pop().unwrap_or_default();
            if let (false, Some(name)) = (sentence.is_empty(), row.first()) {
                let line = text!(locale, "race-first-of", name = name.as_str(), what = sentence);
                lines.extend(screen.paragraph(&line, 2));
            }
        }
        (self, lines)
    }
}

/// Its columns are narrow: a name and two counts.
pub(super) const THREADS_SQUEEZE: Squeeze<'_> = Squeeze { drops: &[], wraps: 0 };
/// How many states there were matters least; what is not complete is said above the table.
pub(super) const EXPLORED_SQUEEZE: Squeeze<'_> = Squeeze { drops: &[1, 5], wraps: 0 };

/// A table as text: the first column and those after `numbers` more are to the left.
pub(super) fn table(
    rows: &Rows,
    numbers: usize,
    (screen, squeeze): (Screen, Squeeze<'_>),
) -> String {
    let table = framed(rows.head.clone(), rows.rows.clone(), 1..numbers.saturating_add(1));
    screen.table(table, squeeze)
}

/// A share in hundredths of a percent, cut off so that it says 100 % only for all.
fn percent(part: u128, whole: u128, locale: Locale) -> String {
    match part.saturating_mul(10_000).checked_div(whole) {
        Some(share) => {
            let number = locale.decimal(&format!("{}.{:02}", share / 100, share % 100));
            locale.unit(&number, "%")
        }
        None => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use guichet_locale::Locale;

    use super::percent;

    #[test]
    fn only_all_is_a_hundred_percent() {
        for (part, whole, english, french) in [
            (0, 0, "–", "–"),
            (0, 5, "0.00 %", "0,00\u{a0}%"),
            (1, 3, "33.33 %", "33,33\u{a0}%"),
            (99_999, 100_000, "99.99 %", "99,99\u{a0}%"),
            (7, 7, "100.00 %", "100,00\u{a0}%"),
        ] {
            assert_eq!(percent(part, whole, Locale::English), english);
            assert_eq!(percent(part, whole, Locale::French), french);
        }
    }
}
