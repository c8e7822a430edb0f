//! Numbers and times as people read them, on a page as in a terminal.

use guichet_locale::{Locale, text};

/// A number with its thousands apart: 1,000,000.
pub fn grouped(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A count with its noun, in the plural unless the count is one: `1 step`, `1,000 steps`.
pub fn counted(count: impl Into<u128>, noun: &str) -> String {
    let count = count.into();
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A value rounded to a whole number, with its thousands apart; nothing below zero.
pub fn rounded(value: f64) -> String {
    grouped(value.max(0.0).round() as u128)
}

/// A measured value of any size, with as many digits as matter.
pub fn figure(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => rounded(value),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 0.1 => format!("{value:.2}"),
        0.0 => "0".to_owned(),
        v if v >= 0.01 => format!("{value:.3}"),
        v if v >= 0.001 => format!("{value:.4}"),
        _ => format!("{value:.1e}"),
    }
}

/// A share of one, in whole percent.
pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A factor by which something is larger or faster.
pub fn times(factor: f64) -> String {
    format!("{} times", figure(factor))
}

/// A value with the three digits that matter.
pub fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 99.95 => grouped(value.round().max(0.0) as u64),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A time, given in microseconds, in the unit in which it has two or three digits.
pub fn time_us(micros: u64) -> String {
    let us = micros as f64;
    match us {
        us if us < 1_000.0 => format!("{us} µs"),
        us if us < 1_000_000.0 => format!("{} ms", short(us / 1e3)),
        us if us < 120.0 * 1e6 => format!("{} s", short(us / 1e6)),
        us if us < 2.0 * 3_600.0 * 1e6 => format!("{} min", short(us / 60e6)),
        us if us < 72.0 * 3_600.0 * 1e6 => format!("{} h", short(us / 3_600e6)),
        us => format!("{} days", short(us / 86_400e6)),
    }
}

/// A time, given in milliseconds, with the digits that matter: a cell of a table.
pub fn time_ms(ms: f64) -> String {
    match ms {
        ms if ms >= 100_000.0 => format!("{:.0} s", ms / 1_000.0),
        ms if ms >= 1_000.0 => format!("{:.1} s", ms / 1_000.0),
        ms if ms >= 100.0 => format!("{ms:.0} ms"),
        ms if ms >= 1.0 => format!("{ms:.1} ms"),
        ms => format!("{:.0} µs", ms * 1_000.0),
    }
}

/// How long something went on, given in seconds, with one decimal.
pub fn span_s(seconds: f64) -> String {
    match seconds {
        s if s >= 86_400.0 => format!("{:.1} days", s / 86_400.0),
        s if s >= 3_600.0 => format!("{:.1} h", s / 3_600.0),
        s if s >= 60.0 => format!("{:.1} min", s / 60.0),
        s => format!("{s:.1} s"),
    }
}

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
    fn numbers_are_grouped_and_counted() {
        for (number, text) in
            [(0u64, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1u64, "step"), "1 step");
        assert_eq!(counted(1_000u64, "step"), "1,000 steps");
        assert_eq!(counted(1u64, "server"), "1 server");
    }

    #[test]
    fn measured_values_have_the_digits_that_matter() {
        let counts = [0.4, 999.6, 1_234.0, 1_234_567.0].map(rounded);
        assert_eq!(counts, ["0", "1,000", "1,234", "1,234,567"]);
        let figures = [0.0, 0.00002, 0.0021, 0.021, 0.123, 12.34, 123.4].map(figure);
        assert_eq!(figures, ["0", "2.0e-5", "0.0021", "0.021", "0.12", "12.3", "123"]);
    }

    #[test]
    fn times_are_easy_to_read() {
        for (us, text) in [
            (0, "0 µs"),
            (999, "999 µs"),
            (1_500, "1.50 ms"),
            (15_000, "15.0 ms"),
            (999_949, "1,000 ms"),
            (12_345_678, "12.3 s"),
            (130_000_000, "2.17 min"),
            (4 * 3_600_000_000, "4.00 h"),
            (149 * 86_400_000_000, "149 days"),
        ] {
            assert_eq!(time_us(us), text);
        }
    }

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
