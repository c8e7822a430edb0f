//! Rows that sentences are about, and words that all of them need.

use guichet_engine::Model;
use guichet_locale::{Locale, capitalised, text};

use crate::compare::plan::Work;
use crate::compare::result::Row;
use crate::compare::stats::Interval;

/// The row that did most.
pub(super) fn best<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Option<&'a Row> {
    rows.into_iter().max_by(|a, b| a.per_s.median.total_cmp(&b.per_s.median))
}

/// The best row of a model with a pool.
pub(super) fn best_pooled<'a>(rows: &[&'a Row]) -> Option<&'a Row> {
    best(rows.iter().copied().filter(|row| row.setting.workers.is_some()))
}

/// The row of one at a time.
pub(super) fn sequential<'a>(rows: &[&'a Row]) -> Option<&'a Row> {
    rows.iter().copied().find(|row| row.setting.model == Model::Sequential)
}

/// The name of a kind of work at the beginning of a sentence.
pub(super) fn subject(work: Work, locale: Locale) -> String {
    capitalised(&work.name(locale))
}

/// How far a figure may be off.
pub(super) fn interval(interval: Interval, locale: Locale) -> String {
    // Of one run each there is none.
    if interval.is_point() {
        return text!(locale, "compare-interval-one");
    }
    let (low, high) = (locale.figure(interval.low), locale.figure(interval.high));
    text!(locale, "compare-interval", low = low, high = high)
}
