//! Units of time on the axes of charts.

use guichet_locale::{Locale, text};

/// The unit in which an axis of time is labelled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeUnit {
    /// Its symbol; none of days, which are called as people call them.
    symbol: Option<&'static str>,
    /// How long it is, in microseconds.
    pub us: f64,
}

impl TimeUnit {
    /// The unit that suits an axis this long.
    pub fn of(span_us: u64) -> Self {
        let units = [
            (1_000_000, "ms", 1e3),
            (120_000_000, "s", 1e6),
            (7_200_000_000, "min", 60e6),
            (259_200_000_000, "h", 3_600e6),
        ];
        let found = units.into_iter().find(|(below, ..)| span_us < *below);
        let known = |(_, symbol, us)| Self { symbol: Some(symbol), us };
        found.map_or(Self { symbol: None, us: 86_400e6 }, known)
    }

    /// Its name, as it stands beside the axis.
    pub fn name(&self, locale: Locale) -> String {
        let days = || text!(locale, "report-unit-days");
        self.symbol.map_or_else(days, str::to_owned)
    }

    /// A time, given in microseconds, as a number of this unit.
    pub fn times(&self, micros: u64) -> f64 {
        micros as f64 / self.us
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_the_unit_of_its_end() {
        for locale in Locale::ALL {
            assert_eq!(TimeUnit::of(999_999).name(locale), "ms");
            assert_eq!(TimeUnit::of(1_000_000).name(locale), "s");
        }
        assert_eq!(TimeUnit::of(u64::MAX).name(Locale::English), "days");
        assert_eq!(TimeUnit::of(u64::MAX).name(Locale::French), "jours");
        assert!((TimeUnit::of(1_000_000).times(1_500_000) - 1.5).abs() < 1e-12);
    }
}
